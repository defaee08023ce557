//! Components with their flags, and the cluster as a whole.

use crate::support::{evaluate, evaluate_complete};

const PROFILING: &str = "
for: process
when: self.component == 'kube-apiserver'
fail: self.isOn('profiling')
at: [--profiling]
message: '{{ self.source }} {{ self.written(\"profiling\") }}'
";

fn server(container: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: a
spec:
  template:
    spec:
      containers:
      - name: server
        {container}
"
    )
}

#[test]
fn a_flag_is_located_where_it_is_written() {
    let check = |container: &str, expected: &[&str]| {
        let found = evaluate(PROFILING, &server(container));
        assert_eq!(found.findings, expected, "{container}");
        assert_eq!((found.passed, found.unknown), (0, 0), "{container}");
    };
    check(
        "command:\n        - kube-apiserver\n        - --profiling=false\n        - --profiling=true",
        &["13: container false, true"],
    );
    check(
        "command: [kube-apiserver]\n        args:\n        - --secure-port=1",
        &["11: container "],
    );
    check("command: [kube-apiserver]", &["10: container "]);
    check(
        "command: [sh, -c, 'kube-apiserver --profiling']",
        &["10: container true"],
    );
}

#[test]
fn what_cannot_be_known_is_not_passed() {
    let check = |container: &str, reason: &str| {
        let found = evaluate(PROFILING, &server(container));
        assert_eq!((found.passed, found.failed, found.unknown), (0, 0, 1));
        let [problem] = &found.problems[..] else {
            panic!("{container}: {:?}", found.problems);
        };
        assert!(problem.contains(reason), "{problem}");
    };
    check(
        "command: [sh, -c, 'kube-apiserver $FLAGS']",
        "`$FLAGS` is put in by a shell",
    );
    check(
        "envFrom: [{ configMapRef: { name: a } }]\n        command: [kube-apiserver, $(FLAGS)]",
        "the value of `$(FLAGS)` was not scanned",
    );
    check(
        "command: [kube-apiserver, --profiling=maybe]",
        "`--profiling=maybe` is not true or false",
    );
    check(
        "command: [k3s, server, --kube-apiserver-arg=secure-port=1]",
        "k3s and RKE2 set flags of their own",
    );
}

const READ_ONLY: &str = "
for: process
fail: self.number('read-only-port') != 0
at: [--read-only-port]
message: '{{ self.component }} {{ self.source }}'
";

#[test]
fn a_file_decides_once_it_is_scanned() {
    let kubelet = server("command: [kubelet, --config=/etc/kubelet.yaml]");
    let found = evaluate(READ_ONLY, &kubelet);
    assert_eq!((found.passed, found.failed, found.unknown), (0, 0, 1));
    let file = "apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
readOnlyPort: 10255
";
    let found = evaluate(READ_ONLY, &format!("{kubelet}---\n{file}"));
    assert_eq!(
        found.findings,
        ["10: kubelet container", "14: kubelet configuration"]
    );
    let found = evaluate(READ_ONLY, &format!("{kubelet}---\n{file}---\n{file}"));
    assert_eq!((found.failed, found.unknown), (2, 1));
}

#[test]
fn what_goes_together_is_found_across_resources() {
    let control = "
for: process
when: self.component == 'etcd'
fail: self.processes('kube-apiserver').exists(server, server.text('client-ca-file') == self.text('trusted-ca-file'))
at: [--trusted-ca-file]
message: shared
related:
  - role: server
    of: self.processes('kube-apiserver').map(server, server.resource())
";
    let etcd = server("command: [etcd, --trusted-ca-file=/ca]").replace("name: a", "name: store");
    let server = server("command: [kube-apiserver, --client-ca-file=/ca]");
    let found = evaluate(control, &format!("{etcd}---\n{server}"));
    assert_eq!(found.findings, ["10: shared (server DaemonSet/a)"]);
}

#[test]
fn the_cluster_is_one_thing_where_the_scan_shows_one() {
    let control = "
for: cluster
fail: self.resources('Deployment').size() == 0
message: 'none'
";
    let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: { name: NAME }\n";
    let node = "apiVersion: v1\nkind: Node\nmetadata: { name: n }\n";
    let shop = namespace.replace("NAME", "shop");
    let system = namespace.replace("NAME", "kube-system");
    let check = |manifests: &str, expected: &[&str]| {
        let found = evaluate(control, manifests);
        assert_eq!(found.findings, expected, "{manifests}");
    };
    check(&shop, &[]);
    check(&format!("{shop}---\n{node}---\n{node}"), &["5: none"]);
    check(&format!("{node}---\n{system}"), &["5: none"]);
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\n";
    check(&format!("{system}---\n{deployment}"), &[]);
    let found = evaluate_complete(control, &shop);
    assert_eq!(found.findings, ["1: none"]);
}

#[test]
fn a_file_in_a_config_map_counts_as_one() {
    let kubelet = server("command: [kubelet, --config=/etc/kubelet.yaml]");
    let map = "apiVersion: v1
kind: ConfigMap
metadata: { name: kubelet-config }
data:
  kubelet: |
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    readOnlyPort: 10255
";
    let found = evaluate(READ_ONLY, &format!("{kubelet}---\n{map}"));
    assert_eq!(
        found.findings,
        ["10: kubelet container", "16: kubelet configuration"]
    );
}

//! Command lines, files and defaults, one table each.

use document::NodeRef;
use proptest::prelude::*;

use super::{
    Component, Configuration, ConfigurationFile, ProcessView, Setting, Surroundings, parse_seconds,
};
use crate::testing;

/// A scan that assumes 1.33 and holds some configurations.
struct Scan<'a> {
    found: Vec<(&'a str, NodeRef<'a>)>,
}

impl<'a> Surroundings<'a> for Scan<'a> {
    fn minor(&self) -> u32 {
        33
    }

    fn configuration(&self, _: &str, kind: &str) -> Configuration<'a> {
        let mut found = self.found.iter().filter(|(own, _)| *own == kind);
        match (found.next(), found.next()) {
            (None, _) => Configuration::Missing,
            (Some((_, node)), None) => Configuration::One(ConfigurationFile::Object(*node)),
            _ => Configuration::Several,
        }
    }
}

/// What a flag is in the first process of a scan; `?` where that is not known.
fn value(yaml: &str, name: &str) -> String {
    let resources = testing::resources(yaml);
    let views = testing::views(33);
    let around = Scan {
        found: resources
            .iter()
            .map(|resource| (&*resource.kind, resource.object()))
            .collect(),
    };
    for resource in &resources {
        let pods = views.pods_of(resource);
        if let Some(process) = ProcessView::of_resource(resource, &pods).first() {
            return match process.value(name, &around) {
                Setting::Known(text) => text.into_owned(),
                Setting::Unknown(reason) => format!("? {reason}"),
            };
        }
    }
    "no process".to_owned()
}

fn pod(container: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - {container}\n"
    )
}

#[test]
fn flags_are_read_however_they_are_written() {
    let check = |container: &str, name: &str, expected: &str| {
        assert_eq!(value(&pod(container), name), expected, "{container}");
    };
    check(
        "command: [kube-apiserver, --profiling=false]",
        "profiling",
        "false",
    );
    check(
        "command: [/usr/local/bin/kube-apiserver]",
        "profiling",
        "true",
    );
    check(
        "command: [kube-apiserver]\n    args: [-profiling=false]",
        "profiling",
        "false",
    );
    check(
        "command: [kube-apiserver, --secure_port, '0']",
        "secure-port",
        "0",
    );
    check(
        "command: [kube-apiserver, --profiling, --secure-port, '1']",
        "secure-port",
        "1",
    );
    check(
        "command: [kube-apiserver, --secure-port=1, --secure-port=2]",
        "secure-port",
        "2",
    );
    check(
        "command: [kube-apiserver, --authorization-mode=Node, --authorization-mode=RBAC]",
        "authorization-mode",
        "Node,RBAC",
    );
    check(
        "image: k8s.gcr.io/kube-apiserver:v1.19.1\n    args: [--profiling=0]",
        "profiling",
        "0",
    );
    check(
        "image: k8s.gcr.io/kube-apiserver:v1.19.1\n    args: [--x=0]",
        "insecure-port",
        "8080",
    );
    check(
        "command: [hyperkube, apiserver, --profiling=false]",
        "profiling",
        "false",
    );
    check(
        "command: [/hyperkube, kube-scheduler, --profiling=false]",
        "profiling",
        "false",
    );
}

#[test]
fn wrappers_scripts_and_distributions_are_looked_through() {
    let check = |container: &str, name: &str, expected: &str| {
        assert_eq!(value(&pod(container), name), expected, "{container}");
    };
    check(
        "command: [/go-runner, --log-file=x, /bin/kubelet, --v=2]",
        "read-only-port",
        "10255",
    );
    check(
        "command: [/bin/sh, -ec, 'exec kube-apiserver --profiling=false 2>&1']",
        "profiling",
        "false",
    );
    check(
        "command: [sh, -c, 'A=b kube-apiserver --profiling=$P']",
        "profiling",
        "? `--profiling=$P` is put in by a shell",
    );
    check(
        "command: [sh, -c, 'kube-apiserver $FLAGS']",
        "profiling",
        "? `$FLAGS` is put in by a shell",
    );
    check(
        "command: [k3s, server, --kube-apiserver-arg=profiling=false]",
        "profiling",
        "false",
    );
    check(
        "command: [k3s, server, --kube-apiserver-arg, profiling=false]",
        "secure-port",
        "? k3s and RKE2 set flags of their own",
    );
    check(
        "command: [env, --chdir=/kube-apiserver, test]",
        "profiling",
        "no process",
    );
    check(
        "command: [test, --profiling=false]",
        "profiling",
        "no process",
    );
    check(
        "command: [kube-apiserver, --version]",
        "profiling",
        "no process",
    );
    check(
        "image: busybox\n    args: [--profiling=false]",
        "profiling",
        "no process",
    );
}

#[test]
fn variables_are_put_in_where_they_are_known() {
    let check = |container: &str, name: &str, expected: &str| {
        assert_eq!(value(&pod(container), name), expected, "{container}");
    };
    let env = "env: [{name: P, value: 'false'}, {name: Q, valueFrom: {fieldRef: {fieldPath: x}}}]\n    command: ";
    check(
        &format!("{env}[kube-apiserver, --profiling=$(P)]"),
        "profiling",
        "false",
    );
    check(
        &format!("{env}[kube-apiserver, --profiling=$(Q)]"),
        "profiling",
        "? the value of `$(Q)` was not scanned",
    );
    check(
        &format!("{env}[kube-apiserver, $(Q)]"),
        "profiling",
        "? the value of `$(Q)` was not scanned",
    );
    check(
        &format!("{env}[kube-apiserver, --audit-log-path=$$(P)]"),
        "audit-log-path",
        "$(P)",
    );
    check(
        "env: [{name: ETCD_AUTO_TLS, value: 'true'}]\n    command: [etcd]",
        "auto-tls",
        "true",
    );
    check(
        "command: [etcd, --auto-tls, --config-file=x]",
        "auto-tls",
        "? what `--config-file` names was not scanned",
    );
}

#[test]
fn files_stand_behind_flags_and_before_defaults() {
    let kubelet = "command: [kubelet, --config=/x, --event-qps=7]";
    let file = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nreadOnlyPort: 10\neventRecordQPS: 1\nfeatureGates: {A: true, B: false}\n";
    let both = format!("{}---\n{file}", pod(kubelet));
    let check = |yaml: &str, name: &str, expected: &str| {
        assert_eq!(value(yaml, name), expected, "{yaml}");
    };
    check(&both, "event-qps", "7");
    check(&both, "read-only-port", "10");
    check(&both, "anonymous-auth", "false");
    check(&both, "feature-gates", "A=true,B=false");
    check(
        &pod(kubelet),
        "read-only-port",
        "? what `--config` names was not scanned",
    );
    check(&pod(kubelet), "hostname-override", "");
    check(&pod("command: [kubelet]"), "anonymous-auth", "true");
    check(file, "read-only-port", "10");
    check(file, "authorization-mode", "Webhook");
    check(
        file,
        "hostname-override",
        "? `--hostname-override` is set on the command line, which was not scanned",
    );
    let api = pod("command: [kube-apiserver, --authorization-config=/x]");
    check(
        &api,
        "authorization-mode",
        "? what `--authorization-config` names was not scanned",
    );
    let open = pod("command: [kube-apiserver, --authentication-config=/x]");
    let limits = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\nanonymous: {enabled: true, conditions: [{path: /livez}]}\n";
    check(&format!("{open}---\n{limits}"), "anonymous-auth", "limited");
    let authorizers = "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers: [{type: Node}, {type: RBAC}]\n";
    check(
        &format!("{api}---\n{authorizers}"),
        "authorization-mode",
        "Node,RBAC",
    );
}

#[test]
fn files_in_config_maps_are_files() {
    let check = |yaml: &str, name: &str, expected: &str| {
        assert_eq!(value(yaml, name), expected, "{yaml}");
    };
    let map = |text: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  kubelet: |\n{text}\n"
        )
    };
    let file = map(
        "    apiVersion: kubelet.config.k8s.io/v1beta1\n    kind: KubeletConfiguration\n    readOnlyPort: 10",
    );
    check(&file, "read-only-port", "10");
    check(&file, "anonymous-auth", "false");
    let other = map(
        "    apiVersion: kind.x-k8s.io/v1\n    kind: Cluster\n    patches: kubelet.config.k8s.io",
    );
    check(&other, "read-only-port", "no process");
}

#[test]
fn kubeadm_adds_to_what_it_sets_itself() {
    let check = |yaml: &str, name: &str, expected: &str| {
        assert_eq!(value(yaml, name), expected, "{yaml}");
    };
    let kind = |kind: &str, rest: &str| {
        format!("apiVersion: kubeadm.k8s.io/v1beta4\nkind: {kind}\n{rest}\n")
    };
    let cluster = kind(
        "ClusterConfiguration",
        "apiServer: {extraArgs: {profiling: 'false'}}",
    );
    check(&cluster, "profiling", "false");
    check(&cluster, "authorization-mode", "Node,RBAC");
    let listed = "apiServer: {extraArgs: [{name: profiling, value: 'false'}]}";
    check(&kind("ClusterConfiguration", listed), "profiling", "false");
    let join = "nodeRegistration: {kubeletExtraArgs: [{name: read-only-port, value: '0'}]}";
    check(&kind("JoinConfiguration", join), "read-only-port", "0");
    check(
        &kind("JoinConfiguration", join),
        "event-qps",
        "? what `--config` names was not scanned",
    );
    check(
        &kind("JoinConfiguration", "caCertPath: x"),
        "event-qps",
        "no process",
    );
}

#[test]
fn plugins_are_the_default_ones_and_what_is_added_or_taken_away() {
    let plugins = |flags: &str| {
        let resources = testing::resources(&pod(&format!("command: [kube-apiserver, '{flags}']")));
        let views = testing::views(33);
        let pods = views.pods_of(&resources[0]);
        let processes = ProcessView::of_resource(&resources[0], &pods);
        assert_eq!(processes[0].component(), Component::ApiServer);
        processes[0].plugins(&Scan { found: Vec::new() }).unwrap()
    };
    let has = |flags: &str, plugin: &str| plugins(flags).iter().any(|name| name == plugin);
    assert!(has("--v=2", "ServiceAccount"));
    assert!(!has("--v=2", "NodeRestriction"));
    assert!(has(
        "--enable-admission-plugins=A,NodeRestriction",
        "NodeRestriction"
    ));
    assert!(has("--enable-admission-plugins=A", "PodSecurity"));
    assert!(!has(
        "--disable-admission-plugins=PodSecurity",
        "PodSecurity"
    ));
    assert!(!has(
        "--enable-admission-plugins=PodSecurity', '--disable-admission-plugins=PodSecurity",
        "PodSecurity"
    ));
    assert_eq!(plugins("--admission-control=A"), ["A"]);
}

#[test]
fn spans_of_time_are_seconds() {
    let check =
        |text: &str, expected: Option<f64>| assert_eq!(parse_seconds(text), expected, "{text}");
    check("1m0s", Some(60.0));
    check("4h", Some(14400.0));
    check("1.5s", Some(1.5));
    check("0", Some(0.0));
    check("0s", Some(0.0));
    check("300", None);
    check("", None);
    check("5x", None);
}

/// Words as command lines have them, and as nobody would write them.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("sh".to_owned()),
        Just("-c".to_owned()),
        Just("exec kube-apiserver --a=$b \"c".to_owned()),
        Just("k3s".to_owned()),
        Just("--kube-proxy-arg".to_owned()),
        Just("kube-apiserver".to_owned()),
        Just("--profiling".to_owned()),
        "[-$(){}a=,'\"\\\\| ]{0,8}",
    ]
}

proptest! {
    #[test]
    fn any_command_line_is_read_without_harm(words in prop::collection::vec(word(), 0..6)) {
        let list: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
        let yaml = pod(&format!("command: [{}]", list.join(", ")));
        let found = value(&yaml, "profiling");
        let runs = yaml.contains("kube-");
        prop_assert!(runs || found == "no process", "{found}");
    }

    #[test]
    fn an_option_is_found_wherever_it_stands(before in 0..4_usize, after in 0..4_usize) {
        let mut words = vec!["kube-apiserver"];
        words.extend(std::iter::repeat_n("--secure-port=1", before));
        words.push("--profiling=false");
        words.extend(std::iter::repeat_n("--bind-address=x", after));
        let yaml = pod(&format!("command: [{}]", words.join(", ")));
        prop_assert_eq!(value(&yaml, "profiling"), "false");
    }
}

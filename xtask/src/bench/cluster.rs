//! A cluster as it runs: pods with owners, nodes and tokens, and the objects around them. Always the same for the same
//! number of pods.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use fs_err as fs;

/// Pods of one workload.
const REPLICAS: usize = 6;
/// Workloads of one namespace.
const WORKLOADS: usize = 8;
/// Pods of one node.
const ON_NODE: usize = 30;
/// Files that the cluster is split into.
const FILES: usize = 50;

/// Writes the cluster into a folder, unless it is there.
pub(super) fn write(work: &Path, pods: usize) -> Result<PathBuf> {
    let folder = work.join(format!("cluster-{pods}"));
    if folder.is_dir() {
        return Ok(folder);
    }
    fs::create_dir_all(&folder)?;
    let nodes = pods.div_ceil(ON_NODE);
    let namespaces = pods.div_ceil(REPLICAS * WORKLOADS);
    let mut files = vec![String::new(); FILES];
    for node in 0..nodes {
        let control_plane = if node < 3 {
            "\n    node-role.kubernetes.io/control-plane: \"\""
        } else {
            ""
        };
        push(
            &mut files[node % FILES],
            &format!(
                "apiVersion: v1\nkind: Node\nmetadata:\n  name: node-{node}\n  labels:\n    kubernetes.io/os: linux{control_plane}\nspec:\n  providerID: aws:///eu-west-1a/i-{node:08x}\n"
            ),
        );
    }
    push(&mut files[0], ROLES);
    let mut made = 0;
    for namespace in 0..namespaces {
        let text = &mut files[namespace % FILES];
        start(text, namespace);
        for workload in 0..WORKLOADS {
            made += self::workload(
                text,
                namespace,
                workload,
                (pods - made).min(REPLICAS),
                nodes,
            );
        }
    }
    for (number, text) in files.iter().enumerate() {
        fs::write(folder.join(format!("part-{number:03}.yaml")), text)?;
    }
    Ok(folder)
}

/// Roles that some service accounts are bound to in the whole cluster.
const ROLES: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: debugger
rules:
  - apiGroups: [\"\"]
    resources: [pods, pods/exec, pods/log]
    verbs: [get, list, create]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [get, list, create, update, patch]
  - apiGroups: [\"\"]
    resources: [configmaps, secrets]
    verbs: [get, list]
";

fn push(text: &mut String, document: &str) {
    text.push_str("---\n");
    text.push_str(document);
}

/// What a namespace has beside its workloads.
fn start(text: &mut String, namespace: usize) {
    let level = match namespace % 5 {
        0 | 1 => "\n  labels:\n    pod-security.kubernetes.io/enforce: baseline",
        _ => "",
    };
    push(
        text,
        &format!("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: n{namespace}{level}\n"),
    );
    push(
        text,
        &format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: database\n  namespace: n{namespace}\ntype: Opaque\n"
        ),
    );
    if namespace.is_multiple_of(2) {
        push(
            text,
            &format!(
                "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: own\n  namespace: n{namespace}\nspec:\n  podSelector: {{}}\n  policyTypes: [Ingress]\n  ingress:\n    - from:\n        - podSelector: {{}}\n"
            ),
        );
    }
}

/// A workload with its pods; gives the number of pods.
fn workload(
    text: &mut String,
    namespace: usize,
    workload: usize,
    replicas: usize,
    nodes: usize,
) -> usize {
    let name = format!("app-{workload}");
    let number = namespace * WORKLOADS + workload;
    let kind = if workload == 7 {
        "DaemonSet"
    } else {
        "Deployment"
    };
    push(
        text,
        &format!(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n  namespace: n{namespace}\n"
        ),
    );
    let spec = |node: Option<usize>| pod_spec(&name, number, node);
    push(
        text,
        &format!(
            "apiVersion: apps/v1\nkind: {kind}\nmetadata:\n  name: {name}\n  namespace: n{namespace}\nspec:\n  selector:\n    matchLabels:\n      app: {name}\n  template:\n    metadata:\n      labels:\n        app: {name}\n    spec:\n{}",
            indented(&spec(None), 6)
        ),
    );
    let (owner, owner_kind) = if kind == "DaemonSet" {
        (name.clone(), kind)
    } else {
        let owner = format!("{name}-5d9c7b");
        push(
            text,
            &format!(
                "apiVersion: apps/v1\nkind: ReplicaSet\nmetadata:\n  name: {owner}\n  namespace: n{namespace}\n  ownerReferences:\n    - apiVersion: apps/v1\n      kind: Deployment\n      name: {name}\n      controller: true\nspec:\n  replicas: {replicas}\n"
            ),
        );
        (owner, "ReplicaSet")
    };
    for replica in 0..replicas {
        let node = (number * 7 + replica * 13) % nodes;
        push(
            text,
            &format!(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {owner}-{replica}\n  namespace: n{namespace}\n  labels:\n    app: {name}\n    pod-template-hash: 5d9c7b\n  ownerReferences:\n    - apiVersion: apps/v1\n      kind: {owner_kind}\n      name: {owner}\n      controller: true\nspec:\n{}status:\n  phase: Running\n  podIP: 10.{}.{}.{}\n",
                indented(&spec(Some(node)), 2),
                number / 250 % 250,
                number % 250,
                replica + 1,
            ),
        );
    }
    around(text, namespace, workload, number);
    replicas
}

/// Services and permissions of a workload.
fn around(text: &mut String, namespace: usize, workload: usize, number: usize) {
    let name = format!("app-{workload}");
    let kind = if number.is_multiple_of(40) {
        "LoadBalancer"
    } else {
        "ClusterIP"
    };
    push(
        text,
        &format!(
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n  namespace: n{namespace}\nspec:\n  type: {kind}\n  selector:\n    app: {name}\n  ports:\n    - port: 80\n      targetPort: http\n"
        ),
    );
    if workload.is_multiple_of(3) {
        let resource = ["pods", "secrets", "pods/exec", "configmaps"][number % 4];
        push(
            text,
            &format!(
                "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: {name}\n  namespace: n{namespace}\nrules:\n  - apiGroups: [\"\"]\n    resources: [{resource}]\n    verbs: [get, list, create]\n"
            ),
        );
        binding(text, "RoleBinding", (namespace, &name), ("Role", &name));
    }
    if number.is_multiple_of(50) {
        let role = ["debugger", "deployer", "view", "cluster-admin"][number / 50 % 4];
        binding(
            text,
            "ClusterRoleBinding",
            (namespace, &name),
            ("ClusterRole", role),
        );
    }
}

fn binding(
    text: &mut String,
    kind: &str,
    (namespace, name): (usize, &str),
    (role_kind, role): (&str, &str),
) {
    let scope = if kind == "RoleBinding" {
        format!("  name: {name}\n  namespace: n{namespace}\n")
    } else {
        format!("  name: n{namespace}-{name}\n")
    };
    push(
        text,
        &format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata:\n{scope}roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: {role_kind}\n  name: {role}\nsubjects:\n  - kind: ServiceAccount\n    name: {name}\n    namespace: n{namespace}\n"
        ),
    );
}

/// The spec of a pod, as its template has it, or as it runs on a node.
fn pod_spec(name: &str, number: usize, node: Option<usize>) -> String {
    let mut spec = format!("serviceAccountName: {name}\n");
    if number % 60 == 7 {
        spec += "hostPID: true\n";
    }
    if let Some(node) = node {
        let _ = write!(
            spec,
            "nodeName: node-{node}\nrestartPolicy: Always\nschedulerName: default-scheduler\n"
        );
    }
    let _ = write!(
        spec,
        "containers:\n  - name: app\n    image: registry.example.com/{name}:1.{number}\n    ports:\n      - name: http\n        containerPort: 8080\n    env:\n      - name: PASSWORD\n        valueFrom:\n          secretKeyRef:\n            name: database\n            key: password\n"
    );
    if number % 30 == 7 {
        spec += "    securityContext:\n      privileged: true\n";
    }
    let mut mounts = String::new();
    let mut volumes = String::new();
    if number % 45 == 11 {
        mounts += "      - name: host\n        mountPath: /host\n";
        volumes += "  - name: host\n    hostPath:\n      path: /var/log\n";
    }
    if node.is_some() {
        mounts += "      - name: kube-api-access-x\n        mountPath: /var/run/secrets/kubernetes.io/serviceaccount\n        readOnly: true\n";
        volumes += "  - name: kube-api-access-x\n    projected:\n      sources:\n        - serviceAccountToken:\n            expirationSeconds: 3607\n            path: token\n        - configMap:\n            name: kube-root-ca.crt\n";
    }
    if !mounts.is_empty() {
        let _ = write!(spec, "    volumeMounts:\n{mounts}");
    }
    spec += "  - name: proxy\n    image: registry.example.com/proxy:2.0.0\n    ports:\n      - name: metrics\n        containerPort: 9090\n    securityContext:\n      runAsNonRoot: true\n      allowPrivilegeEscalation: false\n";
    if !volumes.is_empty() {
        let _ = write!(spec, "volumes:\n{volumes}");
    }
    spec
}

fn indented(text: &str, by: usize) -> String {
    let indent = " ".repeat(by);
    text.lines()
        .map(|line| format!("{indent}{line}\n"))
        .collect()
}

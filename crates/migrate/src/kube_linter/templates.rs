//! KubeLinter's templates, and the built-in checks that are made of them.

use std::sync::Arc;

use document::print::{Sorted, to_yaml};
use document::{Keys, Limits, NodeRef, Source};

/// A built-in check: its name, and its parameters as JSON with keys in lower case.
#[derive(Debug)]
pub(super) struct BuiltIn {
    pub(super) name: &'static str,
    pub(super) params: &'static str,
}

const fn check(name: &'static str, params: &'static str) -> BuiltIn {
    BuiltIn { name, params }
}

/// A template and its built-in checks, where it has any.
type Template = (&'static str, &'static [BuiltIn]);

static TEMPLATES: &[Template] = &[
    (
        "access-to-resources",
        &[
            check(
                "access-to-create-pods",
                r#"{"resources":["^pods$","^deployments$","^statefulsets$","^replicasets$","^cronjob$","^jobs$","^daemonsets$"],"verbs":["^create$"]}"#,
            ),
            check(
                "access-to-secrets",
                r#"{"resources":["^secrets$"],"verbs":["^get$","^list$","^delete$","^create$","^watch$","^*$"]}"#,
            ),
        ],
    ),
    (
        "anti-affinity",
        &[check("no-anti-affinity", r#"{"minreplicas":2}"#)],
    ),
    (
        "cluster-admin-role-binding",
        &[check("cluster-admin-role-binding", "{}")],
    ),
    (
        "cpu-requirements",
        &[check(
            "unset-cpu-requirements",
            r#"{"lowerboundmillis":0,"requirementstype":"request","upperboundmillis":0}"#,
        )],
    ),
    (
        "dangling-horizontalpodautoscaler",
        &[check("dangling-horizontalpodautoscaler", "{}")],
    ),
    ("dangling-ingress", &[check("dangling-ingress", "{}")]),
    (
        "dangling-networkpolicy",
        &[check("dangling-networkpolicy", "{}")],
    ),
    (
        "dangling-networkpolicypeer-podselector",
        &[check("dangling-networkpolicypeer-podselector", "{}")],
    ),
    ("dangling-service", &[check("dangling-service", "{}")]),
    (
        "dangling-servicemonitor",
        &[check("dangling-servicemonitor", "{}")],
    ),
    (
        "deprecated-service-account-field",
        &[check("deprecated-service-account-field", "{}")],
    ),
    (
        "disallowed-api-obj",
        &[check(
            "no-extensions-v1beta",
            r#"{"group":"extensions","version":"v1beta.+"}"#,
        )],
    ),
    (
        "dnsconfig-options",
        &[check("dnsconfig-options", r#"{"key":"ndots","value":"2"}"#)],
    ),
    ("duplicate-env-var", &[check("duplicate-env-var", "{}")]),
    (
        "env-var",
        &[check(
            "env-var-secret",
            r#"{"name":"(?i).*secret.*","value":".+"}"#,
        )],
    ),
    ("env-value-from", &[check("env-value-from", "{}")]),
    ("forbidden-annotation", &[]),
    (
        "forbidden-service-types",
        &[check(
            "exposed-services",
            r#"{"forbiddenservicetypes":["NodePort","LoadBalancer"]}"#,
        )],
    ),
    ("host-ipc", &[check("host-ipc", "{}")]),
    (
        "host-mounts",
        &[
            check("docker-sock", r#"{"dirs":["docker.sock$"]}"#),
            check(
                "sensitive-host-mounts",
                r#"{"dirs":["^/$","^/boot$","^/dev$","^/etc$","^/lib$","^/proc$","^/sys$","^/usr$"]}"#,
            ),
        ],
    ),
    ("host-network", &[check("host-network", "{}")]),
    ("host-pid", &[check("host-pid", "{}")]),
    (
        "hpa-minimum-replicas",
        &[check("hpa-minimum-three-replicas", r#"{"minreplicas":3}"#)],
    ),
    ("image-pull-policy", &[]),
    (
        "job-ttl-seconds-after-finished",
        &[check("job-ttl-seconds-after-finished", "{}")],
    ),
    ("kubeconform", &[check("schema-validation", "{}")]),
    (
        "latest-tag",
        &[check(
            "latest-tag",
            r#"{"blocklist":[".*:(latest)$","^[^:]*$","(.*/[^:]+)$"]}"#,
        )],
    ),
    ("liveness-port", &[check("liveness-port", "{}")]),
    ("liveness-probe", &[check("no-liveness-probe", "{}")]),
    (
        "memory-requirements",
        &[check(
            "unset-memory-requirements",
            r#"{"lowerboundmb":0,"requirementstype":"limit","upperboundmb":0}"#,
        )],
    ),
    (
        "minimum-replicas",
        &[check("minimum-three-replicas", r#"{"minreplicas":3}"#)],
    ),
    (
        "mismatching-selector",
        &[check("mismatching-selector", "{}")],
    ),
    ("no-node-affinity", &[check("no-node-affinity", "{}")]),
    (
        "non-existent-service-account",
        &[check("non-existent-service-account", "{}")],
    ),
    ("non-isolated-pod", &[check("non-isolated-pod", "{}")]),
    ("pdb-max-unavailable", &[check("pdb-max-unavailable", "{}")]),
    ("pdb-min-available", &[check("pdb-min-available", "{}")]),
    (
        "pdb-unhealthy-pod-eviction-policy",
        &[check("pdb-unhealthy-pod-eviction-policy", "{}")],
    ),
    (
        "ports",
        &[check("ssh-port", r#"{"port":22,"protocol":"TCP"}"#)],
    ),
    ("priority-class-name", &[check("priority-class-name", "{}")]),
    (
        "privilege-escalation-container",
        &[check("privilege-escalation-container", "{}")],
    ),
    ("privileged", &[check("privileged-container", "{}")]),
    ("privileged-ports", &[check("privileged-ports", "{}")]),
    ("read-only-root-fs", &[check("no-read-only-root-fs", "{}")]),
    (
        "read-secret-from-env-var",
        &[check("read-secret-from-env-var", "{}")],
    ),
    ("readiness-port", &[check("readiness-port", "{}")]),
    ("readiness-probe", &[check("no-readiness-probe", "{}")]),
    (
        "required-annotation",
        &[check(
            "required-annotation-email",
            r#"{"key":"email","value":"[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\\.[a-zA-Z0-9-.]+"}"#,
        )],
    ),
    (
        "required-label",
        &[check("required-label-owner", r#"{"key":"owner"}"#)],
    ),
    ("restart-policy", &[check("restart-policy", "{}")]),
    ("run-as-non-root", &[check("run-as-non-root", "{}")]),
    (
        "scc-deny-privileged-container",
        &[check(
            "scc-deny-privileged-container",
            r#"{"allowprivilegedcontainer":true}"#,
        )],
    ),
    (
        "service-account",
        &[check(
            "default-service-account",
            r#"{"serviceaccount":"^(|default)$"}"#,
        )],
    ),
    ("startup-port", &[check("startup-port", "{}")]),
    ("target-port", &[check("invalid-target-ports", "{}")]),
    ("unsafe-proc-mount", &[check("unsafe-proc-mount", "{}")]),
    (
        "unsafe-sysctls",
        &[check(
            "unsafe-sysctls",
            r#"{"unsafesysctls":["kernel.msg","kernel.sem","kernel.shm","fs.mqueue.","net."]}"#,
        )],
    ),
    (
        "update-configuration",
        &[check(
            "no-rolling-update-strategy",
            r#"{"strategytyperegex":"^(RollingUpdate|Rolling)$"}"#,
        )],
    ),
    ("use-namespace", &[check("use-namespace", "{}")]),
    (
        "verify-container-capabilities",
        &[check(
            "drop-net-raw-capability",
            r#"{"forbiddencapabilities":["NET_RAW"]}"#,
        )],
    ),
    ("wildcard-in-rules", &[check("wildcard-in-rules", "{}")]),
    ("writable-host-mount", &[check("writable-host-mount", "{}")]),
];

/// The built-in checks of a template; `None` when there is no such template.
pub(super) fn of(template: &str) -> Option<&'static [BuiltIn]> {
    let found = TEMPLATES.iter().find(|(name, _)| *name == template);
    found.map(|(_, checks)| *checks)
}

/// Whether parameters are those of a built-in check.
pub(super) fn same_params(known: &str, params: Option<NodeRef<'_>>) -> bool {
    let Some(params) = params else {
        return known == "{}";
    };
    let keys = Arc::new(Keys::new([]));
    let source = Source::new("", known);
    let known = document::parse_json(source, &keys, &Limits::default()).document;
    let Some(known) = known.roots().next() else {
        return false;
    };
    known.len() == params.len()
        && params.entries().all(|entry| {
            let value = known.get_str(&entry.name().to_ascii_lowercase());
            value.is_some_and(|value| to_yaml(Sorted(value)) == to_yaml(Sorted(entry.value)))
        })
}

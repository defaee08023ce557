//! The flags that controls look at: what they hold, where they stand in a configuration file, and what
//! they are when nobody sets them.
//!
//! From Kubernetes' reference of command line tools and configuration APIs, and etcd's reference.

use super::Component;

/// What a flag holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlagKind {
    /// `true` or `false`; alone it means true.
    Bool,
    /// A whole number.
    Int,
    /// A text: the last one wins.
    Text,
    /// Texts, separated by commas; repeated flags add to each other.
    List,
    /// `key=value` pairs, like a list.
    Map,
    /// A span of time, as Go writes them: `1m30s`.
    Duration,
}

/// A flag of one or several components.
#[derive(Clone, Copy, Debug)]
pub(super) struct FlagDefinition {
    on: u8,
    /// Its name, without dashes in front.
    pub(super) name: &'static str,
    /// What it holds.
    pub(super) kind: FlagKind,
    default: &'static str,
    /// Earlier defaults: up to a minor, oldest first.
    until: &'static [(u32, &'static str)],
    path: Option<&'static str>,
    in_file: Option<&'static str>,
}

impl FlagDefinition {
    /// What it is without flag and file.
    pub(super) fn default(&self, minor: u32) -> &'static str {
        let earlier = self.until.iter().find(|(last, _)| minor <= *last);
        earlier.map_or(self.default, |(_, value)| value)
    }

    /// What it is where a configuration file is read that does not say.
    pub(super) fn default_in_file(&self, minor: u32) -> &'static str {
        self.in_file.unwrap_or_else(|| self.default(minor))
    }

    /// The fields that lead to it in the component's configuration file.
    pub(super) fn path(&self) -> Option<&'static str> {
        self.path
    }

    const fn until(mut self, until: &'static [(u32, &'static str)]) -> Self {
        self.until = until;
        self
    }

    const fn at(mut self, path: &'static str) -> Self {
        self.path = Some(path);
        self
    }

    const fn in_file(mut self, default: &'static str) -> Self {
        self.in_file = Some(default);
        self
    }
}

/// The definition of a component's flag.
pub(super) fn definition(component: Component, name: &str) -> Option<&'static FlagDefinition> {
    let bit = 1 << component as u8;
    FLAGS
        .iter()
        .find(|flag| flag.name == name && flag.on & bit != 0)
}

/// The flags of a component that its configuration file can hold, with their fields.
pub(super) fn flags_in_file(
    component: Component,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    let bit = 1 << component as u8;
    let own = FLAGS.iter().filter(move |flag| flag.on & bit != 0);
    own.filter_map(|flag| Some((flag.name, flag.path?)))
}

/// Whether some component has a flag of this name that controls can look at.
pub fn is_known_flag(name: &str) -> bool {
    FLAGS.iter().any(|flag| flag.name == name)
}

const fn flag(on: u8, name: &'static str, kind: FlagKind, default: &'static str) -> FlagDefinition {
    FlagDefinition {
        on,
        name,
        kind,
        default,
        until: &[],
        path: None,
        in_file: None,
    }
}

const API: u8 = 1 << Component::ApiServer as u8;
const KCM: u8 = 1 << Component::ControllerManager as u8;
const SCHEDULER: u8 = 1 << Component::Scheduler as u8;
const ETCD: u8 = 1 << Component::Etcd as u8;
const KUBELET: u8 = 1 << Component::Kubelet as u8;
const PROXY: u8 = 1 << Component::KubeProxy as u8;
const CLOUD: u8 = 1 << Component::CloudControllerManager as u8;

const BOOL: FlagKind = FlagKind::Bool;
const INT: FlagKind = FlagKind::Int;
const TEXT: FlagKind = FlagKind::Text;
const LIST: FlagKind = FlagKind::List;
const MAP: FlagKind = FlagKind::Map;
const DURATION: FlagKind = FlagKind::Duration;

/// What the kubelet evicts at when nobody says otherwise.
const EVICTION: &str =
    "imagefs.available<15%,memory.available<100Mi,nodefs.available<10%,nodefs.inodesFree<5%";

const FLAGS: &[FlagDefinition] = &[
    // Authentication and authorization of requests.
    flag(API, "anonymous-auth", BOOL, "true"),
    flag(KUBELET, "anonymous-auth", BOOL, "true")
        .at("authentication.anonymous.enabled")
        .in_file("false"),
    flag(API, "authentication-config", TEXT, ""),
    flag(API, "authorization-config", TEXT, ""),
    flag(API, "authorization-mode", LIST, "AlwaysAllow"),
    flag(KUBELET, "authorization-mode", TEXT, "AlwaysAllow")
        .at("authorization.mode")
        .in_file("Webhook"),
    flag(KUBELET, "authentication-token-webhook", BOOL, "false")
        .at("authentication.webhook.enabled")
        .in_file("true"),
    flag(API, "basic-auth-file", TEXT, ""),
    flag(API, "token-auth-file", TEXT, ""),
    flag(API | KCM | SCHEDULER | CLOUD, "client-ca-file", TEXT, ""),
    flag(KUBELET, "client-ca-file", TEXT, "").at("authentication.x509.clientCAFile"),
    flag(API, "service-account-lookup", BOOL, "true"),
    flag(API, "service-account-key-file", LIST, ""),
    flag(API, "service-account-signing-key-file", TEXT, ""),
    flag(API, "service-account-issuer", LIST, ""),
    flag(API, "service-account-extend-token-expiration", BOOL, "true"),
    flag(API, "enable-bootstrap-token-auth", BOOL, "false"),
    // Admission.
    flag(API, "enable-admission-plugins", LIST, ""),
    flag(API, "disable-admission-plugins", LIST, ""),
    flag(API, "admission-control", LIST, ""),
    flag(API, "admission-control-config-file", TEXT, ""),
    // Ports and addresses.
    flag(API, "insecure-bind-address", TEXT, ""),
    flag(API, "insecure-port", INT, "0").until(&[(19, "8080")]),
    flag(API, "secure-port", INT, "6443"),
    flag(KCM, "secure-port", INT, "10257"),
    flag(SCHEDULER, "secure-port", INT, "10259"),
    flag(KCM | SCHEDULER, "port", INT, "0"),
    flag(
        API | KCM | SCHEDULER | CLOUD,
        "bind-address",
        TEXT,
        "0.0.0.0",
    ),
    flag(PROXY, "bind-address", TEXT, "0.0.0.0").at("bindAddress"),
    flag(KCM | SCHEDULER, "address", TEXT, "0.0.0.0"),
    flag(KUBELET, "address", TEXT, "0.0.0.0").at("address"),
    flag(KUBELET, "read-only-port", INT, "10255")
        .at("readOnlyPort")
        .in_file("0"),
    flag(PROXY, "metrics-bind-address", TEXT, "127.0.0.1:10249").at("metricsBindAddress"),
    // Debugging and observation.
    flag(API | KCM | CLOUD, "profiling", BOOL, "true"),
    flag(SCHEDULER, "profiling", BOOL, "true").at("enableProfiling"),
    flag(PROXY, "profiling", BOOL, "false").at("enableProfiling"),
    flag(API, "audit-log-path", TEXT, ""),
    flag(API, "audit-policy-file", TEXT, ""),
    flag(API, "audit-webhook-config-file", TEXT, ""),
    flag(API, "audit-dynamic-configuration", BOOL, "false"),
    flag(API, "audit-log-maxage", INT, "0"),
    flag(API, "audit-log-maxbackup", INT, "0"),
    flag(API, "audit-log-maxsize", INT, "0"),
    // Certificates and keys.
    flag(API | KCM | SCHEDULER | CLOUD, "tls-cert-file", TEXT, ""),
    flag(
        API | KCM | SCHEDULER | CLOUD,
        "tls-private-key-file",
        TEXT,
        "",
    ),
    flag(KUBELET, "tls-cert-file", TEXT, "").at("tlsCertFile"),
    flag(KUBELET, "tls-private-key-file", TEXT, "").at("tlsPrivateKeyFile"),
    flag(API | KCM | SCHEDULER | CLOUD, "tls-cipher-suites", LIST, ""),
    flag(KUBELET, "tls-cipher-suites", LIST, "").at("tlsCipherSuites"),
    flag(API | KCM | SCHEDULER | CLOUD, "tls-min-version", TEXT, ""),
    flag(KUBELET, "tls-min-version", TEXT, "").at("tlsMinVersion"),
    flag(ETCD, "tls-min-version", TEXT, ""),
    flag(API, "kubelet-https", BOOL, "true"),
    flag(API, "kubelet-client-certificate", TEXT, ""),
    flag(API, "kubelet-client-key", TEXT, ""),
    flag(API, "kubelet-certificate-authority", TEXT, ""),
    flag(API, "etcd-cafile", TEXT, ""),
    flag(API, "etcd-certfile", TEXT, ""),
    flag(API, "etcd-keyfile", TEXT, ""),
    flag(API, "etcd-servers", LIST, ""),
    flag(KCM, "root-ca-file", TEXT, ""),
    flag(KCM, "service-account-private-key-file", TEXT, ""),
    flag(
        KCM | CLOUD,
        "use-service-account-credentials",
        BOOL,
        "false",
    ),
    flag(KUBELET, "rotate-certificates", BOOL, "false").at("rotateCertificates"),
    flag(KUBELET, "rotate-server-certificates", BOOL, "false").at("serverTLSBootstrap"),
    // What the API server stores and serves.
    flag(API, "encryption-provider-config", TEXT, ""),
    flag(API, "experimental-encryption-provider-config", TEXT, ""),
    flag(API, "runtime-config", MAP, ""),
    flag(API, "request-timeout", DURATION, "1m0s"),
    flag(API, "enable-priority-and-fairness", BOOL, "true"),
    flag(API, "repair-malformed-updates", BOOL, "false"),
    flag(API | KCM | SCHEDULER | CLOUD, "feature-gates", MAP, ""),
    flag(KUBELET | PROXY, "feature-gates", MAP, "").at("featureGates"),
    flag(KCM, "terminated-pod-gc-threshold", INT, "12500"),
    // The kubelet.
    flag(
        KUBELET,
        "streaming-connection-idle-timeout",
        DURATION,
        "4h0m0s",
    )
    .at("streamingConnectionIdleTimeout"),
    flag(KUBELET, "protect-kernel-defaults", BOOL, "false").at("protectKernelDefaults"),
    flag(KUBELET, "make-iptables-util-chains", BOOL, "true").at("makeIPTablesUtilChains"),
    flag(KUBELET, "hostname-override", TEXT, ""),
    flag(KUBELET, "event-qps", INT, "50")
        .until(&[(26, "5")])
        .at("eventRecordQPS"),
    flag(KUBELET, "pod-max-pids", INT, "-1").at("podPidsLimit"),
    flag(KUBELET, "seccomp-default", BOOL, "false").at("seccompDefault"),
    flag(KUBELET, "pod-manifest-path", TEXT, "").at("staticPodPath"),
    flag(KUBELET, "manifest-url", TEXT, "").at("staticPodURL"),
    flag(KUBELET, "dynamic-config-dir", TEXT, ""),
    flag(KUBELET, "eviction-hard", MAP, EVICTION).at("evictionHard"),
    flag(KUBELET, "eviction-soft", MAP, "").at("evictionSoft"),
    flag(KUBELET, "config-dir", TEXT, ""),
    flag(KUBELET | PROXY | SCHEDULER, "config", TEXT, ""),
    // etcd.
    flag(ETCD, "config-file", TEXT, ""),
    flag(ETCD, "cert-file", TEXT, ""),
    flag(ETCD, "key-file", TEXT, ""),
    flag(ETCD, "trusted-ca-file", TEXT, ""),
    flag(ETCD, "client-cert-auth", BOOL, "false"),
    flag(ETCD, "auto-tls", BOOL, "false"),
    flag(ETCD, "peer-cert-file", TEXT, ""),
    flag(ETCD, "peer-key-file", TEXT, ""),
    flag(ETCD, "peer-trusted-ca-file", TEXT, ""),
    flag(ETCD, "peer-client-cert-auth", BOOL, "false"),
    flag(ETCD, "peer-auto-tls", BOOL, "false"),
];

/// What kubeadm sets on its own, where `extraArgs` does not say otherwise.
pub(super) fn kubeadm_default(component: Component, name: &str) -> Option<&'static str> {
    let rows: &[(&str, &str)] = match component {
        Component::ApiServer => &[
            ("authorization-mode", "Node,RBAC"),
            ("client-ca-file", "/etc/kubernetes/pki/ca.crt"),
            ("enable-admission-plugins", "NodeRestriction"),
            ("enable-bootstrap-token-auth", "true"),
            ("etcd-cafile", "/etc/kubernetes/pki/etcd/ca.crt"),
            (
                "etcd-certfile",
                "/etc/kubernetes/pki/apiserver-etcd-client.crt",
            ),
            (
                "etcd-keyfile",
                "/etc/kubernetes/pki/apiserver-etcd-client.key",
            ),
            (
                "kubelet-client-certificate",
                "/etc/kubernetes/pki/apiserver-kubelet-client.crt",
            ),
            (
                "kubelet-client-key",
                "/etc/kubernetes/pki/apiserver-kubelet-client.key",
            ),
            ("secure-port", "6443"),
            ("service-account-key-file", "/etc/kubernetes/pki/sa.pub"),
            (
                "service-account-signing-key-file",
                "/etc/kubernetes/pki/sa.key",
            ),
            ("tls-cert-file", "/etc/kubernetes/pki/apiserver.crt"),
            ("tls-private-key-file", "/etc/kubernetes/pki/apiserver.key"),
        ],
        Component::ControllerManager => &[
            ("bind-address", "127.0.0.1"),
            ("client-ca-file", "/etc/kubernetes/pki/ca.crt"),
            ("root-ca-file", "/etc/kubernetes/pki/ca.crt"),
            (
                "service-account-private-key-file",
                "/etc/kubernetes/pki/sa.key",
            ),
            ("use-service-account-credentials", "true"),
        ],
        Component::Scheduler => &[("bind-address", "127.0.0.1")],
        Component::Etcd => &[
            ("cert-file", "/etc/kubernetes/pki/etcd/server.crt"),
            ("client-cert-auth", "true"),
            ("key-file", "/etc/kubernetes/pki/etcd/server.key"),
            ("peer-cert-file", "/etc/kubernetes/pki/etcd/peer.crt"),
            ("peer-client-cert-auth", "true"),
            ("peer-key-file", "/etc/kubernetes/pki/etcd/peer.key"),
            ("peer-trusted-ca-file", "/etc/kubernetes/pki/etcd/ca.crt"),
            ("trusted-ca-file", "/etc/kubernetes/pki/etcd/ca.crt"),
        ],
        _ => &[],
    };
    let row = rows.iter().find(|(flag, _)| *flag == name);
    row.map(|(_, value)| *value)
}

/// The admission plugins that are on when nobody says otherwise: from one minor on.
const PLUGINS: &[(u32, &str)] = &[
    (0, "CertificateApproval"),
    (0, "CertificateSigning"),
    (0, "CertificateSubjectRestriction"),
    (27, "ClusterTrustBundleAttest"),
    (0, "DefaultIngressClass"),
    (0, "DefaultStorageClass"),
    (0, "DefaultTolerationSeconds"),
    (0, "LimitRanger"),
    (0, "MutatingAdmissionWebhook"),
    (0, "NamespaceLifecycle"),
    (0, "PersistentVolumeClaimResize"),
    (23, "PodSecurity"),
    (33, "PodTopologyLabels"),
    (0, "Priority"),
    (0, "ResourceQuota"),
    (0, "RuntimeClass"),
    (0, "ServiceAccount"),
    (0, "StorageObjectInUseProtection"),
    (0, "TaintNodesByCondition"),
    (26, "ValidatingAdmissionPolicy"),
    (0, "ValidatingAdmissionWebhook"),
];

/// The admission plugins that are on by default in a minor.
pub(super) fn default_plugins(minor: u32) -> impl Iterator<Item = &'static str> {
    let known = PLUGINS.iter().filter(move |(since, _)| *since <= minor);
    known.map(|(_, name)| *name)
}

/// Feature gates that controls look at: their defaults, and the last minor where it was the other way.
const GATES: &[(&str, Option<u32>, bool)] = &[
    ("RotateKubeletServerCertificate", None, true),
    ("DynamicKubeletConfig", Some(21), false),
    ("DynamicAuditing", None, false),
    ("AllAlpha", None, false),
];

/// What a feature gate is when nobody sets it.
pub(super) fn default_gate(name: &str, minor: u32) -> Option<bool> {
    let (_, until, default) = GATES.iter().find(|(gate, ..)| *gate == name)?;
    let is_earlier = until.is_some_and(|last| minor <= last);
    Some(*default != is_earlier)
}

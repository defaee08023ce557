//! Reaching into pods that run.

use model::Severity;

use super::find;
use super::pattern::{CHANGE, Need, Pattern, Scope};

/// A row for each pattern.
pub(super) const PATTERNS: &[Pattern] = &[
    Pattern {
        id: "pods-exec",
        title: "Run commands in pods",
        severity: Severity::High,
        precondition: "with `get` alone, the API server is older than 1.35",
        gain: "the tokens of stronger service accounts that pods run as, and what the pods can reach",
        reference: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_exec/",
        scope: Scope::Namespaced,
        needs: &[Need::new(&["create", "get"], "", &["pods/exec"])],
        find: find::RUNNING_SERVICE_ACCOUNTS,
    },
    Pattern {
        id: "pods-attach",
        title: "Attach to pods",
        severity: Severity::Medium,
        precondition: "the main process reads its standard input, as shells do; with `get` alone, the API server is older than 1.35",
        gain: "control of processes that run as stronger service accounts",
        reference: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_attach/",
        scope: Scope::Namespaced,
        needs: &[Need::new(&["create", "get"], "", &["pods/attach"])],
        find: find::RUNNING_SERVICE_ACCOUNTS,
    },
    Pattern {
        id: "pods-ephemeralcontainers",
        title: "Add ephemeral containers to pods",
        severity: Severity::High,
        precondition: "",
        gain: "a container of one's own in pods that run as stronger service accounts",
        reference: "https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/",
        scope: Scope::Namespaced,
        needs: &[Need::new(CHANGE, "", &["pods/ephemeralcontainers"])],
        find: find::RUNNING_SERVICE_ACCOUNTS,
    },
    Pattern {
        id: "pods-portforward",
        title: "Forward ports of pods",
        severity: Severity::Medium,
        precondition: "",
        gain: "ports of pods that network policies and services keep closed",
        reference: "https://kubernetes.io/docs/tasks/access-application-cluster/port-forward-access-application-cluster/",
        scope: Scope::Namespaced,
        needs: &[Need::new(&["create", "get"], "", &["pods/portforward"])],
        find: find::SCOPE,
    },
    Pattern {
        id: "pods-proxy",
        title: "Proxy to pods",
        severity: Severity::Medium,
        precondition: "",
        gain: "HTTP ports of pods, reached from the API server",
        reference: "https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/",
        scope: Scope::Namespaced,
        needs: &[Need::new(&["create", "get"], "", &["pods/proxy"])],
        find: find::SCOPE,
    },
    Pattern {
        id: "pods-log",
        title: "Read logs of pods",
        severity: Severity::Low,
        precondition: "a program logs credentials",
        gain: "what programs wrote to their logs",
        reference: "https://kubernetes.io/docs/concepts/cluster-administration/logging/",
        scope: Scope::Namespaced,
        needs: &[Need::new(&["get"], "", &["pods/log"])],
        find: find::SCOPE,
    },
];

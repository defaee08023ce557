//! Nothing is gained, others lose.

use model::Severity;

use super::find;
use super::pattern::{DELETE, Need, Pattern, Scope, WRITE};

/// A row for each pattern.
pub(super) const PATTERNS: &[Pattern] = &[
    Pattern {
        id: "priorityclasses-write",
        title: "Write PriorityClasses",
        severity: Severity::Low,
        precondition: "",
        gain: "pods that drive those of others away",
        reference: "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/",
        scope: Scope::Cluster,
        needs: &[Need::new(WRITE, "scheduling.k8s.io", &["priorityclasses"])],
        find: find::CLUSTER,
    },
    Pattern {
        id: "flowcontrol-write",
        title: "Write priority levels of the API server",
        severity: Severity::Low,
        precondition: "",
        gain: "requests of others wait, or one's own never do",
        reference: "https://kubernetes.io/docs/concepts/cluster-administration/flow-control/",
        scope: Scope::Cluster,
        needs: &[Need::new(
            WRITE,
            "flowcontrol.apiserver.k8s.io",
            &["flowschemas", "prioritylevelconfigurations"],
        )],
        find: find::CLUSTER,
    },
    Pattern {
        id: "quotas-weaken",
        title: "Weaken quotas and limits",
        severity: Severity::Low,
        precondition: "the namespace has quotas",
        gain: "the resources of others",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#object-creation-dos",
        scope: Scope::Namespaced,
        needs: &[Need::new(
            &["update", "patch", "delete", "deletecollection"],
            "",
            &["resourcequotas", "limitranges"],
        )],
        find: find::SCOPE,
    },
    Pattern {
        id: "events-flood",
        title: "Create or delete events",
        severity: Severity::Low,
        precondition: "",
        gain: "etcd fills up, or what happened is forgotten",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#object-creation-dos",
        scope: Scope::Namespaced,
        needs: &[Need::new(
            &["create", "deletecollection", "delete"],
            "",
            &["events"],
        )],
        find: find::SCOPE,
    },
    Pattern {
        id: "namespaces-delete",
        title: "Delete namespaces",
        severity: Severity::Medium,
        precondition: "",
        gain: "everything in a namespace is gone",
        reference: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
        scope: Scope::Cluster,
        needs: &[Need::new(DELETE, "", &["namespaces"])],
        find: find::CLUSTER,
    },
];

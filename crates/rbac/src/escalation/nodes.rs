//! Nodes, and where pods are put.

use model::Severity;

use super::find;
use super::pattern::{CHANGE, CREATE, DELETE, Need, Pattern, Scope};

/// A row for each pattern.
pub(super) const PATTERNS: &[Pattern] = &[
    Pattern {
        id: "nodes-proxy",
        title: "Reach the kubelet's API",
        severity: Severity::Critical,
        precondition: "",
        gain: "commands in every pod of every node, past admission and audit: even `get` is enough",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes",
        scope: Scope::Cluster,
        needs: &[Need::new(&["get", "create"], "", &["nodes/proxy"])],
        find: find::NODE,
    },
    Pattern {
        id: "nodes-change",
        title: "Change nodes",
        severity: Severity::Medium,
        precondition: "",
        gain: "pods drawn to, or driven from, nodes of choice, by labels and taints",
        reference: "https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/",
        scope: Scope::Cluster,
        needs: &[Need::new(CHANGE, "", &["nodes"])],
        find: find::CLUSTER,
    },
    Pattern {
        id: "nodes-status",
        title: "Change the status of nodes",
        severity: Severity::Medium,
        precondition: "",
        gain: "a node's addresses and capacity: traffic from the API server goes elsewhere, and pods are drawn to a node",
        reference: "https://kubernetes.io/docs/reference/node/node-status/",
        scope: Scope::Cluster,
        needs: &[Need::new(CHANGE, "", &["nodes/status"])],
        find: find::CLUSTER,
    },
    Pattern {
        id: "nodes-create",
        title: "Create nodes",
        severity: Severity::Medium,
        precondition: "the subject can also answer as the node",
        gain: "a false node that pods are scheduled to",
        reference: "https://kubernetes.io/docs/concepts/architecture/nodes/",
        scope: Scope::Cluster,
        needs: &[Need::new(CREATE, "", &["nodes"])],
        find: find::CLUSTER,
    },
    Pattern {
        id: "nodes-delete",
        title: "Delete nodes",
        severity: Severity::Medium,
        precondition: "",
        gain: "the pods of a node are driven to others",
        reference: "https://kubernetes.io/docs/concepts/architecture/nodes/",
        scope: Scope::Cluster,
        needs: &[Need::new(DELETE, "", &["nodes"])],
        find: find::CLUSTER,
    },
    Pattern {
        id: "pods-binding",
        title: "Put pods on nodes",
        severity: Severity::Medium,
        precondition: "",
        gain: "pods that wait are put on a node of choice, past the scheduler's conditions",
        reference: "https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/binding-v1/",
        scope: Scope::Namespaced,
        needs: &[Need::new(CREATE, "", &["pods/binding", "bindings"])],
        find: find::SCOPE,
    },
    Pattern {
        id: "pods-evict",
        title: "Drive pods away",
        severity: Severity::Low,
        precondition: "",
        gain: "pods start anew, on a node that was made attractive",
        reference: "https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/",
        scope: Scope::Namespaced,
        needs: &[Need::new(CREATE, "", &["pods/eviction"])],
        find: find::SCOPE,
    },
];

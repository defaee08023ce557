//! Writing roles and bindings. The API server lets nobody grant what they do not hold, except by these verbs.

use model::Severity;

use super::find;
use super::pattern::{DELETE, Need, Pattern, Scope, WRITE};

/// A row for each pattern.
pub(super) const PATTERNS: &[Pattern] = &[
    Pattern {
        id: "clusterroles-escalate",
        title: "Write ClusterRoles beyond the own permissions",
        severity: Severity::Critical,
        precondition: "",
        gain: "every permission in the cluster, by adding it to a ClusterRole that binds the subject",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb",
        scope: Scope::Cluster,
        needs: &[
            Need::new(
                &["escalate"],
                "rbac.authorization.k8s.io",
                &["clusterroles"],
            ),
            Need::new(WRITE, "rbac.authorization.k8s.io", &["clusterroles"]),
        ],
        find: find::CLUSTER_ADMIN,
    },
    Pattern {
        id: "roles-escalate",
        title: "Write Roles beyond the own permissions",
        severity: Severity::High,
        precondition: "",
        gain: "every permission in the namespace, and so each of its service accounts",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb",
        scope: Scope::Namespaced,
        needs: &[
            Need::new(&["escalate"], "rbac.authorization.k8s.io", &["roles"]),
            Need::new(WRITE, "rbac.authorization.k8s.io", &["roles"]),
        ],
        find: find::NAMESPACE_ADMIN,
    },
    Pattern {
        id: "clusterrolebindings-bind",
        title: "Bind ClusterRoles in the whole cluster",
        severity: Severity::Critical,
        precondition: "",
        gain: "the permissions of the ClusterRoles that may be bound: with no names given, everything",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#bind-verb",
        scope: Scope::Cluster,
        needs: &[
            Need::new(&["bind"], "rbac.authorization.k8s.io", &["clusterroles"]),
            Need::new(WRITE, "rbac.authorization.k8s.io", &["clusterrolebindings"]),
        ],
        find: find::ROLES,
    },
    Pattern {
        id: "rolebindings-bind-clusterroles",
        title: "Bind ClusterRoles in a namespace",
        severity: Severity::High,
        precondition: "",
        gain: "the permissions of the ClusterRoles that may be bound, within the namespace",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#bind-verb",
        scope: Scope::Namespaced,
        needs: &[
            Need::new(&["bind"], "rbac.authorization.k8s.io", &["clusterroles"]),
            Need::new(WRITE, "rbac.authorization.k8s.io", &["rolebindings"]),
        ],
        find: find::ROLES,
    },
    Pattern {
        id: "rolebindings-bind-roles",
        title: "Bind Roles of a namespace",
        severity: Severity::High,
        precondition: "a Role of the namespace holds more than the subject",
        gain: "the permissions of the Roles that may be bound",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#bind-verb",
        scope: Scope::Namespaced,
        needs: &[
            Need::new(&["bind"], "rbac.authorization.k8s.io", &["roles"]),
            Need::new(WRITE, "rbac.authorization.k8s.io", &["rolebindings"]),
        ],
        find: find::ROLES,
    },
    Pattern {
        id: "clusterrolebindings-share",
        title: "Give the own permissions to others in the whole cluster",
        severity: Severity::Medium,
        precondition: "",
        gain: "a second way in: whatever the subject holds can be bound to any other subject, and outlives its own account",
        reference: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping",
        scope: Scope::Cluster,
        needs: &[Need::new(
            WRITE,
            "rbac.authorization.k8s.io",
            &["clusterrolebindings"],
        )],
        find: find::CLUSTER,
    },
    Pattern {
        id: "rolebindings-share",
        title: "Give the own permissions to others in a namespace",
        severity: Severity::Low,
        precondition: "",
        gain: "a second way in: whatever the subject holds in the namespace can be bound to any other subject",
        reference: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping",
        scope: Scope::Namespaced,
        needs: &[Need::new(
            WRITE,
            "rbac.authorization.k8s.io",
            &["rolebindings"],
        )],
        find: find::SCOPE,
    },
    Pattern {
        id: "bindings-delete",
        title: "Remove other people's permissions",
        severity: Severity::Low,
        precondition: "",
        gain: "others are locked out, controllers and administrators among them",
        reference: "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
        scope: Scope::Cluster,
        needs: &[Need::new(
            DELETE,
            "rbac.authorization.k8s.io",
            &["clusterrolebindings", "clusterroles"],
        )],
        find: find::CLUSTER,
    },
];

//! Acting under another name.

use model::Severity;

use super::find;
use super::pattern::{Need, Pattern, Scope};

/// A row for each pattern.
pub(super) const PATTERNS: &[Pattern] = &[
    Pattern {
        id: "impersonate-users",
        title: "Impersonate users",
        severity: Severity::Critical,
        precondition: "",
        gain: "the permissions of the users; with no names given also those of the control plane's components, which can do everything",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#impersonate-verb",
        scope: Scope::Cluster,
        needs: &[Need::new(&["impersonate"], "", &["users"])],
        find: find::USERS,
    },
    Pattern {
        id: "impersonate-groups",
        title: "Impersonate groups",
        severity: Severity::Critical,
        precondition: "",
        gain: "the permissions of the groups, `system:masters` among them unless names are given",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#impersonate-verb",
        scope: Scope::Cluster,
        needs: &[
            Need::new(&["impersonate"], "", &["groups"]),
            Need::new(&["impersonate"], "", &["users", "serviceaccounts"]),
        ],
        find: find::GROUPS,
    },
    Pattern {
        id: "impersonate-serviceaccounts",
        title: "Impersonate service accounts",
        severity: Severity::High,
        precondition: "",
        gain: "the permissions of the stronger service accounts",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#impersonate-verb",
        scope: Scope::Namespaced,
        needs: &[Need::new(&["impersonate"], "", &["serviceaccounts"])],
        find: find::NAMED_SERVICE_ACCOUNTS,
    },
    Pattern {
        id: "impersonate-uids",
        title: "Impersonate user ids",
        severity: Severity::Low,
        precondition: "a webhook or an extension API server decides by user id",
        gain: "decisions that go by the id are deceived, and so is the audit log",
        reference: "https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/",
        scope: Scope::Cluster,
        needs: &[
            Need::new(&["impersonate"], "authentication.k8s.io", &["uids"]),
            Need::new(&["impersonate"], "", &["users", "serviceaccounts"]),
        ],
        find: find::CLUSTER,
    },
    Pattern {
        id: "impersonate-extras",
        title: "Impersonate extra fields of users",
        severity: Severity::Medium,
        precondition: "a webhook authorizer or an extension API server decides by extra fields",
        gain: "decisions that go by scopes or other extra fields are deceived",
        reference: "https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/",
        scope: Scope::Cluster,
        needs: &[
            Need::new(
                &["impersonate"],
                "authentication.k8s.io",
                &["userextras/scopes"],
            ),
            Need::new(&["impersonate"], "", &["users", "serviceaccounts"]),
        ],
        find: find::CLUSTER,
    },
];

//! Relations through permissions.

use super::Relation;

const fn method(
    on: &'static str,
    name: &'static str,
    arguments: &'static str,
    result: &'static str,
    about: &'static str,
) -> Relation {
    Relation {
        on,
        name,
        arguments: Some(arguments),
        result,
        about,
    }
}

const fn member(
    on: &'static str,
    name: &'static str,
    result: &'static str,
    about: &'static str,
) -> Relation {
    Relation {
        on,
        name,
        arguments: None,
        result,
        about,
    }
}

pub(super) const RELATIONS: &[Relation] = &[
    method(
        "binding",
        "role",
        "",
        "role",
        "The role that the binding grants; null when it does not exist, unknown when it was not scanned.",
    ),
    method(
        "binding",
        "subjects",
        "",
        "list(subject)",
        "The subjects that the binding names, each at its own entry.",
    ),
    method(
        "binding",
        "isDangling",
        "",
        "bool",
        "Whether no role of that name was scanned, and it is none that every cluster has. Unknown instead of true unless all of a cluster was scanned.",
    ),
    method(
        "role",
        "bindings",
        "",
        "list(binding)",
        "The scanned bindings that grant the role, by its name or through a ClusterRole that aggregates it.",
    ),
    method(
        "role",
        "subjects",
        "",
        "list(subject)",
        "The subjects of its bindings, each once.",
    ),
    method(
        "role",
        "rules",
        "",
        "list(rule)",
        "Its rules; of an aggregated ClusterRole those of the roles that it selects.",
    ),
    method(
        "pod",
        "serviceAccount",
        "",
        "service account",
        "The ServiceAccount that the pod runs as; null when it does not exist, unknown when it was not scanned.",
    ),
    method(
        "pod",
        "subject",
        "",
        "subject",
        "The service account that the pod runs as, whether or not it was scanned.",
    ),
    method(
        "pod",
        "mountsToken",
        "",
        "bool",
        "Whether the token of its service account is mounted: as the pod says, else as the ServiceAccount says, else yes.",
    ),
    method(
        "pod",
        "can",
        "verb: string, resource: string, namespace: string, name: string",
        "bool",
        "What `subject().can(…)` answers.",
    ),
    method(
        "service account",
        "subject",
        "",
        "subject",
        "The service account as a subject.",
    ),
    member(
        "subject",
        "kind",
        "string",
        "`User`, `Group` or `ServiceAccount`. A user with the name of a service account is one.",
    ),
    member(
        "subject",
        "name",
        "string",
        "Its name; of a service account without the namespace.",
    ),
    member(
        "subject",
        "namespace",
        "string",
        "The namespace of a service account; empty for others.",
    ),
    method(
        "subject",
        "can",
        "verb: string, resource: string, namespace: string, name: string",
        "bool",
        "Whether RBAC allows a request, counting the groups that the name implies. The resource is written as for `kubectl auth can-i`: `pods`, `pods/exec`, `deployments.apps`, `*`, or a path such as `/metrics`. Namespace and name may be left out: a request without a namespace is for the whole cluster. Unknown instead of false when a role that is bound to the subject was not scanned.",
    ),
    method(
        "subject",
        "canAnywhere",
        "verb: string, resource: string",
        "bool",
        "The same in the whole cluster or in any namespace.",
    ),
    method(
        "subject",
        "via",
        "verb: string, resource: string",
        "list(resource)",
        "The scanned bindings and roles that allow it anywhere.",
    ),
    method(
        "subject",
        "isClusterAdmin",
        "",
        "bool",
        "Whether it may do everything with every resource of the cluster. Unknown instead of false when a role that is bound to it was not scanned.",
    ),
    method(
        "subject",
        "permissions",
        "",
        "list(permission)",
        "What it is granted, rule by rule: `verbs`, `apiGroups`, `resources`, `resourceNames`, `nonResourceURLs` (lists, empty when not written), `namespace` (empty: the whole cluster), `role` and `binding` (names).",
    ),
    method(
        "subject",
        "bindings",
        "",
        "list(binding)",
        "The scanned bindings that name it; those of groups that its name implies are not among them.",
    ),
    method(
        "subject",
        "roles",
        "",
        "list(role)",
        "The scanned roles that these bindings grant.",
    ),
    method(
        "subject",
        "escalations",
        "",
        "list(escalation)",
        "What it could gain beyond its permissions, by the patterns of [permissions that grow](../rbac-escalation.md). Nothing for a cluster administrator.",
    ),
    method(
        "subject",
        "takeover",
        "",
        "list(escalation)",
        "A shortest chain of escalations to everything in the cluster; empty when there is none, or when it is there already. Each step is possible for who the step before leads to.",
    ),
    method(
        "subject",
        "object",
        "",
        "service account",
        "The scanned ServiceAccount; null for users, groups and what was not scanned.",
    ),
    method(
        "subject",
        "pods",
        "",
        "list(pod)",
        "The scanned pods that run as it; none for users and groups.",
    ),
    member(
        "escalation",
        "pattern",
        "string",
        "The id of the pattern, such as `pods-create`.",
    ),
    member(
        "escalation",
        "title",
        "string",
        "What the subject may do, in words.",
    ),
    member(
        "escalation",
        "severity",
        "string",
        "How bad the pattern is.",
    ),
    member("escalation", "gain", "string", "What is gained, in words."),
    member(
        "escalation",
        "becomes",
        "string",
        "What it leads to: `cluster-admin`, `node`, `subject`, `role`, `namespace` or `cluster`.",
    ),
    member(
        "escalation",
        "target",
        "string",
        "The name of that subject, role or namespace; empty for others.",
    ),
    method(
        "escalation",
        "bindings",
        "",
        "list(binding)",
        "The scanned bindings that make it possible.",
    ),
    method(
        "escalation",
        "roles",
        "",
        "list(role)",
        "The scanned roles that make it possible.",
    ),
];

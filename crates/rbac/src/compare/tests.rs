//! What changes of manifests give to whom.

use std::fmt::Write as _;

use super::{Gains, gains};
use crate::testing::graph;
use crate::{EscalationMemory, Escalator, Graph, Permission};

const SHOP: &str = "
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: deployer, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pods, namespace: shop}
rules: [{apiGroups: [''], resources: [pods], verbs: [get, create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: pods, namespace: shop}
roleRef: {kind: Role, name: pods}
subjects: [{kind: User, name: ann}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: monitoring}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {tier: watch}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: monitoring-pods, labels: {tier: watch}}
rules: [{apiGroups: [''], resources: [pods], verbs: [list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: monitoring}
roleRef: {kind: ClusterRole, name: monitoring}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
";

fn binding(name: &str, role: &str, subject: &str) -> String {
    format!(
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: {name}}}\n\
         roleRef: {{kind: ClusterRole, name: {role}}}\nsubjects: [{subject}]\n"
    )
}

fn cluster_role(name: &str, more: &str, rules: &str) -> String {
    format!(
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: {name}{more}}}\nrules: [{rules}]\n"
    )
}

fn phrase((namespace, permission): &(Option<&str>, Permission<'_>)) -> String {
    let verbs = permission.verbs.join(",");
    let what = [&permission.resources[..], &permission.urls]
        .concat()
        .join(",");
    let names = permission.names.join(",");
    let mut text = format!("{verbs} {what}");
    if !names.is_empty() {
        let _ = write!(text, " {names}");
    }
    if let Some(namespace) = namespace {
        let _ = write!(text, " in {namespace}");
    }
    text
}

/// Everything that one gained, in lines.
fn told(graph: &Graph, one: &Gains<'_>) -> Vec<String> {
    let subject = graph.subject(one.subject).to_string();
    let ids = |chain: &crate::Chain| {
        chain
            .iter()
            .map(|it| it.pattern.id)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut lines: Vec<String> = one
        .permissions
        .iter()
        .map(|it| format!("{subject}: {}", phrase(it)))
        .collect();
    lines.extend(
        one.escalations
            .iter()
            .map(|it| format!("{subject}: pattern {}", it.pattern.id)),
    );
    lines.extend(
        one.takeover
            .iter()
            .map(|it| format!("{subject}: takeover {}", ids(it))),
    );
    lines.extend(
        one.through
            .iter()
            .map(|it| format!("{subject}: through {}", ids(it))),
    );
    lines
}

fn change(before: &str, after: &str) -> Vec<String> {
    let (before, after) = (graph(before), graph(after));
    let memories = [&before, &after].map(EscalationMemory::new);
    let before = Escalator::new(&before, &memories[0]);
    let after_escalator = Escalator::new(&after, &memories[1]);
    let gains = gains(&before, &after_escalator);
    gains.iter().flat_map(|one| told(&after, one)).collect()
}

#[track_caller]
fn check(added: &str, expected: &[&str]) {
    assert_eq!(change(SHOP, &(SHOP.to_owned() + added)), expected);
}

#[test]
fn nothing_changed_is_nothing_gained() {
    check("", &[]);
    check(
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n",
        &[],
    );
    let ann = "{kind: User, name: ann}";
    // Less than ann has already, in one namespace of the cluster.
    let role = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: again, namespace: shop}\n\
                roleRef: {kind: ClusterRole, name: less}\nsubjects: [".to_owned() + ann + "]\n";
    check(
        &(cluster_role(
            "less",
            "",
            "{apiGroups: [''], resources: [pods], verbs: [get]}",
        ) + &role),
        &[],
    );
}

#[test]
fn an_aggregated_role_gives_to_those_who_have_the_aggregate_and_to_those_who_can_become_them() {
    let secrets = "{apiGroups: [''], resources: [secrets], verbs: [get, list]}";
    check(
        &cluster_role("monitoring-secrets", ", labels: {tier: watch}", secrets),
        &[
            "ServiceAccount shop/web: get,list secrets",
            "ServiceAccount shop/web: pattern secrets-read",
            "ServiceAccount shop/web: pattern bootstrap-tokens-read",
            "User ann: through pods-create",
        ],
    );
}

#[test]
fn what_leads_to_everything_is_told_with_the_way() {
    let impersonate = "{apiGroups: [''], resources: [users], verbs: [impersonate]}";
    check(
        &cluster_role("monitoring-users", ", labels: {tier: watch}", impersonate),
        &[
            "ServiceAccount shop/web: impersonate users",
            "ServiceAccount shop/web: pattern impersonate-users",
            "ServiceAccount shop/web: takeover impersonate-users",
            "User ann: takeover pods-create impersonate-users",
        ],
    );
    let all = cluster_role(
        "all",
        "",
        "{apiGroups: ['*'], resources: ['*'], verbs: ['*']}",
    );
    check(
        &(all + &binding("all", "all", "{kind: Group, name: admins}")),
        &["Group admins: * *", "Group admins: takeover "],
    );
}

#[test]
fn members_gain_with_their_group() {
    let read = cluster_role(
        "read",
        "",
        "{apiGroups: [''], resources: [nodes], verbs: [get]}",
    );
    let everyone = binding(
        "read",
        "read",
        "{kind: Group, name: 'system:authenticated'}",
    );
    check(
        &(read + &everyone),
        &["Group system:authenticated: get nodes"],
    );
}

#[test]
fn only_the_part_that_is_new_is_told() {
    let more = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: more, namespace: shop}\n\
                roleRef: {kind: ClusterRole, name: more}\nsubjects: [{kind: User, name: ann}]\n";
    let rules = "{apiGroups: [''], resources: [pods], verbs: [get, delete]}, {apiGroups: [''], resources: [configmaps], verbs: [get], resourceNames: [a, b]}";
    check(
        &(cluster_role("more", "", rules) + more),
        &[
            "User ann: get configmaps a in shop",
            "User ann: get configmaps b in shop",
            "User ann: delete pods in shop",
        ],
    );
}

#[test]
fn losses_are_gains_the_other_way_round() {
    let without = SHOP.replace("verbs: [get, create]", "verbs: [get]");
    assert_eq!(
        change(&without, SHOP),
        [
            "User ann: create pods in shop",
            "User ann: pattern pods-create",
            "User ann: pattern pods-create-privileged",
        ]
    );
}

#[test]
fn new_accounts_and_pods_open_ways() {
    let strong = cluster_role(
        "strong",
        "",
        "{apiGroups: [''], resources: [nodes], verbs: [get]}",
    ) + &binding(
        "strong",
        "strong",
        "{kind: ServiceAccount, name: strong, namespace: shop}",
    );
    let before = SHOP.to_owned();
    let found = change(&before, &(before.clone() + &strong));
    assert_eq!(
        found,
        [
            "User ann: through pods-create",
            "ServiceAccount shop/strong: get nodes"
        ]
    );
}

//! What is shipped, and what is not.

use document::NodeRef;

use super::{is_as_shipped, shipped};
use crate::testing::inventory;

/// Whether nodes of an object are as shipped: the object, then the items of its list.
#[track_caller]
fn check(object: &str, list: &str, whole: bool, items: &[bool]) {
    let inventory = inventory(&format!(
        "apiVersion: rbac.authorization.k8s.io/v1\n{object}"
    ));
    let resource = &inventory.resources[0];
    let is = |node: NodeRef<'_>| is_as_shipped(resource, node.id());
    assert_eq!(is(resource.object()), whole, "{object}");
    let nodes = resource.object().get_str(list).into_iter();
    let found: Vec<bool> = nodes.flat_map(NodeRef::items).map(is).collect();
    assert_eq!(found, items, "{object}");
}

const MASTERS: &str =
    "{kind: Group, apiGroup: rbac.authorization.k8s.io, name: \"system:masters\"}";

fn cluster_admin(role: &str, subjects: &[&str]) -> String {
    format!(
        "kind: ClusterRoleBinding\nmetadata: {{name: cluster-admin}}\n\
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}\nsubjects: [{}]\n",
        subjects.join(", ")
    )
}

#[test]
fn everything_that_is_shipped_is_as_shipped() {
    let mut count = 0;
    for resource in shipped() {
        assert!(is_as_shipped(resource, resource.root), "{}", resource.name);
        count += 1;
    }
    assert!(count > 120, "{count}");
}

#[test]
fn rules_that_somebody_added_are_not() {
    let rules = "- {apiGroups: [''], resources: [secrets], verbs: [get, list, watch]}\n";
    let more = "- {apiGroups: [''], resources: [secrets, pods], verbs: [get]}\n";
    let role = |name: &str, namespace: &str, rules: &str| {
        format!("kind: Role\nmetadata: {{name: '{name}', namespace: {namespace}}}\nrules:\n{rules}")
    };
    let name = "system:controller:bootstrap-signer";
    check(&role(name, "kube-system", rules), "rules", true, &[true]);
    let both = format!("{rules}{more}");
    check(
        &role(name, "kube-system", &both),
        "rules",
        false,
        &[true, false],
    );
    check(&role(name, "shop", rules), "rules", false, &[false]);
    check(
        &role("signer", "kube-system", rules),
        "rules",
        false,
        &[false],
    );
}

#[test]
fn a_rule_is_held_against_all_that_are_shipped_together() {
    // What an API server adds to a role after an upgrade is in rules of single permissions.
    let rules = "- {apiGroups: [''], resources: [pods/exec], verbs: [get]}\n\
                 - {apiGroups: [''], resources: [pods/exec, secrets], verbs: [create, delete]}\n\
                 - {apiGroups: [''], resources: [pods/exec, nodes], verbs: [create]}\n\
                 - {apiGroups: [''], resources: [secrets], verbs: ['*']}\n";
    let edit = format!("kind: ClusterRole\nmetadata: {{name: edit}}\nrules:\n{rules}");
    check(&edit, "rules", false, &[true, true, false, false]);
    let admin = "- {apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [create]}\n";
    let of = |name: &str| {
        format!("kind: ClusterRole\nmetadata: {{name: {name}}}\nrules:\n{admin}{rules}")
    };
    check(
        &of("admin"),
        "rules",
        false,
        &[true, true, true, false, false],
    );
    check(
        &of("edit"),
        "rules",
        false,
        &[false, true, true, false, false],
    );
}

#[test]
fn names_and_paths_count() {
    let node = |names: &str| {
        format!(
            "kind: Role\nmetadata: {{name: extension-apiserver-authentication-reader, namespace: kube-system}}\n\
             rules: [{{apiGroups: [''], resources: [configmaps], verbs: [get]{names}}}]\n"
        )
    };
    let own = ", resourceNames: [extension-apiserver-authentication]";
    check(&node(own), "rules", true, &[true]);
    check(&node(", resourceNames: [other]"), "rules", false, &[false]);
    check(&node(""), "rules", false, &[false]);
    let viewer = |url: &str| {
        format!(
            "kind: ClusterRole\nmetadata: {{name: 'system:public-info-viewer'}}\n\
             rules: [{{nonResourceURLs: ['{url}'], verbs: [get]}}]\n"
        )
    };
    check(&viewer("/version"), "rules", true, &[true]);
    check(&viewer("/metrics"), "rules", false, &[false]);
    check(&viewer("*"), "rules", false, &[false]);
}

#[test]
fn subjects_that_somebody_added_are_not() {
    let user = "{kind: User, apiGroup: rbac.authorization.k8s.io, name: eve}";
    let account = "{kind: ServiceAccount, namespace: shop, name: \"system:masters\"}";
    let check = |role, subjects: &[&str], whole, items: &[bool]| {
        check(&cluster_admin(role, subjects), "subjects", whole, items);
    };
    check("cluster-admin", &[MASTERS], true, &[true]);
    check("cluster-admin", &[MASTERS, user], false, &[true, false]);
    check("cluster-admin", &[MASTERS, account], false, &[true, false]);
    check("view", &[MASTERS], false, &[false]);
}

#[test]
fn what_the_server_is_told_to_leave_alone_is_somebody_elses() {
    let role = |value: &str| {
        format!(
            "kind: ClusterRole\nmetadata: {{name: cluster-admin, annotations: {{rbac.authorization.kubernetes.io/autoupdate: '{value}'}}}}\n\
             rules: [{{apiGroups: ['*'], resources: ['*'], verbs: ['*']}}]\n"
        )
    };
    check(&role("true"), "rules", true, &[true]);
    check(&role("false"), "rules", false, &[false]);
}

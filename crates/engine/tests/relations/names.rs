//! Relations by name.

use crate::support::{evaluate, evaluate_complete};

const BINDINGS: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: everything }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: root }
subjects: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: root }
rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: elsewhere, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: root }
subjects: []
";

#[test]
fn a_binding_gives_its_role() {
    let control = "
for: binding
fail: self.role().rules.exists(rule, '*' in rule.verbs)
at: [roleRef]
message: '{{ self.metadata.name }} grants {{ self.role().metadata.name }}'
related: [{ role: role, of: self.role() }]
";
    let found = evaluate(control, BINDINGS);
    assert_eq!(
        found.findings,
        ["4: everything grants root (role ClusterRole/root)"]
    );
    // A Role of another namespace is not the role, and the right one was not scanned.
    assert_eq!((found.passed, found.failed, found.unknown), (0, 1, 1));
    assert_eq!(
        found.problems,
        ["undecided: control `x` could not decide: the role `root` was not scanned"]
    );
}

const SHOP: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: gone, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: nowhere }
subjects: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: built-in, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: []
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { serviceAccountName: runner, containers: [{ name: web }] }
---
apiVersion: v1
kind: Pod
metadata: { name: plain, namespace: kube-system }
spec: { containers: [{ name: plain }] }
";

/// What a scan of a part and a scan of a whole cluster say that a value is null for, and how many are unknown.
#[track_caller]
fn check_missing(scope: &str, expression: &str, part: usize, whole: (&[&str], usize)) {
    let name = if scope == "pod" { "object" } else { "self" };
    let control = format!(
        "for: {scope}\nfail: {expression} == null\nmessage: '{{{{ {name}.metadata.name }}}}'\n"
    );
    let found = evaluate(&control, SHOP);
    assert_eq!(
        (found.findings.len(), found.unknown),
        (0, part),
        "{expression}"
    );
    let found = evaluate_complete(&control, SHOP);
    let names: Vec<&str> = found
        .findings
        .iter()
        .filter_map(|it| it.split(": ").nth(1))
        .collect();
    assert_eq!((&names[..], found.unknown), whole, "{expression}");
}

#[test]
fn what_is_missing_is_null_in_a_whole_cluster_unless_every_cluster_has_it() {
    check_missing("binding", "self.role()", 2, (&["gone"], 1));
    check_missing("pod", "self.serviceAccount()", 2, (&["web"], 1));
    check_missing("pod", "object.namespaceObject()", 2, (&["web"], 1));
}

#[test]
fn fields_of_what_is_missing_are_absent_in_a_whole_cluster() {
    let control = "
for: pod
when: object.metadata.name == 'web'
fail: object.namespaceObject().?metadata.?labels.orValue({}) == {}
message: '{{ object.metadata.name }}'
";
    assert_eq!(evaluate(control, SHOP).unknown, 1);
    assert_eq!(evaluate_complete(control, SHOP).failed, 1);
}

#[test]
fn an_item_of_another_resource_leaves_the_place() {
    let control = "
for: binding
when: self.metadata.name == 'everything'
each: '[self.role()]'
fail: item.kind == 'ClusterRole'
message: '{{ item.metadata.name }}'
";
    let found = evaluate_complete(control, BINDINGS);
    assert_eq!(found.findings, ["1: root"]);
}

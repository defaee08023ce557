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
        ["undecided: control `x` could not decide: the role was not scanned"]
    );
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

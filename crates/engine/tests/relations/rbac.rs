//! Relations through permissions.

use crate::support::{evaluate, evaluate_complete};

const SHOP: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: deployer, namespace: shop }
rules:
- { apiGroups: [apps], resources: [deployments], verbs: [create, patch] }
- { apiGroups: [''], resources: [pods/exec], verbs: [create] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: deployers, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: deployer }
subjects:
- { kind: User, name: ann, apiGroup: rbac.authorization.k8s.io }
- { kind: ServiceAccount, name: ci, namespace: shop }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: ci, namespace: shop }
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: more }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: elsewhere }
subjects:
- { kind: Group, name: ops, apiGroup: rbac.authorization.k8s.io }
- { kind: User, name: ann, apiGroup: rbac.authorization.k8s.io }
---
apiVersion: v1
kind: Pod
metadata: { name: runner, namespace: shop }
spec:
  serviceAccountName: ci
  containers: [{ name: main, image: ci }]
---
apiVersion: v1
kind: Pod
metadata: { name: lost, namespace: shop }
spec:
  serviceAccountName: gone
  containers: [{ name: main, image: ci }]
";

#[test]
fn a_subject_is_one_thing_at_the_first_binding_by_kind_and_name() {
    let control = "
for: subject
fail: 'true'
message: '{{ self.kind }} {{ self.namespace }}/{{ self.name }} by {{ object.metadata.name }}'
related: [{ role: binding, of: self.bindings() }, { role: self, of: self }]
";
    let found = evaluate(control, SHOP);
    assert_eq!(
        found.findings,
        [
            "14: ServiceAccount shop/ci by deployers (binding RoleBinding/deployers) (self ServiceAccount/ci)",
            "26: Group /ops by more (binding ClusterRoleBinding/more) (self Group/ops)",
            "27: User /ann by more (binding RoleBinding/deployers) (binding ClusterRoleBinding/more) (self User/ann)",
        ]
    );
    assert_eq!(found.failed, 3);
}

/// Who, among the subjects of the shop, an expression holds for; and how many are undecided.
#[track_caller]
fn check(expression: &str, expected: &[&str], unknown: usize) {
    let control = format!("for: subject\nfail: {expression}\nmessage: '{{{{ self.name }}}}'\n");
    let found = evaluate(&control, SHOP);
    let names: Vec<&str> = found
        .findings
        .iter()
        .filter_map(|line| Some(line.split_once(": ")?.1))
        .collect();
    assert_eq!(
        (&names[..], found.unknown),
        (expected, unknown),
        "{expression}"
    );
}

#[test]
fn what_a_subject_can_is_unknown_where_a_role_was_not_scanned() {
    check(
        "self.can('create', 'deployments.apps', 'shop')",
        &["ci", "ann"],
        1,
    );
    check(
        "self.can('create', 'pods/exec', 'shop', 'web')",
        &["ci", "ann"],
        1,
    );
    check("self.can('create', 'deployments', 'shop')", &[], 2);
    check("self.can('create', 'deployments.apps')", &[], 2);
    check("self.can('create', 'deployments.apps', 'other')", &[], 2);
    check(
        "self.canAnywhere('patch', 'deployments.apps')",
        &["ci", "ann"],
        1,
    );
    check("self.can('get', '/metrics')", &[], 2);
    check("self.isClusterAdmin()", &[], 2);
}

#[test]
fn in_a_whole_cluster_a_missing_role_grants_nothing() {
    let control = "
for: subject
fail: '!self.can(\"create\", \"deployments.apps\", \"shop\")'
message: '{{ self.name }}'
";
    let found = evaluate_complete(control, SHOP);
    assert_eq!(
        (found.findings, found.unknown),
        (vec!["26: ops".to_owned()], 0)
    );
    let dangling = "for: binding\nfail: self.isDangling()\nmessage: '{{ self.metadata.name }}'\n";
    assert_eq!(evaluate(dangling, SHOP).unknown, 1);
    assert_eq!(evaluate_complete(dangling, SHOP).findings, ["21: more"]);
}

#[test]
fn permissions_are_listed_rule_by_rule() {
    check(
        "self.permissions().exists(it, it.namespace == 'shop' && it.role == 'deployer' && it.binding == 'deployers' \
         && 'pods/exec' in it.resources && it.resourceNames.size() == 0)",
        &["ci", "ann"],
        0,
    );
    check("self.permissions().size() == 0", &["ops"], 0);
    check(
        "self.roles().exists(it, it.metadata.name == 'deployer')",
        &["ci", "ann"],
        0,
    );
    check(
        "self.pods().exists(it, it.containers[0].name == 'main')",
        &["ci"],
        0,
    );
    check("self.object() != null", &["ci"], 0);
    check(
        "self.via('patch', 'deployments.apps').size() == 2",
        &["ci", "ann"],
        0,
    );
}

#[test]
fn a_role_knows_who_has_it() {
    let control = "
for: rbac-rule
fail: \"'pods/exec' in self.resources\"
message: 'exec'
related: [{ role: binding, of: object.bindings() }, { role: subject, of: object.subjects() }]
";
    assert_eq!(
        evaluate(control, SHOP).findings,
        ["6: exec (binding RoleBinding/deployers) (subject User/ann) (subject ServiceAccount/ci)"]
    );
}

#[test]
fn an_aggregated_role_is_granted_by_the_bindings_of_who_aggregates_it() {
    let manifests = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: part, labels: { into: whole } }
rules: [{ apiGroups: [''], resources: [secrets], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: whole }
aggregationRule: { clusterRoleSelectors: [{ matchLabels: { into: whole } }] }
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: readers }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: whole }
subjects: [{ kind: Group, name: readers, apiGroup: rbac.authorization.k8s.io }]
";
    let control = "
for: resource
kinds: [ClusterRole]
fail: self.rules().exists(it, 'secrets' in it.resources)
message: '{{ self.metadata.name }}'
related: [{ role: subject, of: self.subjects() }]
"
    .replace("[ClusterRole]", "[rbac.authorization.k8s.io/ClusterRole]");
    assert_eq!(
        evaluate(&control, manifests).findings,
        [
            "1: part (subject Group/readers)",
            "6: whole (subject Group/readers)"
        ]
    );
}

#[test]
fn a_pod_runs_as_a_service_account() {
    let control = "
for: pod
fail: self.can('create', 'pods/exec', 'shop') && !self.mountsToken()
message: '{{ self.subject().name }} {{ self.serviceAccount().metadata.name }}'
";
    let found = evaluate(control, SHOP);
    assert_eq!(found.findings, ["32: ci ci"]);
    assert_eq!(found.passed, 1);
    let control = "for: pod\nfail: self.serviceAccount().metadata.name == ''\nmessage: x\n";
    let found = evaluate(control, SHOP);
    assert_eq!(
        found.problems,
        [
            "undecided: control `x` could not decide: the service account `shop/gone` was not scanned"
        ]
    );
}

const STEPS: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: binder }
rules:
- { apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind] }
- { apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: operators }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: binder }
subjects: [{ kind: ServiceAccount, name: operator, namespace: tools }]
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: operator, namespace: tools }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: issuer, namespace: tools }
rules: [{ apiGroups: [''], resources: [serviceaccounts/token], verbs: [create] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: issuers, namespace: tools }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: issuer }
subjects: [{ kind: User, name: ann, apiGroup: rbac.authorization.k8s.io }]
";

#[test]
fn escalations_lead_to_everything_step_by_step() {
    let control = "
for: subject
fail: self.takeover().size() > 0
message: \"{{ self.name }} {{ self.takeover().map(it, it.pattern + '>' + it.becomes + ':' + it.target).join(', ') }}\"
related: [{ role: binding, of: 'self.takeover()[0].bindings()' }, { role: role, of: 'self.takeover()[0].roles()' }]
";
    assert_eq!(
        evaluate(control, STEPS).findings,
        [
            "12: operator clusterrolebindings-bind>cluster-admin: (binding ClusterRoleBinding/operators) (role ClusterRole/binder)",
            "27: ann tokens-create>subject:tools/operator, clusterrolebindings-bind>cluster-admin: (binding RoleBinding/issuers) (role Role/issuer)",
        ]
    );
    let control = "
for: subject
fail: self.escalations().exists(it, it.becomes == 'subject' && it.severity == 'critical')
message: '{{ self.name }}'
";
    assert_eq!(evaluate(control, STEPS).findings, ["27: ann"]);
}

#[test]
fn what_a_group_is_granted_its_members_can_but_are_not_bound_to() {
    let manifests = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: all }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: Group, name: 'system:serviceaccounts', apiGroup: rbac.authorization.k8s.io }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: own, namespace: shop }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: web, namespace: shop }]
";
    let control = "
for: subject
when: self.kind == 'ServiceAccount'
fail: self.isClusterAdmin() && self.bindings().size() == 1 && self.escalations().size() == 0
message: '{{ self.bindings()[0].metadata.name }}'
";
    assert_eq!(evaluate(control, manifests).findings, ["11: own"]);
}

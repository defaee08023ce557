//! Joins, locations and problems on small manifests.

use crate::testing::{graph, inventory};
use crate::{Graph, Options, Request, Subject};

const WEB: Subject<'_> = Subject::ServiceAccount {
    namespace: "shop",
    name: "web",
};

/// A namespaced role with its binding, of the service account `web`.
const SHOP: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {apiGroups: [''], resources: [pods], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web-reads, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {kind: ServiceAccount, name: web}
";

fn binding(kind: &str, role: &str, subject: &str) -> String {
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{name: b, namespace: shop}}\n\
         roleRef: {{kind: ClusterRole, name: {role}}}\nsubjects:\n- {subject}\n"
    )
}

#[track_caller]
fn check(graph: &Graph, subject: Subject<'_>, request: &Request<'_>, expected: bool) {
    let decision = graph.can(subject, request);
    assert_eq!(decision.allowed, expected, "{subject} {request:?}");
    let answers = graph.who_can(request);
    let is_named = answers.iter().any(|(id, _)| graph.subject(*id) == subject);
    let is_direct = decision
        .why
        .iter()
        .any(|grant| graph.subject(grant.subject()) == subject);
    assert_eq!(is_named, is_direct, "who_can: {subject} {request:?}");
}

#[test]
fn a_role_counts_in_its_namespace_only() {
    let graph = graph(SHOP);
    let list = Request::resource("list", "", "pods");
    check(&graph, WEB, &list.in_namespace("shop"), true);
    check(&graph, WEB, &list.in_namespace("bank"), false);
    check(&graph, WEB, &list, false);
    check(
        &graph,
        Subject::User("web"),
        &list.in_namespace("shop"),
        false,
    );
    let user = Subject::User("system:serviceaccount:shop:web");
    assert!(graph.can(user, &list.in_namespace("shop")).allowed);
}

#[test]
fn a_role_of_another_namespace_is_not_joined() {
    let graph = graph(&SHOP.replacen("namespace: shop", "namespace: bank", 1));
    let list = Request::resource("list", "", "pods").in_namespace("shop");
    check(&graph, WEB, &list, false);
    let dangling: Vec<_> = graph.dangling().collect();
    assert_eq!(dangling.len(), 1);
    assert_eq!(
        (dangling[0].namespace, dangling[0].name),
        (Some("shop"), "reader")
    );
}

#[test]
fn a_cluster_role_bound_in_a_namespace_counts_there() {
    let graph = graph(&binding("RoleBinding", "edit", "{kind: User, name: ann}"));
    let create = Request::resource("create", "", "pods");
    let ann = Subject::User("ann");
    check(&graph, ann, &create.in_namespace("shop"), true);
    check(&graph, ann, &create.in_namespace("bank"), false);
    assert_eq!(graph.dangling().len(), 0);
    let decision = graph.can(ann, &create.in_namespace("shop"));
    let explanation = graph.explain(decision.why[0]).unwrap();
    assert_eq!(explanation.role.name, "edit");
    assert_eq!(explanation.source.unwrap().name, "system:aggregate-to-edit");
    assert!(!graph.is_scanned(explanation.role.place.resource));
}

#[test]
fn groups_reach_their_members() {
    let yaml = binding(
        "ClusterRoleBinding",
        "cluster-admin",
        "{kind: Group, name: 'system:serviceaccounts:shop'}",
    );
    let graph = graph(&yaml);
    let delete = Request::resource("delete", "apps", "deployments").in_namespace("bank");
    assert!(graph.can(WEB, &delete).allowed);
    let other = Subject::ServiceAccount {
        namespace: "bank",
        name: "web",
    };
    assert!(!graph.can(other, &delete).allowed);
    assert!(graph.can(WEB, &Request::url("get", "/metrics")).allowed);
}

#[test]
fn masters_may_do_everything_and_anonymous_nothing() {
    let graph = graph(&binding(
        "ClusterRoleBinding",
        "view",
        "{kind: Group, name: 'system:authenticated'}",
    ));
    let secrets = Request::resource("get", "", "secrets").in_namespace("shop");
    let masters = graph.can(Subject::Group("system:masters"), &secrets);
    assert!(masters.allowed && masters.why[0].is_built_in());
    assert_eq!(graph.explain(masters.why[0]), None);
    let pods = Request::resource("get", "", "pods").in_namespace("shop");
    assert!(graph.can(Subject::User("anyone"), &pods).allowed);
    assert!(!graph.can(Subject::User("system:anonymous"), &pods).allowed);
    assert!(
        !graph
            .can(Subject::Group("system:unauthenticated"), &pods)
            .allowed
    );
}

#[test]
fn an_explanation_points_at_the_text() {
    let inventory = inventory(SHOP);
    let graph = Graph::build(&inventory, &Options::default());
    let request = Request::resource("get", "", "pods").in_namespace("shop");
    let why = graph.can(WEB, &request).why;
    assert_eq!(why.len(), 1);
    let explanation = graph.explain(why[0]).unwrap();
    let line = |place: crate::Place| {
        let resource = graph.resource(&inventory, place.resource).unwrap();
        resource.location(place.node).start().line
    };
    assert_eq!(explanation.subject, WEB);
    assert_eq!(
        (explanation.binding.kind, explanation.binding.name),
        ("RoleBinding", "web-reads")
    );
    assert_eq!(explanation.role.namespace, Some("shop"));
    assert_eq!(explanation.source, None);
    let first = line(explanation.role.place);
    assert_eq!(line(explanation.rule), first + 4);
    assert_eq!(line(explanation.subject_place), first + 11);
}

#[track_caller]
fn problems(yaml: &str, expected: &[(&str, &str)]) {
    let graph = graph(yaml);
    let found: Vec<(&str, String)> = graph
        .problems()
        .iter()
        .map(|problem| (problem.kind.as_str(), problem.message.clone()))
        .collect();
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(kind, message)| (*kind, message.as_str()))
        .collect();
    assert_eq!(found, expected, "{yaml}");
}

#[test]
fn what_is_malformed_is_a_problem() {
    let role = |rules: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: r}}\nrules: {rules}\n"
        )
    };
    problems(&role("x"), &[("rbac-malformed", "`rules` is not a list")]);
    problems(
        &role("[x]"),
        &[("rbac-malformed", "an item of `rules` is not a mapping")],
    );
    problems(
        &role("[{apiGroups: [''], resources: [pods], verbs: [get, 1]}]"),
        &[("rbac-malformed", "an item of `verbs` is not a string")],
    );
    problems(
        &role("[{apiGroups: [''], resources: [pods]}]"),
        &[(
            "rbac-invalid",
            "the API server refuses this ClusterRole: a rule has no verbs",
        )],
    );
    problems(&role("[{nonResourceURLs: [/x], verbs: [get]}]"), &[]);
    problems(&role("null"), &[]);
}

#[test]
fn what_the_api_server_refuses_is_a_problem() {
    let refused = |message: &str| format!("the API server refuses this {message}");
    let account = "{kind: ServiceAccount, name: web}";
    problems(
        &binding("ClusterRoleBinding", "view", account),
        &[(
            "rbac-invalid",
            &refused("ClusterRoleBinding: a service account has no namespace"),
        )],
    );
    problems(&binding("RoleBinding", "view", account), &[]);
    problems(
        &binding("RoleBinding", "view", "{kind: Robot, name: x}"),
        &[(
            "rbac-invalid",
            &refused("RoleBinding: a subject is no User, Group or ServiceAccount"),
        )],
    );
    problems(
        &binding("RoleBinding", "view", "7"),
        &[("rbac-malformed", "an item of `subjects` is not a mapping")],
    );
    problems(
        &binding("ClusterRoleBinding", "view", "{kind: User, name: x}")
            .replace("kind: ClusterRole,", "kind: Role,"),
        &[(
            "rbac-invalid",
            &refused("ClusterRoleBinding: `roleRef.kind` names no role that it can bind"),
        )],
    );
}

#[test]
fn a_star_is_everybody_in_the_first_version_only() {
    let yaml = binding("ClusterRoleBinding", "view", "{kind: User, name: '*'}");
    let pods = Request::resource("get", "", "pods").in_namespace("shop");
    assert!(!graph(&yaml).can(Subject::User("ann"), &pods).allowed);
    let old = yaml.replace("k8s.io/v1\n", "k8s.io/v1alpha1\n");
    assert!(graph(&old).can(Subject::User("ann"), &pods).allowed);
}

#[test]
fn aggregation_follows_labels_over_steps_and_around_cycles() {
    let yaml = "
apiVersion: v1
kind: List
items:
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRole
  metadata: {name: top, labels: {round: 'yes'}}
  rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]
  aggregationRule:
    clusterRoleSelectors:
    - matchExpressions: [{key: level, operator: In, values: [mid]}]
- apiVersion: rbac.authorization.k8s.io/v1beta1
  kind: ClusterRole
  metadata: {name: mid, labels: {level: mid}}
  aggregationRule:
    clusterRoleSelectors:
    - matchLabels: {level: low}
    - matchLabels: {round: 'yes'}
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRole
  metadata: {name: low, labels: {level: low}}
  rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]
- apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRoleBinding
  metadata: {name: b}
  roleRef: {kind: ClusterRole, name: top}
  subjects: [{kind: User, name: ann}]
";
    let graph = graph(yaml);
    let ann = Subject::User("ann");
    check(&graph, ann, &Request::resource("get", "", "pods"), true);
    // What stood in the aggregated role has given way.
    check(&graph, ann, &Request::resource("get", "", "secrets"), false);
}

/// Two roles that select each other keep what either was once written with: the controller copies it to and fro.
#[test]
fn an_aggregated_role_of_an_api_server_grants_what_is_written_in_it() {
    let role = |name: &str, own: &str, selects: &str, rule: &str| {
        format!(
            "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n\
             metadata: {{name: {name}, labels: {{is: {own}}}, uid: u}}\n\
             aggregationRule: {{clusterRoleSelectors: [{{matchLabels: {{is: {selects}}}}}]}}\nrules: [{rule}]\n"
        )
    };
    let kept = "{apiGroups: [''], resources: [secrets], verbs: [get]}";
    let here = "{apiGroups: [''], resources: [pods], verbs: [get]}";
    let yaml = role("a", "red", "blue", &format!("{kept}, {here}"))
        + &role("b", "blue", "red", kept)
        + "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: c, labels: {is: blue}}\n"
        + &format!("rules: [{here}]\n---\n")
        + &binding("ClusterRoleBinding", "a", "{kind: User, name: ann}");
    let secrets = Request::resource("get", "", "secrets");
    let pods = Request::resource("get", "", "pods");
    let served = graph(&yaml);
    let ann = Subject::User("ann");
    check(&served, ann, &secrets, true);
    // What comes from a role that is there is told of that role.
    let why = served.can(ann, &pods).why;
    let sources = why
        .iter()
        .map(|grant| served.explain(*grant).unwrap().source.unwrap().name);
    assert_eq!(sources.collect::<Vec<_>>(), ["c"]);
    // As somebody's manifests they only say what was once meant.
    check(&graph(&yaml.replace(", uid: u", "")), ann, &secrets, false);
}

#[test]
fn too_much_aggregation_is_a_problem() {
    let role = |number: usize| {
        format!(
            "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: r{number}}}\n\
             aggregationRule: {{clusterRoleSelectors: [{{}}]}}\n"
        )
    };
    let few: String = (0..40).map(role).collect();
    assert!(graph(&few).problems().is_empty());
    let many: String = (0..2300).map(role).collect();
    let graph = graph(&many);
    assert!(
        graph
            .problems()
            .iter()
            .all(|one| one.kind.as_str() == "rbac-limit")
    );
    assert!(graph.problems().iter().any(|one| one.location.is_some()));
}

#[test]
fn permissions_are_normalised() {
    let yaml = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
rules:
- {apiGroups: [''], resources: [pods, pods/exec], verbs: [list, get]}
- {apiGroups: [''], resources: [pods], verbs: [watch]}
- {apiGroups: [''], resources: ['*/exec'], verbs: ['*']}
- {apiGroups: [''], resources: [pods], resourceNames: [web], verbs: [get]}
- {nonResourceURLs: [/metrics, '/m*', '/m**'], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {kind: ClusterRole, name: r}
subjects: [{kind: User, name: ann}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {kind: ClusterRole, name: r}
subjects: [{kind: User, name: ann}]
";
    let graph = graph(yaml);
    let permissions = graph.permissions(Subject::User("ann"));
    let rows: Vec<String> = permissions
        .cluster
        .iter()
        .map(|one| {
            let lists = [&one.verbs, &one.resources, &one.names, &one.urls];
            lists.map(|list| list.join(",")).join(" ").trim().to_owned()
        })
        .collect();
    assert_eq!(rows, ["get   /m*", "* */exec", "get,list,watch pods"]);
    assert_eq!(permissions.namespaces, []);
}

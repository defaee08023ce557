//! Text that is no good: every answer stays an answer, and what could not be read is a problem.

use std::sync::Arc;

use document::{Keys, Limits, Source};
use model::{FieldKeys, Inventory};
use proptest::prelude::{ProptestConfig, Strategy, proptest};
use proptest::{collection::vec, sample::select};
use rbac::{Graph, Options, Request, Subject};

const TEXT: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: a, labels: {team: red}}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {team: red}, matchExpressions: [{key: team, operator: In, values: [red]}]}]}
rules: [{apiGroups: ['*'], resources: [pods], verbs: [get], resourceNames: [x]}, {nonResourceURLs: [/x], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: a}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}, {kind: User, name: ann}, {kind: Group, name: devs}]
---
apiVersion: v1
kind: Secret
metadata: {name: t, annotations: {kubernetes.io/service-account.name: web}}
type: kubernetes.io/service-account-token
";

/// Values that stand where others belong.
const VALUES: &[&str] = &[
    "null",
    "7",
    "true",
    "''",
    "[]",
    "{}",
    "[[]]",
    "[{}]",
    "[null]",
    "{a: b}",
    "'*'",
    "x",
    "ServiceAccount",
    "ClusterRole",
    "'system:serviceaccount::'",
    "'system:masters'",
    "'*/'",
    "'/'",
];

/// The text with some of its values replaced.
fn broken() -> impl Strategy<Value = String> {
    let words: Vec<usize> = TEXT.match_indices(": ").map(|(at, _)| at + 2).collect();
    vec((select(words), select(VALUES)), 1..5).prop_map(|mut changes| {
        changes.sort_unstable();
        changes.dedup_by_key(|(at, _)| *at);
        let mut text = TEXT.to_owned();
        for (at, value) in changes.into_iter().rev() {
            let end = value_end(&text, at);
            text.replace_range(at..end, value);
        }
        text
    })
}

/// Where the value ends that begins here: brackets in pairs.
fn value_end(text: &str, start: usize) -> usize {
    let mut depth = 0_i32;
    for (at, byte) in text[start..].bytes().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth > 0 => depth -= 1,
            b',' | b']' | b'}' | b'\n' if depth == 0 => return start + at,
            _ => {}
        }
    }
    text.len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn nothing_panics_and_answers_agree(text in broken()) {
        let keys = Arc::new(Keys::new(rbac::key_names().chain(model::key_names())));
        let parsed = document::parse_yaml(Source::new("x.yaml", text.as_str()), &keys, &Limits::default());
        let document = Arc::new(parsed.document);
        let fields = FieldKeys::new(&keys);
        let roots = document.roots();
        let resources = roots.flat_map(|root| model::recognise(&document, root, &fields).resources);
        let graph = Graph::build(&Inventory::new(resources.collect()), &Options::default());
        let request = Request::resource("get", "", "pods").in_namespace("shop").named("x");
        let who = graph.who_can(&request);
        for id in graph.subjects() {
            let subject = graph.subject(id);
            let decision = graph.can(subject, &request);
            let is_direct = decision.why.iter().any(|grant| grant.subject() == id);
            assert_eq!(who.iter().any(|(other, _)| *other == id), is_direct, "{text}");
            let listed = graph.permissions(subject);
            assert!(!decision.allowed || listed.is_masters || !listed.cluster.is_empty() || !listed.namespaces.is_empty());
            graph.can_become(subject);
        }
        assert!(graph.can(Subject::Group("system:masters"), &request).allowed);
    }
}

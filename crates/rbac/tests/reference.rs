//! Random objects and questions against the plainest evaluator there is: loops over texts, written from what
//! Kubernetes documents and does.

#[path = "reference/naive.rs"]
mod naive;

use std::sync::Arc;

use document::{Keys, Limits, Source};
use model::{FieldKeys, Inventory};
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_oneof, proptest};
use proptest::sample::{select, subsequence};
use proptest::{collection::vec, option};
use rbac::{
    EscalationMemory, Escalator, Gains, Graph, Identity, LeastLimits, LeastRole, Options,
    Permissions, Request, Subject, SubjectId, Target,
};

use self::naive::{Binding, Role, Rule, SubjectRef, World};

type Texts = Vec<&'static str>;

fn some(from: &'static [&'static str]) -> impl Strategy<Value = Texts> {
    subsequence(from.to_vec(), 1..=2)
}

const VERBS: &[&str] = &["get", "list", "create", "*"];
const GROUPS: &[&str] = &["", "apps", "*"];
const RESOURCES: &[&str] = &["pods", "pods/exec", "*/exec", "*", "secrets", "pods/*"];
const NAMES: &[&str] = &["a", "b", "*"];
const URLS: &[&str] = &["*", "/metrics", "/healthz/*", "/api**", "/api*", "/"];
const NAMESPACES: &[&str] = &["n1", "n2"];
const ROLES: &[&str] = &["r1", "r2", "r3", "gone"];
const ACCOUNTS: &[&str] = &["s1", "s2"];
const USERS: &[&str] = &["ann", "system:serviceaccount:n1:s1", "system:anonymous"];
const USER_GROUPS: &[&str] = &[
    "devs",
    "system:authenticated",
    "system:serviceaccounts:n1",
    "system:serviceaccounts",
    "system:masters",
];

fn rule() -> impl Strategy<Value = Rule> {
    let urls = (some(VERBS), some(URLS)).prop_map(|(verbs, urls)| Rule {
        verbs,
        urls,
        ..Rule::default()
    });
    let names = prop_oneof![2 => Just(Vec::new()), 1 => some(NAMES)];
    let resources = (some(VERBS), some(GROUPS), some(RESOURCES), names).prop_map(
        |(verbs, groups, resources, names)| Rule {
            verbs,
            groups,
            resources,
            names,
            urls: Vec::new(),
        },
    );
    prop_oneof![3 => resources, 1 => urls]
}

fn role() -> impl Strategy<Value = Role> {
    let labels = option::of(select(vec!["red", "blue"]));
    let aggregates = option::weighted(0.3, select(vec!["red", "blue", "!"]));
    (
        option::of(select(NAMESPACES)),
        select(&ROLES[..3]),
        vec(rule(), 0..3),
        labels,
        aggregates,
    )
        .prop_map(|(namespace, name, rules, team, aggregates)| Role {
            namespace,
            name,
            rules,
            team,
            aggregates: aggregates.filter(|_| namespace.is_none()),
        })
}

fn subject() -> impl Strategy<Value = SubjectRef> {
    prop_oneof![
        select(USERS).prop_map(SubjectRef::User),
        select(USER_GROUPS).prop_map(SubjectRef::Group),
        (option::of(select(NAMESPACES)), select(ACCOUNTS))
            .prop_map(|(namespace, name)| SubjectRef::ServiceAccount { namespace, name }),
    ]
}

fn binding() -> impl Strategy<Value = Binding> {
    (
        option::of(select(NAMESPACES)),
        proptest::bool::ANY,
        select(ROLES),
        vec(subject(), 1..3),
    )
        .prop_map(|(namespace, is_cluster_role, role, subjects)| Binding {
            namespace,
            is_cluster_role: is_cluster_role || namespace.is_none(),
            role,
            subjects,
        })
}

/// One role of a name in a namespace, as in a cluster.
fn world() -> impl Strategy<Value = World> {
    (vec(role(), 0..8), vec(binding(), 0..6)).prop_map(|(mut roles, bindings)| {
        roles.sort_by_key(|role| (role.namespace, role.name));
        roles.dedup_by_key(|role| (role.namespace, role.name));
        World { roles, bindings }
    })
}

#[derive(Clone, Debug)]
struct Question {
    user: &'static str,
    groups: Texts,
    request: Request<'static>,
}

fn question() -> impl Strategy<Value = Question> {
    let resource = (
        select(VERBS),
        select(&["", "apps"][..]),
        select(&["pods", "secrets"][..]),
        select(&["", "exec", "*"][..]),
        select(&["", "n1", "n2", "n3"][..]),
        select(&["", "a", "b"][..]),
    )
        .prop_map(
            |(verb, group, resource, subresource, namespace, name)| Request::Resource {
                verb,
                group,
                resource,
                subresource,
                namespace,
                name,
            },
        );
    let url = (
        select(VERBS),
        select(&["/metrics", "/healthz", "/healthz/x", "/apis", "/", "", "*"][..]),
    )
        .prop_map(|(verb, path)| Request::url(verb, path));
    let groups = subsequence(USER_GROUPS[..4].to_vec(), 0..=2);
    let request = prop_oneof![4 => resource, 1 => url];
    (select(USERS), groups, request).prop_map(|(user, groups, request)| Question {
        user,
        groups,
        request,
    })
}

fn graph(world: &World) -> Graph {
    graph_of(&world.to_yaml())
}

fn graph_of(text: &str) -> Graph {
    let keys = Arc::new(Keys::new(rbac::key_names().chain(model::key_names())));
    let source = Source::new("world.yaml", text);
    let parsed = document::parse_yaml(source, &keys, &Limits::default());
    assert_eq!(parsed.errors, [], "{text}");
    let document = Arc::new(parsed.document);
    let fields = FieldKeys::new(&keys);
    let roots = document.roots();
    let resources = roots.flat_map(|root| model::recognise(&document, root, &fields).resources);
    Graph::build(&Inventory::new(resources.collect()), &Options::default())
}

/// A world in which ann may take the token of any service account, and all service accounts are known.
fn attacked(mut world: World) -> World {
    let rule = Rule {
        verbs: vec!["create"],
        groups: vec![""],
        resources: vec!["serviceaccounts/token"],
        ..Rule::default()
    };
    world.roles.push(Role {
        namespace: None,
        name: "attack",
        rules: vec![rule],
        team: Some("green"),
        aggregates: None,
    });
    world.bindings.push(Binding {
        namespace: None,
        is_cluster_role: true,
        role: "attack",
        subjects: vec![SubjectRef::User("ann")],
    });
    let accounts = NAMESPACES.iter().flat_map(|&namespace| {
        ACCOUNTS
            .iter()
            .map(move |&name| SubjectRef::ServiceAccount {
                namespace: Some(namespace),
                name,
            })
    });
    world.bindings.push(Binding {
        namespace: None,
        is_cluster_role: true,
        role: "gone",
        subjects: accounts.collect(),
    });
    world
}

/// Requests that tell all rules apart which these tests make.
fn all_requests() -> Vec<Request<'static>> {
    let mut all = Vec::new();
    for verb in ["get", "list", "create", "watch"] {
        for group in ["", "apps", "batch"] {
            for resource in [
                "pods",
                "pods/exec",
                "pods/log",
                "pods/*",
                "secrets",
                "secrets/exec",
                "jobs",
                "jobs/exec",
            ] {
                for namespace in ["", "n1", "n2", "n3"] {
                    let request = Request::resource(verb, group, resource).in_namespace(namespace);
                    all.extend(["", "a", "b", "*", "c"].map(|name| request.named(name)));
                }
            }
        }
        let paths = [
            "/metrics",
            "/healthz/",
            "/healthz/x",
            "/api",
            "/apis",
            "/",
            "/x",
        ];
        all.extend(paths.map(|path| Request::url(verb, path)));
    }
    all
}

/// What gains list, of a subject and its groups.
fn gained<'g>(gains: &[Gains<'g>], graph: &'g Graph, id: SubjectId) -> Permissions<'g> {
    let mut all = Permissions::default();
    let principals: Vec<SubjectId> = graph.groups_of(id).chain([id]).collect();
    for one in gains.iter().filter(|one| principals.contains(&one.subject)) {
        for (namespace, permission) in one.permissions.clone() {
            match namespace {
                None => all.cluster.push(permission),
                Some(namespace) => all.namespaces.push((namespace, vec![permission])),
            }
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever can be done now and could not before is among the gains of the subject or of its groups, and what is
    /// among them can be done now.
    #[test]
    fn gains_are_what_could_not_be_done_before(before in world(), after in world()) {
        let (old, new) = (graph(&before), graph(&after));
        let memories = [EscalationMemory::new(&old), EscalationMemory::new(&new)];
        let (earlier, later) = (Escalator::new(&old, &memories[0]), Escalator::new(&new, &memories[1]));
        let gains = rbac::gains(&earlier, &later);
        for id in new.subjects() {
            let subject = new.subject(id);
            let gained = gained(&gains, &new, id);
            for request in all_requests() {
                let now = new.can(subject, &request).allowed;
                let was = old.can(subject, &request).allowed;
                let listed = naive::listed(&gained, &request);
                let context = || format!("{subject} {request:?}\n{}\nbefore:\n{}", after.to_yaml(), before.to_yaml());
                assert!(listed || !now || was, "not listed: {}", context());
                assert!(now || !listed, "listed: {}", context());
            }
        }
    }

    /// Whom it pays to become: those who may do anything that the subject may not.
    #[test]
    fn the_stronger_are_those_who_may_do_more(world in world()) {
        let world = attacked(world);
        let graph = graph(&world);
        let ann = Subject::User("ann");
        if !graph.is_admin(ann) {
            let groups = ["system:authenticated"];
            let beyond = all_requests().into_iter().filter(|request| !world.allows("ann", &groups, request));
            let beyond: Vec<_> = beyond.collect();
            let found = graph.escalations(ann);
            for id in graph.subjects() {
                let Subject::ServiceAccount { namespace, name } = graph.subject(id) else { continue };
                let user = format!("system:serviceaccount:{namespace}:{name}");
                let groups = naive::groups_of(&user);
                let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
                let expected = beyond.iter().any(|request| world.allows(&user, &groups, request));
                let is_found = found.iter().any(|it| it.pattern.id == "tokens-create" && it.target == Target::Subject(id));
                assert_eq!(is_found, expected, "{user}\n{}", world.to_yaml());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn answers_are_those_of_the_plain_evaluator(world in world(), questions in vec(question(), 40)) {
        let graph = graph(&world);
        for question in &questions {
            let identity = Identity { user: question.user, groups: &question.groups };
            let expected = world.allows(question.user, &question.groups, &question.request);
            let decision = graph.can_as(&identity, &question.request);
            assert_eq!(decision.allowed, expected, "{question:?}\n{}", world.to_yaml());
        }
    }

    #[test]
    fn groups_that_a_name_implies_count(world in world(), questions in vec(question(), 20)) {
        let graph = graph(&world);
        for question in &questions {
            let groups = naive::groups_of(question.user);
            let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
            let expected = world.allows(question.user, &groups, &question.request);
            let decision = graph.can(Subject::User(question.user), &question.request);
            assert_eq!(decision.allowed, expected, "{question:?}\n{}", world.to_yaml());
        }
    }

    /// Everyone whom a binding names, and nobody else.
    #[test]
    fn who_can_is_can_turned_round(world in world(), questions in vec(question(), 10)) {
        let graph = graph(&world);
        for question in &questions {
            let answers = graph.who_can(&question.request);
            for id in graph.subjects() {
                let decision = graph.can(graph.subject(id), &question.request);
                let expected: Vec<_> = decision.why.into_iter().filter(|grant| grant.subject() == id).collect();
                let own: Vec<_> = answers.iter().filter(|(who, _)| *who == id).map(|(_, grant)| *grant).collect();
                assert_eq!(own, expected, "{question:?}\n{}", world.to_yaml());
            }
        }
    }

    /// What is listed as permitted is what is permitted.
    #[test]
    fn permissions_say_what_can_be_done(world in world(), questions in vec(question(), 20)) {
        let graph = graph(&world);
        for question in &questions {
            let subject = Subject::User(question.user);
            let permissions = graph.permissions(subject);
            let listed = naive::listed(&permissions, &question.request);
            let decision = graph.can(subject, &question.request);
            assert_eq!(listed, decision.allowed, "{question:?}\n{permissions:?}\n{}", world.to_yaml());
        }
    }

    /// Every grant explains itself.
    #[test]
    fn every_grant_has_its_chain(world in world(), questions in vec(question(), 10)) {
        let graph = graph(&world);
        for question in &questions {
            for grant in graph.can(Subject::User(question.user), &question.request).why {
                let explanation = graph.explain(grant);
                assert_eq!(explanation.is_none(), grant.is_built_in());
                if let Some(explanation) = explanation {
                    assert_eq!(explanation.subject, graph.subject(grant.subject()));
                    assert_eq!(explanation.rule.resource, explanation.source.unwrap_or(explanation.role).place.resource);
                }
            }
        }
    }
}

/// Who has the roles and nothing else.
fn granted(roles: &[LeastRole<'_>], subject: Subject<'_>) -> Graph {
    let texts = roles.iter().map(|role| role.to_yaml("least", subject));
    graph_of(&texts.collect::<String>())
}

fn minimal(world: &World, questions: &[Question], limits: LeastLimits) {
    let old = graph(world);
    let requests: Vec<Request<'_>> = questions.iter().map(|one| one.request).collect();
    for subject in [
        Subject::User("ann"),
        Subject::ServiceAccount {
            namespace: "n1",
            name: "s1",
        },
    ] {
        let least = old.least(subject, &requests, limits);
        let new = granted(&least.roles, subject);
        assert!(new.problems().is_empty(), "{:?}", new.problems());
        let context = || format!("{subject} {:#?}\n{}", least, world.to_yaml());
        let has_star = |request: &Request<'_>| match *request {
            Request::Url { verb, path } => verb == "*" || path.ends_with('*'),
            Request::Resource { verb, .. } => verb == "*",
        };
        for request in requests.iter().filter(|one| !has_star(one)) {
            let is_own = !old.own_grants(subject, request).is_empty();
            assert_eq!(least.own.contains(request), is_own);
            let is_shared = !is_own && old.can(subject, request).allowed;
            assert_eq!(least.shared.contains(request), is_shared);
            assert_eq!(least.beyond.contains(request), !is_own && !is_shared);
        }
        for request in &least.own {
            assert!(
                new.can(subject, request).allowed,
                "lost: {request:?} {}",
                context()
            );
        }
        for request in all_requests() {
            let is_new = new.can(subject, &request).allowed;
            let was = !old.own_grants(subject, &request).is_empty();
            assert!(was || !is_new, "more: {request:?} {}", context());
        }
        for (position, role) in least.roles.iter().enumerate() {
            for rule in 0..role.rules.len() {
                let mut fewer = least.roles.clone();
                fewer[position].rules.remove(rule);
                let fewer = granted(&fewer, subject);
                let mut own = least.own.iter();
                let is_lost = own.any(|request| !fewer.can(subject, request).allowed);
                assert!(is_lost, "not needed: {:?} {}", role.rules[rule], context());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// The least roles allow every request that was allowed, nothing that was not, and no rule of them can go.
    #[test]
    fn least_roles_are_enough_granted_and_needed(
        world in world(),
        questions in vec(question(), 1..40),
        names in 0_usize..3,
        namespaces in 0_usize..3,
    ) {
        minimal(&world, &questions, LeastLimits { names, namespaces });
    }

    /// Everything that is granted, without anything, is what was granted.
    #[test]
    fn nothing_useless_is_nothing_less(world in world(), questions in vec(question(), 20)) {
        let old = graph(&world);
        let ann = Subject::User("ann");
        let roles = old.useful(ann, |_| false);
        let new = granted(&roles, ann);
        for question in &questions {
            let was = !old.own_grants(ann, &question.request).is_empty();
            let is_new = new.can(ann, &question.request).allowed;
            assert_eq!(is_new, was, "{question:?} {roles:#?}\n{}", world.to_yaml());
        }
    }
}

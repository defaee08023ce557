//! Objects that contradict the API: a located problem each, and unknown wherever they take part.

use network::{Direction, Outcome};
use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::sample::Index;

use crate::world::{World, pod, policy};

fn world(spec: &str) -> World {
    World::new(
        &(pod("shop/web", "app: web", "")
            + &pod("shop/db", "app: db", "")
            + &policy("shop/p", spec)),
    )
}

/// Where the one problem is, and what becomes of traffic from web to db.
fn check(spec: &str, at: &str, outcome: Outcome) {
    let world = world(spec);
    let problems: Vec<_> = world.network.problems().iter().collect();
    let [problem] = problems[..] else {
        panic!("{spec}: {problems:?}");
    };
    let location = problem.location.as_ref().unwrap();
    assert_eq!(location.source.slice(&location.span), at, "{spec}");
    assert_eq!(problem.kind.as_str(), "network-object");
    assert_eq!(world.outcome("shop/web -> shop/db 80"), outcome, "{spec}");
}

#[test]
fn each_mistake_is_one_problem_at_its_place() {
    check("{podSelector: x}", "x", Outcome::Unknown);
    check(
        "{podSelector: {matchLabels: {a: 1}}}",
        "1",
        Outcome::Unknown,
    );
    check(
        "{podSelector: {matchExpressions: [{key: a, operator: Is}]}}",
        "{key: a, operator: Is}",
        Outcome::Unknown,
    );
    check(
        "{podSelector: {matchExpressions: [{key: a, operator: In}]}}",
        "{key: a, operator: In}",
        Outcome::Unknown,
    );
    check(
        "{podSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}",
        "{key: a, operator: Exists, values: [b]}",
        Outcome::Unknown,
    );
    check(
        "{podSelector: {}, policyTypes: [Both]}",
        "Both",
        Outcome::Unknown,
    );
    check("{podSelector: {}, ingress: x}", "x", Outcome::Unknown);
    check("{podSelector: {}, ingress: [x]}", "x", Outcome::Unknown);
    check(
        "{podSelector: {}, ingress: [{from: [{}]}]}",
        "{}",
        Outcome::Unknown,
    );
    check(
        "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0}}]}]}",
        "10.0.0.0",
        Outcome::Unknown,
    );
    check(
        "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [11.0.0.0/8]}}]}]}",
        "11.0.0.0/8",
        Outcome::Unknown,
    );
    check(
        "{podSelector: {}, ingress: [{ports: [{port: 0}]}]}",
        "{port: 0}",
        Outcome::Unknown,
    );
    check(
        "{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 79}]}]}",
        "{port: 80, endPort: 79}",
        Outcome::Unknown,
    );
    check(
        "{podSelector: {}, ingress: [{ports: [{endPort: 79}]}]}",
        "79",
        Outcome::Unknown,
    );
    check(
        "{podSelector: {}, ingress: [{ports: [{port: http, endPort: 79}]}]}",
        "79",
        Outcome::Unknown,
    );
    check(
        "{podSelector: {}, ingress: [{ports: [{port: 80, protocol: ICMP}]}]}",
        "ICMP",
        Outcome::Unknown,
    );
    // What is well-formed beside it still counts.
    check(
        "{podSelector: {}, ingress: [{from: [{}]}, {}]}",
        "{}",
        Outcome::Allowed,
    );
}

/// One of everything that is read.
fn everything() -> String {
    let objects = [
        (
            "policy.networking.k8s.io/v1alpha1",
            "AdminNetworkPolicy",
            "{priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{pods: {namespaceSelector: {}, podSelector: {}}}, {networks: [10.0.0.0/8]}], ports: [{portNumber: {port: 1}}, {namedPort: a}]}]}",
        ),
        (
            "policy.networking.k8s.io/v1alpha2",
            "ClusterNetworkPolicy",
            "{tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Accept, to: [{nodes: {}}], protocols: [{tcp: {destinationPort: {number: 1}}}]}]}",
        ),
        (
            "cilium.io/v2",
            "CiliumNetworkPolicy",
            "{endpointSelector: {matchLabels: {a: b}}, ingress: [{}]}",
        ),
        (
            "projectcalico.org/v3",
            "GlobalNetworkPolicy",
            "{selector: has(a), types: [Ingress]}",
        ),
        (
            "v1",
            "Service",
            "{type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: http}], externalIPs: [10.0.0.1], loadBalancerSourceRanges: [10.0.0.0/8]}",
        ),
        (
            "networking.k8s.io/v1",
            "Ingress",
            "{defaultBackend: {service: {name: p, port: {number: 80}}}, rules: [{http: {paths: [{backend: {service: {name: p, port: {name: x}}}}]}}]}",
        ),
        (
            "gateway.networking.k8s.io/v1",
            "Gateway",
            "{listeners: [{name: a, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {}}}}]}",
        ),
        (
            "gateway.networking.k8s.io/v1",
            "HTTPRoute",
            "{parentRefs: [{name: p}], hostnames: [a.b], rules: [{backendRefs: [{name: p, port: 80}]}]}",
        ),
        (
            "gateway.networking.k8s.io/v1beta1",
            "ReferenceGrant",
            "{from: [{kind: HTTPRoute, namespace: shop}], to: [{kind: Service}]}",
        ),
        (
            "networking.istio.io/v1",
            "Gateway",
            "{selector: {a: b}, servers: [{hosts: ['*/a']}]}",
        ),
        (
            "networking.istio.io/v1",
            "VirtualService",
            "{hosts: [a], gateways: [p], http: [{route: [{destination: {host: p}}]}]}",
        ),
        (
            "route.openshift.io/v1",
            "Route",
            "{to: {kind: Service, name: p}, port: {targetPort: 80}}",
        ),
    ];
    let objects = objects.map(|(api_version, kind, spec)| {
        format!("---\napiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: p, namespace: shop, labels: {{a: b}}}}\nspec: {spec}\n")
    });
    let policy = policy(
        "shop/p",
        "{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 80, endPort: 90}]}]}",
    );
    pod(
        "shop/web",
        "app: web",
        "{name: http, containerPort: 80, hostPort: 80}",
    ) + &crate::world::namespace("shop", "a: b")
        + &policy
        + &objects.concat()
}

/// The scalars of a flow mapping or list, as byte ranges.
fn scalars(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (start, before) in text.match_indices([' ', '[', '{']) {
        let start = start + before.len();
        let length = text[start..]
            .find([' ', ',', ']', '}', '\n', ':', '{', '['])
            .unwrap_or(0);
        if length > 0 {
            found.push((start, start + length));
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn nothing_that_is_written_panics(at in any::<Index>(), with in "(1|x|\\{\\}|\\[\\]|null|-1|70000|\"\"|\\{a: \\{\\}\\}|\\[1, \\{\\}\\])") {
        let mut text = everything();
        let places = scalars(&text);
        let (start, end) = places[at.index(places.len())];
        text.replace_range(start..end, &with);
        let Some(world) = World::of_any(&text) else {
            return Ok(());
        };
        let classes = world.network.classes().unwrap();
        for pod in world.network.pods() {
            world.network.exposure(pod);
            world.network.is_isolated(pod, Direction::Ingress);
            assert!(classes.of(pod).is_some());
        }
    }
}

#[test]
fn one_of_everything_is_well_formed() {
    let world = World::new(&everything());
    assert!(
        world.network.problems().is_empty(),
        "{:?}",
        world.network.problems()
    );
}

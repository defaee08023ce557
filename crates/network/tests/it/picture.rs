//! The network as a graph: it says what is between the pods, and no more.

use std::collections::{BTreeMap, BTreeSet};

use model::Graph;
use model::graph::{EdgeStyle, NodeIndex};
use network::{Direction, Endpoint, Level, PodId, PortSet, Truth};
use proptest::prelude::{ProptestConfig, TestCaseError, prop_assert_eq, proptest};

use crate::naive::cluster::cluster;
use crate::world::{World, namespace, pod, policy};

/// Each edge as `from → to label`.
fn edges(graph: &Graph) -> String {
    let line = |edge: &model::graph::Edge| {
        let [from, to] = [edge.from, edge.to].map(|end| &graph.node(end).id);
        let style = if edge.style == EdgeStyle::Allowed {
            ""
        } else {
            edge.style.as_str()
        };
        let risk = edge.risk.map_or("", |risk| risk.as_str());
        format!("{from} → {to} {} {style} {risk}", edge.label)
            .trim_end()
            .to_owned()
    };
    let mut lines: Vec<String> = graph.edges().iter().map(line).collect();
    lines.extend(graph.notes.iter().map(|note| format!("note: {note}")));
    lines.join("\n")
}

fn shop() -> String {
    namespace("shop", "team: shop")
        + &namespace("other", "team: other")
        + &pod("shop/web", "app: web", "{name: http, containerPort: 8080}")
        + &pod("shop/api", "app: api", "{containerPort: 9000}")
        + &pod("shop/db", "app: db", "{containerPort: 5432}")
        + &pod("other/job", "app: job", "")
        + &pod("other/tool", "app: tool", "")
}

fn picture(objects: &[String]) -> Graph {
    let world = World::new(&(shop() + &objects.concat()));
    world.network.picture(&world.inventory).unwrap()
}

#[test]
fn without_policies_there_is_nothing_to_draw() {
    let graph = picture(&[]);
    assert_eq!(
        edges(&graph),
        "note: No policy keeps any pod from any other."
    );
    assert_eq!(graph.nodes().len(), 5);
    assert_eq!(graph.groups().len(), 2);
    assert_eq!(graph.nodes()[0].detail, "Pod, no policy");
}

#[test]
fn what_is_common_is_one_flow() {
    let graph = picture(&[
        policy("shop/deny", "{podSelector: {}, policyTypes: [Ingress]}"),
        policy(
            "shop/web",
            "{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: http}]}]}",
        ),
        policy(
            "shop/api",
            "{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 9000}, {port: 9001}]}]}",
        ),
        policy(
            "shop/db",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 5432}]}]}",
        ),
    ]);
    insta::assert_snapshot!(edges(&graph), @r"
    from/every → to/every/other
    from/every → workload/shop/Pod/web 8080/TCP
    from/every/shop → workload/shop/Pod/api 9000-9001/TCP
    workload/shop/Pod/api → workload/shop/Pod/db 5432/TCP
    note: No policy isolates 2 of 5 workloads.
    ");
}

#[test]
fn who_is_kept_from_sending_is_set_apart() {
    let graph = picture(&[policy(
        "shop/db",
        "{podSelector: {matchLabels: {app: db}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: api}}}]}]}",
    )]);
    insta::assert_snapshot!(edges(&graph), @r"
    from/every → workload/shop/Pod/api
    from/every → workload/shop/Pod/db
    from/free → to/every/other
    from/free → workload/shop/Pod/web
    note: No policy isolates 4 of 5 workloads.
    ");
}

#[test]
fn ways_from_outside_are_drawn() {
    let service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n\
         spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: http}]}\n";
    let graph = picture(&[service.to_owned()]);
    insta::assert_snapshot!(edges(&graph), @r"
    outside/internet → workload/shop/Pod/web Service web 8080/TCP  medium
    note: No policy keeps any pod from any other.
    ");
    let tooltip = graph.edges()[0].tooltip.as_deref();
    insta::assert_snapshot!(tooltip.unwrap_or_default(), @"Service web → Pod web, port 8080/TCP");
}

#[test]
fn what_is_not_known_is_dotted() {
    let yaml = pod("shop/web", "app: web", "")
        + &pod("shop/db", "app: db", "")
        + &policy(
            "shop/db",
            "{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}",
        );
    let world = World::new(&yaml);
    let graph = world.network.picture(&world.inventory).unwrap();
    insta::assert_snapshot!(edges(&graph), @r"
    from/every → workload/shop/Pod/web
    from/every → workload/shop/Pod/db  unknown
    note: No policy isolates 1 of 2 workloads.
    note: Dotted: one flow of which it is not known whether it gets through.
    ");
}

#[test]
fn many_that_nothing_tells_apart_are_one_node() {
    let mut yaml = namespace("a", "") + &namespace("b", "");
    for number in 0..60 {
        yaml += &pod(&format!("a/client-{number}"), "app: client", "");
        yaml += &pod(&format!("b/server-{number}"), "app: server", "");
    }
    yaml += &pod("a/other", "app: other", "");
    yaml += &pod("b/other", "app: other", "");
    yaml += &policy(
        "b/server",
        "{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: client}}}]}]}",
    );
    yaml += &policy("b/other", "{podSelector: {}, policyTypes: [Ingress]}");
    let world = World::new(&yaml);
    let graph = world.network.picture(&world.inventory).unwrap();
    let names: Vec<String> = graph
        .nodes()
        .iter()
        .map(|node| format!("{} ×{}", node.label.join(" "), node.stands_for))
        .collect();
    insta::assert_snapshot!(names.join("\n"), @r"
    client-0 and 59 more ×60
    server-0 and 59 more ×60
    other ×1
    other ×1
    Any pod ×1
    Every pod ×1
    ");
    insta::assert_snapshot!(edges(&graph), @r"
    from/every → to/every/a
    workload/a/Pod/client-0 → workload/b/Pod/server-0
    note: No policy isolates 61 of 122 workloads.
    ");
}

#[test]
fn steps_go_on_from_what_is_reached() {
    let chain = |own: &str, from: &str| {
        policy(
            &format!("shop/{own}"),
            &format!(
                "{{podSelector: {{matchLabels: {{app: {own}}}}}, policyTypes: [Ingress, Egress], ingress: [{{from: [{{podSelector: {{matchLabels: {{app: {from}}}}}}}]}}], egress: [{{}}]}}"
            ),
        )
    };
    let yaml = shop() + &chain("api", "web") + &chain("db", "api") + &chain("web", "none");
    let world = World::new(&yaml);
    let around = |depth| {
        let own = world.pod("shop/db");
        let graph = world
            .network
            .picture_around(&world.inventory, "Around db", &[own], depth);
        edges(&graph.unwrap())
    };
    insta::assert_snapshot!(around(1), @r"
    workload/shop/Pod/api → workload/shop/Pod/db
    workload/shop/Pod/db → to/every/other
    ");
    insta::assert_snapshot!(around(2), @r"
    workload/shop/Pod/api → workload/shop/Pod/db
    workload/shop/Pod/web → workload/shop/Pod/api
    workload/shop/Pod/db → to/every/other
    note: Steps end where all pods, or all of a namespace, have something in common.
    ");
    assert_eq!(around(9), around(3));
}

#[test]
fn ways_in_are_drawn_step_by_step() {
    let yaml = shop()
        + "---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n\
           spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}\n\
           ---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: site, namespace: shop}\n\
           spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}\n\
           ---\napiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\n\
           spec: {type: NodePort, selector: {app: db}, ports: [{port: 5432, nodePort: 30432}]}\n\
           ---\napiVersion: v1\nkind: Pod\nmetadata: {name: agent, namespace: other}\n\
           spec: {hostNetwork: true, containers: [{name: a, image: a}]}\n";
    let world = World::new(&yaml);
    let ways = |least| edges(&world.network.picture_of_exposure(&world.inventory, least));
    insta::assert_snapshot!(ways(Level::Node), @r"
    outside/internet → route/shop/Ingress/site   medium
    route/shop/Ingress/site → service/shop/Service/web
    service/shop/Service/web → workload/shop/Pod/web 8080/TCP
    outside/node → service/shop/Service/db   low
    service/shop/Service/db → workload/shop/Pod/db 5432/TCP
    outside/node → workload/other/Pod/agent host network  low
    ");
    insta::assert_snapshot!(ways(Level::Internet), @r"
    outside/internet → route/shop/Ingress/site   medium
    route/shop/Ingress/site → service/shop/Service/web
    service/shop/Service/web → workload/shop/Pod/web 8080/TCP
    ");
    let none = World::new(&shop());
    insta::assert_snapshot!(
        edges(&none.network.picture_of_exposure(&none.inventory, Level::Node)),
        @"note: Nothing is reached from outside."
    );
}

/// The pods that a node stands for.
fn pods(world: &World, graph: &Graph, index: NodeIndex) -> BTreeSet<PodId> {
    let id = &graph.node(index).id;
    let network = &world.network;
    let mut words = id.split('/');
    let is_free = |pod: &PodId| network.is_isolated(*pod, Direction::Egress) == Truth::No;
    let (side, which, own) = (words.next().unwrap(), words.next().unwrap(), words.next());
    if side == "workload" {
        let name = id.rsplit('/').next().unwrap();
        return BTreeSet::from([world.pod(&format!("{which}/{name}"))]);
    }
    let of_namespace = network
        .pods()
        .filter(|&pod| own.is_none_or(|own| network.namespace(pod) == own));
    of_namespace
        .filter(|pod| which == "every" || is_free(pod))
        .collect()
}

/// Taken apart, the edges of a graph.
fn drawn(world: &World, graph: &Graph) -> Result<BTreeMap<(PodId, PodId), String>, TestCaseError> {
    let mut drawn: BTreeMap<(PodId, PodId), String> = BTreeMap::new();
    for edge in graph.edges() {
        for from in pods(world, graph, edge.from) {
            for to in pods(world, graph, edge.to) {
                if from != to {
                    let before =
                        drawn.insert((from, to), format!("{:?} {}", edge.style, edge.label));
                    prop_assert_eq!(before, None, "two edges for {:?} and {:?}", from, to);
                }
            }
        }
    }
    Ok(drawn)
}

/// What an edge between two pods has to say.
fn expected(world: &World, from: PodId, to: PodId) -> Option<String> {
    let ports = world.network.ports(Endpoint::Pod(from), Endpoint::Pod(to));
    if ports.allowed == PortSet::full() {
        Some("Allowed ".to_owned())
    } else if !ports.allowed.is_empty() {
        Some(format!("Allowed {}", label(&ports.allowed)))
    } else if !ports.unknown.is_empty() {
        Some("Unknown ".to_owned())
    } else {
        None
    }
}

/// Taken apart, the edges are what gets through between any two pods.
fn is_what_gets_through(world: &World) -> Result<(), TestCaseError> {
    let graph = world.network.picture(&world.inventory).unwrap();
    if graph
        .notes
        .iter()
        .any(|note| note.starts_with("No policy keeps"))
    {
        for from in world.network.pods() {
            for to in world.network.pods() {
                let ports = world.network.ports(Endpoint::Pod(from), Endpoint::Pod(to));
                prop_assert_eq!(ports.allowed, PortSet::full());
            }
        }
        return Ok(());
    }
    let drawn = drawn(world, &graph)?;
    for from in world.network.pods() {
        for to in world.network.pods().filter(|&to| to != from) {
            let found = drawn.get(&(from, to)).cloned();
            prop_assert_eq!(
                found,
                expected(world, from, to),
                "{:?} to {:?}: {:?}",
                from,
                to,
                graph.edges()
            );
        }
    }
    Ok(())
}

/// Taken apart, the edges around a pod are what gets to it and what it gets to, and no more.
fn is_what_is_around(world: &World) -> Result<(), TestCaseError> {
    for own in world.network.pods() {
        let around = world
            .network
            .picture_around(&world.inventory, "", &[own], 1)
            .unwrap();
        let drawn = drawn(world, &around)?;
        let mut all = BTreeMap::new();
        for other in world.network.pods().filter(|&other| other != own) {
            for (from, to) in [(own, other), (other, own)] {
                all.extend(expected(world, from, to).map(|text| ((from, to), text)));
            }
        }
        prop_assert_eq!(drawn, all, "around {:?}: {:?}", own, around.edges());
    }
    Ok(())
}

/// The ports as `PortSet` prints them, grouped by protocol.
fn label(ports: &PortSet) -> String {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for range in ports.to_string().split(", ") {
        let (numbers, protocol) = range.split_once('/').unwrap();
        let numbers = if numbers == "*" { "every" } else { numbers };
        match groups.last_mut() {
            Some((last, same)) if last == protocol => same.push(numbers.to_owned()),
            _ => groups.push((protocol.to_owned(), vec![numbers.to_owned()])),
        }
    }
    let group =
        |(protocol, numbers): &(String, Vec<String>)| format!("{}/{protocol}", numbers.join(", "));
    groups.iter().map(group).collect::<Vec<_>>().join("; ")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn flows_are_those_between_pods(cluster in cluster()) {
        is_what_gets_through(&World::new(&cluster.yaml(true)))?;
        is_what_gets_through(&World::new(&cluster.yaml(false)))?;
    }

    #[test]
    fn what_is_around_a_pod_is_what_it_has_to_do_with(cluster in cluster()) {
        is_what_is_around(&World::new(&cluster.yaml(true)))?;
        is_what_is_around(&World::new(&cluster.yaml(false)))?;
    }
}

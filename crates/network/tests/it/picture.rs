//! The network as a graph: it says what is between the pods, and no more.

use std::collections::{BTreeMap, BTreeSet};

use model::Graph;
use model::graph::{EdgeStyle, NodeIndex};
use network::{Direction, Endpoint, PodId, PortSet, Truth};
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
    let mut drawn: BTreeMap<(PodId, PodId), String> = BTreeMap::new();
    for edge in graph.edges() {
        for from in pods(world, &graph, edge.from) {
            for to in pods(world, &graph, edge.to) {
                if from != to {
                    let before =
                        drawn.insert((from, to), format!("{:?} {}", edge.style, edge.label));
                    prop_assert_eq!(before, None, "two edges for {:?} and {:?}", from, to);
                }
            }
        }
    }
    for from in world.network.pods() {
        for to in world.network.pods().filter(|&to| to != from) {
            let ports = world.network.ports(Endpoint::Pod(from), Endpoint::Pod(to));
            let expected = if !ports.allowed.is_empty() {
                let all = ports.allowed == PortSet::full();
                Some(format!(
                    "Allowed {}",
                    if all {
                        String::new()
                    } else {
                        label(&ports.allowed)
                    }
                ))
            } else if !ports.unknown.is_empty() {
                Some("Unknown ".to_owned())
            } else {
                None
            };
            prop_assert_eq!(
                drawn.get(&(from, to)).cloned(),
                expected,
                "{:?} to {:?}: {:?}",
                from,
                to,
                graph.edges()
            );
        }
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
}

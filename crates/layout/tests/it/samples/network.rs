//! Workloads in namespaces: each a small service graph, a few flows between them, and a way in.

use model::graph::{Edge, EdgeStyle, Group, Kind, Node, NodeIndex, Outline};
use model::{Graph, Severity};

use super::random::Random;

const fn kind(one: &'static str, many: &'static str, outline: Outline) -> Kind {
    Kind { one, many, outline }
}

const INTERNET: Kind = kind("internet", "internet", Outline::Double);
const WORKLOAD: Kind = kind("workload", "workloads", Outline::Box);
const NAMESPACE: Kind = kind("namespace", "namespaces", Outline::Octagon);

const ROLES: [&str; 10] = [
    "frontend",
    "api",
    "db",
    "cache",
    "worker",
    "queue",
    "search-indexer",
    "auth",
    "report-generator",
    "mailer",
];
const NAMESPACES: [&str; 10] = [
    "shop",
    "payments",
    "monitoring",
    "logging",
    "identity",
    "data-platform",
    "ci",
    "ingress",
    "mail",
    "search",
];
const PORTS: [&str; 5] = [
    "tcp 8080",
    "tcp 5432",
    "tcp 6379",
    "tcp 9090",
    "tcp 443, 8443",
];

/// So many workloads, twelve a namespace.
pub(crate) fn network(workloads: usize) -> Graph {
    let mut random = Random::new(workloads as u64 + 7);
    let mut graph = Graph::new(
        format!("Who reaches whom: {workloads} workloads"),
        "Namespaces with their workloads, the traffic that network policies allow between them, and what is reached from outside.",
    );
    let internet = graph.add_node(Node {
        ..Node::new("internet", INTERNET, "Internet")
    });
    let mut spaces: Vec<Vec<NodeIndex>> = Vec::new();
    for index in 0..workloads {
        let space = index / 12;
        let name = format!(
            "{}{}",
            NAMESPACES[space % 10],
            if space < 10 {
                String::new()
            } else {
                format!("-{}", space / 10)
            }
        );
        let group = graph.add_group(Group::new(
            format!("namespace/{name}"),
            NAMESPACE,
            name.clone(),
        ));
        let role = ROLES[index % 12 % 10];
        let label = format!("{role}{}", if index % 12 < 10 { "" } else { "-v2" });
        let node = graph.add_node(Node {
            detail: ["Deployment", "StatefulSet", "DaemonSet"][random.below(3)].to_owned(),
            group: Some(group),
            risk: random.chance(6).then_some(Severity::Medium),
            ..Node::new(format!("workload/{name}/{label}"), WORKLOAD, label)
        });
        if spaces.len() <= space {
            spaces.push(Vec::new());
        }
        spaces[space].push(node);
    }
    for space in &spaces {
        for (index, &node) in space.iter().enumerate().skip(1) {
            if random.chance(65) {
                let from = space[random.below(index.min(4))];
                graph.add_edge(Edge {
                    label: (*random.pick(&PORTS)).to_owned(),
                    style: if random.chance(8) {
                        EdgeStyle::Unknown
                    } else {
                        EdgeStyle::Allowed
                    },
                    ..Edge::new(from, node, EdgeStyle::Allowed)
                });
            }
        }
        if random.chance(40) {
            graph.add_edge(Edge {
                risk: Some(Severity::High),
                label: "tcp 443".to_owned(),
                ..Edge::new(internet, space[0], EdgeStyle::Allowed)
            });
        }
        if random.chance(50) {
            let other = random.below(spaces.len());
            let to = *random.pick(&spaces[other]);
            if to != space[0] {
                graph.add_edge(Edge {
                    label: "tcp 8080".to_owned(),
                    ..Edge::new(space[0], to, EdgeStyle::Allowed)
                });
            }
        }
    }
    graph
}

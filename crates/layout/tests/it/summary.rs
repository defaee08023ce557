//! Summaries fit, lose nothing without saying so, and say the same each time.

use std::collections::BTreeSet;

use layout::summary::{Budget, around, fit};
use model::graph::{Edge, EdgeStyle, Group, Kind, Node, NodeIndex, Outline};
use model::{Graph, Severity};
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

use crate::graphs::{Shape, graph};
use crate::samples::{network::network, paths::paths, rbac::rbac};

const ACCOUNT: Kind = Kind {
    one: "service account",
    many: "service accounts",
    outline: Outline::Pill,
};
const BINDING: Kind = Kind {
    one: "RoleBinding",
    many: "RoleBindings",
    outline: Outline::Slanted,
};
const ROLE: Kind = Kind {
    one: "Role",
    many: "Roles",
    outline: Outline::Hexagon,
};

fn budget(nodes: usize, edges: usize) -> Budget {
    Budget { nodes, edges }
}

/// Each node as: names, how many, detail.
fn nodes(graph: &Graph) -> Vec<String> {
    let line = |node: &Node| {
        format!(
            "{} ×{} {}",
            node.label.join("|"),
            node.stands_for,
            node.detail
        )
    };
    graph
        .nodes()
        .iter()
        .map(|node| line(node).trim_end().to_owned())
        .collect()
}

fn edges(graph: &Graph) -> Vec<String> {
    let name = |index: NodeIndex| graph.node(index).label.join("|");
    let line = |edge: &Edge| {
        format!(
            "{} → {} ×{} {}",
            name(edge.from),
            name(edge.to),
            edge.stands_for,
            edge.label
        )
    };
    graph
        .edges()
        .iter()
        .map(|edge| line(edge).trim_end().to_owned())
        .collect()
}

#[test]
fn what_fits_stays_as_it_is() {
    let graph = rbac(5);
    let fitted = fit(&graph, budget(100, 100));
    assert_eq!(layout::svg(&fitted), layout::svg(&graph));
}

#[test]
fn nodes_with_the_same_neighbours_become_one() {
    let mut graph = Graph::new("", "");
    let role = graph.add_node(Node::new("role", ROLE, "view"));
    for name in ["a", "b", "c", "d"] {
        let account = graph.add_node(Node::new(name, ACCOUNT, name));
        graph.add_edge(Edge {
            label: if name == "d" {
                "other".to_owned()
            } else {
                String::new()
            },
            ..Edge::new(account, role, EdgeStyle::Grants)
        });
    }
    let small = fit(&graph, budget(3, 10));
    assert_eq!(nodes(&small), ["view ×1", "a|and 2 more ×3", "d ×1"]);
    assert_eq!(
        edges(&small),
        ["d → view ×1 other", "a|and 2 more → view ×3"]
    );
    assert_eq!(small.nodes()[1].tooltip.as_deref(), Some("a\nb\nc"));
    assert_eq!(
        small.notes,
        [
            "A summary of 5 nodes and 4 edges: 1 box with a second sheet stands for several things that are alike or less important."
        ]
    );
}

#[test]
fn chains_that_are_alike_become_one() {
    let mut graph = Graph::new("", "");
    let role = graph.add_node(Node::new("role", ROLE, "view"));
    for name in ["a", "b", "c"] {
        let account = graph.add_node(Node::new(name, ACCOUNT, name));
        let binding = graph.add_node(Node::new(
            format!("{name}-binding"),
            BINDING,
            format!("{name}-view"),
        ));
        graph.add_edge(Edge::new(account, binding, EdgeStyle::Related));
        graph.add_edge(Edge::new(binding, role, EdgeStyle::Grants));
    }
    let small = fit(&graph, budget(3, 10));
    assert_eq!(
        nodes(&small),
        ["view ×1", "a|and 2 more ×3", "a-view|and 2 more ×3"]
    );
    assert_eq!(
        edges(&small),
        [
            "a|and 2 more → a-view|and 2 more ×3",
            "a-view|and 2 more → view ×3"
        ]
    );
}

#[test]
fn groups_close_and_keep_their_worst() {
    let mut graph = Graph::new("", "");
    let outside = graph.add_node(Node::new("outside", ROLE, "outside"));
    for name in ["quiet", "loud"] {
        let group = graph.add_group(Group::new(name, ROLE, name));
        let mut before = outside;
        for index in 0..4 {
            let node = graph.add_node(Node {
                group: Some(group),
                risk: (name == "loud" && index == 1).then_some(Severity::High),
                ..Node::new(
                    format!("{name}/{index}"),
                    ACCOUNT,
                    format!("{name}-{index}"),
                )
            });
            graph.add_edge(Edge {
                label: format!("port {index}"),
                ..Edge::new(before, node, EdgeStyle::Allowed)
            });
            before = node;
        }
    }
    let small = fit(&graph, budget(6, 10));
    assert_eq!(
        nodes(&small),
        [
            "outside ×1",
            "quiet ×4 4 service accounts",
            "loud-0 ×1",
            "loud-1 ×1",
            "loud-2 ×1",
            "loud-3 ×1"
        ]
    );
    assert_eq!(edges(&small)[4], "outside → quiet ×1 port 0");
    let smaller = fit(&graph, budget(3, 10));
    assert_eq!(nodes(&smaller)[2], "loud ×4 4 service accounts");
    assert_eq!(smaller.nodes()[2].risk, Some(Severity::High));
    assert!(smaller.groups().is_empty());
}

/// Namespaces with accounts, each reached from outside by another port as many others are.
fn namespaces(count: usize) -> Graph {
    const NAMESPACE: Kind = Kind {
        one: "namespace",
        many: "namespaces",
        outline: Outline::Octagon,
    };
    let mut graph = Graph::new("", "");
    let outside = graph.add_node(Node::new("outside", ROLE, "outside"));
    for number in 0..count {
        let name = format!("team-{number}");
        let group = graph.add_group(Group::new(name.clone(), NAMESPACE, name.clone()));
        for index in 0..3 {
            let node = graph.add_node(Node {
                group: Some(group),
                ..Node::new(
                    format!("{name}/{index}"),
                    ACCOUNT,
                    format!("{name}-{index}"),
                )
            });
            graph.add_edge(Edge {
                label: format!("port {index}"),
                ..Edge::new(outside, node, EdgeStyle::Allowed)
            });
        }
    }
    graph
}

#[test]
fn closed_groups_that_become_one_are_counted_as_groups() {
    let small = fit(&namespaces(90), budget(4, 10));
    assert_eq!(nodes(&small), ["outside ×1", "team-0|and 89 more ×270"]);
    let tooltip = small.nodes()[1].tooltip.as_deref().unwrap_or_default();
    let lines: Vec<&str> = tooltip.lines().collect();
    assert_eq!((lines[1], lines[60]), ("team-1", "… and 30 more"));
}

#[test]
fn the_least_important_become_the_rest() {
    let mut graph = Graph::new("", "");
    let nodes_of: Vec<NodeIndex> = (0..40)
        .map(|index| {
            graph.add_node(Node {
                risk: (index == 33).then_some(Severity::Low),
                ..Node::new(format!("{index}"), ACCOUNT, format!("account-{index}"))
            })
        })
        .collect();
    // No two of them have the same neighbours.
    for (index, &node) in nodes_of.iter().enumerate().skip(1) {
        for &other in &nodes_of[..index.min(5)] {
            if index % 7 != other.index() {
                graph.add_edge(Edge {
                    label: format!("{index}"),
                    ..Edge::new(node, other, EdgeStyle::Escalates)
                });
            }
        }
    }
    let small = fit(&graph, budget(10, 1_000));
    let names = nodes(&small);
    assert!(names.len() <= 10);
    assert!(names.contains(&"account-33 ×1".to_owned()), "{names:?}");
    assert_eq!(
        small
            .nodes()
            .iter()
            .map(|node| node.stands_for)
            .sum::<u32>(),
        40
    );
}

#[test]
fn large_graphs_fit() {
    for graph in [rbac(1_000), network(1_000), paths(1_000)] {
        let small = fit(&graph, Budget::default());
        assert!(small.nodes().len() <= Budget::default().nodes);
        assert!(small.edges().len() <= Budget::default().edges);
        let all: u32 = small.nodes().iter().map(|node| node.stands_for).sum();
        assert_eq!(all as usize, graph.nodes().len());
    }
}

#[test]
fn what_is_around_a_node_ends_after_some_steps() {
    let mut graph = Graph::new("", "");
    let row: Vec<NodeIndex> = (0..6)
        .map(|index| graph.add_node(Node::new(format!("{index}"), ROLE, format!("{index}"))))
        .collect();
    for pair in row.windows(2) {
        graph.add_edge(Edge::new(pair[0], pair[1], EdgeStyle::Grants));
    }
    let near = around(&graph, &[row[2]], 1);
    assert_eq!(edges(&near), ["1 → 2 ×1", "2 → 3 ×1"]);
    assert_eq!(
        near.notes,
        ["3 nodes are not on a way of at most one step and are left out."]
    );
    let all = around(&graph, &[row[2]], 5);
    assert_eq!((all.nodes().len(), all.notes.len()), (6, 0));
}

/// Who is reached along edges in so many steps, by going through all edges again and again.
fn naive(graph: &Graph, root: NodeIndex, steps: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for is_forward in [true, false] {
        let mut reached = BTreeSet::from([root]);
        for _ in 0..steps {
            let before = reached.clone();
            for edge in graph.edges() {
                let (near, far) = if is_forward {
                    (edge.from, edge.to)
                } else {
                    (edge.to, edge.from)
                };
                if before.contains(&near) {
                    reached.insert(far);
                }
            }
        }
        found.append(&mut reached);
    }
    found
        .into_iter()
        .map(|index| graph.node(index).id.clone())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]
    #[test]
    fn summaries_fit_and_say_so(
        seed in 0u64..1_000_000, nodes in 0usize..60, edges in 0usize..120, groups in 0usize..8, layers in 0usize..4,
        limit in 25usize..60, edge_limit in 10usize..80,
    ) {
        let graph = graph(Shape { seed, nodes, edges, groups, layers });
        let limits = budget(limit, edge_limit);
        let small = fit(&graph, limits);
        prop_assert!(small.edges().len() <= edge_limit);
        let is_small = nodes <= limit && (nodes == 0 || edges <= edge_limit);
        prop_assert_eq!(small.notes.is_empty(), is_small);
        let all: u32 = graph.nodes().iter().map(|node| node.stands_for).sum();
        let left: u32 = small.nodes().iter().map(|node| node.stands_for).sum();
        prop_assert_eq!(all, left);
        let of_nodes = |graph: &Graph| graph.nodes().iter().filter_map(|node| node.risk).max();
        let of_groups = |graph: &Graph| graph.groups().iter().filter_map(|group| group.risk).max();
        prop_assert!(of_nodes(&small) >= of_nodes(&graph));
        prop_assert!(of_nodes(&small) <= of_nodes(&graph).max(of_groups(&graph)));
        prop_assert_eq!(layout::svg(&small), layout::svg(&fit(&graph, limits)));
    }

    #[test]
    fn what_is_around_is_what_a_naive_search_finds(
        seed in 0u64..1_000_000, nodes in 1usize..20, edges in 0usize..30, root in 0usize..20, steps in 0usize..5,
    ) {
        let graph = graph(Shape { seed, nodes, edges, groups: 2, layers: 0 });
        let root = graph.node_indexes().nth(root % nodes).unwrap();
        let near = around(&graph, &[root], steps);
        let found: BTreeSet<String> = near.nodes().iter().map(|node| node.id.clone()).collect();
        prop_assert_eq!(found, naive(&graph, root, steps));
    }
}

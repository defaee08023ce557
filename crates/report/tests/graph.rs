//! A graph as JSON.

use model::graph::{Arrows, Edge, EdgeStyle, Group, Kind, Node, Outline};
use model::{Graph, Severity};
use report::render_graph;

fn graph() -> Graph {
    let kind = |one, many| Kind {
        one,
        many,
        outline: Outline::Box,
    };
    let mut graph = Graph::new("Who can talk to whom", "Two pods.");
    graph.layers = vec!["Senders".to_owned()];
    graph.notes.push("One flow is dotted.".to_owned());
    let outer = graph.add_group(Group::new("cluster", kind("cluster", "clusters"), "prod"));
    let group = graph.add_group(Group {
        parent: Some(outer),
        risk: Some(Severity::High),
        ..Group::new("namespace/shop", kind("namespace", "namespaces"), "shop")
    });
    let web = graph.add_node(Node {
        group: Some(group),
        layer: Some(0),
        detail: "Deployment".to_owned(),
        ..Node::new("web", kind("workload", "workloads"), "web \"<1>\"")
    });
    let others = graph.add_node(Node {
        stands_for: 3,
        tooltip: Some("a\nb\nc".to_owned()),
        ..Node::new("others", kind("workload", "workloads"), "a")
    });
    graph.add_edge(Edge {
        label: "80/TCP".to_owned(),
        risk: Some(Severity::Low),
        ..Edge::new(web, others, EdgeStyle::Allowed)
    });
    graph.add_edge(Edge {
        arrows: Arrows::Both,
        stands_for: 2,
        ..Edge::new(others, web, EdgeStyle::Unknown)
    });
    graph
}

#[test]
fn all_that_a_graph_says_is_in_its_json() {
    let mut out = Vec::new();
    render_graph(&graph(), &mut out).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap());
}

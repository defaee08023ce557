//! DOT and Mermaid, as other programs read them.

use model::graph::{Arrows, Edge, EdgeStyle, Group, Kind, Node, Outline};
use model::{Graph, Severity};
use proptest::prelude::{any, prop_assert, prop_assert_eq, prop_assume, proptest};

fn kind(one: &'static str, many: &'static str, outline: Outline) -> Kind {
    Kind { one, many, outline }
}

/// A bit of everything.
fn example() -> Graph {
    let mut graph = Graph::new("Ways to \"admin\"", "What leads there.");
    graph.notes.push("12 nodes are left out.".to_owned());
    graph.layers = vec!["Pods".to_owned(), "Goals".to_owned()];
    let namespace = kind("namespace", "namespaces", Outline::Octagon);
    let shop = graph.add_group(Group {
        risk: Some(Severity::High),
        ..Group::new("namespace/shop", namespace, "shop")
    });
    let inner = graph.add_group(Group {
        parent: Some(shop),
        ..Group::new("namespace/shop/inner", namespace, "inner")
    });
    let pod = kind("pod", "pods", Outline::Box);
    let web = graph.add_node(Node {
        group: Some(inner),
        detail: "Deployment".to_owned(),
        ..Node::new("pod/shop/web", pod, "web")
    });
    let workers = graph.add_node(Node {
        layer: Some(0),
        stands_for: 12,
        tooltip: Some("worker-1\nworker-2".to_owned()),
        ..Node::new("pod/workers", pod, "worker-1")
    });
    let other = graph.add_node(Node {
        layer: Some(0),
        ..Node::new("pod/other", pod, "back\\slash {curly} [square]")
    });
    let admin = graph.add_node(Node {
        risk: Some(Severity::Critical),
        link: Some("https://kubernetes.io/docs/".to_owned()),
        ..Node::new(
            "goal/admin",
            kind("goal", "goals", Outline::Double),
            "cluster-admin",
        )
    });
    graph.add_edge(Edge {
        label: "reads its \"token\"".to_owned(),
        risk: Some(Severity::Critical),
        ..Edge::new(web, admin, EdgeStyle::Escalates)
    });
    graph.add_edge(Edge {
        arrows: Arrows::Both,
        ..Edge::new(web, workers, EdgeStyle::Allowed)
    });
    graph.add_edge(Edge::new(workers, other, EdgeStyle::Denied));
    graph.add_edge(Edge {
        arrows: Arrows::Neither,
        ..Edge::new(other, other, EdgeStyle::Unknown)
    });
    graph
}

#[test]
fn dot_has_clusters_layers_and_styles() {
    insta::assert_snapshot!(layout::dot(&example()));
}

#[test]
fn mermaid_has_subgraphs_shapes_and_styles() {
    insta::assert_snapshot!(layout::mermaid(&example()));
}

/// The text without its strings; an error where one does not end.
fn without_strings(dot: &str) -> Result<String, String> {
    let mut rest = String::new();
    let mut characters = dot.chars();
    while let Some(character) = characters.next() {
        if character != '"' {
            rest.push(character);
            continue;
        }
        loop {
            match characters.next() {
                Some('\\') => drop(characters.next()),
                Some('"') => break,
                Some(_) => {}
                None => return Err(format!("a string that does not end: {dot}")),
            }
        }
    }
    Ok(rest)
}

fn named(name: &str) -> Graph {
    let mut graph = Graph::new(name, "");
    let pod = kind("pod", "pods", Outline::Box);
    let group = graph.add_group(Group::new(name, pod, name));
    let node = graph.add_node(Node {
        group: Some(group),
        tooltip: Some(name.to_owned()),
        ..Node::new(name, pod, name)
    });
    graph.add_edge(Edge {
        label: format!("x{name}"),
        ..Edge::new(node, node, EdgeStyle::Allowed)
    });
    graph
}

proptest! {
    /// Whatever names are, what is outside of strings is the same.
    #[test]
    fn names_stay_in_their_strings(name in any::<String>()) {
        prop_assume!(!name.is_empty());
        let plain = without_strings(&layout::dot(&named("a"))).unwrap();
        let own = without_strings(&layout::dot(&named(&name)));
        prop_assert_eq!(own, Ok(plain));
        let mermaid = layout::mermaid(&named(&name));
        prop_assert_eq!(mermaid.lines().count(), layout::mermaid(&named("a")).lines().count());
        for line in mermaid.lines().skip(3).filter(|line| line.contains('"')) {
            prop_assert_eq!(line.matches('"').count(), 2, "{}", line);
            let text = line.split('"').nth(1).unwrap_or_default();
            let markup = ['[', ']', '{', '}', '`', '|', '<'];
            let is_clean = !text.replace("<br>", "").contains(markup.as_slice());
            prop_assert!(is_clean, "{}", line);
        }
    }
}

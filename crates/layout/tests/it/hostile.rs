//! Names that somebody chose in order to break the picture, or whoever looks at it.

use model::graph::{Edge, EdgeStyle, Group, Kind, Node, Outline};
use model::{Graph, Severity};
use proptest::prelude::{ProptestConfig, any, prop_assert, proptest};
use roxmltree::Document;

use crate::picture::Picture;

const POD: Kind = Kind {
    one: "pod",
    many: "pods",
    outline: Outline::Box,
};

/// Two nodes, an edge and a group that are all called the same.
fn named(name: &str) -> Graph {
    let mut graph = Graph::new(name, name);
    graph.notes.push(name.to_owned());
    graph.layers.push(name.to_owned());
    let group = graph.add_group(Group {
        tooltip: Some(name.to_owned()),
        ..Group::new(name, POD, name)
    });
    let node = |id: String| Node {
        detail: name.to_owned(),
        group: Some(group),
        link: Some(name.to_owned()),
        tooltip: Some(name.to_owned()),
        ..Node::new(id, POD, name)
    };
    let first = graph.add_node(node(name.to_owned()));
    let second = graph.add_node(node(format!("{name} 2")));
    graph.add_edge(Edge {
        label: name.to_owned(),
        risk: Some(Severity::High),
        tooltip: Some(name.to_owned()),
        ..Edge::new(first, second, EdgeStyle::Escalates)
    });
    graph
}

/// Only what pictures are made of, with attributes that do nothing.
fn is_harmless(svg: &str) -> Result<(), String> {
    const ELEMENTS: [&str; 9] = [
        "svg", "title", "desc", "style", "g", "a", "rect", "path", "text",
    ];
    let document = Document::parse(svg).map_err(|error| format!("{error} in {svg}"))?;
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        if !ELEMENTS.contains(&name) {
            return Err(format!("an element {name}"));
        }
        for attribute in node.attributes() {
            let value = attribute.value().trim().to_ascii_lowercase();
            let is_event = attribute.name().starts_with("on");
            let is_script = attribute.name() == "href" && value.contains("script:");
            let is_loaded = value.contains("url(");
            if is_event || is_script || (is_loaded && attribute.name() != "data-id") {
                return Err(format!("{}={value}", attribute.name()));
            }
        }
        if name == "style" && node.text().unwrap_or_default().contains("url") {
            return Err("a style sheet that loads".to_owned());
        }
    }
    Ok(())
}

const NAMES: [&str; 14] = [
    "",
    " ",
    "<script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "' onload='alert(1)",
    "]]><!--",
    "&lt;&amp;&#0;&bogus;",
    "javascript:alert(1)",
    "line\nbreak\r\nand\ttab",
    "nul\0, escape \u{1b}[31m, bell \u{7}",
    "right to left \u{202e}gnp.exe, שלום עולם, مرحبا",
    "\u{feff}\u{200b}\u{fffe}\u{ffff}",
    "Zalgo\u{334}\u{31b}\u{335}\u{322}\u{321}\u{330}\u{31f}\u{317}\u{339}\u{319}\u{326}\u{318}",
    "日本語の名前 🚀👩‍👩‍👧‍👦",
];

#[test]
fn hostile_names_are_only_names() {
    for name in NAMES {
        let graph = named(name);
        let svg = layout::svg(&graph);
        is_harmless(&svg).unwrap();
        assert!(!svg.contains("<script"), "{svg}");
        for forbidden in ['\u{202e}', '\0', '\u{1b}', '\u{fffe}'] {
            let written = [svg.clone(), layout::dot(&graph), layout::mermaid(&graph)];
            assert!(
                written.iter().all(|text| !text.contains(forbidden)),
                "{name:?}"
            );
        }
    }
}

#[test]
fn long_names_are_shortened_and_there_in_full() {
    let name = "very-long-name.".repeat(20);
    let graph = named(&name);
    let svg = layout::svg(&graph);
    let picture = Picture::read(&svg);
    assert!(picture.whole.right < 1_200.0, "{}", picture.whole.right);
    assert!(picture.all_texts().all(|text| text.text.len() < 150));
    let document = Document::parse(&svg).unwrap();
    let titles = document
        .descendants()
        .filter(|node| node.has_tag_name("title"));
    let full = titles.filter(|title| title.text().is_some_and(|text| text.contains(&name)));
    assert!(
        full.count() >= 4,
        "nodes, the edge and the group have their names in full"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_text_is_only_text(name in any::<String>()) {
        let graph = named(&name);
        let outcome = is_harmless(&layout::svg(&graph));
        prop_assert!(outcome.is_ok(), "{outcome:?}");
    }
}

//! A graph in the language of Graphviz.

use std::fmt::Write;

use model::graph::{Arrows, Edge, EdgeStyle, GroupIndex, Node, Outline};
use model::{Graph, Severity};

use crate::text::clean;
use crate::words::{heading, is_harmless, lines};

/// Writes a graph as DOT: `dot -Tsvg` draws it. The same graph gives the same bytes.
pub fn dot(graph: &Graph) -> String {
    let mut out = Dot {
        text: String::new(),
        depth: 1,
    };
    out.text.push_str("digraph {\n");
    out.line(&format!(
        "graph [rankdir=LR, label={}, labelloc=t, fontname=\"Helvetica\", compound=true]",
        quoted(&clean(&graph.title))
    ));
    out.line("node [shape=box, fontname=\"Helvetica\", fontsize=11]");
    out.line("edge [fontname=\"Helvetica\", fontsize=9]");
    for note in &graph.notes {
        out.line(&format!("// {}", clean(note)));
    }
    out.level(graph, None);
    out.layers(graph);
    for edge in graph.edges() {
        let [from, to] = [edge.from, edge.to].map(|end| quoted(&clean(&graph.node(end).id)));
        out.line(&format!("{from} -> {to} [{}]", of_edge(edge)));
    }
    out.text.push_str("}\n");
    out.text
}

struct Dot {
    text: String,
    depth: usize,
}

impl Dot {
    fn line(&mut self, line: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.text, "{:indent$}{line}", "", indent = 2 * self.depth);
    }

    /// What is directly in a group, or in none, and the groups there.
    fn level(&mut self, graph: &Graph, parent: Option<GroupIndex>) {
        for node in graph.nodes().iter().filter(|node| node.group == parent) {
            self.line(&format!("{} [{}]", quoted(&clean(&node.id)), of_node(node)));
        }
        for (index, group) in graph.group_indexes().zip(graph.groups()) {
            if group.parent != parent {
                continue;
            }
            // Graphviz draws a frame around what has a name that begins like this.
            let name = format!("cluster {}", clean(&group.id));
            self.line(&format!("subgraph {} {{", quoted(&name)));
            self.depth += 1;
            self.line(&format!("label={}", quoted(&heading(group))));
            if let Some(risk) = group.risk {
                self.line(&format!("color=\"{}\"", color(risk)));
            }
            self.level(graph, Some(index));
            self.depth -= 1;
            self.line("}");
        }
    }

    /// Nodes of one layer stand side by side, as far as they are in no group.
    fn layers(&mut self, graph: &Graph) {
        for layer in 0..graph.layers.len() as u32 {
            let members = graph.nodes().iter();
            let members = members.filter(|node| node.layer == Some(layer) && node.group.is_none());
            let names: Vec<String> = members.map(|node| quoted(&clean(&node.id))).collect();
            if names.len() > 1 {
                self.line(&format!("{{ rank=same; {} }}", names.join("; ")));
            }
        }
    }
}

fn of_node(node: &Node) -> String {
    let mut attributes = format!("label={}", quoted(&lines(node).join("\n")));
    let (shape, style, peripheries) = match node.kind.outline {
        Outline::Box => ("box", "", 1),
        Outline::Pill => ("box", "rounded", 1),
        Outline::Hexagon => ("hexagon", "", 1),
        Outline::Slanted => ("parallelogram", "", 1),
        Outline::Note => ("note", "", 1),
        Outline::Cylinder => ("cylinder", "", 1),
        Outline::Octagon => ("octagon", "", 1),
        Outline::Double => ("box", "rounded", 2),
    };
    attributes += &format!(", shape={shape}");
    if !style.is_empty() {
        attributes += &format!(", style={style}");
    }
    if peripheries > 1 {
        attributes += &format!(", peripheries={peripheries}");
    }
    if let Some(risk) = node.risk {
        attributes += &format!(", color=\"{}\", penwidth={}", color(risk), width(risk));
    }
    if let Some(link) = node.link.as_deref().filter(|link| is_harmless(link)) {
        attributes += &format!(", URL={}", quoted(link));
    }
    attributes + &tooltip(node.tooltip.as_deref())
}

fn of_edge(edge: &Edge) -> String {
    let (style, head) = match edge.style {
        EdgeStyle::Related => ("solid", "vee"),
        EdgeStyle::Allowed | EdgeStyle::Grants => ("solid", "normal"),
        EdgeStyle::Escalates => ("solid", "normalnormal"),
        EdgeStyle::Denied => ("dashed", "tee"),
        EdgeStyle::Unknown => ("dotted", "empty"),
    };
    let mut attributes = format!("class={}, style={style}", edge.style.as_str());
    attributes += &match edge.arrows {
        Arrows::Forward => format!(", arrowhead={head}"),
        Arrows::Both => format!(", dir=both, arrowhead={head}, arrowtail={head}"),
        Arrows::Neither => ", dir=none".to_owned(),
    };
    let mut label = clean(&edge.label);
    if let Some(risk) = edge.risk {
        attributes += &format!(", color=\"{}\", penwidth={}", color(risk), width(risk));
        if !label.is_empty() {
            label += &format!(" ({risk})");
        }
    }
    if !label.is_empty() {
        attributes += &format!(", label={}", quoted(&label));
    }
    attributes + &tooltip(edge.tooltip.as_deref())
}

fn tooltip(tooltip: Option<&str>) -> String {
    let lines: Vec<String> = tooltip
        .iter()
        .flat_map(|text| text.lines())
        .map(clean)
        .collect();
    if lines.is_empty() {
        String::new()
    } else {
        format!(", tooltip={}", quoted(&lines.join("\n")))
    }
}

fn color(risk: Severity) -> &'static str {
    match risk {
        Severity::Low => "#2563a8",
        Severity::Medium => "#8a6100",
        Severity::High => "#b93c08",
        Severity::Critical => "#a40e4c",
    }
}

fn width(risk: Severity) -> &'static str {
    match risk {
        Severity::Low => "1",
        Severity::Medium => "1.5",
        Severity::High => "2",
        Severity::Critical => "3",
    }
}

/// A string: Graphviz reads escapes such as `\N` in it, and so a backslash is two.
fn quoted(text: &str) -> String {
    let text = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{text}\"")
}

//! A graph as a flow chart of Mermaid, for Markdown that shows such.

use std::collections::BTreeSet;
use std::fmt::Write;

use model::graph::{Arrows, Edge, EdgeStyle, GroupIndex, Node, Outline};
use model::{Graph, Severity};

use crate::text::clean;
use crate::words::{heading, lines};

/// Writes a graph as a Mermaid flow chart. The same graph gives the same bytes.
///
/// Nodes are numbered, because Mermaid has no escapes in ids.
pub fn mermaid(graph: &Graph) -> String {
    let mut out = Chart {
        text: String::new(),
        depth: 1,
    };
    let title = clean(&graph.title)
        .replace('\\', "\\\\")
        .replace('"', "\\\"");
    let _ = writeln!(out.text, "---\ntitle: \"{title}\"\n---\nflowchart LR");
    for note in &graph.notes {
        out.line(&format!("%% {}", clean(note).replace(['{', '}'], " ")));
    }
    out.level(graph, None);
    for edge in graph.edges() {
        out.edge(edge);
    }
    out.risks(graph);
    out.text
}

struct Chart {
    text: String,
    depth: usize,
}

impl Chart {
    fn line(&mut self, line: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.text, "{:indent$}{line}", "", indent = 2 * self.depth);
    }

    /// What is directly in a group, or in none, and the groups there.
    fn level(&mut self, graph: &Graph, parent: Option<GroupIndex>) {
        for (index, node) in graph.nodes().iter().enumerate() {
            if node.group == parent {
                self.line(&format!("n{index}{}", shape(node)));
            }
        }
        for (index, group) in graph.group_indexes().zip(graph.groups()) {
            if group.parent != parent {
                continue;
            }
            self.line(&format!(
                "subgraph g{}[\"{}\"]",
                index.index(),
                escaped(&heading(group))
            ));
            self.depth += 1;
            self.level(graph, Some(index));
            self.depth -= 1;
            self.line("end");
        }
    }

    fn edge(&mut self, edge: &Edge) {
        let arrow = arrow(edge.style, edge.arrows);
        let label = clean(&edge.label);
        let risk = edge
            .risk
            .map(|risk| format!(" ({risk})"))
            .unwrap_or_default();
        let text = if label.is_empty() {
            String::new()
        } else {
            format!("|\"{}\"|", escaped(&(label + &risk)))
        };
        let (from, to) = (edge.from.index(), edge.to.index());
        self.line(&format!("n{from} {arrow}{text} n{to}"));
    }

    /// Colours and thickness of what is at risk.
    fn risks(&mut self, graph: &Graph) {
        let nodes = graph.nodes().iter().map(|node| node.risk);
        let risks: BTreeSet<Severity> = nodes.clone().flatten().collect();
        for risk in risks.into_iter().rev() {
            let members: Vec<String> = nodes
                .clone()
                .enumerate()
                .filter(|(_, own)| *own == Some(risk))
                .map(|(index, _)| format!("n{index}"))
                .collect();
            self.line(&format!("classDef {risk} {}", style(risk)));
            self.line(&format!("class {} {risk}", members.join(",")));
        }
        for (index, edge) in graph.edges().iter().enumerate() {
            if let Some(risk) = edge.risk {
                self.line(&format!("linkStyle {index} {}", style(risk)));
            }
        }
    }
}

fn shape(node: &Node) -> String {
    let (open, close) = match node.kind.outline {
        Outline::Box => ("[", "]"),
        Outline::Pill => ("([", "])"),
        Outline::Hexagon => ("{{", "}}"),
        Outline::Slanted => ("[/", "/]"),
        Outline::Note => (">", "]"),
        Outline::Cylinder => ("[(", ")]"),
        Outline::Octagon => ("[[", "]]"),
        Outline::Double => ("(((", ")))"),
    };
    let lines: Vec<String> = lines(node).iter().map(|line| escaped(line)).collect();
    format!("{open}\"{}\"{close}", lines.join("<br>"))
}

fn arrow(style: EdgeStyle, arrows: Arrows) -> &'static str {
    match (style, arrows) {
        (EdgeStyle::Escalates, Arrows::Forward) => "==>",
        (EdgeStyle::Escalates, Arrows::Both) => "<==>",
        (EdgeStyle::Escalates, Arrows::Neither) => "===",
        (EdgeStyle::Denied, Arrows::Forward) => "-.-x",
        (EdgeStyle::Denied, Arrows::Both) => "x-.-x",
        (EdgeStyle::Unknown, Arrows::Forward) => "-.->",
        (EdgeStyle::Unknown, Arrows::Both) => "<-.->",
        (EdgeStyle::Denied | EdgeStyle::Unknown, Arrows::Neither) => "-.-",
        (_, Arrows::Forward) => "-->",
        (_, Arrows::Both) => "<-->",
        (_, Arrows::Neither) => "---",
    }
}

fn style(risk: Severity) -> &'static str {
    match risk {
        Severity::Low => "stroke:#2563a8,stroke-width:1px",
        Severity::Medium => "stroke:#8a6100,stroke-width:1.5px",
        Severity::High => "stroke:#b93c08,stroke-width:2px",
        Severity::Critical => "stroke:#a40e4c,stroke-width:3px",
    }
}

/// A text in quotes: everything that could be markup or Mermaid's own is a number.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        let is_plain = character.is_alphanumeric()
            || matches!(
                character,
                ' ' | '-' | '_' | '.' | ',' | ':' | '/' | '@' | '(' | ')' | '·' | '…' | '+' | '='
            );
        if is_plain {
            escaped.push(character);
        } else {
            let _ = write!(escaped, "#{};", u32::from(character));
        }
    }
    escaped
}

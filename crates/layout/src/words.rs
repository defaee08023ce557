//! What all outputs say in the same words.

use model::graph::{Group, Kind, Node};

use crate::text::clean;

/// What a node is; for a summary how many.
pub(crate) fn kind_of(node: &Node) -> String {
    let Kind { one, many, .. } = node.kind;
    if node.stands_for == 1 || one == many {
        one.to_owned()
    } else {
        format!("{} {many}", node.stands_for)
    }
}

/// What a group is, and its name.
pub(crate) fn heading(group: &Group) -> String {
    format!("{} {}", group.kind.one, clean(&group.label))
}

/// All that is written in a node: its name, what it is with its detail, and its risk.
pub(crate) fn lines(node: &Node) -> Vec<String> {
    let mut lines: Vec<String> = node.label.iter().map(|line| clean(line)).collect();
    let detail = clean(&node.detail);
    let kind = kind_of(node);
    lines.push(if detail.is_empty() {
        kind
    } else {
        format!("{kind} · {detail}")
    });
    lines.extend(node.risk.map(|risk| risk.to_string()));
    lines
}

/// Whether a link leads to a page: no scripts, no data.
pub(crate) fn is_harmless(link: &str) -> bool {
    let is_plain = clean(link) == link && !link.contains(char::is_whitespace);
    let scheme = link.split_once(':').map(|(scheme, _)| scheme);
    let is_relative = scheme.is_none_or(|scheme| scheme.contains(['/', '?', '#']));
    let is_web =
        scheme.is_some_and(|scheme| ["http", "https"].contains(&&*scheme.to_ascii_lowercase()));
    is_plain && (is_relative || is_web)
}

#[cfg(test)]
mod tests {
    use super::is_harmless;

    #[test]
    fn only_pages_are_linked() {
        for link in ["https://a.b/c", "http://a", "#x", "docs/a.html", "a/b:c"] {
            assert!(is_harmless(link), "{link}");
        }
        for link in [
            "javascript:alert(1)",
            "JavaScript:x",
            "java\nscript:x",
            "data:text/html,x",
            " javascript:x",
            "vbscript:x",
        ] {
            assert!(!is_harmless(link), "{link}");
        }
    }
}

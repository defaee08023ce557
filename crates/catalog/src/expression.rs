//! Expressions inside a definition: CEL errors on their place in the file, and the holes of messages.

use document::{NodeRef, Path};
use expr::{Checked, Declarations};

use crate::control::MessagePart;
use crate::fields::{Sink, span_of};
use crate::scalar::written_offset;

/// Checks the expression that a scalar holds.
pub(crate) fn check_node(
    node: NodeRef<'_>,
    what: &str,
    declarations: &Declarations,
    sink: &mut Sink,
) -> Option<Checked> {
    match node.as_str() {
        Some(text) => check_part(node, text, 0, declarations, sink),
        // `when: true` is written as often as `when: "true"`.
        None if node.as_bool().is_some() => {
            let text = if node.as_bool() == Some(true) {
                "true"
            } else {
                "false"
            };
            check_part(node, text, 0, declarations, sink)
        }
        None => {
            sink.error(span_of(node), format!("`{what}` must be a CEL expression"));
            None
        }
    }
}

/// Checks `source`, which begins at byte `offset` of the text of a scalar.
fn check_part(
    node: NodeRef<'_>,
    source: &str,
    offset: usize,
    declarations: &Declarations,
    sink: &mut Sink,
) -> Option<Checked> {
    match Checked::parse(source, declarations) {
        Ok(checked) => Some(checked),
        Err(diagnostics) => {
            for diagnostic in diagnostics {
                let at = place_in(node, offset + diagnostic.offset as usize);
                sink.error(at..at + 1, diagnostic.message);
            }
            None
        }
    }
}

/// Byte offset in the file of a byte of a scalar's text.
fn place_in(node: NodeRef<'_>, offset: usize) -> u32 {
    let span = span_of(node);
    let document = node.document();
    let place = document.place(node.origin());
    let written = place.source.slice(&span);
    let value = node.as_str().unwrap_or(written);
    span.start + written_offset(written, value, offset) as u32
}

/// Splits a message at its `{{ }}` holes and checks them.
pub(crate) fn message_parts(
    node: NodeRef<'_>,
    declarations: &Declarations,
    sink: &mut Sink,
) -> Vec<MessagePart> {
    let Some(text) = node.as_str() else {
        sink.error(span_of(node), "`message` must be a text");
        return Vec::new();
    };
    let text = text.trim_end();
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("{{").map(|found| at + found) {
        push_text(&mut parts, &text[at..open]);
        let Some(close) = hole_end(&text[open..]).map(|found| open + found) else {
            let place = place_in(node, open);
            sink.error(place..place + 2, "`}}` is missing after `{{`");
            return parts;
        };
        let hole = &text[open + 2..close];
        parts.extend(check_part(node, hole, open + 2, declarations, sink).map(MessagePart::Hole));
        at = close + 2;
    }
    push_text(&mut parts, &text[at..]);
    if text.ends_with('.') {
        sink.error(span_of(node), "`message` must not end with a full stop");
    }
    parts
}

fn push_text(parts: &mut Vec<MessagePart>, text: &str) {
    if !text.is_empty() {
        parts.push(MessagePart::Text(text.to_owned()));
    }
}

/// Offset of the `}}` that ends a hole, outside of CEL string literals.
fn hole_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut quote = None;
    let mut at = 2;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (None, b'}') if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Reads the path that a scalar holds.
pub(crate) fn path_of(node: NodeRef<'_>, sink: &mut Sink) -> Option<Path> {
    let Some(text) = node.as_str() else {
        sink.error(span_of(node), "a path must be a text");
        return None;
    };
    match text.parse::<Path>() {
        Ok(path) if path.0.is_empty() => sink.error(span_of(node), "a path cannot be empty"),
        Ok(path) => return Some(path),
        Err(error) => sink.error(span_of(node), error.to_string()),
    }
    None
}

#[cfg(test)]
mod tests {
    use super::hole_end;

    #[test]
    fn a_hole_ends_outside_of_literals() {
        assert_eq!(hole_end("{{ a }} b"), Some(5));
        assert_eq!(hole_end("{{ '}}' }}"), Some(8));
        assert_eq!(hole_end("{{ a"), None);
    }
}

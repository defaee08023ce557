//! Source lines as they may be shown: secrets are masked, byte for byte, so that columns stay.

use std::ops::Range;

use document::{Kind, NodeRef};
use model::redact;

use crate::view::View;

/// The text of some lines of a finding's file without the secrets of its resource, and of others on
/// the same lines.
pub(crate) fn masked(view: &View<'_>, lines: &Range<u32>) -> String {
    let location = &view.detail.location;
    let mut text = location.source.slice(lines).to_owned().into_bytes();
    let walk = Walk {
        source: location.source.name(),
        lines,
    };
    let mut spans = Vec::new();
    let object = view.resource.object();
    let own = object.document().place(object.origin()).span;
    if own.start <= lines.start && own.end >= lines.end {
        walk.mapping(object, false, &mut spans);
    } else {
        for root in object.document().roots() {
            walk.value(root, "", false, &mut spans);
        }
    }
    for span in spans {
        let start = span.start.max(lines.start) - lines.start;
        let end = span.end.min(lines.end).saturating_sub(lines.start);
        for byte in text
            .get_mut(start as usize..end as usize)
            .unwrap_or_default()
        {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b'*';
            }
        }
    }
    // Whole scalars are replaced, so no character is cut in two; lossy only guards that.
    String::from_utf8_lossy(&text).into_owned()
}

/// What the walk down a resource needs to know.
struct Walk<'a> {
    source: &'a str,
    lines: &'a Range<u32>,
}

impl Walk<'_> {
    fn mapping(&self, node: NodeRef<'_>, inside: bool, found: &mut Vec<Range<u32>>) {
        let is_secret = is_secret(node);
        for entry in node.written_entries() {
            let key = redact::key_of_value(node, entry.name());
            let inside = inside || (is_secret && redact::is_secret_member(entry.name()));
            self.value(entry.value, key, inside, found);
        }
    }

    fn value(&self, node: NodeRef<'_>, key: &str, inside: bool, found: &mut Vec<Range<u32>>) {
        let place = node.document().place(node.origin());
        let overlaps = place.span.start < self.lines.end && place.span.end > self.lines.start;
        if node.is_reference() || place.source.name() != self.source || !overlaps {
            return;
        }
        match node.kind() {
            Kind::Mapping => self.mapping(node, inside, found),
            Kind::Sequence => {
                for (index, item) in node.items().enumerate() {
                    let key = redact::flag_before(node, index).unwrap_or(key);
                    let inside = inside || redact::is_password_item(node, index);
                    self.value(item, key, inside, found);
                }
            }
            Kind::String => {
                let text = node.as_str().unwrap_or_default();
                if inside || redact::shown(key, text) != text {
                    found.push(place.span);
                }
            }
            Kind::Int | Kind::Uint | Kind::Float if redact::is_secret_name(key) => {
                found.push(place.span);
            }
            _ if inside => found.push(place.span),
            _ => {}
        }
    }
}

/// Whether a mapping is a Secret, and not a reference to one, which has a name only.
fn is_secret(node: NodeRef<'_>) -> bool {
    let text = |key| node.get_str(key).and_then(NodeRef::as_str);
    let group = match text("apiVersion").and_then(|version| version.split_once('/')) {
        Some((group, _)) => group,
        None => "",
    };
    let is_kind = text("kind").is_some_and(|kind| redact::is_secret_kind(group, kind));
    is_kind && text("name").is_none()
}

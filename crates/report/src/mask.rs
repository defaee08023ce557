//! Source lines as they may be shown: secrets are masked, byte for byte, so that columns stay.

mod words;

use std::ops::Range;

use document::{Document, Kind, NodeRef, Source};
use model::{Origin, redact};

use crate::view::View;

/// The text of some lines of a finding's file without the secrets of its resource, and of others on
/// the same lines.
pub(crate) fn masked(view: &View<'_>, lines: &Range<u32>) -> String {
    let location = &view.detail.location;
    let object = view.resource.object();
    let is_rendered = view.resource.rendered.is_some();
    let is_build = model::is_build(view.resource);
    let walk = Walk {
        source: location.source.name(),
        lines,
        is_rendered: is_rendered || is_build,
    };
    let mut spans = Vec::new();
    let own = object.document().place(object.origin()).span;
    if !is_rendered && own.start <= lines.start && own.end >= lines.end {
        walk.mapping(object, false, &mut spans);
    } else {
        let document = object.document();
        let roots = walk.overlapping(document, document.roots().len(), |index| {
            document.root(index)
        });
        for root in roots.filter_map(|index| document.root(index)) {
            walk.value(root, "", false, &mut spans);
        }
    }
    if is_rendered || is_build {
        spans.extend(words::secrets(&location.source, lines));
    }
    hidden(&location.source, lines, spans)
}

/// The same for a place that had a part in a finding.
pub(crate) fn masked_origin(origin: &Origin, lines: &Range<u32>) -> String {
    let source = &origin.location.source;
    hidden(source, lines, words::secrets(source, lines))
}

/// The text of some lines with what must not be shown replaced.
fn hidden(source: &Source, lines: &Range<u32>, spans: Vec<Range<u32>>) -> String {
    let mut text = source.slice(lines).to_owned().into_bytes();
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
    /// Whether what lies below a node may be written elsewhere than the node.
    is_rendered: bool,
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

    /// The positions of those of some nodes that may overlap the lines. In a document of one text they stand
    /// in its order, so that those before the lines need no look: a line may hold thousands.
    fn overlapping<'d>(
        &self,
        document: &Document,
        len: usize,
        at: impl Fn(usize) -> Option<NodeRef<'d>>,
    ) -> Range<usize> {
        if self.is_rendered || document.sources().len() != 1 {
            return 0..len;
        }
        let span = |index| {
            let node = at(index)?;
            Some(node.document().place(node.origin()).span)
        };
        let first = partition_point(0..len, |index| {
            span(index).is_some_and(|span: Range<u32>| span.end <= self.lines.start)
        });
        let last = partition_point(first..len, |index| {
            span(index).is_some_and(|span: Range<u32>| span.start < self.lines.end)
        });
        first..last
    }

    fn value(&self, node: NodeRef<'_>, key: &str, inside: bool, found: &mut Vec<Range<u32>>) {
        let place = node.document().place(node.origin());
        let is_here = place.source.name() == self.source
            && place.span.start < self.lines.end
            && place.span.end > self.lines.start;
        let may_hold = self.is_rendered && matches!(node.kind(), Kind::Mapping | Kind::Sequence);
        if node.is_reference() || !(is_here || may_hold) {
            return;
        }
        match node.kind() {
            Kind::Mapping => self.mapping(node, inside, found),
            Kind::Sequence => {
                for index in self.overlapping(node.document(), node.len(), |index| node.item(index))
                {
                    let Some(item) = node.item(index) else {
                        continue;
                    };
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

/// The first number of a range for which a predicate is false, which is true for all before it.
fn partition_point(range: Range<usize>, is_before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
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

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::Arc;

    use document::{Keys, Limits, Source, parse_json};

    use super::*;

    #[test]
    fn few_of_many_items_on_one_line_are_looked_at() {
        let item = "{\"a\": [1, 2]}";
        let text = format!("[{}]", vec![item; 20_000].join(", "));
        let keys = Arc::new(Keys::new([]));
        let document = parse_json(
            Source::new("a.json", text.as_str()),
            &keys,
            &Limits::default(),
        )
        .document;
        let root = document.root(0).unwrap();
        let spans: Vec<_> = root
            .items()
            .map(|node| document.place(node.origin()).span)
            .collect();
        for middle in [0, 9_999, 19_999] {
            let lines = spans[middle].start..spans[middle].end;
            let walk = Walk {
                source: "a.json",
                lines: &lines,
                is_rendered: false,
            };
            let looks = Cell::new(0);
            let found = walk.overlapping(&document, root.len(), |index| {
                looks.set(looks.get() + 1);
                root.item(index)
            });
            assert_eq!(found, middle..middle + 1);
            assert!(looks.get() < 40, "{}", looks.get());
        }
    }
}

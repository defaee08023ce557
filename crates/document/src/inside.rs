//! Texts that stand in scalars of other texts, such as YAML in a block of YAML: from their offsets to those around them.

use std::sync::Arc;

use crate::document::node::{Kind, NodeRef};
use crate::error::Parsed;
use crate::keys::Keys;
use crate::limits::Limits;
use crate::relocate::Written;
use crate::source::{Source, Span};
use crate::yaml::parse_yaml;

/// Where a text stands in another one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inside {
    /// Where the lines of the text begin, there and in the text around.
    lines: Vec<(u32, u32)>,
    length: u32,
}

impl Inside {
    /// Finds the text of a scalar inside of it: as it is, in quotes, or in a block whose lines are its lines. `None` where
    /// the scalar is written in another way (folded, with escapes), so that no offset can be carried over.
    pub fn locate(source: &Source, scalar: &Span, text: &str) -> Option<Self> {
        let written = source.slice(scalar);
        if written.starts_with('|') {
            return Inside::block(source, scalar, text);
        }
        let unquoted = |quote: char| written.strip_prefix(quote)?.strip_suffix(quote);
        let shift = match unquoted('"').or_else(|| unquoted('\'')) {
            Some(inner) if inner == text => 1,
            _ if written == text => 0,
            _ => return None,
        };
        Some(Inside {
            lines: vec![(0, scalar.start + shift)],
            length: text.len() as u32,
        })
    }

    fn block(source: &Source, scalar: &Span, text: &str) -> Option<Self> {
        let whole = source.text();
        let begin = scalar.start as usize;
        let mut outer = begin + whole.get(begin..)?.find('\n')? + 1;
        let is_written = |line: &&str| !line.trim().is_empty();
        let first = text.lines().find(is_written)?;
        let written = whole.get(outer..)?.lines().find(is_written)?;
        let indent = written.len().checked_sub(first.len())?;
        let mut lines = Vec::new();
        let mut inner = 0;
        for line in text.split_inclusive('\n') {
            let rest = whole.get(outer..)?;
            let written = rest.split_inclusive('\n').next().unwrap_or_default();
            let content = written.get(indent..).unwrap_or("\n");
            if content.trim_end() != line.trim_end() {
                return None;
            }
            lines.push((inner as u32, (outer + indent.min(written.len())) as u32));
            inner += line.len();
            outer += written.len();
        }
        (!lines.is_empty()).then_some(Inside {
            lines,
            length: inner as u32,
        })
    }

    /// Where an offset of the text lies in the text around.
    pub fn place(&self, offset: u32) -> u32 {
        let offset = offset.min(self.length);
        let index = self.lines.partition_point(|&(inner, _)| inner <= offset);
        let (inner, outer) = self.lines[index.saturating_sub(1)];
        outer + (offset - inner)
    }

    /// The same for a span.
    pub fn span(&self, span: &Span) -> Span {
        self.place(span.start)..self.place(span.end)
    }
}

/// Parses the YAML that stands in a string: the nodes lie where they are written in the text around, or all of them in
/// the whole string where no offset can be carried over.
pub fn parse_inside(node: NodeRef<'_>, keys: &Arc<Keys>, limits: &Limits) -> Option<Parsed> {
    if node.kind() != Kind::String {
        return None;
    }
    let (text, place) = (node.as_str()?, node.place());
    let own = Source::new(place.source.name(), text);
    let inside = Inside::locate(place.source, &place.span, text);
    let mut parsed = parse_yaml(own, keys, limits);
    let outer = |span: Span| match &inside {
        Some(inside) => inside.span(&span),
        None => place.span.clone(),
    };
    for error in &mut parsed.errors {
        error.span = outer(error.span.clone());
    }
    let mut source = None;
    parsed.document.relocate(|relocation, span, _| Written {
        source: *source.get_or_insert_with(|| relocation.source(place.source)),
        span: outer(span),
        cause: None,
    });
    Some(parsed)
}

//! Which nodes a comment speaks for: the outermost node that begins on its line, or, when it stands
//! alone, on the next line where one begins; and all below that node.

use std::collections::BTreeMap;
use std::sync::Arc;

use document::{Document, Keys, Kind, NodeId, NodeRef, OriginId, Source};

/// A node and all below it: ids are contiguous.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Scope {
    pub(crate) first: NodeId,
    pub(crate) last: NodeId,
}

impl Scope {
    /// The node and all below it.
    pub(crate) fn of(node: NodeRef<'_>) -> Self {
        Scope {
            first: node.id(),
            last: last_below(node),
        }
    }

    pub(crate) fn contains(self, node: NodeId) -> bool {
        (self.first..=self.last).contains(&node)
    }
}

/// The last id at or below a node.
fn last_below(node: NodeRef<'_>) -> NodeId {
    if node.is_reference() {
        return node.id();
    }
    let child = match node.kind() {
        Kind::Sequence => node.items().next_back(),
        Kind::Mapping => node
            .written_entries()
            .map(|entry| entry.value)
            .max_by_key(|value| value.id()),
        _ => None,
    };
    child.map_or(node.id(), last_below)
}

/// The lines of one source of a document on which nodes begin, made once for all its comments.
pub(crate) struct Lines<'a> {
    source: &'a Arc<Source>,
    /// Line → the outermost node that begins there.
    outermost: BTreeMap<u32, NodeRef<'a>>,
    /// Lines that end a YAML document (`---`).
    separators: Vec<u32>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(document: &'a Document, source: &'a Arc<Source>) -> Self {
        let mut lines = Lines {
            source,
            outermost: BTreeMap::new(),
            separators: separators(source),
        };
        for root in document.roots() {
            lines.visit(root, root.origin());
        }
        lines
    }

    /// What a comment that begins at a byte offset speaks for.
    pub(crate) fn scope(&self, comment: u32) -> Option<Scope> {
        let line = self.source.line_column(comment).line;
        let span = self.source.line_span(line)?;
        let before = self.source.slice(&(span.start..comment));
        let node = if before.trim_start_matches('\u{feff}').trim().is_empty() {
            self.next_after(line)
        } else {
            self.outermost.get(&line).copied()
        };
        node.map(Scope::of)
    }

    /// The first node that begins below a line. A comment does not reach over the end of its YAML
    /// document, unless it heads the file.
    fn next_after(&self, line: u32) -> Option<NodeRef<'a>> {
        let (&target, &node) = self.outermost.range(line + 1..).next()?;
        let separator = self.separators.partition_point(|&at| at <= line);
        let crosses = self
            .separators
            .get(separator)
            .is_some_and(|&at| at <= target);
        let heads_the_file = self.outermost.range(..line).next().is_none();
        (!crosses || heads_the_file).then_some(node)
    }

    /// Parents come before their children, so the first node seen on a line is the outermost.
    fn visit(&mut self, node: NodeRef<'a>, begin: OriginId) {
        let place = node.document().place(begin);
        if Arc::ptr_eq(place.source, self.source) {
            let line = self.source.line_column(place.span.start).line;
            self.outermost.entry(line).or_insert(node);
        }
        if node.is_reference() {
            return;
        }
        match node.kind() {
            Kind::Sequence => node.items().for_each(|item| self.visit_item(item)),
            Kind::Mapping => node
                .written_entries()
                .filter(|entry| entry.key != Keys::MERGE || !entry.value.is_reference())
                .for_each(|entry| self.visit(entry.value, entry.key_origin)),
            _ => {}
        }
    }

    /// An item begins at its dash, which may stand on a line before its content.
    fn visit_item(&mut self, item: NodeRef<'a>) {
        let place = item.document().place(item.origin());
        if Arc::ptr_eq(place.source, self.source) {
            let before = self.source.slice(&(0..place.span.start)).trim_end();
            if before.ends_with('-') {
                let line = self.source.line_column(before.len() as u32 - 1).line;
                self.outermost.entry(line).or_insert(item);
            }
        }
        self.visit(item, item.origin());
    }
}

fn separators(source: &Source) -> Vec<u32> {
    let lines = source.text().split('\n').zip(1..);
    lines
        .filter(|(text, _)| text.starts_with("---"))
        .map(|(_, line)| line)
        .collect()
}

#[cfg(test)]
mod tests;

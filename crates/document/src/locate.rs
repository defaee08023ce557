//! From paths and offsets to nodes and back, and what to show of a node.

use crate::document::node::{EntryRef, Kind, NodeId, NodeRef, Tag};
use crate::document::{Document, Origin, Place};
use crate::keys::Keys;
use crate::path::{Path, Step, StepRef};
use crate::source::Span;

/// One step down, as the text is written.
#[derive(Clone, Copy)]
pub(crate) struct Hop<'a> {
    pub(crate) container: NodeRef<'a>,
    /// Position among the entries or items as written.
    pub(crate) index: usize,
}

impl<'a> Hop<'a> {
    pub(crate) fn entry(self) -> Option<EntryRef<'a>> {
        self.container.written_entry(self.index)
    }

    pub(crate) fn child(self) -> Option<NodeRef<'a>> {
        match self.container.kind() {
            Kind::Mapping => Some(self.entry()?.value),
            _ => self.container.item(self.index),
        }
    }
}

impl<'a> NodeRef<'a> {
    /// The node at a path from here, references and merge keys followed.
    pub fn lookup(self, path: &Path) -> Option<NodeRef<'a>> {
        path.0.iter().try_fold(self, NodeRef::step)
    }

    /// The node one step from here.
    pub fn step(self, step: &Step) -> Option<NodeRef<'a>> {
        match step {
            Step::Key(key) => self.get_str(key),
            Step::Index(index) => self.item(*index),
        }
    }

    /// The deepest node on the way of a path, and how many steps lead to it.
    pub fn nearest(self, path: &Path) -> (NodeRef<'a>, usize) {
        let mut node = self;
        for (count, step) in path.0.iter().enumerate() {
            match node.step(step) {
                Some(next) => node = next,
                None => return (node, count),
            }
        }
        (node, path.0.len())
    }

    /// The source and the bytes that the node was written as.
    pub fn place(self) -> Place<'a> {
        self.document.place(self.origin())
    }

    /// The innermost node, from here down, whose text or key holds some bytes of the source that this node is in; `None`
    /// when this one does not hold them.
    pub fn around(self, span: &Span) -> Option<NodeRef<'a>> {
        let holds = |outer: &Span| outer.start <= span.start && span.end <= outer.end;
        let source = self.document.written(self.origin()).source;
        if !holds(&self.span()) {
            return None;
        }
        let mut found = self;
        while let Some(below) = found.child_around(source, holds) {
            found = below;
        }
        Some(found)
    }

    fn child_around(self, source: u32, holds: impl Fn(&Span) -> bool) -> Option<NodeRef<'a>> {
        if self.is_reference() {
            return None;
        }
        let document = self.document;
        let at = |origin| {
            let written = document.written(origin);
            (written.source == source).then_some(written.start..written.end)
        };
        let holds_value = |node: &NodeRef<'a>| at(node.origin()).is_some_and(|own| holds(&own));
        let mut entries = self.written_entries();
        let by_entry = entries.find(|entry| {
            holds_value(&entry.value) || at(entry.key_origin).is_some_and(|key| holds(&key))
        });
        by_entry
            .map(|entry| entry.value)
            .or_else(|| self.items().find(holds_value))
    }

    pub(crate) fn span(self) -> Span {
        self.place().span
    }

    /// The last node directly below as written, references not followed.
    pub(crate) fn last_child(self) -> Option<NodeRef<'a>> {
        let node = self.document.node(self.id);
        let entry = self
            .document
            .entries_of(node)
            .last()
            .map(|entry| entry.value);
        let last = entry.or_else(|| self.document.items_of(node).last().copied())?;
        Some(self.document.at(last))
    }

    /// How many of the nodes directly below, as written, are true to a predicate that only the first ones are.
    fn children_while(self, is_before: impl Fn(NodeId) -> bool) -> usize {
        let node = self.document.node(self.id);
        let entries = self.document.entries_of(node);
        let items = self.document.items_of(node);
        entries.partition_point(|entry| is_before(entry.value))
            + items.partition_point(|&item| is_before(item))
    }

    /// The id after the last node below.
    pub(crate) fn end_id(self) -> NodeId {
        let mut last = self;
        while let Some(below) = last.last_child() {
            last = below;
        }
        NodeId(last.id.0 + 1)
    }

    pub(crate) fn contains(self, id: NodeId) -> bool {
        self.id <= id && id < self.end_id()
    }
}

impl Document {
    /// The node at a path from a root, references and merge keys followed.
    pub fn lookup<'a>(&'a self, root: NodeRef<'a>, path: &Path) -> Option<NodeRef<'a>> {
        root.lookup(path)
    }

    /// The path of a node as reached from a root: where that takes a reference, the path of the reference with
    /// the rest behind it, and nothing for a merge key. `None` when the root does not reach the node.
    pub fn path_of(&self, root: NodeRef<'_>, node: NodeRef<'_>) -> Option<Path> {
        let steps = self.steps_to(root, node)?;
        Some(Path(
            steps.into_iter().map(|(step, _)| step.into()).collect(),
        ))
    }

    /// The steps of [`path_of`](Self::path_of), each with the node that it leads to.
    pub fn steps_to<'a>(
        &'a self,
        root: NodeRef<'_>,
        node: NodeRef<'_>,
    ) -> Option<Vec<(StepRef<'a>, NodeRef<'a>)>> {
        let hops = self.trail(self.at(root.id), node.id, &mut Vec::new())?;
        Some(Self::steps_of(&hops))
    }

    /// The steps of [`steps_to`](Self::steps_to), none where there is no way, and the place of
    /// [`display_place`](Self::display_place).
    pub fn steps_and_place<'a>(
        &'a self,
        root: NodeRef<'_>,
        node: NodeRef<'_>,
    ) -> (Vec<(StepRef<'a>, NodeRef<'a>)>, Place<'a>) {
        let hops = self.trail(self.at(root.id), node.id, &mut Vec::new());
        let hops = hops.unwrap_or_default();
        let place = self.display_of(self.at(node.id), hops.last().copied());
        (Self::steps_of(&hops), place)
    }

    fn steps_of<'a>(hops: &[Hop<'a>]) -> Vec<(StepRef<'a>, NodeRef<'a>)> {
        let mut steps = Vec::with_capacity(hops.len());
        let mut in_merge = false;
        for hop in hops {
            let entry = hop.entry();
            let merges = entry.is_some_and(|entry| entry.key == Keys::MERGE);
            let step = match entry {
                Some(entry) if !merges => Some(StepRef::Key(entry.name())),
                None if !in_merge => Some(StepRef::Index(hop.index)),
                _ => None,
            };
            steps.extend(step.zip(hop.child()));
            in_merge = merges;
        }
        steps
    }

    /// The innermost node whose text, with its key or dash, holds a byte of the document's first source.
    pub fn node_at(&self, offset: u32) -> Option<NodeRef<'_>> {
        let holds = |node: &NodeRef<'_>| {
            let origin = self.written(node.origin());
            origin.source == 0 && (origin.start..=origin.end).contains(&offset)
        };
        let mut found = self.roots().find(holds)?;
        while let Some(below) = self.child_at(found, offset) {
            found = below;
        }
        Some(found)
    }

    fn child_at<'a>(&'a self, container: NodeRef<'a>, offset: u32) -> Option<NodeRef<'a>> {
        if container.is_reference() {
            return None;
        }
        // The first child that ends at the offset or behind it.
        let index =
            container.children_while(|child| self.written(self.at(child).origin()).end < offset);
        let hop = Hop { container, index };
        let span = self.hop_span(hop)?;
        (span.start <= offset && offset <= span.end).then(|| hop.child())?
    }

    /// Where the key of a mapping's value is written; `None` for a root or an item.
    pub fn key_place<'a>(&'a self, root: NodeRef<'a>, node: NodeRef<'a>) -> Option<Place<'a>> {
        let hop = *self
            .trail(self.at(root.id), node.id, &mut Vec::new())?
            .last()?;
        Some(self.place(hop.entry()?.key_origin))
    }

    /// The whole entry or item that a node is the value of: from its key or dash to its end.
    pub fn entry_place<'a>(&'a self, root: NodeRef<'a>, node: NodeRef<'a>) -> Place<'a> {
        let mut place = self.at(node.id).place();
        if let Some(hop) = self.last_hop(root, node) {
            place.span = self.hop_span(hop).unwrap_or(place.span);
        }
        place
    }

    /// What to underline for a node: a scalar itself, the key of a mapping or sequence that is a value,
    /// the first line of an item from its dash on, the first line of a root.
    pub fn display_place<'a>(&'a self, root: NodeRef<'a>, node: NodeRef<'a>) -> Place<'a> {
        self.display_of(self.at(node.id), self.last_hop(root, node))
    }

    /// The same for a node with the last step to it; a root has none.
    fn display_of<'a>(&'a self, node: NodeRef<'a>, hop: Option<Hop<'a>>) -> Place<'a> {
        let is_container = matches!(
            self.node(node.id).tag,
            Tag::Mapping | Tag::IrregularMapping | Tag::Sequence
        );
        let own = node.place();
        let Some(hop) = hop else {
            return first_line(&own);
        };
        if let Some(entry) = hop.entry() {
            let shows_key = is_container || own.span.is_empty();
            return if shows_key {
                self.place(entry.key_origin)
            } else {
                own
            };
        }
        match self.dash(hop) {
            Some(dash)
                if is_container || own.source.slice(&(dash..own.span.start)).contains('\n') =>
            {
                let span = dash..own.span.end.max(dash + 1);
                first_line(&Place {
                    source: own.source,
                    span,
                })
            }
            Some(dash) if own.span.is_empty() => Place {
                source: own.source,
                span: dash..dash + 1,
            },
            _ => first_line(&own),
        }
    }

    pub(crate) fn last_hop<'a>(&'a self, root: NodeRef<'a>, node: NodeRef<'a>) -> Option<Hop<'a>> {
        self.trail(self.at(root.id), node.id, &mut Vec::new())?
            .last()
            .copied()
    }

    /// From the key or dash to the end of the value.
    pub(crate) fn hop_span(&self, hop: Hop<'_>) -> Option<Span> {
        let value = self.written(hop.child()?.origin());
        let start = match hop.entry() {
            Some(entry) => {
                let key = self.written(entry.key_origin);
                if key.source == value.source && key.start <= value.start {
                    key.start
                } else {
                    value.start
                }
            }
            None => self.dash(hop).unwrap_or(value.start),
        };
        Some(start.min(value.end)..value.end)
    }

    /// Where the dash of an item of a block sequence stands.
    pub(crate) fn dash(&self, hop: Hop<'_>) -> Option<u32> {
        let sequence = self.written(hop.container.origin());
        let text = self.sources.get(sequence.source as usize)?.text();
        let item = self.written(hop.child()?.origin());
        if item.source != sequence.source {
            return self.dash_before(item);
        }
        let from = match hop.index.checked_sub(1) {
            Some(before) => self.written(hop.container.item(before)?.origin()),
            None => Origin {
                end: sequence.start,
                ..sequence
            },
        };
        // Items of one text stand in its order, unless something was made of several texts.
        if from.source != item.source || from.end > item.start {
            return self.dash_before(item);
        }
        let at = skip_blank(text.as_bytes(), from.end as usize);
        let is_before = at < item.start as usize || item.start == item.end;
        (is_before && text.as_bytes().get(at) == Some(&b'-')).then_some(at as u32)
    }

    /// The dash right before an item, where only blanks lie between them.
    fn dash_before(&self, item: Origin) -> Option<u32> {
        let text = self.sources.get(item.source as usize)?.text();
        let before = text.get(..item.start as usize)?.trim_end();
        let dash = before.strip_suffix('-')?;
        let is_dash = dash.is_empty() || dash.ends_with([' ', '\n', '-']);
        is_dash.then_some(dash.len() as u32)
    }

    /// The steps from a node down to another one; through references only where nothing else leads there.
    fn trail<'a>(
        &'a self,
        from: NodeRef<'a>,
        to: NodeId,
        tried: &mut Vec<NodeId>,
    ) -> Option<Vec<Hop<'a>>> {
        if from.contains(to) {
            return Self::direct_trail(from, to);
        }
        for index in from.id.0..from.end_id().0 {
            let reference = self.at(NodeId(index));
            let raw = self.node(reference.id);
            let target = NodeId(raw.a);
            if raw.tag != Tag::Alias || tried.contains(&target) {
                continue;
            }
            tried.push(target);
            if let Some(rest) = self.trail(self.at(target), to, tried) {
                let mut hops = Self::direct_trail(from, reference.id)?;
                hops.extend(rest);
                return Some(hops);
            }
        }
        None
    }

    fn direct_trail(from: NodeRef<'_>, to: NodeId) -> Option<Vec<Hop<'_>>> {
        let mut hops = Vec::new();
        let mut container = from;
        while container.id != to {
            // Children stand in the order of their ids, each followed by what is below it.
            let index = container
                .children_while(|child| child <= to)
                .checked_sub(1)?;
            let hop = Hop { container, index };
            hops.push(hop);
            container = hop.child()?;
        }
        Some(hops)
    }
}

fn first_line<'a>(place: &Place<'a>) -> Place<'a> {
    let text = place.source.slice(&place.span);
    let line = text.split('\n').next().unwrap_or_default().trim_end();
    Place {
        span: place.span.start..place.span.start + line.len() as u32,
        source: place.source,
    }
}

/// The next byte that is neither blank nor part of a comment.
fn skip_blank(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => at += 1,
            b'#' => at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at),
            _ => break,
        }
    }
    at
}

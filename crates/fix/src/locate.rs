//! From a place in a rendering to the node of the file that is written there.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use document::edit::NewValue;
use document::{Document, Kind, NodeRef, Path, Place, Source, Span, Step};

use crate::embedded;
use crate::node_edit::parse;

/// A node of a file of YAML or JSON.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Spot {
    pub(crate) file: Box<str>,
    /// Which of the documents.
    pub(crate) root: usize,
    pub(crate) path: Path,
    /// Where that is a string that holds YAML: the document and the path in it.
    pub(crate) inside: Option<(usize, Path)>,
}

impl Spot {
    /// Further down.
    pub(crate) fn below(&self, rest: &Path) -> Spot {
        let mut spot = self.clone();
        match &mut spot.inside {
            Some((_, path)) => *path = path.concat(rest),
            None => spot.path = spot.path.concat(rest),
        }
        spot
    }

    /// The path that people look for.
    pub(crate) fn shown(&self) -> &Path {
        self.inside.as_ref().map_or(&self.path, |(_, path)| path)
    }
}

/// The texts of one scan, parsed when they are first asked for.
#[derive(Default)]
pub(crate) struct Parsed {
    documents: RefCell<HashMap<usize, ParsedSource>>,
}

/// A text, held on to so that its address, by which it is found, stays its own, and what it says.
type ParsedSource = (Arc<Source>, Arc<Document>);

impl Parsed {
    /// The node that is written at a place, and what it is.
    pub(crate) fn spot(&self, place: &Place<'_>) -> Option<(Spot, NewValue)> {
        let document = self.document(place.source);
        let (root, node) = around(&document, &place.span)?;
        let path = document.path_of(document.root(root)?, node)?;
        let spot = Spot {
            file: place.source.name().into(),
            root,
            path,
            inside: None,
        };
        if is_at(node, &place.span) {
            return Some((spot, NewValue::of(node)));
        }
        let inner = embedded::document(node)?;
        let (inner_root, inner_node) = around(&inner, &place.span)?;
        let path = inner.path_of(inner.root(inner_root)?, inner_node)?;
        let inside = Some((inner_root, path));
        is_at(inner_node, &place.span).then(|| (Spot { inside, ..spot }, NewValue::of(inner_node)))
    }

    /// The step of a JSON patch around the value that it sets.
    pub(crate) fn patch_step(&self, place: &Place<'_>, value: &Spot) -> Option<Spot> {
        let document = self.document(place.source);
        let inner;
        let root = match value.inside {
            None => document.root(value.root)?,
            Some((root, _)) => {
                inner = embedded::document(document.root(value.root)?.lookup(&value.path)?)?;
                inner.root(root)?
            }
        };
        let mut step = value.clone();
        let path = step
            .inside
            .as_mut()
            .map_or(&mut step.path, |(_, path)| path);
        let is_value = path.0.pop() == Some(Step::Key("value".into()));
        let around = root.lookup(path)?;
        let is_step =
            is_value && around.get_str("op").is_some() && around.get_str("path").is_some();
        is_step.then_some(step)
    }

    fn document(&self, source: &Arc<Source>) -> Arc<Document> {
        let mut documents = self.documents.borrow_mut();
        let key = Arc::as_ptr(source) as usize;
        let known = documents.entry(key).or_insert_with(|| {
            let document = Arc::new(parse(source.name(), source.text()));
            (Arc::clone(source), document)
        });
        Arc::clone(&known.1)
    }
}

/// The root and the innermost node below it that holds some bytes.
fn around<'d>(document: &'d Document, span: &Span) -> Option<(usize, NodeRef<'d>)> {
    let mut roots = document.roots().enumerate();
    roots.find_map(|(index, root)| Some((index, root.around(span)?)))
}

/// Whether a node is what stands at a span. Of a container the beginning is enough: its end is where its last entry ends, which a
/// rendering may have taken from elsewhere.
fn is_at(node: NodeRef<'_>, span: &Span) -> bool {
    match node.kind() {
        Kind::Mapping | Kind::Sequence => node.place().span.start == span.start,
        _ => node.place().span == *span,
    }
}

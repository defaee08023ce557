//! Objects of Kubernetes in a manifest, as far as ignoring things on them goes.

use document::{Document, Kind, NodeRef};

use crate::draft::Resources;
use crate::input::Input;
use crate::patterns;

/// An object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object<'d> {
    pub(crate) node: NodeRef<'d>,
    pub(crate) kind: &'d str,
}

/// The objects of a document, those in lists too.
pub(crate) fn objects(document: &Document) -> Vec<Object<'_>> {
    let mut found = Vec::new();
    for root in document.roots() {
        take(root, 0, &mut found);
    }
    found
}

fn take<'d>(node: NodeRef<'d>, depth: usize, found: &mut Vec<Object<'d>>) {
    let text = |key| node.get_str(key).and_then(NodeRef::as_str);
    let (Some(_), Some(kind)) = (text("apiVersion"), text("kind")) else {
        return;
    };
    if kind.ends_with("List")
        && depth < 4
        && let Some(items) = node.get_str("items")
    {
        items.items().for_each(|item| take(item, depth + 1, found));
        return;
    }
    found.push(Object { node, kind });
}

impl<'d> Object<'d> {
    /// The value of a field of its metadata.
    pub(crate) fn metadata(&self, key: &str) -> Option<NodeRef<'d>> {
        self.node.get_str("metadata")?.get_str(key)
    }

    /// Its annotations, with the places of their keys.
    pub(crate) fn annotations(&self) -> impl Iterator<Item = document::EntryRef<'d>> + use<'d> {
        let annotations = self
            .metadata("annotations")
            .filter(|node| node.kind() == Kind::Mapping);
        annotations.into_iter().flat_map(NodeRef::entries)
    }

    /// This object and no other one; or why it cannot be told apart.
    pub(crate) fn resources(&self, input: &Input) -> Result<Resources, &'static str> {
        let text = |key| self.metadata(key).and_then(NodeRef::as_str);
        let name = text("name").ok_or("the object has no name to tell it by")?;
        let path = input
            .path
            .as_deref()
            .ok_or("the file lies outside of the folder of seawall.yaml")?;
        let glob =
            |text| patterns::literal(text).ok_or("its name or path cannot be written as a glob");
        Ok(Resources {
            kind: Some(glob(self.kind)?),
            name: Some(glob(name)?),
            namespace: text("namespace").map(glob).transpose()?,
            paths: vec![glob(path)?],
            ..Resources::default()
        })
    }

    /// Annotations below its own metadata: those of pod templates.
    pub(crate) fn inner_annotations(&self) -> Vec<document::EntryRef<'d>> {
        let mut found = Vec::new();
        if let Some(spec) = self.node.get_str("spec") {
            inner(spec, 0, &mut found);
        }
        found
    }
}

fn inner<'d>(node: NodeRef<'d>, depth: usize, found: &mut Vec<document::EntryRef<'d>>) {
    if depth > 8 || node.is_reference() || node.kind() != Kind::Mapping {
        return;
    }
    let annotations = node
        .get_str("metadata")
        .and_then(|metadata| metadata.get_str("annotations"));
    if let Some(annotations) = annotations.filter(|node| node.kind() == Kind::Mapping) {
        found.extend(annotations.entries());
    }
    for entry in node.written_entries() {
        inner(entry.value, depth + 1, found);
    }
}

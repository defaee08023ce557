//! Which nodes of a document are Kubernetes objects.

use std::sync::Arc;

use document::{Document, Kind, NodeRef};

use crate::fields::{Field, FieldKeys};
use crate::inventory::{Inventory, Resource};

/// A root that looks like a Kubernetes object and lacks what makes it one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Incomplete {
    /// It has a `kind` and fields of an object, and no `apiVersion` that is a string.
    ApiVersion,
    /// It has an `apiVersion` and fields of an object, and no `kind` that is a string.
    Kind,
}

/// What a document's root turned out to hold.
#[derive(Debug, Default)]
pub struct Recognised<'a> {
    /// The objects; those of lists one by one.
    pub resources: Vec<Resource>,
    /// What looks like an object and is none.
    pub incomplete: Vec<(NodeRef<'a>, Incomplete)>,
}

/// Finds the Kubernetes objects of one root: the root itself, the items of a `List` (and of typed lists
/// such as `ConfigMapList`), and the items of a sequence.
pub fn recognise<'a>(
    document: &Arc<Document>,
    root: NodeRef<'a>,
    fields: &FieldKeys,
) -> Recognised<'a> {
    let mut found = Recognised::default();
    collect(document, root, fields, &mut found);
    found
}

impl Resource {
    /// The object at a node; `None` when it has no string `apiVersion` and `kind`.
    pub fn from_root(
        document: &Arc<Document>,
        root: NodeRef<'_>,
        fields: &FieldKeys,
    ) -> Option<Self> {
        let text = |node, field| fields.get(node, field).and_then(NodeRef::as_str);
        let owned = |node, field| {
            text(node, field)
                .filter(|text| !text.is_empty())
                .map(Box::from)
        };
        let api_version = text(root, Field::ApiVersion).filter(|text| !text.is_empty())?;
        let kind = text(root, Field::Kind).filter(|text| !text.is_empty())?;
        let metadata = fields.get(root, Field::Metadata);
        let name: Option<Box<str>> = metadata.and_then(|metadata| owned(metadata, Field::Name));
        let generate_name = match name {
            Some(_) => None,
            None => metadata.and_then(|metadata| owned(metadata, Field::GenerateName)),
        };
        Some(Resource {
            document: Arc::clone(document),
            root: root.resolved().id(),
            api_version: api_version.into(),
            kind: kind.into(),
            namespace: metadata.and_then(|metadata| owned(metadata, Field::Namespace)),
            name: name.unwrap_or_default(),
            generate_name,
        })
    }
}

impl Inventory {
    /// Takes resources in any order and sorts them by file and place in the file.
    pub fn new(mut resources: Vec<Resource>) -> Self {
        resources.sort_by(|left, right| place(left).cmp(&place(right)));
        Inventory { resources }
    }
}

/// File, start and end of a resource.
fn place(resource: &Resource) -> (&str, u32, u32) {
    let place = resource.document.place(resource.object().origin());
    (place.source.name(), place.span.start, place.span.end)
}

fn collect<'a>(
    document: &Arc<Document>,
    root: NodeRef<'a>,
    fields: &FieldKeys,
    found: &mut Recognised<'a>,
) {
    match root.kind() {
        Kind::Sequence => {
            for item in root.items() {
                collect_item(document, item, fields, found);
            }
        }
        Kind::Mapping => collect_object(document, root, fields, found),
        _ => {}
    }
}

fn collect_object<'a>(
    document: &Arc<Document>,
    root: NodeRef<'a>,
    fields: &FieldKeys,
    found: &mut Recognised<'a>,
) {
    let Some(resource) = Resource::from_root(document, root, fields) else {
        found
            .incomplete
            .extend(incomplete(root, fields).map(|what| (root, what)));
        return;
    };
    match list_items(&resource, root, fields) {
        Some(items) => {
            for item in items.items() {
                collect_item(document, item, fields, found);
            }
        }
        None => found.resources.push(resource),
    }
}

/// An item may be a list again, but sequences do not nest: depth stays that of the document.
fn collect_item<'a>(
    document: &Arc<Document>,
    item: NodeRef<'a>,
    fields: &FieldKeys,
    found: &mut Recognised<'a>,
) {
    if item.kind() == Kind::Mapping {
        collect_object(document, item, fields, found);
    }
}

/// The items of a list of objects; `None` for an object that only has such a name.
fn list_items<'a>(
    resource: &Resource,
    root: NodeRef<'a>,
    fields: &FieldKeys,
) -> Option<NodeRef<'a>> {
    if !resource.kind.ends_with("List") {
        return None;
    }
    fields
        .get(root, Field::Items)
        .filter(|items| items.kind() == Kind::Sequence)
}

/// Objects that are half named: one of the two words, and `metadata` or `spec` as objects have them.
fn incomplete(root: NodeRef<'_>, fields: &FieldKeys) -> Option<Incomplete> {
    let is_text = |field| {
        fields
            .get(root, field)
            .is_some_and(|node| node.as_str().is_some())
    };
    let is_mapping = |field| {
        fields
            .get(root, field)
            .is_some_and(|node| node.kind() == Kind::Mapping)
    };
    let has_name = fields.get(root, Field::Metadata).is_some_and(|metadata| {
        fields.get(metadata, Field::Name).is_some()
            || fields.get(metadata, Field::GenerateName).is_some()
    });
    let looks_like_object = has_name || (is_mapping(Field::Metadata) && is_mapping(Field::Spec));
    match (is_text(Field::ApiVersion), is_text(Field::Kind)) {
        (true, false) if looks_like_object => Some(Incomplete::Kind),
        (false, true) if looks_like_object => Some(Incomplete::ApiVersion),
        _ => None,
    }
}

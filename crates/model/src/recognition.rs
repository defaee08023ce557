//! Which nodes of a document are Kubernetes objects.

use std::sync::Arc;

use document::{Document, Kind, NodeRef};

use crate::entry::Rendered;
use crate::fields::{Field, FieldKeys};
use crate::inventory::{Inventory, Resource};

/// A root that looks like a Kubernetes object and lacks what makes it one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Incomplete {
    /// It has a `kind` and fields of an object, and no `apiVersion` that is a string.
    ApiVersion,
    /// It has an `apiVersion` and fields of an object, and no `kind` that is a string.
    Kind,
    /// It is an item of a `List`, and neither null, an object nor a list.
    Item,
}

/// What a document's root turned out to hold.
#[derive(Debug, Default)]
pub struct Recognised<'a> {
    /// The objects; those of lists one by one.
    pub resources: Vec<Resource>,
    /// Number of lists, the empty ones too: they are Kubernetes without being resources.
    pub lists: usize,
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
    let mut collector = Collector {
        document,
        fields,
        found: Recognised::default(),
    };
    collector.root(root);
    collector.found
}

impl Resource {
    /// The object at a node; `None` when it has no string `apiVersion` and `kind`.
    pub fn from_root(
        document: &Arc<Document>,
        root: NodeRef<'_>,
        fields: &FieldKeys,
    ) -> Option<Self> {
        let text = |node, field| fields.get(node, field).and_then(NodeRef::as_str);
        let identity = Identity {
            api_version: text(root, Field::ApiVersion).filter(|text| !text.is_empty())?,
            kind: text(root, Field::Kind).filter(|text| !text.is_empty())?,
        };
        Some(Resource::named(document, root, fields, identity))
    }

    fn named(
        document: &Arc<Document>,
        root: NodeRef<'_>,
        fields: &FieldKeys,
        identity: Identity<'_>,
    ) -> Self {
        let owned = |node, field| {
            let text = fields.get(node, field).and_then(NodeRef::as_str);
            text.filter(|text| !text.is_empty()).map(Box::from)
        };
        let metadata = fields.get(root, Field::Metadata);
        let name: Option<Box<str>> = metadata.and_then(|metadata| owned(metadata, Field::Name));
        let generate_name = match name {
            Some(_) => None,
            None => metadata.and_then(|metadata| owned(metadata, Field::GenerateName)),
        };
        Resource {
            document: Arc::clone(document),
            root: root.resolved().id(),
            api_version: identity.api_version.into(),
            kind: identity.kind.into(),
            namespace: metadata.and_then(|metadata| owned(metadata, Field::Namespace)),
            name: name.unwrap_or_default(),
            generate_name,
            rendered: None,
        }
    }
}

/// What an object is.
#[derive(Clone, Copy, Debug)]
struct Identity<'a> {
    api_version: &'a str,
    kind: &'a str,
}

impl Inventory {
    /// Takes resources in any order and sorts them by file and place in the file, those that several renderings
    /// share by rendering.
    pub fn new(mut resources: Vec<Resource>) -> Self {
        resources.sort_by(|left, right| place(left).cmp(&place(right)));
        Inventory {
            resources,
            entries: Vec::new(),
            is_complete: false,
        }
    }
}

/// File, start and end of a resource, and where it stands in a rendering.
fn place(resource: &Resource) -> (&str, u32, u32, Option<Rendered>) {
    let place = resource.document.place(resource.object().origin());
    let span = place.span;
    (place.source.name(), span.start, span.end, resource.rendered)
}

struct Collector<'s, 'a> {
    document: &'s Arc<Document>,
    fields: &'s FieldKeys,
    found: Recognised<'a>,
}

impl<'a> Collector<'_, 'a> {
    fn root(&mut self, root: NodeRef<'a>) {
        match root.kind() {
            Kind::Sequence => root.items().for_each(|item| self.object(item, None)),
            _ => self.object(root, None),
        }
    }

    /// An object, or a list of objects: lists may hold lists.
    fn object(&mut self, node: NodeRef<'a>, of_list: Option<Identity<'_>>) {
        if node.kind() != Kind::Mapping {
            return;
        }
        let resource = Resource::from_root(self.document, node, self.fields)
            .or_else(|| self.item_of_typed_list(node, of_list?));
        match resource {
            None => {
                let what = incomplete(node, self.fields).map(|what| (node, what));
                self.found.incomplete.extend(what);
            }
            Some(resource) => match self.items(&resource, node) {
                Some(items) => self.list(&resource, items),
                None => self.found.resources.push(resource),
            },
        }
    }

    fn list(&mut self, list: &Resource, items: NodeRef<'a>) {
        self.found.lists += 1;
        let kind = list.kind.strip_suffix("List").unwrap_or_default();
        let api_version = &*list.api_version;
        let of_list = (!kind.is_empty()).then_some(Identity { api_version, kind });
        for item in items.items() {
            let before = self.seen();
            self.object(item, of_list);
            // Only `List` holds nothing but objects: other kinds that end so may be anyone's. Nothing is
            // lost with null, which templates leave behind.
            let is_lost = before == self.seen() && item.kind() != Kind::Null;
            if kind.is_empty() && is_lost {
                self.found.incomplete.push((item, Incomplete::Item));
            }
        }
    }

    /// How much was found so far.
    fn seen(&self) -> usize {
        self.found.resources.len() + self.found.lists + self.found.incomplete.len()
    }

    /// The API server leaves `apiVersion` and `kind` out of the items of a `PodList`.
    fn item_of_typed_list(&self, node: NodeRef<'a>, of_list: Identity<'_>) -> Option<Resource> {
        let has = |field| self.fields.get(node, field).is_some();
        let is_unnamed = !has(Field::ApiVersion) && !has(Field::Kind) && has(Field::Metadata);
        is_unnamed.then(|| Resource::named(self.document, node, self.fields, of_list))
    }

    /// The items of a list of objects; `None` for an object that only has such a name.
    fn items(&self, resource: &Resource, node: NodeRef<'a>) -> Option<NodeRef<'a>> {
        if !resource.kind.ends_with("List") {
            return None;
        }
        let items = self.fields.get(node, Field::Items)?;
        (items.kind() == Kind::Sequence).then_some(items)
    }
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

#[cfg(test)]
mod tests {
    use document::{Limits, Source};

    use super::*;
    use crate::testing;

    /// What a text holds: `Kind/name` for objects, `?` for incomplete ones.
    fn seen(yaml: &str) -> String {
        let keys = testing::keys();
        let source = Source::new("test.yaml", yaml);
        let document = Arc::new(document::parse_yaml(source, &keys, &Limits::default()).document);
        let fields = FieldKeys::new(&keys);
        let mut words = Vec::new();
        for root in document.roots() {
            let found = recognise(&document, root, &fields);
            let objects = found.resources.iter();
            words.extend(objects.map(|object| format!("{}/{}", object.kind, object.name)));
            words.extend(
                found
                    .incomplete
                    .iter()
                    .map(|(_, what)| format!("?{what:?}")),
            );
        }
        words.join(" ")
    }

    #[test]
    fn objects_lists_and_sequences_are_recognised() {
        let check = |yaml: &str, expected: &str| assert_eq!(seen(yaml), expected, "{yaml}");
        check("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n", "Pod/a");
        check(
            "kind: Pod\n---\napiVersion: v1\nkind: Service\n",
            "Service/",
        );
        check(
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, metadata: {name: a}}, 3, ~, {kind: Pod}]\n",
            "Pod/a ?Item ?Item",
        );
        check(
            "apiVersion: v1\nkind: ConfigMapList\nitems: [{apiVersion: v1, kind: ConfigMap}]\n",
            "ConfigMap/",
        );
        check("apiVersion: v1\nkind: List\nitems: []\n", "");
        check(
            "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: []}]\n",
            "",
        );
        check(
            "apiVersion: example.com/v1\nkind: AllowList\nitems: [a, {b: c}]\n",
            "",
        );
        check(
            "apiVersion: example.com/v1\nkind: AllowList\nspec: {}\n",
            "AllowList/",
        );
        check(
            "- {apiVersion: v1, kind: Pod}\n- [{apiVersion: v1, kind: Pod}]\n- x\n",
            "Pod/",
        );
        check("apiVersion: 1\nkind: Pod\n", "");
        check("apiVersion: ''\nkind: Pod\n", "");
        check("a: {apiVersion: v1, kind: Pod}\n", "");
    }

    #[test]
    fn half_named_objects_are_noticed_when_they_look_like_objects() {
        let check = |yaml: &str, expected: &str| assert_eq!(seen(yaml), expected, "{yaml}");
        check("kind: Pod\nmetadata: {name: a}\n", "?ApiVersion");
        check("apiVersion: v1\nmetadata: {name: a}\n", "?Kind");
        check("apiVersion: v1\nkind: 3\nmetadata: {name: a}\n", "?Kind");
        check("kind: pipeline\nname: default\n", "");
        check("apiVersion: v2\nname: chart\n", "");
    }

    #[test]
    fn items_of_typed_lists_without_their_own_kind_take_that_of_the_list() {
        let check = |yaml: &str, expected: &str| assert_eq!(seen(yaml), expected, "{yaml}");
        check(
            "apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: a}}]\n",
            "Pod/a",
        );
    }

    #[test]
    fn identity_is_read_from_metadata() {
        let resources = testing::resources(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {generateName: web-, namespace: shop}\n",
        );
        let resource = &resources[0];
        assert_eq!((resource.group(), resource.version()), ("apps", "v1"));
        assert_eq!(resource.generate_name.as_deref(), Some("web-"));
        assert_eq!(resource.namespace.as_deref(), Some("shop"));
        assert_eq!(&*resource.name, "");
    }
}

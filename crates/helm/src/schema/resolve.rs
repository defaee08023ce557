//! Schemas that have names: resources with an `$id`, anchors in them, and what references lead to.

use std::collections::BTreeMap;

use document::{Kind, NodeId, NodeRef};

use super::draft::{APPLICATORS, Below, Draft};
use super::{Wrong, shape};

/// The name of a schema that has none.
const ROOT: &str = "file:///values.schema.json";

/// A schema with a name of its own, and what can be named inside of it.
pub(super) struct Resource<'s> {
    pub(super) root: NodeRef<'s>,
    pub(super) draft: Draft,
    id: String,
    anchors: BTreeMap<&'s str, NodeId>,
    /// Anchors that references find anew in each scope.
    pub(super) dynamic: BTreeMap<&'s str, NodeId>,
}

/// All resources of a document, the outer ones first.
pub(super) struct Resources<'s>(pub(super) Vec<Resource<'s>>);

/// What a reference leads to.
pub(super) enum Target<'s> {
    Node(NodeRef<'s>),
    /// A metaschema: any schema of its draft.
    Metaschema(Draft),
    /// What Helm takes for a schema that allows everything: a name that is no address.
    Anything,
}

impl<'s> Resources<'s> {
    /// Finds all resources, and checks that they are schemas.
    pub(super) fn collect(root: NodeRef<'s>) -> Result<Self, Wrong> {
        let mut resources = Resources(Vec::new());
        let draft = draft_of(root)?.unwrap_or(Draft::LATEST);
        let id = own_id(root, draft).map_or_else(|| ROOT.to_owned(), |id| join(ROOT, id));
        resources.0.push(Resource {
            root,
            draft,
            id,
            anchors: BTreeMap::new(),
            dynamic: BTreeMap::new(),
        });
        resources.anchors(root, 0)?;
        resources.below(root, 0, 0)?;
        shape::check(root, draft)?;
        Ok(resources)
    }

    fn schema(&mut self, node: NodeRef<'s>, outer: usize, depth: usize) -> Result<(), Wrong> {
        if node.kind() != Kind::Mapping {
            return Ok(());
        }
        let inherited = self.0[outer].draft;
        let draft = draft_of(node)?.unwrap_or(inherited);
        let named = own_id(node, draft).map(|id| (id, draft));
        // `$schema` means something only beside a name.
        let named = named.or_else(|| own_id(node, inherited).map(|id| (id, inherited)));
        let mut resource = outer;
        if let Some((id, draft)) = named {
            let id = join(&self.0[outer].id, id);
            if self.0.iter().any(|known| known.id == id) {
                let span = node.place().span;
                return Err(Wrong::new(format!("two schemas are called '{id}'"), span));
            }
            resource = self.0.len();
            self.0.push(Resource {
                root: node,
                draft,
                id,
                anchors: BTreeMap::new(),
                dynamic: BTreeMap::new(),
            });
        }
        self.anchors(node, resource)?;
        self.below(node, resource, depth)
    }

    fn below(&mut self, node: NodeRef<'s>, resource: usize, depth: usize) -> Result<(), Wrong> {
        let draft = self.0[resource].draft;
        for (keyword, below, since) in APPLICATORS {
            let Some(value) = node.get_str(keyword).filter(|_| draft >= *since) else {
                continue;
            };
            let is_map = matches!(below, Below::Map | Below::MapOrOther);
            match value.kind() {
                Kind::Mapping if is_map => {
                    for entry in value.entries() {
                        self.schema(entry.value, resource, depth + 1)?;
                    }
                }
                Kind::Mapping if *below != Below::List => {
                    self.schema(value, resource, depth + 1)?;
                }
                Kind::Sequence if matches!(below, Below::List | Below::OneOrList) => {
                    for item in value.items() {
                        self.schema(item, resource, depth + 1)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn anchors(&mut self, node: NodeRef<'s>, resource: usize) -> Result<(), Wrong> {
        let resource = &mut self.0[resource];
        let text = |key: &str| node.get_str(key).and_then(NodeRef::as_str);
        let mut found = Vec::new();
        if resource.draft < Draft::D2019 {
            if node.get_str("$ref").is_none() {
                let id = text(resource.draft.id_key()).unwrap_or_default();
                let fragment = id.split_once('#').map(|(_, fragment)| fragment);
                found.extend(fragment.filter(|it| !it.is_empty() && !it.starts_with('/')));
            }
        } else {
            found.extend(text("$anchor"));
        }
        if let Some(name) = text("$dynamicAnchor").filter(|_| resource.draft >= Draft::D2020) {
            found.push(name);
            resource.dynamic.insert(name, node.id());
        }
        for name in found {
            let known = *resource.anchors.entry(name).or_insert(node.id());
            if known != node.id() {
                let span = node.place().span;
                return Err(Wrong::new(
                    format!("two schemas have the anchor '{name}'"),
                    span,
                ));
            }
        }
        Ok(())
    }

    /// The resource that a node belongs to.
    pub(super) fn of(&self, node: NodeRef<'_>) -> usize {
        let holds = |resource: &Resource<'_>| resource.root.holds(node);
        self.0.iter().rposition(holds).unwrap_or(0)
    }

    /// What a reference that stands in a resource leads to.
    pub(super) fn target(
        &self,
        reference: NodeRef<'s>,
        resource: usize,
    ) -> Result<Target<'s>, Wrong> {
        let text = reference.as_str().unwrap_or_default();
        let span = reference.place().span;
        let url = join(&self.0[resource].id, text);
        let fragment = text.split_once('#').map_or("", |(_, fragment)| fragment);
        let found = self.0.iter().find(|known| known.id == url);
        let found = found.or_else(|| (url == ROOT).then(|| &self.0[0]));
        let Some(found) = found else {
            if url.starts_with("urn:") {
                return Ok(Target::Anything);
            }
            if let Some(draft) = Draft::of(&url).filter(|_| fragment.is_empty()) {
                return Ok(Target::Metaschema(draft));
            }
            return Err(Wrong {
                message: format!("'{url}' would have to be fetched"),
                span,
                remote: Some(url),
            });
        };
        let missing = || Wrong::new(format!("'{text}' leads to nothing"), span.clone());
        if fragment.is_empty() || fragment.starts_with('/') {
            let node = pointed(found.root, fragment).ok_or_else(missing)?;
            return Ok(Target::Node(node));
        }
        let anchor = decoded(fragment);
        let node = found.anchors.get(anchor.as_str()).ok_or_else(missing)?;
        Ok(Target::Node(found.root.document().at(*node)))
    }
}

/// The draft that a schema says it follows.
fn draft_of(node: NodeRef<'_>) -> Result<Option<Draft>, Wrong> {
    let Some(url) = node.get_str("$schema").and_then(NodeRef::as_str) else {
        return Ok(None);
    };
    match Draft::of(url) {
        Some(draft) => Ok(Some(draft)),
        None => Err(Wrong {
            message: format!("the metaschema '{url}' would have to be fetched"),
            span: node
                .get_str("$schema")
                .map_or(0..0, |node| node.place().span),
            remote: Some(url.to_owned()),
        }),
    }
}

/// The name that a schema gives itself, without a fragment.
fn own_id(node: NodeRef<'_>, draft: Draft) -> Option<&str> {
    if draft < Draft::D2019 && node.get_str("$ref").is_some() {
        return None;
    }
    let id = node.get_str(draft.id_key())?.as_str()?;
    let id = id.split('#').next().unwrap_or_default();
    (!id.is_empty()).then_some(id)
}

/// The node at a JSON pointer.
fn pointed<'s>(root: NodeRef<'s>, pointer: &str) -> Option<NodeRef<'s>> {
    let mut node = root;
    for token in pointer.split('/').skip(1) {
        let token = decoded(token).replace("~1", "/").replace("~0", "~");
        node = match node.kind() {
            Kind::Mapping => node.get_str(&token)?,
            Kind::Sequence => node.item(token.parse().ok()?)?,
            _ => return None,
        };
    }
    Some(node)
}

/// A text without percent-encoding.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let (b'%', Some(code)) = (byte, code) {
            bytes.push(code);
            rest = &after[2..];
        } else {
            bytes.push(byte);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A reference as a URL without a fragment (RFC 3986, section 5).
fn join(base: &str, reference: &str) -> String {
    let reference = reference.split('#').next().unwrap_or_default();
    if reference.is_empty() {
        return base.to_owned();
    }
    let scheme = reference.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |text: &str| {
        let is_letter =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(is_letter)
    };
    if scheme.is_some_and(is_scheme) {
        return reference.to_owned();
    }
    let (scheme, rest) = base.split_once(':').unwrap_or(("", base));
    if reference.starts_with("//") {
        return format!("{scheme}:{reference}");
    }
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            (format!("//{}", &rest[..end]), &rest[end..])
        }
        None => (String::new(), rest),
    };
    let path = path.split('?').next().unwrap_or_default();
    let path = if reference.starts_with('/') {
        without_dots(reference)
    } else if reference.starts_with('?') {
        format!("{path}{reference}")
    } else {
        let folder = path.rfind('/').map_or("/", |end| &path[..=end]);
        without_dots(&format!("{folder}{reference}"))
    };
    format!("{scheme}:{authority}{path}")
}

fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let last = path.rsplit('/').next().unwrap_or_default();
    for part in path.split('/').skip(1) {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    if matches!(last, "." | "..") {
        parts.push("");
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn references_are_joined() {
        for (base, reference, expected) in [
            ("http://a/b/c", "#x", "http://a/b/c"),
            ("http://a/b/c", "d", "http://a/b/d"),
            ("http://a/b/c", "../d", "http://a/d"),
            ("http://a/b/c", "/d", "http://a/d"),
            ("http://a/b/c", "//e/d", "http://e/d"),
            ("http://a/b/c", "urn:x:y", "urn:x:y"),
            ("http://a", "d", "http://a/d"),
            (
                "file:///values.schema.json",
                "other.json#/a",
                "file:///other.json",
            ),
            ("file:///values.schema.json", "./x/../y", "file:///y"),
        ] {
            assert_eq!(join(base, reference), expected, "{base} {reference}");
        }
    }
}

//! Reading objects that may be anything: what contradicts the API becomes a located problem.

use document::{Kind, NodeRef};
use model::{Problem, ProblemKind, ProblemLevel, Resource};

use crate::answer::{Place, Reason};
use crate::symbol::{Symbol, Symbols};

/// Reads one resource.
pub(crate) struct Reader<'r> {
    pub(crate) resource: &'r Resource,
    /// Position of the resource in the inventory.
    pub(crate) index: u32,
    pub(crate) symbols: &'r mut Symbols,
    pub(crate) problems: &'r mut Vec<Problem>,
    /// The namespace of resources that name none.
    pub(crate) default_namespace: &'r str,
}

/// The value of a field, unless it is absent or null.
pub(crate) fn field<'a>(node: NodeRef<'a>, name: &str) -> Option<NodeRef<'a>> {
    node.get_str(name).filter(|value| !value.is_null())
}

/// The text of a field.
pub(crate) fn text<'a>(node: NodeRef<'a>, name: &str) -> Option<&'a str> {
    field(node, name)?.as_str().filter(|text| !text.is_empty())
}

/// The items of a field that is a list; none for anything else.
pub(crate) fn items<'a>(
    node: NodeRef<'a>,
    name: &str,
) -> impl Iterator<Item = NodeRef<'a>> + use<'a> {
    field(node, name).into_iter().flat_map(NodeRef::items)
}

/// The annotation of an object.
pub(crate) fn annotation<'a>(object: NodeRef<'a>, name: &str) -> Option<&'a str> {
    let annotations = field(field(object, "metadata")?, "annotations")?;
    field(annotations, name)?.as_str()
}

impl<'r> Reader<'r> {
    pub(crate) fn object(&self) -> NodeRef<'r> {
        self.resource.object()
    }

    /// The namespace of the resource.
    pub(crate) fn namespace(&mut self) -> Symbol {
        let namespace = self.resource.namespace.as_deref();
        let namespace = namespace.filter(|namespace| !namespace.is_empty());
        self.symbols
            .intern(namespace.unwrap_or(self.default_namespace))
    }

    pub(crate) fn place(&self, node: NodeRef<'_>) -> Place {
        Place {
            resource: self.index,
            node: node.id(),
        }
    }

    /// Notes that a node contradicts the API.
    pub(crate) fn malformed(&mut self, node: NodeRef<'_>, message: impl Into<String>) -> Reason {
        let location = self.resource.location(node.id());
        self.problems.push(Problem {
            level: ProblemLevel::Unknown,
            kind: ProblemKind::NetworkObject,
            file: location.file().to_owned(),
            location: Some(location),
            message: format!("{} of {}", message.into(), self.resource.kind),
            hint: None,
        });
        Reason::Malformed
    }

    /// A field that must be a mapping: absent, or malformed.
    pub(crate) fn mapping<'a>(
        &mut self,
        node: NodeRef<'a>,
        name: &str,
    ) -> Result<Option<NodeRef<'a>>, Reason> {
        self.of_kind(node, name, Kind::Mapping)
    }

    /// A field that must be a list: absent and empty are the same.
    pub(crate) fn list<'a>(
        &mut self,
        node: NodeRef<'a>,
        name: &str,
    ) -> Result<Vec<NodeRef<'a>>, Reason> {
        let list = self.of_kind(node, name, Kind::Sequence)?;
        Ok(list.into_iter().flat_map(NodeRef::items).collect())
    }

    fn of_kind<'a>(
        &mut self,
        node: NodeRef<'a>,
        name: &str,
        kind: Kind,
    ) -> Result<Option<NodeRef<'a>>, Reason> {
        match field(node, name) {
            None => Ok(None),
            Some(value) if value.kind() == kind => Ok(Some(value)),
            Some(value) => {
                let what = if kind == Kind::Mapping {
                    "mapping"
                } else {
                    "list"
                };
                Err(self.malformed(value, format!("`{name}` is no {what} in a part")))
            }
        }
    }

    /// A text that must be there.
    pub(crate) fn required_text<'a>(
        &mut self,
        node: NodeRef<'a>,
        name: &str,
    ) -> Result<&'a str, Reason> {
        text(node, name).ok_or_else(|| {
            self.malformed(node, format!("`{name}` is missing or no text in a part"))
        })
    }
}

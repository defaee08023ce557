//! Reading objects that may be anything.

use document::NodeRef;

/// The value of a field, unless it is absent or null.
pub(crate) fn field<'a>(node: NodeRef<'a>, name: &str) -> Option<NodeRef<'a>> {
    node.get_str(name).filter(|value| !value.is_null())
}

/// The value at the end of fields.
pub(crate) fn fields<'a>(node: NodeRef<'a>, names: &[&str]) -> Option<NodeRef<'a>> {
    names.iter().try_fold(node, |node, name| field(node, name))
}

/// The text of a field, unless it is empty.
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

/// The value of an annotation.
pub(crate) fn annotation<'a>(object: NodeRef<'a>, name: &str) -> Option<NodeRef<'a>> {
    fields(object, &["metadata", "annotations", name])
}

/// The text of a label.
pub(crate) fn label<'a>(object: NodeRef<'a>, name: &str) -> Option<&'a str> {
    fields(object, &["metadata", "labels", name])?.as_str()
}

//! Looks into nodes.

use document::{Kind, NodeRef};

/// What lies at a path of keys.
pub(super) fn at<'a>(node: NodeRef<'a>, path: &[&str]) -> Option<NodeRef<'a>> {
    let mut node = node;
    for key in path {
        node = node.get_str(key)?;
    }
    (node.kind() != Kind::Null).then_some(node)
}

/// The string at a path; empty where there is none.
pub(super) fn text<'a>(node: NodeRef<'a>, path: &[&str]) -> &'a str {
    at(node, path).and_then(NodeRef::as_str).unwrap_or_default()
}

/// Whether `true` stands at a path.
pub(super) fn is(node: NodeRef<'_>, path: &[&str]) -> bool {
    at(node, path).and_then(NodeRef::as_bool) == Some(true)
}

/// The items of the list at a path.
pub(super) fn items<'a>(
    node: NodeRef<'a>,
    path: &[&str],
) -> impl Iterator<Item = NodeRef<'a>> + use<'a> {
    at(node, path).into_iter().flat_map(NodeRef::items)
}

/// The strings of the list at a path.
pub(super) fn texts(node: NodeRef<'_>, path: &[&str]) -> Vec<String> {
    let texts = items(node, path).filter_map(NodeRef::as_str);
    texts.map(str::to_owned).collect()
}

/// A scalar as it would stand behind `--set key=`.
pub(super) fn scalar(node: NodeRef<'_>) -> Option<String> {
    Some(match node.kind() {
        Kind::String => node.as_str()?.to_owned(),
        Kind::Bool => node.as_bool()?.to_string(),
        Kind::Int => node.as_i64()?.to_string(),
        Kind::Uint => node.as_u64()?.to_string(),
        Kind::Float => node.as_f64()?.to_string(),
        _ => return None,
    })
}

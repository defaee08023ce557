//! What custom resources refer to, by the usual names of such fields: enough to see that something is used,
//! not to say that something is missing.

use document::{Kind, NodeRef};
use model::Resource;

use super::text;

/// The ends of the names of fields that name an object, and its kind.
const SUFFIXES: &[(&str, &str)] = &[
    ("ecret", "Secret"),
    ("ecretName", "Secret"),
    ("ecretRef", "Secret"),
    ("ecretKeyRef", "Secret"),
    ("onfigMap", "ConfigMap"),
    ("onfigMapName", "ConfigMap"),
    ("onfigMapRef", "ConfigMap"),
    ("onfigMapKeyRef", "ConfigMap"),
    ("erviceAccount", "ServiceAccount"),
    ("erviceAccountName", "ServiceAccount"),
    ("erviceAccountRef", "ServiceAccount"),
    ("laimName", "PersistentVolumeClaim"),
];

/// Calls `found` with the kind and name of what a custom resource seems to refer to.
pub(crate) fn add<'r>(resource: &'r Resource, found: &mut dyn FnMut(&'static str, &'r str)) {
    let group = resource.group();
    let is_custom = group.contains('.') && !group.ends_with(".k8s.io");
    if !is_custom {
        return;
    }
    let mut rest = vec![resource.object()];
    while let Some(node) = rest.pop() {
        match node.kind() {
            Kind::Mapping => {
                mapping(node, found);
                for entry in node.entries() {
                    if let Some(kind) = kind_of(entry.name()) {
                        named(kind, entry.value, found);
                    }
                    rest.push(entry.value);
                }
            }
            Kind::Sequence => rest.extend(node.items()),
            _ => {}
        }
    }
}

/// A mapping with a kind and a name.
fn mapping<'r>(node: NodeRef<'r>, found: &mut dyn FnMut(&'static str, &'r str)) {
    let (Some(kind), Some(name)) = (text(node, "kind"), text(node, "name")) else {
        return;
    };
    let known = SUFFIXES.iter().find(|(_, known)| *known == kind);
    if let Some(&(_, kind)) = known {
        found(kind, name);
    }
}

fn named<'r>(kind: &'static str, value: NodeRef<'r>, found: &mut dyn FnMut(&'static str, &'r str)) {
    if let Some(name) = value.as_str() {
        found(kind, name);
    } else if value.kind() == Kind::Mapping {
        let name = text(value, "name").or_else(|| text(value, "secretName"));
        if let Some(name) = name {
            found(kind, name);
        }
    }
}

fn kind_of(key: &str) -> Option<&'static str> {
    let known = SUFFIXES.iter().find(|(suffix, _)| key.ends_with(suffix));
    known.map(|&(_, kind)| kind)
}

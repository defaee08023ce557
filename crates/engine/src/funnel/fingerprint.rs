//! Fingerprint v1: what makes a finding the same finding in the next scan.
//!
//! The definition and its test vector are published in `docs/fingerprint.md`; it never changes.

use std::collections::HashMap;
use std::fmt::Write as _;

use document::{Kind, NodeId, NodeRef, Step};
use foldhash::fast::FixedState;
use model::Resource;
use sha2::{Digest, Sha256};

/// Fields that tell the items of a list apart, first match wins. Frozen: part of the definition of v1,
/// so that a newer schema does not change fingerprints.
const IDENTIFYING: [&str; 12] = [
    "mountPath",
    "devicePath",
    "containerPort",
    "name",
    "key",
    "ip",
    "port",
    "topologyKey",
    "host",
    "path",
    "type",
    "kind",
];

/// Gives out fingerprints, numbering those that would be equal. Feed it findings in report order.
#[derive(Debug, Default)]
pub struct Fingerprints {
    seen: HashMap<[u8; 32], u64, FixedState>,
}

impl Fingerprints {
    /// The fingerprint of a control's finding at a node of a resource.
    pub fn next(&mut self, control: &str, resource: &Resource, node: NodeId) -> String {
        let mut hasher = Sha256::new();
        let name = if resource.name.is_empty() {
            resource.generate_name.as_deref().unwrap_or_default()
        } else {
            &resource.name
        };
        let namespace = resource.namespace.as_deref().unwrap_or_default();
        for field in [control, resource.group(), &resource.kind, namespace, name] {
            netstring(&mut hasher, field.as_bytes());
        }
        for step in steps(resource, node) {
            netstring(&mut hasher, step.as_bytes());
        }
        let place: [u8; 32] = hasher.clone().finalize().into();
        let ordinal = self.seen.entry(place).or_default();
        netstring(&mut hasher, format!("#{ordinal}").as_bytes());
        *ordinal += 1;
        format!("v1:{}", hexadecimal(&hasher.finalize()))
    }
}

/// The path as v1 writes it: `.key`, `[field=value]` or `[#hash of the content]` for each step.
fn steps(resource: &Resource, node: NodeId) -> Vec<String> {
    let document = &resource.document;
    let root = resource.object();
    let path = document
        .path_of(root, document.at(node))
        .unwrap_or_default();
    let mut here = Some(root);
    path.0
        .iter()
        .map(|step| {
            here = here.and_then(|node| node.step(step));
            match step {
                Step::Key(key) => format!(".{key}"),
                Step::Index(_) => here.map_or_else(String::new, item),
            }
        })
        .collect()
}

fn item(item: NodeRef<'_>) -> String {
    identity(item).unwrap_or_else(|| {
        let mut hasher = Sha256::new();
        content(item, &mut hasher);
        format!("[#{}]", hexadecimal(&hasher.finalize()))
    })
}

fn identity(item: NodeRef<'_>) -> Option<String> {
    if item.kind() != Kind::Mapping {
        return None;
    }
    IDENTIFYING.iter().find_map(|field| {
        let value = item.get_str(field)?;
        let text = match value.as_str() {
            Some(text) => text.to_owned(),
            None => value.as_i64()?.to_string(),
        };
        Some(format!("[{field}={text}]"))
    })
}

/// Feeds the content of a node to the hasher in a form that does not depend on how it is written:
/// mappings in order of their keys, references followed.
fn content(node: NodeRef<'_>, hasher: &mut Sha256) {
    match node.kind() {
        Kind::Mapping => {
            let mut entries: Vec<_> = node.entries().collect();
            entries.sort_by_key(document::EntryRef::name);
            hasher.update("{");
            for entry in entries {
                netstring(hasher, entry.name().as_bytes());
                content(entry.value, hasher);
            }
            hasher.update("}");
        }
        Kind::Sequence => {
            hasher.update("[");
            node.items().for_each(|item| content(item, hasher));
            hasher.update("]");
        }
        _ => scalar(node, hasher),
    }
}

fn scalar(node: NodeRef<'_>, hasher: &mut Sha256) {
    let (tag, text) = match node.kind() {
        Kind::String => ("s", node.as_str().unwrap_or_default().to_owned()),
        Kind::Bool => ("b", node.as_bool().unwrap_or_default().to_string()),
        Kind::Int => ("n", node.as_i64().unwrap_or_default().to_string()),
        Kind::Uint => ("n", node.as_u64().unwrap_or_default().to_string()),
        Kind::Float => (
            "f",
            format!("{:016x}", node.as_f64().unwrap_or_default().to_bits()),
        ),
        Kind::Null | Kind::Sequence | Kind::Mapping => ("z", String::new()),
    };
    hasher.update(tag);
    netstring(hasher, text.as_bytes());
}

fn netstring(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update(bytes.len().to_string());
    hasher.update(":");
    hasher.update(bytes);
    hasher.update(",");
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests;

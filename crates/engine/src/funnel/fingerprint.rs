//! Fingerprint v1: what makes a finding the same finding in the next scan.
//!
//! The definition and its test vector are published in `docs/fingerprint.md`; it never changes.

use document::{Kind, NodeId, NodeRef, StepRef};
use model::{Entry, Resource};
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

/// Where a finding is, as fingerprints see it: who the resource is, and the way to the node. Made once
/// for all the controls that have a finding there.
#[derive(Debug, Default)]
pub struct Place {
    who: Vec<u8>,
    way: Vec<u8>,
}

impl Place {
    /// The place of a node of a resource, which came out of the rendering of an entry or is written as it is.
    pub fn new(resource: &Resource, entry: Option<&Entry>, node: NodeId) -> Self {
        let name = match &resource.generate_name {
            Some(prefix) if resource.name.is_empty() => prefix,
            _ => &resource.name,
        };
        let namespace = resource.namespace.as_deref().unwrap_or_default();
        let mut place = Place {
            who: Vec::with_capacity(96),
            way: Vec::with_capacity(192),
        };
        for field in [resource.group(), &resource.kind, namespace, name] {
            netstring(&mut place.who, &[field.as_bytes()]);
        }
        if let Some(entry) = entry {
            let parts = [&entry.path, &entry.variant].into_iter();
            for part in parts.filter(|part| !part.is_empty()) {
                netstring(&mut place.who, &[b"@", part.as_bytes()]);
            }
        }
        way(resource, node, &mut place.way);
        place
    }

    /// The fingerprint of a control's finding here; `ordinal` counts those of the report that would
    /// be equal otherwise, from 0.
    pub fn fingerprint(&self, control: &str, ordinal: usize) -> String {
        let mut text = Vec::with_capacity(self.who.len() + self.way.len() + control.len() + 16);
        netstring(&mut text, &[control.as_bytes()]);
        text.extend_from_slice(&self.who);
        text.extend_from_slice(&self.way);
        let mut digits = vec![b'#'];
        push_decimal(ordinal, &mut digits);
        netstring(&mut text, &[&digits]);
        let mut fingerprint = String::with_capacity(67);
        fingerprint.push_str("v1:");
        push_hexadecimal(&Sha256::digest(&text), &mut fingerprint);
        fingerprint
    }
}

/// The path as v1 writes it: `.key`, `[field=value]` or `[#hash of the content]` for each step.
fn way(resource: &Resource, node: NodeId, out: &mut Vec<u8>) {
    let document = &resource.document;
    let steps = document.steps_to(resource.object(), document.at(node));
    for (step, node) in steps.unwrap_or_default() {
        match step {
            StepRef::Key(key) => netstring(out, &[b".", key.as_bytes()]),
            StepRef::Index(_) => netstring(out, &[item_identity(node).as_bytes()]),
        }
    }
}

/// What tells an item from the others of its list: `[name=web]`, or a hash of its content.
pub(crate) fn item_identity(item: NodeRef<'_>) -> String {
    identity(item).unwrap_or_else(|| {
        let mut text = Vec::new();
        content(item, &mut text);
        let mut identity = String::from("[#");
        push_hexadecimal(&Sha256::digest(&text), &mut identity);
        identity + "]"
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

/// Writes the content of a node in a form that does not depend on how it is written: mappings in order
/// of their keys, references followed.
fn content(node: NodeRef<'_>, out: &mut Vec<u8>) {
    match node.kind() {
        Kind::Mapping => {
            let mut entries: Vec<_> = node.entries().collect();
            entries.sort_by_key(document::EntryRef::name);
            out.push(b'{');
            for entry in entries {
                netstring(out, &[entry.name().as_bytes()]);
                content(entry.value, out);
            }
            out.push(b'}');
        }
        Kind::Sequence => {
            out.push(b'[');
            node.items().for_each(|item| content(item, out));
            out.push(b']');
        }
        _ => scalar(node, out),
    }
}

fn scalar(node: NodeRef<'_>, out: &mut Vec<u8>) {
    let (tag, text) = match node.kind() {
        Kind::String => (b's', node.as_str().unwrap_or_default().to_owned()),
        Kind::Bool => (b'b', node.as_bool().unwrap_or_default().to_string()),
        Kind::Int => (b'n', node.as_i64().unwrap_or_default().to_string()),
        Kind::Uint => (b'n', node.as_u64().unwrap_or_default().to_string()),
        Kind::Float => (
            b'f',
            format!("{:016x}", node.as_f64().unwrap_or_default().to_bits()),
        ),
        Kind::Null | Kind::Sequence | Kind::Mapping => (b'z', String::new()),
    };
    out.push(tag);
    netstring(out, &[text.as_bytes()]);
}

/// Length, colon, the parts as one text, comma.
fn netstring(out: &mut Vec<u8>, parts: &[&[u8]]) {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    push_decimal(length, out);
    out.push(b':');
    for part in parts {
        out.extend_from_slice(part);
    }
    out.push(b',');
}

fn push_decimal(number: usize, out: &mut Vec<u8>) {
    if number >= 10 {
        push_decimal(number / 10, out);
    }
    out.push(b'0' + (number % 10) as u8);
}

fn push_hexadecimal(bytes: &[u8], out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

#[cfg(test)]
mod tests;

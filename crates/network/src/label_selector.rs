//! Kubernetes' label selectors: `matchLabels` and `matchExpressions`.

use document::{Kind, NodeRef};

use crate::answer::Reason;
use crate::label::{Key, Of, Selector};
use crate::read::{Reader, text};

/// The label that every namespace carries with its own name.
pub(crate) const NAME_LABEL: &str = "kubernetes.io/metadata.name";

impl Of {
    /// The key of a label.
    fn key(self, reader: &mut Reader<'_>, name: &str) -> Key {
        match self {
            Of::Namespace if name == NAME_LABEL => Key::NamespaceName,
            Of::Namespace => Key::Namespace(reader.symbols.intern(name)),
            Of::Pod => Key::Pod(reader.symbols.intern(name)),
        }
    }
}

/// Reads a label selector; an empty one selects everything. What is malformed selects unknown.
pub(crate) fn label_selector(reader: &mut Reader<'_>, node: NodeRef<'_>, of: Of) -> Selector {
    label_selector_with(reader, node, &mut |reader, name| of.key(reader, name))
}

/// The same with another meaning of the keys.
pub(crate) fn label_selector_with(
    reader: &mut Reader<'_>,
    node: NodeRef<'_>,
    key: &mut dyn FnMut(&mut Reader<'_>, &str) -> Key,
) -> Selector {
    match parts(reader, node, key) {
        Ok(parts) => Selector::All(parts),
        Err(reason) => Selector::Unknown(reason),
    }
}

type KeyOf<'k> = &'k mut dyn FnMut(&mut Reader<'_>, &str) -> Key;

fn parts(
    reader: &mut Reader<'_>,
    node: NodeRef<'_>,
    key: KeyOf<'_>,
) -> Result<Vec<Selector>, Reason> {
    if node.kind() != Kind::Mapping {
        return Err(reader.malformed(node, "a selector is no mapping in a part"));
    }
    let mut parts = Vec::new();
    if let Some(labels) = reader.mapping(node, "matchLabels")? {
        for entry in labels.entries() {
            let Some(value) = entry.value.as_str() else {
                return Err(reader.malformed(entry.value, "a label that is no text in a selector"));
            };
            let value = reader.symbols.intern(value);
            parts.push(Selector::In(key(reader, entry.name()), vec![value]));
        }
    }
    for expression in reader.list(node, "matchExpressions")? {
        parts.push(requirement(reader, expression, key)?);
    }
    Ok(parts)
}

fn requirement(
    reader: &mut Reader<'_>,
    node: NodeRef<'_>,
    key: KeyOf<'_>,
) -> Result<Selector, Reason> {
    let name = reader.required_text(node, "key")?;
    let key = key(reader, name);
    let mut values = Vec::new();
    for value in reader.list(node, "values")? {
        match value.as_str() {
            Some(text) => values.push(reader.symbols.intern(text)),
            None => return Err(reader.malformed(value, "a value that is no text in a selector")),
        }
    }
    values.sort_unstable();
    values.dedup();
    let takes_values = match text(node, "operator") {
        Some("In" | "NotIn") => true,
        Some("Exists" | "DoesNotExist") => false,
        _ => return Err(reader.malformed(node, "an unknown operator in a selector")),
    };
    if takes_values == values.is_empty() {
        return Err(reader.malformed(
            node,
            "an operator with the wrong number of values in a selector",
        ));
    }
    Ok(match text(node, "operator") {
        Some("In") => Selector::In(key, values),
        Some("NotIn") => Selector::Not(Box::new(Selector::In(key, values))),
        Some("Exists") => Selector::Has(key),
        _ => Selector::Not(Box::new(Selector::Has(key))),
    })
}

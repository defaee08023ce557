//! The mutable form of a document while it is built: owned nodes, each with one number that leads to its origin.

use document::{Builder, Keys, Kind, LimitExceeded, NodeRef};

use crate::origin::{At, Origins, Placed};

/// A value and where it was written.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) at: At,
}

/// What a node is. Numbers keep the text that they were written as.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A null, and whether anything was written for it.
    Null(bool),
    Bool(bool),
    Int(i64, Box<str>),
    Uint(u64, Box<str>),
    Float(f64, Box<str>),
    Str(Box<str>),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One key with its value. Keys are unique in their map.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Box<str>,
    pub(crate) key_at: At,
    pub(crate) value: Node,
}

impl Node {
    pub(crate) fn new(value: Value, at: At) -> Self {
        Node { value, at }
    }

    pub(crate) fn text(text: &str, at: At) -> Self {
        Node::new(Value::Str(text.into()), at)
    }

    pub(crate) fn map(at: At) -> Self {
        Node::new(Value::Map(Vec::new()), at)
    }

    /// A scalar that has no type yet: a number, a boolean or null when its text looks like one.
    pub(crate) fn plain(text: &str, at: At) -> Self {
        Node::new(resolve(text), at)
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.value, Value::Null(_))
    }

    /// Whether it is null, an empty mapping or an empty list.
    pub(crate) fn is_null_or_empty(&self) -> bool {
        match &self.value {
            Value::Null(_) => true,
            Value::Map(entries) => entries.is_empty(),
            Value::List(items) => items.is_empty(),
            _ => false,
        }
    }

    pub(crate) fn is_scalar(&self) -> bool {
        !matches!(self.value, Value::Map(_) | Value::List(_))
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The text of any scalar, as it was written.
    pub(crate) fn scalar_text(&self) -> Option<&str> {
        Some(match &self.value {
            Value::Null(_) => "",
            Value::Bool(true) => "true",
            Value::Bool(false) => "false",
            Value::Int(_, text)
            | Value::Uint(_, text)
            | Value::Float(_, text)
            | Value::Str(text) => text,
            Value::List(_) | Value::Map(_) => return None,
        })
    }

    /// The items of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of a map; none for anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        let entry = self.entries().iter().find(|entry| &*entry.key == key)?;
        Some(&entry.value)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        match &mut self.value {
            Value::Map(entries) => entry_mut(entries, key),
            _ => None,
        }
    }

    /// The text under a path of keys.
    pub(crate) fn text_at(&self, path: &[&str]) -> Option<&str> {
        let mut node = self;
        for key in path {
            node = node.get(key)?;
        }
        node.scalar_text()
    }

    /// Sets a key of a map; does nothing to anything else.
    pub(crate) fn set(&mut self, key: &str, value: Node) {
        if let Some(old) = self.get_mut(key) {
            *old = value;
        } else if let Value::Map(entries) = &mut self.value {
            entries.push(Entry {
                key: key.into(),
                key_at: value.at,
                value,
            });
        }
    }

    /// Takes a key out of a map.
    pub(crate) fn remove(&mut self, key: &str) -> Option<Node> {
        let Value::Map(entries) = &mut self.value else {
            return None;
        };
        let at = entries.iter().position(|entry| &*entry.key == key)?;
        Some(entries.remove(at).value)
    }

    /// The map under a key, made when it is missing or null.
    pub(crate) fn map_mut(&mut self, key: &str, at: At) -> Option<&mut Node> {
        if self.get(key).is_none_or(Node::is_null) {
            self.set(key, Node::map(at));
        }
        self.get_mut(key)
    }

    /// About the bytes that it takes.
    pub(crate) fn weight(&self) -> usize {
        let text = self.scalar_text().map_or(0, str::len);
        let items = self.items().iter().map(Node::weight);
        let values = self.entries().iter();
        let values = values.map(|entry| 32 + entry.key.len() + entry.value.weight());
        48 + text + items.sum::<usize>() + values.sum::<usize>()
    }

    /// Whether two nodes mean the same.
    pub(crate) fn is_same(&self, other: &Node) -> bool {
        match (&self.value, &other.value) {
            (Value::Null(_), Value::Null(_)) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a, _), Value::Int(b, _)) => a == b,
            (Value::Uint(a, _), Value::Uint(b, _)) => a == b,
            (Value::Float(a, _), Value::Float(b, _)) => a.total_cmp(b).is_eq(),
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_same(b))
            }
            (Value::Map(a), Value::Map(b)) => {
                let same = |entry: &Entry| {
                    let there = other.get(&entry.key);
                    there.is_some_and(|there| there.is_same(&entry.value))
                };
                a.len() == b.len() && a.iter().all(same)
            }
            _ => false,
        }
    }

    /// The owned form of a document's node, references and merge keys resolved.
    pub(crate) fn from_ref(node: NodeRef<'_>, placed: &Placed, origins: &mut Origins) -> Node {
        let at = origins.place(placed, node);
        let written = || -> Box<str> {
            let node = node.resolved();
            let document = node.document();
            // Of a text that was made, the number stands there and not where it was made.
            let place = document.made(node.origin()).unwrap_or(node.place());
            place.source.slice(&place.span).into()
        };
        let number = || match placed {
            Placed::Known(_) if node.document().made(node.origin()).is_none() => canonical(node),
            _ => written(),
        };
        let value = match node.kind() {
            Kind::Null => Value::Null(!written().is_empty()),
            Kind::Bool => Value::Bool(node.as_bool() == Some(true)),
            Kind::Int => Value::Int(node.as_i64().unwrap_or_default(), number()),
            Kind::Uint => Value::Uint(node.as_u64().unwrap_or_default(), number()),
            Kind::Float => Value::Float(node.as_f64().unwrap_or_default(), number()),
            Kind::String => Value::Str(node.as_str().unwrap_or_default().into()),
            Kind::Sequence => {
                let items = node.items();
                Value::List(
                    items
                        .map(|item| Node::from_ref(item, placed, origins))
                        .collect(),
                )
            }
            Kind::Mapping => Value::Map({
                if node.is_irregular() && repeats_a_key(node) {
                    origins.repeated = Some(at);
                }
                node.entries()
                    .map(|entry| Entry {
                        key: entry.name().into(),
                        key_at: origins.place_origin(placed, node.document(), entry.key_origin),
                        value: Node::from_ref(entry.value, placed, origins),
                    })
                    .collect()
            }),
        };
        Node::new(value, at)
    }

    /// Writes the node into a document.
    pub(crate) fn write(
        &self,
        builder: &mut Builder,
        ids: &mut crate::origin::OriginWriter<'_>,
    ) -> Result<(), LimitExceeded> {
        let origin = ids.origin(builder, self.at);
        match &self.value {
            Value::Null(_) => builder.null(origin).map(drop),
            Value::Bool(value) => builder.bool(*value, origin).map(drop),
            Value::Int(value, _) => builder.int(*value, origin).map(drop),
            Value::Uint(value, _) => builder.uint(*value, origin).map(drop),
            Value::Float(value, _) => builder.float(*value, origin).map(drop),
            Value::Str(text) => builder.string(text, origin).map(drop),
            Value::List(items) => {
                builder.begin_sequence(origin)?;
                for item in items {
                    item.write(builder, ids)?;
                }
                builder.end(None);
                Ok(())
            }
            Value::Map(entries) => {
                builder.begin_mapping(origin)?;
                for entry in entries {
                    let key = ids.origin(builder, entry.key_at);
                    builder.key(&entry.key, key);
                    entry.value.write(builder, ids)?;
                }
                builder.end(None);
                Ok(())
            }
        }
    }
}

/// A number as it is printed.
fn canonical(node: NodeRef<'_>) -> Box<str> {
    let text = match node.kind() {
        Kind::Int => node.as_i64().map(|value| value.to_string()),
        Kind::Uint => node.as_u64().map(|value| value.to_string()),
        _ => node.as_f64().map(|value| value.to_string()),
    };
    text.unwrap_or_default().into()
}

/// The value under a key.
pub(crate) fn entry_mut<'e>(entries: &'e mut [Entry], key: &str) -> Option<&'e mut Node> {
    let entry = entries.iter_mut().find(|entry| &*entry.key == key)?;
    Some(&mut entry.value)
}

/// What a plain scalar of YAML means to Kubernetes' converter, for the texts that transformations make.
fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null(!text.is_empty()),
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let looks_numeric = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        && text.contains(|c: char| c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
    if !looks_numeric {
        return Value::Str(text.into());
    }
    let int = text.parse().map(|value| Value::Int(value, text.into()));
    int.or_else(|_| text.parse().map(|value| Value::Uint(value, text.into())))
        .or_else(|_| text.parse().map(|value| Value::Float(value, text.into())))
        .unwrap_or_else(|_: std::num::ParseFloatError| Value::Str(text.into()))
}

/// Whether a mapping has a key twice.
fn repeats_a_key(node: NodeRef<'_>) -> bool {
    let mut seen = std::collections::HashSet::new();
    let own = node.written_entries().map(|entry| entry.key);
    own.filter(|key| *key != Keys::MERGE)
        .any(|key| !seen.insert(key))
}

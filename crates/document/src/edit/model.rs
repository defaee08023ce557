//! What an edit means, on values without a text.

use super::NewValue;
use crate::document::node::{Kind, NodeRef};
use crate::path::Step;

impl NewValue {
    /// The value of a node, references followed.
    pub fn of(node: NodeRef<'_>) -> Self {
        match node.kind() {
            Kind::Null => NewValue::Null,
            Kind::Bool => NewValue::Bool(node.as_bool().unwrap_or_default()),
            Kind::Int => NewValue::Int(node.as_i64().unwrap_or_default()),
            Kind::Uint => NewValue::Uint(node.as_u64().unwrap_or_default()),
            Kind::Float => NewValue::Float(node.as_f64().unwrap_or_default()),
            Kind::String => NewValue::String(node.as_str().unwrap_or_default().to_owned()),
            Kind::Sequence => NewValue::Sequence(node.items().map(NewValue::of).collect()),
            Kind::Mapping => {
                let entries = node.entries();
                NewValue::Mapping(
                    entries
                        .map(|entry| (entry.name().to_owned(), NewValue::of(entry.value)))
                        .collect(),
                )
            }
        }
    }

    /// Whether all the numbers are finite.
    pub(super) fn is_finite(&self) -> bool {
        match self {
            NewValue::Float(value) => value.is_finite(),
            NewValue::Sequence(items) => items.iter().all(NewValue::is_finite),
            NewValue::Mapping(entries) => entries.iter().all(|(_, value)| value.is_finite()),
            _ => true,
        }
    }

    /// Equal but for the order of entries and the type of numbers.
    pub(super) fn same(&self, other: &NewValue) -> bool {
        match (self, other) {
            (NewValue::Sequence(one), NewValue::Sequence(other)) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| one.same(other))
            }
            (NewValue::Mapping(one), NewValue::Mapping(other)) => {
                let (one, other) = (sorted(one), sorted(other));
                let pair = |((name, value), (other_name, other)): (
                    &&(String, NewValue),
                    &&(String, NewValue),
                )| { name == other_name && value.same(other) };
                one.len() == other.len() && one.iter().zip(&other).all(pair)
            }
            _ => {
                self == other
                    || self
                        .number()
                        .is_some_and(|number| other.number() == Some(number))
            }
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "integers that are equal are equal before this"
    )]
    fn number(&self) -> Option<f64> {
        match self {
            NewValue::Float(value) => Some(*value),
            NewValue::Int(value) => Some(*value as f64),
            NewValue::Uint(value) => Some(*value as f64),
            _ => None,
        }
    }

    /// Sets the value at a path; `false` where that is not possible.
    pub(super) fn set(&mut self, path: &[Step], value: &NewValue) -> bool {
        let Some((step, rest)) = path.split_first() else {
            *self = value.clone();
            return true;
        };
        if *self == NewValue::Null {
            *self = empty_for(step);
        }
        match (self, step) {
            (NewValue::Mapping(entries), Step::Key(key)) => {
                let at = entries.iter().position(|(name, _)| **name == **key);
                let at = at.unwrap_or_else(|| {
                    entries.push((key.to_string(), NewValue::Null));
                    entries.len() - 1
                });
                entries[at].1.set(rest, value)
            }
            (NewValue::Sequence(items), Step::Index(index)) if *index <= items.len() => {
                if *index == items.len() {
                    items.push(NewValue::Null);
                }
                items[*index].set(rest, value)
            }
            _ => false,
        }
    }

    /// Removes what is at a path; `false` where there is nothing.
    pub(super) fn remove(&mut self, path: &[Step]) -> bool {
        let Some((step, rest)) = path.split_first() else {
            return false;
        };
        match (self, step) {
            (NewValue::Mapping(entries), Step::Key(key)) => {
                let Some(at) = entries.iter().position(|(name, _)| **name == **key) else {
                    return false;
                };
                if !rest.is_empty() {
                    return entries[at].1.remove(rest);
                }
                entries.remove(at);
            }
            (NewValue::Sequence(items), Step::Index(index)) if *index < items.len() => {
                if !rest.is_empty() {
                    return items[*index].remove(rest);
                }
                items.remove(*index);
            }
            _ => return false,
        }
        true
    }

    /// Adds an item to the sequence at a path, made where there is none.
    pub(super) fn append(&mut self, path: &[Step], value: &NewValue) -> bool {
        let length = match self.at(path) {
            Some(NewValue::Sequence(items)) => items.len(),
            None | Some(NewValue::Null) => 0,
            Some(_) => return false,
        };
        self.set(&[path, &[Step::Index(length)]].concat(), value)
    }

    fn at(&self, path: &[Step]) -> Option<&NewValue> {
        let Some((step, rest)) = path.split_first() else {
            return Some(self);
        };
        match (self, step) {
            (NewValue::Mapping(entries), Step::Key(key)) => {
                let (_, value) = entries.iter().find(|(name, _)| **name == **key)?;
                value.at(rest)
            }
            (NewValue::Sequence(items), Step::Index(index)) => items.get(*index)?.at(rest),
            _ => None,
        }
    }
}

/// The container that a step goes into.
fn empty_for(step: &Step) -> NewValue {
    match step {
        Step::Key(_) => NewValue::Mapping(Vec::new()),
        Step::Index(_) => NewValue::Sequence(Vec::new()),
    }
}

fn sorted(entries: &[(String, NewValue)]) -> Vec<&(String, NewValue)> {
    let mut sorted: Vec<_> = entries.iter().collect();
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    sorted
}

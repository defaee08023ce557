//! Strategic merge: a patch in the shape of the object, lists merged by Kubernetes' keys, and `$patch` directives.
//!
//! Follows what Kustomize does (<https://kubectl.docs.kubernetes.io/references/kustomize/glossary/#patchstrategicmerge>):
//! new items of a list come first; a list without a merge key, and every list of a kind that is not known, is replaced.

use std::collections::HashMap;

use document::Role;

use crate::error::{Result, transform};
use crate::merge_schema::{MergeSchema, Typed};
use crate::origin::Origins;
use crate::tree::{Entry, Node, Value};

/// Merges a patch into an object; `None` when the patch deletes it.
pub(crate) fn merge(
    object: Node,
    patch: Node,
    schema: &MergeSchema,
    origins: &mut Origins,
) -> Result<Option<Node>> {
    let mut merger = Merger { schema, origins };
    let typed = merger.typed(None, Some(&object), Some(&patch));
    merger.walk(Some(object), Some(patch), typed.as_ref())
}

struct Merger<'m> {
    schema: &'m MergeSchema,
    origins: &'m mut Origins,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
}

impl Directive {
    fn parse(text: &str) -> Result<Self> {
        match text {
            "merge" => Ok(Directive::Merge),
            "replace" => Ok(Directive::Replace),
            "delete" => Ok(Directive::Delete),
            _ => Err(transform(format!("unknown patch strategy '{text}'"))),
        }
    }

    /// Takes the directive out of a patch.
    fn take(patch: &mut Node) -> Result<Self> {
        let text = match &mut patch.value {
            Value::Map(_) => patch.remove("$patch"),
            Value::List(items) => {
                let is_directive =
                    |item: &Node| item.entries().len() == 1 && item.get("$patch").is_some();
                let at = items.iter().position(is_directive);
                at.and_then(|at| items.remove(at).remove("$patch"))
            }
            _ => None,
        };
        match text.as_ref().and_then(Node::scalar_text) {
            Some(text) => Directive::parse(text),
            None => Ok(Directive::Merge),
        }
    }
}

impl Merger<'_> {
    /// The type that is known, or the one that the object names itself.
    fn typed(
        &self,
        known: Option<Typed>,
        object: Option<&Node>,
        patch: Option<&Node>,
    ) -> Option<Typed> {
        known.or_else(|| {
            [object, patch].into_iter().flatten().find_map(|node| {
                let api_version = node.get("apiVersion")?.as_str()?;
                self.schema.kind(api_version, node.get("kind")?.as_str()?)
            })
        })
    }

    fn walk(
        &mut self,
        object: Option<Node>,
        patch: Option<Node>,
        typed: Option<&Typed>,
    ) -> Result<Option<Node>> {
        let Some(patch) = patch else {
            return Ok(object.and_then(|object| self.tidied(object, typed)));
        };
        let Some(object) = object.filter(|object| !object.is_null()) else {
            return self.added(patch, typed);
        };
        if patch.is_null() {
            return Ok(None);
        }
        match (&object.value, &patch.value) {
            (Value::Map(_), Value::Map(_)) => self.maps(object, patch, typed),
            (Value::List(_), Value::List(_)) => self.lists(object, patch, typed),
            (Value::Map(_) | Value::List(_), _) | (_, Value::Map(_) | Value::List(_)) => Err(
                transform("a patch has another kind of value than the object"),
            ),
            _ => {
                let at = self.origins.derived_patch(patch.at, object.at);
                Ok(Some(Node::new(patch.value, at)))
            }
        }
    }

    /// A part of a patch that the object has nothing for.
    fn added(&self, mut patch: Node, typed: Option<&Typed>) -> Result<Option<Node>> {
        if patch.is_null() {
            return Ok(None);
        }
        if Directive::take(&mut patch)? == Directive::Delete {
            return Ok(None);
        }
        match patch.value {
            Value::Map(entries) => {
                let mut kept = Vec::with_capacity(entries.len());
                for entry in entries {
                    let typed = self.field(typed, &entry.key, None, Some(&entry.value));
                    if let Some(value) = self.added(entry.value, typed.as_ref())? {
                        kept.push(Entry { value, ..entry });
                    }
                }
                patch.value = Value::Map(kept);
            }
            Value::List(items) if typed.is_some_and(Typed::is_merged) => {
                let item_type = typed.and_then(|typed| self.schema.item(typed));
                let mut kept = Vec::with_capacity(items.len());
                for item in items {
                    kept.extend(self.added(item, item_type.as_ref())?);
                }
                patch.value = Value::List(kept);
            }
            // What is replaced as a whole stays as it is.
            other => patch.value = other,
        }
        Ok(Some(patch))
    }

    fn maps(
        &mut self,
        mut object: Node,
        mut patch: Node,
        typed: Option<&Typed>,
    ) -> Result<Option<Node>> {
        match Directive::take(&mut patch)? {
            Directive::Delete => return Ok(None),
            Directive::Replace => return self.added(patch, typed),
            Directive::Merge => {}
        }
        let (Value::Map(mine), Value::Map(theirs)) = (&mut object.value, patch.value) else {
            return Ok(Some(object));
        };
        let mut theirs: HashMap<Box<str>, (usize, Entry)> = theirs
            .into_iter()
            .enumerate()
            .map(|(index, entry)| (entry.key.clone(), (index, entry)))
            .collect();
        let mut merged = Vec::with_capacity(mine.len() + theirs.len());
        for entry in std::mem::take(mine) {
            let patch = theirs.remove(&entry.key).map(|(_, entry)| entry.value);
            let typed = self.field(typed, &entry.key, Some(&entry.value), patch.as_ref());
            if let Some(value) = self.walk(Some(entry.value), patch, typed.as_ref())? {
                merged.push(Entry { value, ..entry });
            }
        }
        let mut added: Vec<(usize, Entry)> = theirs.into_values().collect();
        added.sort_by_key(|(index, _)| *index);
        for (_, entry) in added {
            let typed = self.field(typed, &entry.key, None, Some(&entry.value));
            if let Some(value) = self.added(entry.value, typed.as_ref())? {
                merged.push(Entry { value, ..entry });
            }
        }
        *mine = merged;
        Ok(Some(object))
    }

    fn field(
        &self,
        typed: Option<&Typed>,
        name: &str,
        object: Option<&Node>,
        patch: Option<&Node>,
    ) -> Option<Typed> {
        let known = typed.and_then(|typed| self.schema.field(typed, name));
        self.typed(known, object, patch)
    }

    fn lists(
        &mut self,
        object: Node,
        mut patch: Node,
        typed: Option<&Typed>,
    ) -> Result<Option<Node>> {
        let Some(typed) = typed.filter(|typed| typed.is_merged()) else {
            let at = self.origins.derived_patch(patch.at, object.at);
            return Ok(Some(Node::new(patch.value, at)));
        };
        match Directive::take(&mut patch)? {
            Directive::Delete => return Ok(None),
            Directive::Replace => return Ok(Some(patch)),
            Directive::Merge => {}
        }
        let at = object.at;
        let (Value::List(mine), Value::List(theirs)) = (object.value, patch.value) else {
            return Ok(None);
        };
        let merged = if typed.keys().is_empty() {
            merge_scalars(mine, theirs)
        } else {
            self.keyed(mine, theirs, typed)?
        };
        Ok(Some(Node::new(Value::List(merged), at)))
    }

    /// Merges items that keys name: those of the patch first, in its order, then the object's others.
    fn keyed(&mut self, mine: Vec<Node>, theirs: Vec<Node>, typed: &Typed) -> Result<Vec<Node>> {
        let item_type = self.schema.item(typed);
        let keys = typed.keys();
        let mine_values: Vec<Vec<String>> = mine.iter().map(|item| values_of(item, keys)).collect();
        let their_values: Vec<Vec<String>> =
            theirs.iter().map(|item| values_of(item, keys)).collect();
        let mut index: HashMap<&[String], usize> = HashMap::new();
        for (position, values) in mine_values.iter().enumerate() {
            index.entry(values).or_insert(position);
        }
        let mut slots: Vec<Option<Node>> = mine.into_iter().map(Some).collect();
        let mut added = Vec::new();
        let mut touched = vec![false; slots.len()];
        for (patch, values) in theirs.into_iter().zip(&their_values) {
            let exact = index.get(values.as_slice()).copied();
            let has_key = values.iter().any(|value| !value.is_empty());
            let near = || {
                let fits = |other: &Vec<String>| keys.len() > 1 && is_near(values, other);
                mine_values.iter().position(fits)
            };
            let found = if has_key { exact.or_else(near) } else { None };
            let Some(found) = found else {
                added.extend(self.added(patch, item_type.as_ref())?);
                continue;
            };
            touched[found] = true;
            let object = slots[found].take();
            // For Kustomize the item of the object wins over one that replaces it.
            let replaces = patch.text_at(&["$patch"]) == Some("replace");
            let patch = if replaces { Node::map(patch.at) } else { patch };
            if let Some(merged) = self.walk(object, Some(patch), item_type.as_ref())? {
                if keys.len() == 1 {
                    added.push(merged);
                } else {
                    slots[found] = Some(merged);
                }
            }
        }
        // With one key the items that the patch names come first; with several the object's keep their order.
        let rest = slots.into_iter().zip(touched);
        let rest = rest.filter_map(|(slot, is_touched)| {
            let slot = slot?;
            if is_touched {
                Some(slot)
            } else {
                self.tidied(slot, item_type.as_ref())
            }
        });
        added.extend(rest);
        Ok(added)
    }
}

impl Merger<'_> {
    /// What a merge leaves of a part that the patch does not name: keys without any value go.
    fn tidied(&self, mut node: Node, typed: Option<&Typed>) -> Option<Node> {
        match &mut node.value {
            Value::Null(false) => return None,
            Value::Map(entries) => {
                let old = std::mem::take(entries);
                entries.extend(old.into_iter().filter_map(|entry| {
                    let typed = self.field(typed, &entry.key, Some(&entry.value), None);
                    let value = self.tidied(entry.value, typed.as_ref())?;
                    Some(Entry { value, ..entry })
                }));
            }
            Value::List(items) if typed.is_some_and(Typed::is_merged) => {
                let item_type = typed.and_then(|typed| self.schema.item(typed));
                let old = std::mem::take(items);
                let all = old.into_iter();
                items.extend(all.filter_map(|item| self.tidied(item, item_type.as_ref())));
            }
            _ => {}
        }
        Some(node)
    }
}

impl Origins {
    /// The origin of a value that a patch sets in place of another one.
    fn derived_patch(
        &mut self,
        patch: crate::origin::At,
        base: crate::origin::At,
    ) -> crate::origin::At {
        self.append(patch, Role::Base, base)
    }
}

fn values_of(item: &Node, keys: &[String]) -> Vec<String> {
    let text = |key: &String| item.text_at(&[key]).unwrap_or_default().to_owned();
    keys.iter().map(text).collect()
}

/// Whether two items with several keys may be the same: they agree in one, and where they differ one says nothing.
fn is_near(a: &[String], b: &[String]) -> bool {
    let agree = a.iter().zip(b).any(|(a, b)| a == b && !a.is_empty());
    let clash = |(a, b): (&String, &String)| a != b && !a.is_empty() && !b.is_empty();
    agree && !a.iter().zip(b).any(clash)
}

fn merge_scalars(mine: Vec<Node>, theirs: Vec<Node>) -> Vec<Node> {
    let mut seen = std::collections::HashSet::new();
    let all = theirs.into_iter().chain(mine);
    let mut is_new = |item: &Node| {
        item.scalar_text()
            .is_none_or(|text| seen.insert(text.to_owned()))
    };
    all.filter(|item| is_new(item)).collect()
}

//! The objects of a build in their order, found by present and former names.

use std::collections::HashSet;

use crate::error::{Error, ErrorKind, Result, transform};
use crate::merge::merge;
use crate::merge_schema::MergeSchema;
use crate::origin::Origins;
use crate::resource::{Behavior, Id, Resource};
use crate::tree::{Entry, Node, Value};

/// The objects of a build.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resources {
    pub(crate) list: Vec<Resource>,
}

/// What makes two names the same.
type Key = (String, String, String, String, String);

fn key(id: &Id) -> Key {
    let namespace = id.effective_namespace().to_owned();
    let gvk = id.gvk.clone();
    (gvk.group, gvk.version, gvk.kind, namespace, id.name.clone())
}

impl Resources {
    /// Adds objects; two with the same name are an error.
    pub(crate) fn append(&mut self, more: Vec<Resource>) -> Result<()> {
        let mut seen: HashSet<Key> = self.list.iter().map(|it| key(&it.id())).collect();
        for resource in more {
            let id = resource.id();
            if !seen.insert(key(&id)) {
                return Err(ErrorKind::Duplicate(id.text()).into());
            }
            self.list.push(resource);
        }
        Ok(())
    }

    /// Adds what a generator made: new, or in place of or merged with an object of the same name.
    pub(crate) fn absorb(&mut self, made: Resource) -> Result<()> {
        let id = made.id();
        let matches = self.positions(|other| other.is_same(&id));
        match (matches.as_slice(), made.behavior) {
            ([], Behavior::Create) => self.append(vec![made]),
            ([], _) => Err(transform(format!(
                "{} is not there: nothing to merge with or to replace",
                id.text()
            ))),
            ([_], Behavior::Create) => Err(ErrorKind::Duplicate(format!(
                "{} (its generator's behavior must be merge or replace)",
                id.text()
            ))
            .into()),
            (&[at], _) => {
                let old = &mut self.list[at];
                *old = absorbed(old, made);
                Ok(())
            }
            _ => Err(transform(format!(
                "several objects could merge with {}",
                id.text()
            ))),
        }
    }

    /// Positions of the objects one of whose names fits.
    pub(crate) fn positions(&self, fits: impl Fn(&Id) -> bool) -> Vec<usize> {
        let all = self.list.iter().enumerate();
        all.filter(|(_, resource)| resource.all_ids().iter().any(&fits))
            .map(|(at, _)| at)
            .collect()
    }

    /// The one object that a patch names.
    pub(crate) fn target_of(&self, patch: &Resource) -> Result<usize> {
        let id = patch.id();
        match self.positions(|other| other.is_same(&id)).as_slice() {
            [at] => Ok(*at),
            [] => Err(ErrorKind::NoMatch(format!("the patch of {}", id.text())).into()),
            _ => Err(transform(format!(
                "several objects fit the patch of {}",
                id.text()
            ))),
        }
    }

    /// Applies a strategic merge patch to the object at a position; `false` when it deletes the object.
    pub(crate) fn patch(
        &mut self,
        at: usize,
        patch: &Resource,
        schema: &MergeSchema,
        origins: &mut Origins,
    ) -> Result<bool> {
        let Some(target) = self.list.get_mut(at) else {
            return Ok(true);
        };
        if patch.allows_name_change || patch.allows_kind_change {
            target.remember();
        }
        let keep = |path: &[&str]| {
            let mut node = &target.node;
            for part in path {
                node = node.get(part)?;
            }
            Some(node.clone())
        };
        let (kind, name) = (keep(&["kind"]), keep(&["metadata", "name"]));
        let api_version = keep(&["apiVersion"]);
        let namespace = keep(&["metadata", "namespace"]);
        let whole = Node::new(Value::Null(false), target.node.at);
        let object = std::mem::replace(&mut target.node, whole);
        let id = patch.id().text();
        let merged = merge(object, patch.node.clone(), schema, origins)
            .map_err(|error| add_context(error, &format!("the patch of {id}")))?;
        let Some(merged) = merged.filter(|merged| !merged.is_null_or_empty()) else {
            return Ok(false);
        };
        target.node = merged;
        // A patch repeats it to be found; that does not make it the place where it is decided.
        let is_same = |old: &Node| {
            let new = target.node.get("apiVersion");
            new.is_some_and(|new| new.is_same(old))
        };
        if let Some(api_version) = api_version.filter(is_same) {
            target.node.set("apiVersion", api_version);
        }
        if let Some(kind) = kind.filter(|_| !patch.allows_kind_change) {
            target.node.set("kind", kind);
        }
        if let Some(name) = name.filter(|_| !patch.allows_name_change) {
            target.set_metadata("name", name);
        }
        match namespace {
            Some(namespace) => target.set_metadata("namespace", namespace),
            None => {
                if let Some(metadata) = target.node.get_mut("metadata") {
                    metadata.remove("namespace");
                }
            }
        }
        Ok(true)
    }

    /// Takes out the objects that are nothing any more.
    pub(crate) fn drop_empty(&mut self) {
        self.list
            .retain(|resource| !resource.node.is_null_or_empty());
    }
}

/// Adds what an error is about.
pub(crate) fn add_context(error: Error, what: &str) -> Error {
    let kind = match error.kind {
        ErrorKind::Transform(message) => ErrorKind::Transform(format!("{what}: {message}")),
        other => other,
    };
    Error {
        kind,
        place: error.place,
    }
}

/// What a generator made, with what it takes over from the object it stands for.
fn absorbed(old: &Resource, mut made: Resource) -> Resource {
    for key in ["labels", "annotations"] {
        let mine = made.node.get("metadata").and_then(|it| it.get(key));
        let theirs = old.node.get("metadata").and_then(|it| it.get(key));
        let both = overlaid(theirs, mine);
        if let Some(both) = both.filter(|both| !both.is_null_or_empty()) {
            made.set_metadata(key, both);
        }
    }
    for key in ["name", "namespace"] {
        let theirs = old.node.get("metadata").and_then(|it| it.get(key)).cloned();
        match theirs {
            Some(theirs) => made.set_metadata(key, theirs),
            None => {
                if let Some(metadata) = made.node.get_mut("metadata") {
                    metadata.remove(key);
                }
            }
        }
    }
    if made.behavior == Behavior::Merge {
        let plain;
        let mut data_of = &old.node;
        if made.kind() == "Secret" {
            plain = with_encoded_string_data(&old.node);
            data_of = &plain;
        }
        for key in ["data", "binaryData"] {
            let both = overlaid(data_of.get(key), made.node.get(key));
            made.node.remove(key);
            if let Some(both) = both.filter(|both| !both.is_null_or_empty()) {
                made.node.set(key, both);
            }
        }
        made.origin = old.origin.clone().or(made.origin);
    }
    Resource {
        needs_hash: made.needs_hash && old.needs_hash,
        former: old.former.clone(),
        prefixes: old.prefixes.clone(),
        suffixes: old.suffixes.clone(),
        behavior: old.behavior,
        variables: old.variables.clone(),
        bases: old.bases.clone(),
        transformations: old.transformations.clone(),
        ..made
    }
}

/// The entries of two maps, all of them texts, the second one's stronger.
fn overlaid(base: Option<&Node>, over: Option<&Node>) -> Option<Node> {
    let mut both = base.or(over)?.clone();
    let entries = [base, over].into_iter().flatten().flat_map(Node::entries);
    let mut merged: Vec<Entry> = Vec::new();
    let mut at = std::collections::HashMap::new();
    for entry in entries {
        let text = entry.value.scalar_text().unwrap_or_default();
        let entry = Entry {
            key: entry.key.clone(),
            key_at: entry.key_at,
            value: Node::text(text, entry.value.at),
        };
        if let Some(&index) = at.get(&entry.key) {
            merged[index] = entry;
        } else {
            at.insert(entry.key.clone(), merged.len());
            merged.push(entry);
        }
    }
    both.value = Value::Map(merged);
    Some(both)
}

/// A secret with its `stringData` in `data`.
fn with_encoded_string_data(secret: &Node) -> Node {
    let mut secret = secret.clone();
    let Some(texts) = secret.remove("stringData") else {
        return secret;
    };
    let at = texts.at;
    if let Some(data) = secret.map_mut("data", at) {
        for entry in texts.entries() {
            let text = entry.value.scalar_text().unwrap_or_default();
            let encoded = crate::generator::encode_base64(text.as_bytes());
            data.set(&entry.key, Node::text(&encoded, entry.value.at));
        }
    }
    secret
}

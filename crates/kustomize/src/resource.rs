//! One object of a build, with the names that it had before.

use schema::Schema;

use crate::error::{ErrorKind, Result};
use crate::origin::At;
use crate::provenance::Origin;
use crate::tree::{Node, Value};

/// Group, version and kind; empty for any where it selects.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(crate) struct Gvk {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
}

impl Gvk {
    pub(crate) fn new(api_version: &str, kind: &str) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Gvk {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: kind.to_owned(),
        }
    }

    /// Whether a selector with empty parts for any takes it.
    pub(crate) fn is_selected(&self, by: &Gvk) -> bool {
        let fits = |mine: &str, wanted: &str| wanted.is_empty() || mine == wanted;
        fits(&self.group, &by.group)
            && fits(&self.version, &by.version)
            && fits(&self.kind, &by.kind)
    }

    /// Whether objects of the kind are known to live outside namespaces.
    pub(crate) fn is_cluster_scoped(&self) -> bool {
        Schema::embedded().is_namespaced(&self.group, &self.kind) == Some(false)
    }
}

/// What names an object.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Id {
    pub(crate) gvk: Gvk,
    pub(crate) name: String,
    pub(crate) namespace: String,
    pub(crate) is_cluster_scoped: bool,
}

impl Id {
    /// The namespace that counts: `default` for none, and one for all objects outside namespaces.
    pub(crate) fn effective_namespace(&self) -> &str {
        if self.is_cluster_scoped {
            "_non_namespaceable_"
        } else if self.namespace.is_empty() {
            "default"
        } else {
            &self.namespace
        }
    }

    pub(crate) fn is_same(&self, other: &Id) -> bool {
        self.name == other.name
            && self.gvk == other.gvk
            && self.effective_namespace() == other.effective_namespace()
    }

    pub(crate) fn text(&self) -> String {
        let or = |text: &str, none: &str| {
            if text.is_empty() {
                none.to_owned()
            } else {
                text.to_owned()
            }
        };
        let gvk = &self.gvk;
        let group = if gvk.group.is_empty() {
            String::new()
        } else {
            format!("{}/", gvk.group)
        };
        let namespace = if self.namespace.is_empty() {
            String::new()
        } else {
            format!(" in {}", self.namespace)
        };
        format!(
            "{} '{}'{namespace} ({group}{})",
            or(&gvk.kind, "object"),
            self.name,
            or(&gvk.version, "no version")
        )
    }
}

/// What a generator does when an object of its name is there already.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Behavior {
    /// Fails, as `create` does.
    #[default]
    Create,
    /// Replaces its data.
    Replace,
    /// Adds to its data.
    Merge,
}

/// What an object was called before a transformation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Former {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) kind: String,
}

/// One object.
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) node: Node,
    pub(crate) former: Vec<Former>,
    pub(crate) prefixes: Vec<String>,
    pub(crate) suffixes: Vec<String>,
    pub(crate) behavior: Behavior,
    pub(crate) needs_hash: bool,

    pub(crate) variables: Vec<String>,
    /// The entries of kustomizations that brought it, nearest first.
    pub(crate) bases: Vec<At>,
    pub(crate) allows_name_change: bool,
    pub(crate) allows_kind_change: bool,
    pub(crate) origin: Option<Origin>,
    pub(crate) transformations: Vec<Origin>,
}

impl Resource {
    pub(crate) fn new(node: Node) -> Self {
        Resource {
            node,
            former: Vec::new(),
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            behavior: Behavior::Create,
            needs_hash: false,
            variables: Vec::new(),
            bases: Vec::new(),
            allows_name_change: false,
            allows_kind_change: false,
            origin: None,
            transformations: Vec::new(),
        }
    }

    pub(crate) fn kind(&self) -> &str {
        self.node.text_at(&["kind"]).unwrap_or_default()
    }

    pub(crate) fn name(&self) -> &str {
        self.node.text_at(&["metadata", "name"]).unwrap_or_default()
    }

    pub(crate) fn namespace(&self) -> &str {
        self.node
            .text_at(&["metadata", "namespace"])
            .unwrap_or_default()
    }

    pub(crate) fn gvk(&self) -> Gvk {
        let api_version = self.node.text_at(&["apiVersion"]).unwrap_or_default();
        Gvk::new(api_version, self.kind())
    }

    /// Its name now.
    pub(crate) fn id(&self) -> Id {
        let gvk = self.gvk();
        Id {
            is_cluster_scoped: gvk.is_cluster_scoped(),
            gvk,
            name: self.name().to_owned(),
            namespace: self.namespace().to_owned(),
        }
    }

    /// Its names before, oldest first.
    pub(crate) fn former_ids(&self) -> Vec<Id> {
        let current = self.gvk();
        let id = |former: &Former| {
            let gvk = Gvk {
                kind: former.kind.clone(),
                ..current.clone()
            };
            Id {
                is_cluster_scoped: gvk.is_cluster_scoped(),
                gvk,
                name: former.name.clone(),
                namespace: former.namespace.clone(),
            }
        };
        self.former.iter().map(id).collect()
    }

    /// All its names, oldest first, the present one last.
    pub(crate) fn all_ids(&self) -> Vec<Id> {
        let mut ids = self.former_ids();
        ids.push(self.id());
        ids
    }

    /// Its first name.
    pub(crate) fn original_id(&self) -> Id {
        self.former_ids()
            .into_iter()
            .next()
            .unwrap_or_else(|| self.id())
    }

    /// Remembers its name before it changes.
    pub(crate) fn remember(&mut self) {
        let id = self.id();
        self.former.push(Former {
            namespace: id.effective_namespace().to_owned(),
            name: id.name,
            kind: id.gvk.kind,
        });
    }

    /// The texts of its labels or annotations.
    pub(crate) fn metadata_map(&self, key: &str) -> impl Iterator<Item = (&str, &str)> {
        let map = self.node.get("metadata").and_then(|it| it.get(key));
        let entries = map.map(Node::entries).unwrap_or_default();
        entries
            .iter()
            .map(|entry| (&*entry.key, entry.value.scalar_text().unwrap_or_default()))
    }

    pub(crate) fn annotation(&self, key: &str) -> Option<&str> {
        let mut all = self.metadata_map("annotations");
        all.find(|(name, _)| *name == key).map(|(_, text)| text)
    }

    /// Sets a field of the metadata.
    pub(crate) fn set_metadata(&mut self, key: &str, value: Node) {
        let at = self.node.at;
        if let Some(metadata) = self.node.map_mut("metadata", at) {
            metadata.set(key, value);
        }
    }

    pub(crate) fn set_annotation(&mut self, key: &str, text: &str, at: At) {
        self.set_in("annotations", key, text, at);
    }

    pub(crate) fn set_label(&mut self, key: &str, text: &str, at: At) {
        self.set_in("labels", key, text, at);
    }

    fn set_in(&mut self, map: &str, key: &str, text: &str, at: At) {
        let own = self.node.at;
        let metadata = self.node.map_mut("metadata", own);
        if let Some(map) = metadata.and_then(|it| it.map_mut(map, own)) {
            map.set(key, Node::text(text, at));
        }
    }

    /// Rewrites annotations as Kustomize does, which keeps notes there: all texts, and none at all when empty.
    pub(crate) fn finish_annotations(&mut self) {
        let Some(metadata) = self.node.get_mut("metadata") else {
            return;
        };
        let Some(annotations) = metadata.get_mut("annotations") else {
            return;
        };
        if let Value::Map(entries) = &mut annotations.value {
            for entry in entries {
                if let Some(text) = entry.value.scalar_text() {
                    entry.value.value = Value::Str(text.into());
                }
            }
        }
        if annotations.is_null_or_empty() {
            metadata.remove("annotations");
        }
    }
}

/// Checks what every object needs, as Kustomize does when it reads one.
pub(crate) fn check(node: &Node) -> Result<()> {
    let kind = node.get("kind").and_then(Node::scalar_text);
    let Some(kind) = kind.filter(|kind| !kind.is_empty()) else {
        return Err(ErrorKind::Resource("an object has no kind".to_owned()).into());
    };
    let name = node.text_at(&["metadata", "name"]).unwrap_or_default();
    if name.is_empty() && !kind.ends_with("List") {
        return Err(ErrorKind::Resource(format!("a {kind} has no metadata.name")).into());
    }
    Ok(())
}

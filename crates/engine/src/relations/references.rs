//! What resources refer to by name, and whether it exists.

mod custom;
mod kinds;
mod made;
mod pod;

use document::NodeRef;
use model::{PodView, Resource};

pub(crate) use self::custom::add as add_custom;
pub(crate) use self::made::made_by;
pub(super) use self::made::made_secrets;
use super::{Identity, Relations, namespace_of};

/// How something is referred to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Via {
    Env,
    EnvFrom,
    Volume,
    Projected,
    ImagePullSecret,
    ServiceAccount,
    Ephemeral,
    RuntimeClass,
    PriorityClass,
    ResourceClaim,
    Tls,
    Secret,
    Class,
    Source,
    Claim,
    Service,
    Target,
    Role,
    Subject,
}

impl Via {
    /// As expressions see it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Via::Env => "env",
            Via::EnvFrom => "envFrom",
            Via::Volume => "volume",
            Via::Projected => "projected",
            Via::ImagePullSecret => "imagePullSecret",
            Via::ServiceAccount => "serviceAccount",
            Via::Ephemeral => "ephemeral",
            Via::RuntimeClass => "runtimeClass",
            Via::PriorityClass => "priorityClass",
            Via::ResourceClaim => "resourceClaim",
            Via::Tls => "tls",
            Via::Secret => "secret",
            Via::Class => "class",
            Via::Source => "source",
            Via::Claim => "claim",
            Via::Service => "service",
            Via::Target => "target",
            Via::Role => "role",
            Via::Subject => "subject",
        }
    }
}

/// A reference by name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference<'r> {
    pub(crate) via: Via,
    pub(crate) group: &'r str,
    pub(crate) kind: &'r str,
    /// Empty for the kinds of the whole cluster.
    pub(crate) namespace: &'r str,
    pub(crate) name: &'r str,
    /// Of a ConfigMap or Secret; empty for the whole object.
    pub(crate) key: &'r str,
    /// The name of the volume that brings it into a pod; empty otherwise.
    pub(crate) volume: &'r str,
    pub(crate) is_optional: bool,
    /// Where it stands.
    pub(crate) node: NodeRef<'r>,
}

/// Whether what is referred to exists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Existence {
    /// It was scanned: its position.
    Scanned(u32),
    /// It exists though it was not scanned.
    Surely,
    /// It was not scanned.
    NotScanned,
}

/// The groups that workloads and their replica sets have had.
pub(crate) const WORKLOAD_GROUPS: [&str; 3] = ["apps", "extensions", ""];

/// The references of one resource while they are found.
struct Finder<'r, 'f> {
    namespace: &'r str,
    found: &'f mut Vec<Reference<'r>>,
}

impl<'r> Finder<'r, '_> {
    /// A reference to an object of the same namespace, by its name.
    fn local(&mut self, via: Via, kind: &'r str, name: Option<&'r str>, node: NodeRef<'r>) {
        let namespace = self.namespace;
        self.add(via, ("", kind), namespace, name, node);
    }

    /// A reference to an object of the whole cluster.
    fn cluster(&mut self, via: Via, (group, kind): (&'r str, &'r str), name: Option<NodeRef<'r>>) {
        if let Some(node) = name {
            self.add(via, (group, kind), "", node.as_str(), node);
        }
    }

    fn add(
        &mut self,
        via: Via,
        (group, kind): (&'r str, &'r str),
        namespace: &'r str,
        name: Option<&'r str>,
        node: NodeRef<'r>,
    ) {
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            return;
        };
        self.found.push(Reference {
            via,
            group,
            kind,
            namespace,
            name,
            key: "",
            volume: "",
            is_optional: flag(node, "optional"),
            node,
        });
    }
}

impl<'r> Relations<'r> {
    /// What a resource refers to, with what its pods refer to.
    pub(crate) fn references_of(&self, index: u32) -> Vec<Reference<'r>> {
        let mut found = Vec::new();
        let Some(resource) = self.resource(index) else {
            return found;
        };
        let namespace = namespace_of(resource);
        for view in self.pods_of(index) {
            pod::add(
                view,
                &mut Finder {
                    namespace,
                    found: &mut found,
                },
            );
        }
        kinds::add(
            resource,
            &mut Finder {
                namespace,
                found: &mut found,
            },
        );
        found
    }

    /// The position of what is referred to. Workloads were served by several groups over time, and
    /// autoscalers may still name an old one or none.
    pub(crate) fn scanned(&self, reference: &Reference<'_>) -> Option<u32> {
        let Reference {
            group,
            kind,
            namespace,
            name,
            ..
        } = *reference;
        let found = self.find(group, kind, namespace, name);
        let has_moved = reference.via == Via::Target && WORKLOAD_GROUPS.contains(&group);
        if found.is_some() || !has_moved {
            return found;
        }
        let mut others = WORKLOAD_GROUPS.iter().filter(|other| **other != group);
        others.find_map(|other| self.find(other, kind, namespace, name))
    }

    /// Whether what is referred to exists.
    pub(crate) fn existence(&self, reference: &Reference<'_>) -> Existence {
        if let Some(index) = self.scanned(reference) {
            return Existence::Scanned(index);
        }
        self.unscanned(&reference.identity())
    }

    /// Whether there is a thing of this name.
    pub(crate) fn existence_of(&self, identity: &Identity<'_>) -> Existence {
        match self.identified(identity) {
            Some(index) => Existence::Scanned(index),
            None => self.unscanned(identity),
        }
    }

    fn unscanned(&self, identity: &Identity<'_>) -> Existence {
        if made::is_everywhere(identity) || made::is_made(self, identity) {
            return Existence::Surely;
        }
        Existence::NotScanned
    }
}

impl<'r> Reference<'r> {
    /// What it refers to.
    pub(crate) fn identity(&self) -> Identity<'r> {
        Identity {
            group: self.group,
            kind: self.kind,
            namespace: self.namespace,
            name: self.name,
        }
    }
}

/// What a pod refers to.
pub(crate) fn references_of_pod<'r>(view: &PodView<'r>) -> Vec<Reference<'r>> {
    let mut found = Vec::new();
    pod::add(
        view,
        &mut Finder {
            namespace: namespace_of(view.resource()),
            found: &mut found,
        },
    );
    found
}

/// Whether a ConfigMap or Secret has a key; `None` where the cluster fills it in.
pub(crate) fn has_key(object: &Resource, key: &str) -> Option<bool> {
    let has = |field| {
        let data = object.object().get_str(field);
        data.is_some_and(|data| data.get_str(key).is_some())
    };
    if has("data") || has("stringData") || has("binaryData") {
        return Some(true);
    }
    let is_filled_in = text(object.object(), "type") == Some("kubernetes.io/service-account-token");
    (!is_filled_in).then_some(false)
}

/// The value of a field; null counts as absent.
fn field<'r>(node: NodeRef<'r>, key: &str) -> Option<NodeRef<'r>> {
    node.get_str(key).filter(|value| !value.is_null())
}

/// A value further down.
fn path<'r>(node: NodeRef<'r>, keys: &[&str]) -> Option<NodeRef<'r>> {
    keys.iter().try_fold(node, |node, key| field(node, key))
}

/// The text of a field.
fn text<'r>(node: NodeRef<'r>, key: &str) -> Option<&'r str> {
    field(node, key)?.as_str()
}

fn flag(node: NodeRef<'_>, key: &str) -> bool {
    field(node, key).and_then(NodeRef::as_bool) == Some(true)
}

/// The items of a list.
fn items<'r>(node: NodeRef<'r>, key: &str) -> impl Iterator<Item = NodeRef<'r>> + use<'r> {
    field(node, key).into_iter().flat_map(NodeRef::items)
}

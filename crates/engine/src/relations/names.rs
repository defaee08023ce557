//! Resources by their names and by their roots. The indexes hold positions only; texts are compared in
//! the inventory.

use std::collections::HashMap;
use std::hash::BuildHasher;

use document::{NodeId, NodeRef};
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use model::{Inventory, Resource};

use super::{Relations, namespace_of};

/// What a resource is found by.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Identity<'a> {
    pub(crate) group: &'a str,
    pub(crate) kind: &'a str,
    /// Empty for the kinds of the whole cluster.
    pub(crate) namespace: &'a str,
    pub(crate) name: &'a str,
}

impl<'a> Identity<'a> {
    /// All that it is, in one order.
    pub(super) fn parts(&self) -> [&'a str; 4] {
        [self.group, self.kind, self.namespace, self.name]
    }
}

/// Resources by name, and by kind.
pub(super) struct Names {
    hasher: FixedState,
    by_name: HashTable<u32>,
    by_kind: HashMap<Box<str>, Vec<u32>, FixedState>,
}

/// The kinds that other resources refer to by name and that belong to no namespace.
const CLUSTER_KINDS: &[&str] = &[
    "APIService",
    "CSIDriver",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinition",
    "GatewayClass",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PodSecurityPolicy",
    "PriorityClass",
    "RuntimeClass",
    "StorageClass",
    "ValidatingWebhookConfiguration",
    "VolumeAttributesClass",
];

impl Names {
    pub(super) fn new(relations: &Relations<'_>) -> Self {
        let resources = &relations.inventory().resources;
        let mut names = Names {
            hasher: FixedState::default(),
            by_name: HashTable::with_capacity(resources.len()),
            by_kind: HashMap::default(),
        };
        for (index, resource) in (0u32..).zip(resources) {
            if let Some(list) = names.by_kind.get_mut(&*resource.kind) {
                list.push(index);
            } else {
                names.by_kind.insert(resource.kind.clone(), vec![index]);
            }
            let name = name_of(resource);
            if names.find(relations, &name).is_none() {
                let hasher = &names.hasher;
                let rehash = |&index: &u32| {
                    let resource = relations.resource(index);
                    resource.map_or(0, |resource| hasher.hash_one(name_of(resource)))
                };
                names
                    .by_name
                    .insert_unique(hasher.hash_one(name), index, rehash);
            }
        }
        names
    }

    /// The first resource of that name.
    pub(super) fn find(&self, relations: &Relations<'_>, name: &Identity<'_>) -> Option<u32> {
        let is_meant = |&index: &u32| {
            let resource = relations.resource(index);
            resource.is_some_and(|resource| name_of(resource) == *name)
        };
        let hash = self.hasher.hash_one(name);
        self.by_name.find(hash, is_meant).copied()
    }

    pub(super) fn of_kind(&self, kind: &str) -> &[u32] {
        self.by_kind.get(kind).map_or(&[], Vec::as_slice)
    }
}

/// What a resource is found by.
pub(crate) fn name_of(resource: &Resource) -> Identity<'_> {
    let namespace = if CLUSTER_KINDS.contains(&&*resource.kind) {
        ""
    } else {
        namespace_of(resource)
    };
    Identity {
        group: resource.group(),
        kind: &resource.kind,
        namespace,
        name: &resource.name,
    }
}

/// Resources by the nodes of their objects.
pub(super) struct Roots {
    hasher: FixedState,
    table: HashTable<u32>,
}

impl Roots {
    pub(super) fn new(inventory: &Inventory) -> Self {
        let hasher = FixedState::default();
        let mut table = HashTable::with_capacity(inventory.resources.len());
        for (index, resource) in (0u32..).zip(&inventory.resources) {
            let hash = |&index: &u32| {
                let resource = &inventory.resources[index as usize];
                hasher.hash_one(root(resource.object()))
            };
            table.insert_unique(hash(&index), index, hash);
            debug_assert_eq!(root(resource.object()).1, resource.root);
        }
        Roots { hasher, table }
    }

    pub(super) fn find(&self, inventory: &Inventory, object: NodeRef<'_>) -> Option<u32> {
        let wanted = root(object);
        let is_meant = |&index: &u32| root(inventory.resources[index as usize].object()) == wanted;
        let hash = self.hasher.hash_one(wanted);
        self.table.find(hash, is_meant).copied()
    }
}

/// The document by its address, for comparison only, and the node.
fn root(object: NodeRef<'_>) -> (usize, NodeId) {
    (std::ptr::from_ref(object.document()).addr(), object.id())
}

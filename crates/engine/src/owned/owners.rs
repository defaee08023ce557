//! Who made what, as far as both were listed.

use std::collections::HashMap;

use document::NodeRef;
use foldhash::fast::FixedState;
use model::{Inventory, Resource, Views};

/// Owners above each other at most: more of them are a circle.
const MOST: usize = 8;

/// The controllers of resources.
#[derive(Debug)]
pub(super) struct Owners {
    direct: Vec<Option<u32>>,
    /// Whether a resource has a pod template, so that what it makes is alike.
    has_template: Vec<bool>,
    /// Whether a resource is what its owner keeps of the past: it runs nothing.
    is_past: Vec<bool>,
}

impl Owners {
    pub(super) fn new(inventory: &Inventory, views: &Views) -> Self {
        let resources = &inventory.resources;
        let uids = (0..)
            .zip(resources)
            .filter_map(|(index, resource)| Some((uid(resource)?, index)));
        let by_uid: HashMap<&str, u32, FixedState> = uids.collect();
        let owner = |resource: &Resource| {
            let owner = by_uid.get(controller(resource)?).copied()?;
            // Pods that the kubelet runs from files name their Node, which says nothing of them.
            let is_node = &*resources[owner as usize].kind == "Node";
            (!is_node).then_some(owner)
        };
        let said: Vec<Option<u32>> = resources.iter().map(owner).collect();
        // Whoever writes an object says who owns it: in a circle nobody would be left to report.
        let above =
            |index: u32| std::iter::successors(said[index as usize], |&owner| said[owner as usize]);
        let ends = |index: u32| above(index).nth(MOST).is_none();
        let owners = (0..)
            .zip(&said)
            .map(|(index, owner)| owner.filter(|_| ends(index)));
        let owners: Vec<Option<u32>> = owners.collect();
        let has_template = resources.iter().map(|resource| {
            let is_pod = &*resource.kind == "Pod" && resource.group().is_empty();
            !is_pod && !views.pods_of(resource).is_empty()
        });
        let has_template: Vec<bool> = has_template.collect();
        let is_past = owners.iter().zip(resources).map(|(owner, resource)| {
            let is_made = owner.is_some_and(|owner| has_template[owner as usize]);
            let replicas = resource
                .object()
                .get_str("spec")
                .and_then(|spec| spec.get_str("replicas"));
            is_made && replicas.and_then(NodeRef::as_i64) == Some(0)
        });
        Owners {
            is_past: is_past.collect(),
            direct: owners,
            has_template,
        }
    }

    /// The owner of a resource, when it was listed.
    pub(super) fn of(&self, index: u32) -> Option<u32> {
        self.direct.get(index as usize).copied().flatten()
    }

    /// The owners of a resource, the nearest first.
    pub(super) fn above(&self, index: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(self.of(index), |&owner| self.of(owner))
    }

    /// The topmost owner whose template a resource was made from.
    pub(super) fn template(&self, index: u32) -> Option<u32> {
        let has_template = |owner: &u32| self.has_template[*owner as usize];
        self.above(index).take_while(has_template).last()
    }

    /// Whether a resource runs nothing and is only kept to go back to.
    pub(super) fn is_past(&self, index: u32) -> bool {
        self.is_past[index as usize]
    }
}

pub(super) fn uid(resource: &Resource) -> Option<&str> {
    resource
        .object()
        .get_str("metadata")?
        .get_str("uid")?
        .as_str()
}

/// The uid of the controller.
pub(super) fn controller(resource: &Resource) -> Option<&str> {
    let metadata = resource.object().get_str("metadata")?;
    let mut owners = metadata.get_str("ownerReferences")?.items();
    let is_controller = |owner: &NodeRef<'_>| {
        let controller = owner.get_str("controller");
        controller.and_then(NodeRef::as_bool) == Some(true)
    };
    owners.find(is_controller)?.get_str("uid")?.as_str()
}

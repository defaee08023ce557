//! Who refers to a resource by name: the references of all resources, turned round once.

use super::references::add_custom;
use super::{Relations, namespace_of};

/// Pairs of a resource and one that refers to it, sorted.
pub(super) struct Users {
    pairs: Vec<(u32, u32)>,
}

impl Users {
    pub(super) fn new(relations: &Relations<'_>) -> Self {
        // On one thread: a thread that waits for others may steal work that asks for what it makes.
        let count = relations.inventory().resources.len() as u32;
        let mut pairs = Vec::new();
        for user in 0..count {
            let Some(resource) = relations.resource(user) else {
                continue;
            };
            for reference in relations.references_of(user) {
                let target = relations.scanned(&reference);
                pairs.extend(target.map(|target| (target, user)));
            }
            let namespace = namespace_of(resource);
            add_custom(resource, &mut |kind, name| {
                let target = relations.find("", kind, namespace, name);
                pairs.extend(target.map(|target| (target, user)));
            });
        }
        pairs.retain(|(target, user)| target != user);
        pairs.sort_unstable();
        pairs.dedup();
        pairs.shrink_to_fit();
        Users { pairs }
    }

    /// The positions of those who refer to a resource, in order.
    pub(super) fn of(&self, target: u32) -> impl Iterator<Item = u32> + '_ {
        let first = self.pairs.partition_point(|pair| pair.0 < target);
        let pairs = self.pairs[first..].iter();
        pairs
            .take_while(move |pair| pair.0 == target)
            .map(|pair| pair.1)
    }
}

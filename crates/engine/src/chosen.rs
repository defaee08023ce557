//! What a change of some files can have changed: the resources that were written there, and those whose findings depend
//! on them.

use std::collections::{BTreeSet, VecDeque};

use document::NodeRef;
use model::{Inventory, Resource};

use crate::relations::{Relations, Via, namespace_of};
use crate::worlds::Survey;

/// Which files were changed, by their names in reports.
pub type IsChanged<'c> = &'c dyn Fn(&str) -> bool;

impl Survey<'_> {
    /// From now on only resources are evaluated that the changed files can have changed, and what refers to them.
    ///
    /// A resource is touched when anything in it is written in such a file or decided by one (a value, a patch), or when
    /// its chart or kustomization itself was changed. Who refers to it is followed: by name, step by step; the pods of a
    /// service or policy and the other way round; the subjects of a binding and their pods; what lies in a namespace.
    pub fn choose(&mut self, is_changed: IsChanged<'_>) {
        let entries = changed_entries(self.whole(), is_changed);
        let chosen = self.relations().iter().map(|relations| {
            let resources = &relations.inventory().resources;
            let touched = resources
                .iter()
                .map(|resource| is_touched(resource, &entries, is_changed));
            with_dependents(relations, touched.collect())
        });
        self.set_chosen(chosen.collect());
    }
}

impl Survey<'_> {
    /// From now on only what is called so is evaluated.
    pub fn choose_named(&mut self, names: &BTreeSet<String>) {
        let chosen = self.relations().iter().map(|relations| {
            let resources = relations.inventory().resources.iter();
            resources
                .map(|one| names.contains(name_of_text(one)))
                .collect()
        });
        let chosen = chosen.collect();
        self.set_chosen(chosen);
    }
}

/// What the text of a resource is called.
pub(crate) fn name_of_text(resource: &Resource) -> &str {
    resource
        .document
        .sources()
        .first()
        .map_or("", |source| source.name())
}

/// The entries whose own file was changed: what they render may be another thing altogether.
fn changed_entries(inventory: &Inventory, is_changed: IsChanged<'_>) -> Vec<bool> {
    let names = [
        "Chart.yaml",
        "Chart.lock",
        "kustomization.yaml",
        "kustomization.yml",
        "Kustomization",
    ];
    let entries = inventory.entries.iter();
    let changed = entries.map(|entry| {
        let of = |name: &&str| match &*entry.path {
            "" | "." => is_changed(name),
            folder => is_changed(&format!("{folder}/{name}")),
        };
        is_changed(&entry.path) || names.iter().any(of)
    });
    changed.collect()
}

fn is_touched(resource: &Resource, entries: &[bool], is_changed: IsChanged<'_>) -> bool {
    let document = &resource.document;
    let by_entry = resource
        .rendered
        .is_some_and(|rendered| entries.get(rendered.entry as usize) == Some(&true));
    if by_entry {
        return true;
    }
    let sources = document.sources();
    let changed = sources.iter().filter(|source| is_changed(source.name()));
    match changed.count() {
        0 => false,
        // Nothing else can have made it.
        count if count == sources.len() => true,
        _ => is_written_there(resource.object(), is_changed),
    }
}

/// Whether a node, or anything below it, is written in a changed file or decided by one.
fn is_written_there(object: NodeRef<'_>, is_changed: IsChanged<'_>) -> bool {
    let document = object.document();
    let at = |origin| is_changed(document.place(origin).source.name());
    let mut open = vec![object];
    while let Some(node) = open.pop() {
        let origin = node.origin();
        if at(origin) || document.causes(origin).any(|cause| at(cause.at)) {
            return true;
        }
        open.extend(node.items());
        open.extend(node.written_entries().map(|entry| entry.value));
    }
    false
}

/// The touched resources of a world and those that depend on them.
fn with_dependents(relations: &Relations<'_>, touched: Vec<bool>) -> Vec<bool> {
    let mut open: VecDeque<u32> = (0..)
        .zip(&touched)
        .filter_map(|(index, touched)| touched.then_some(index))
        .collect();
    let direct: Vec<u32> = open.iter().copied().collect();
    let mut chosen = touched;
    for index in direct {
        reach(neighbours(relations, index), &mut chosen, &mut open);
    }
    while let Some(index) = open.pop_front() {
        reach(relations.users_of(index), &mut chosen, &mut open);
        for subject in subjects(relations, index) {
            // The account itself did not change, so what else names it did not either; its pods may do more now.
            let pods = relations.users_of(subject);
            let pods = pods.filter(|&user| !is_binding(relations, user));
            reach(pods.chain([subject]), &mut chosen, &mut VecDeque::new());
        }
    }
    chosen
}

fn reach(found: impl IntoIterator<Item = u32>, chosen: &mut [bool], open: &mut VecDeque<u32>) {
    for index in found {
        let is_chosen = &mut chosen[index as usize];
        if !*is_chosen {
            *is_chosen = true;
            open.push_back(index);
        }
    }
}

/// What is related to a resource by labels, or by the namespace that it is.
fn neighbours(relations: &Relations<'_>, index: u32) -> Vec<u32> {
    let network = relations.network();
    let mut found = Vec::new();
    for pod in network.pods_of(index) {
        let services = network.services(pod).iter();
        found.extend(services.map(|service| service.place.resource));
        let policies = network.policies_on(pod).into_iter();
        found.extend(policies.map(|policy| policy.place.resource));
        found.extend(network.budgets(pod));
    }
    let selected = network
        .service_pods(index)
        .unwrap_or_default()
        .iter()
        .copied();
    let governed = network.policy_pods(index).unwrap_or_default();
    let budgeted = network.budget_pods(index).unwrap_or_default();
    let pods = selected.chain(governed).chain(budgeted);
    found.extend(pods.map(|found| network.place(found.pod).resource));
    found.extend(inside(relations, index));
    found
}

/// The resources of a namespace, when the resource is one.
fn inside<'r>(relations: &'r Relations<'_>, index: u32) -> impl Iterator<Item = u32> + 'r {
    let resource = relations.resource(index);
    let namespace =
        resource.filter(|resource| &*resource.kind == "Namespace" && resource.group().is_empty());
    let all = (0..).zip(&relations.inventory().resources);
    let inside = namespace.map(|namespace| {
        all.filter(|(_, resource)| namespace_of(resource) == &*namespace.name)
            .map(|(index, _)| index)
    });
    inside.into_iter().flatten()
}

/// The service accounts that a binding gives something to.
fn subjects(relations: &Relations<'_>, index: u32) -> Vec<u32> {
    if !is_binding(relations, index) {
        return Vec::new();
    }
    let references = relations.references_of(index).into_iter();
    let subjects = references.filter(|reference| reference.via == Via::Subject);
    subjects
        .filter_map(|reference| relations.scanned(&reference))
        .collect()
}

fn is_binding(relations: &Relations<'_>, index: u32) -> bool {
    let resource = relations.resource(index);
    resource.is_some_and(|resource| resource.kind.ends_with("RoleBinding"))
}

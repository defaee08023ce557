//! `PodDisruptionBudget`s: they have nothing to do with traffic, and select pods as policies do.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::answer::Truth;
use crate::filed::Filed;
use crate::label::{Key, Of, Selector};
use crate::label_selector::label_selector;
use crate::pod::{Pod, Pods};
use crate::read::{Reader, field};
use crate::symbol::Symbol;

#[derive(Debug)]
struct Budget {
    resource: u32,
    selector: Selector,
}

/// All budgets.
#[derive(Debug, Default)]
pub(crate) struct Budgets {
    list: Vec<Budget>,
    by_resource: HashMap<u32, usize, FixedState>,
    by_namespace: HashMap<Symbol, Filed, FixedState>,
}

impl Budgets {
    /// Takes a resource if it is a budget.
    pub(crate) fn add(&mut self, reader: &mut Reader<'_>) {
        let kind = (reader.resource.group(), &*reader.resource.kind);
        if kind != ("policy", "PodDisruptionBudget") {
            return;
        }
        let namespace = reader.namespace();
        let spec = field(reader.object(), "spec");
        let selector = match spec.and_then(|spec| field(spec, "selector")) {
            Some(selector) => Selector::All(vec![
                Selector::In(Key::NamespaceName, vec![namespace]),
                label_selector(reader, selector, Of::Pod),
            ]),
            // Without a selector it selects nothing.
            None => Selector::Any(Vec::new()),
        };
        let filed = self.by_namespace.entry(namespace).or_default();
        filed.add(self.list.len() as u32, &selector);
        self.by_resource.insert(reader.index, self.list.len());
        self.list.push(Budget {
            resource: reader.index,
            selector,
        });
    }

    /// The selector of a resource.
    pub(crate) fn selector(&self, resource: u32) -> Option<&Selector> {
        let position = *self.by_resource.get(&resource)?;
        Some(&self.list.get(position)?.selector)
    }

    /// The resources of the budgets that surely select a pod.
    pub(crate) fn of_pod<'a>(
        &'a self,
        pod: &'a Pod,
        pods: &'a Pods,
    ) -> impl Iterator<Item = u32> + 'a {
        let filed = self.by_namespace.get(&pod.namespace);
        let positions = filed.map_or_else(Vec::new, |filed| filed.of_labels(&pod.labels));
        let budgets = positions
            .into_iter()
            .filter_map(|position| self.list.get(position as usize));
        let selecting = budgets.filter(|budget| {
            let truth = budget.selector.matches(&pods.subject(pod), &pods.symbols);
            truth == Truth::Yes
        });
        selecting.map(|budget| budget.resource)
    }
}

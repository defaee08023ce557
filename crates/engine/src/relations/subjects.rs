//! The subjects of bindings as things of their own, the pods that run as them, and how near each is to
//! everything.

use std::collections::HashMap;

use document::NodeId;
use foldhash::fast::FixedState;
use model::{Inventory, PodMember};
use rbac::{Bound, Chain, Distances, EscalationMemory, Escalator, Goal, Graph, Subject};

use crate::tie::{Tie, What};

use super::{PodAt, Relations, namespace_of};

/// For each binding the subjects that no binding before it names: before it by kind, namespace and name, because
/// the order of files must not make another finding of it.
pub(super) struct FirstMentions {
    /// Resource and entry, by resource.
    entries: Vec<(u32, NodeId)>,
}

impl FirstMentions {
    pub(super) fn new(graph: &Graph, inventory: &Inventory) -> Self {
        let who = |bound: &Bound<'_>| {
            let resource = inventory.resources.get(bound.place.resource.index());
            resource.map(|it| (&*it.kind, it.namespace.as_deref(), &*it.name))
        };
        let mut first: Vec<Option<Bound<'_>>> = vec![None; graph.subjects().len()];
        for bound in graph.bindings().flat_map(|id| graph.bound(id)) {
            let Some(known) = first.get_mut(bound.id.index()) else {
                continue;
            };
            if known.as_ref().is_none_or(|known| who(&bound) < who(known)) {
                *known = Some(bound);
            }
        }
        let place = |bound: &Bound<'_>| {
            let place = &bound.place;
            (place.resource.index() as u32, place.node)
        };
        // Once more, so that the entries of a binding keep their order.
        let all = graph.bindings().flat_map(|id| graph.bound(id));
        let entries = all.filter_map(|bound| {
            let chosen = first.get_mut(bound.id.index())?;
            chosen
                .take_if(|chosen| place(chosen) == place(&bound))
                .map(|it| place(&it))
        });
        FirstMentions {
            entries: entries.collect(),
        }
    }

    fn of(&self, resource: u32) -> &[(u32, NodeId)] {
        let start = self.entries.partition_point(|entry| entry.0 < resource);
        let end = self.entries.partition_point(|entry| entry.0 <= resource);
        &self.entries[start..end]
    }
}

/// Pods by namespace and name of the service account that they run as.
pub(super) type Running<'r> = Vec<((&'r str, Box<str>), Vec<PodAt>)>;

pub(super) fn running<'r>(relations: &Relations<'r>) -> Running<'r> {
    let mut running: HashMap<(&str, Box<str>), Vec<PodAt>, FixedState> = HashMap::default();
    for (index, resource) in (0u32..).zip(&relations.inventory().resources) {
        for (ordinal, pod) in (0u32..).zip(relations.pods_of(index)) {
            let name = pod.effective(PodMember::ServiceAccountName);
            if let Some(name) = name.as_str().filter(|_| pod.is_whole()) {
                let at = PodAt {
                    resource: index,
                    ordinal,
                };
                let key = (namespace_of(resource), name.into());
                running.entry(key).or_default().push(at);
            }
        }
    }
    let mut running: Running<'r> = running.into_iter().collect();
    running.sort_unstable_by(|left, right| left.0.cmp(&right.0));
    running
}

impl Relations<'_> {
    /// The subjects that this binding is the first to name, with the positions of their entries among its subjects.
    pub(crate) fn subjects_first_named_by(&self, resource: u32) -> Vec<(u32, Bound<'_>)> {
        let graph = self.graph();
        if self.is_noting() {
            let binding = graph.binding_at(resource).into_iter();
            for bound in binding.flat_map(|id| graph.bound(id)) {
                let (is_group, name) = bound.subject.principal();
                self.note(|| Tie::bound(is_group, &name));
            }
        }
        let new = || FirstMentions::new(graph, self.inventory());
        let mentions = self.once(&self.made.first_mentions, new).of(resource);
        let Some(binding) = graph.binding_at(resource).filter(|_| !mentions.is_empty()) else {
            return Vec::new();
        };
        let bound = (0u32..).zip(graph.bound(binding));
        let mut mentions = mentions.iter().peekable();
        let first = bound.filter(|(_, bound)| {
            let is_first = mentions
                .peek()
                .is_some_and(|entry| entry.1 == bound.place.node);
            is_first && mentions.next().is_some()
        });
        first.collect()
    }

    /// The pods that run as a service account.
    pub(crate) fn pods_running_as(&self, namespace: &str, name: &str) -> &[PodAt] {
        self.note(|| Tie::new(What::Running, &[namespace, name]));
        let running = self.once(&self.made.running, || running(self));
        let found = running.binary_search_by(|(own, _)| (own.0, &*own.1).cmp(&(namespace, name)));
        found.map_or(&[], |at| &running[at].1)
    }

    /// What searches for escalations.
    pub(crate) fn escalator(&self) -> Escalator<'_> {
        let graph = self.graph();
        let new = || EscalationMemory::new(graph);
        let memory = self.once(&self.made.escalations, new);
        Escalator::new(graph, memory)
    }

    /// A shortest chain of escalations to everything; empty where there is none, or nothing to gain.
    pub(crate) fn takeover(&self, subject: Subject<'_>) -> Chain {
        self.escalator().shortest_chain(subject, self.distances())
    }

    /// How far each subject is from everything.
    pub(super) fn distances(&self) -> &Distances {
        let measure = || self.escalator().distances(Goal::ClusterAdmin);
        self.once(&self.made.distances, measure)
    }
}

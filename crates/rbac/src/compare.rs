//! What subjects gain from one graph to another: permissions, escalations, and what others gained whom they can become.
//!
//! Losses are gains the other way round.

mod beyond;
mod joint;

use std::collections::BTreeSet;

use model::Severity;

use self::beyond::beyond;
use self::joint::{Joint, Key};
use crate::escalation::{Chain, Distances, Escalations, Escalator, Goal, Target};
use crate::graph::Graph;
use crate::permissions::Permission;
use crate::tables::SubjectId;

/// What one subject gained.
#[derive(Clone, Debug)]
pub struct Gains<'g> {
    /// Who, in the later graph.
    pub subject: SubjectId,
    /// What its own bindings give beyond all that it could do before, with the namespace; a group is listed instead of
    /// its members.
    pub permissions: Vec<(Option<&'g str>, Permission<'g>)>,
    /// The patterns that it could not use before, beside those that lead to subjects who gained themselves, and to
    /// everything where the takeover says so.
    pub escalations: Escalations,
    /// Now everything in the cluster is in reach: by this chain, or without a step.
    pub takeover: Option<Chain>,
    /// A shortest chain to a subject that gained permissions.
    pub through: Option<Chain>,
}

impl Gains<'_> {
    /// How bad the worst of it is; `None` when nothing known leads further.
    pub fn severity(&self) -> Option<Severity> {
        if self.takeover.is_some() {
            return Some(Severity::Critical);
        }
        let own = self.escalations.iter();
        let through = self.through.iter().flat_map(Chain::iter);
        own.chain(through).map(|it| it.pattern.severity).max()
    }

    fn is_nothing(&self) -> bool {
        self.permissions.is_empty()
            && self.escalations.is_empty()
            && self.takeover.is_none()
            && self.through.is_none()
    }
}

/// What subjects gained from one graph to a later one, in the order of the later graph.
pub fn gains<'g>(before: &Escalator<'g>, after: &Escalator<'g>) -> Vec<Gains<'g>> {
    let joint = Joint::new(before.graph, after.graph);
    let mut all: Vec<Gains<'g>> = after.graph.subjects().map(nothing).collect();
    if joint.is_same() {
        return Vec::new();
    }
    for id in after.graph.subjects().filter(|id| joint.has_changed(*id)) {
        all[id.index()].permissions = permissions(before.graph, after.graph, id);
    }
    let gained = after.graph.subjects();
    let gained: Vec<SubjectId> = gained
        .filter(|id| !all[id.index()].permissions.is_empty())
        .collect();
    escalations((before, after), &joint, &gained, &mut all);
    takeovers((before, after), &gained, &mut all);
    for gains in all.iter_mut().filter(|gains| gains.takeover.is_some()) {
        // The way there is told already.
        let mut others = Escalations::default();
        let found = gains.escalations.iter();
        for escalation in found.filter(|it| it.target != Target::ClusterAdmin) {
            others.push_copy(escalation);
        }
        gains.escalations = others;
    }
    all.retain(|gains| !gains.is_nothing());
    all
}

fn nothing<'g>(subject: SubjectId) -> Gains<'g> {
    Gains {
        subject,
        permissions: Vec::new(),
        escalations: Escalations::default(),
        takeover: None,
        through: None,
    }
}

/// What the own bindings of a subject give beyond what it could do before, in whatever way.
fn permissions<'g>(
    before: &'g Graph,
    after: &'g Graph,
    id: SubjectId,
) -> Vec<(Option<&'g str>, Permission<'g>)> {
    let subject = after.subject(id);
    let known = before.permissions(subject);
    let now = after.permissions(subject);
    let mut found = Vec::new();
    if known.is_masters {
        return found;
    }
    let mut add = |namespace, permissions: Vec<Permission<'g>>| {
        let own = permissions.into_iter();
        let own = own.filter_map(|permission| after.of_own(permission, id));
        found.extend(own.map(|permission| (namespace, permission)));
    };
    add(None, beyond(now.cluster, &[&known.cluster]));
    for (namespace, permissions) in now.namespaces {
        let within = known.namespaces.iter();
        let mut within = within.filter(|(name, _)| *name == namespace);
        let within = within.next().map_or(&[][..], |(_, within)| within);
        let new = beyond(permissions, &[&known.cluster, within]);
        add(Some(namespace), new);
    }
    found
}

/// The patterns that were not possible before. Only asked of those for whom something may have changed.
fn escalations(
    (before, after): (&Escalator<'_>, &Escalator<'_>),
    joint: &Joint,
    gained: &[SubjectId],
    all: &mut [Gains<'_>],
) {
    let is_gainer = |target: Target| matches!(target, Target::Subject(id) if gained.contains(&id));
    let graph = after.graph;
    let affected = |id: &SubjectId| {
        joint.have_facts_changed() || graph.principals_of(*id).any(|it| joint.has_changed(it))
    };
    let keys: Vec<(SubjectId, Vec<Key>, Escalations)> = graph
        .subjects()
        .filter(affected)
        .filter_map(|id| {
            let known = before.escalations(graph.subject(id));
            let known = joint.keys_before(&known);
            let now = after.escalations(graph.subject(id));
            let keys = joint.keys_after(&now);
            let mut new = Escalations::default();
            let mut new_keys = Vec::new();
            for (key, escalation) in keys.into_iter().zip(now.iter()) {
                if known.binary_search(&key).is_err() && !is_gainer(escalation.target) {
                    new.push_copy(escalation);
                    new_keys.push(key);
                }
            }
            (!new.is_empty()).then_some((id, new_keys, new))
        })
        .collect();
    let of_subject = |id: SubjectId| {
        let position = keys.binary_search_by_key(&id, |(own, ..)| *own).ok()?;
        keys.get(position)
    };
    for (id, own_keys, found) in &keys {
        let groups = graph.groups_of(*id).filter_map(of_subject);
        let of_groups: BTreeSet<&Key> = groups.flat_map(|(_, keys, _)| keys).collect();
        let own = own_keys.iter().zip(found.iter());
        for (_, escalation) in own.filter(|(key, _)| !of_groups.contains(key)) {
            all[id.index()].escalations.push_copy(escalation);
        }
    }
}

/// Who can take over the cluster now, and who can become someone that gained.
fn takeovers(
    (before, after): (&Escalator<'_>, &Escalator<'_>),
    gained: &[SubjectId],
    all: &mut [Gains<'_>],
) {
    let graph = after.graph;
    let known = before.distances(Goal::ClusterAdmin);
    let now = after.distances(Goal::ClusterAdmin);
    let to_gained = after.distances(Goal::Subjects(gained));
    let was = |id: SubjectId| {
        let known_id = before.graph.find(graph.subject(id));
        // Whoever no binding names is where its groups are.
        match known_id {
            Some(id) => known.of(id),
            None => groups_before(before.graph, graph, id)
                .filter_map(|group| known.of(group))
                .min(),
        }
    };
    let is_new = |id: SubjectId| {
        now.of(id).is_some() && was(id).is_none() || now.of(id) == Some(0) && was(id) != Some(0)
    };
    let leads =
        |id: SubjectId| to_gained.of(id).is_some_and(|steps| steps > 0) && was(id).is_none();
    for id in graph.subjects() {
        let subject = graph.subject(id);
        let of_group = |tells: &dyn Fn(SubjectId) -> bool| graph.groups_of(id).any(tells);
        if is_new(id) && !of_group(&is_new) {
            let chain = after.shortest_chain(subject, &now);
            all[id.index()].takeover = Some(chain);
        } else if leads(id) && !of_group(&leads) {
            all[id.index()].through = Some(chain(after, id, &to_gained));
        }
    }
}

fn chain(escalator: &Escalator<'_>, id: SubjectId, distances: &Distances) -> Chain {
    escalator.shortest_chain(escalator.graph.subject(id), distances)
}

/// The groups of a subject of the later graph, as the earlier one knows them.
fn groups_before<'g>(
    before: &'g Graph,
    after: &'g Graph,
    id: SubjectId,
) -> impl Iterator<Item = SubjectId> + 'g {
    before.principals(after.subject(id)).into_iter()
}

#[cfg(test)]
mod tests;

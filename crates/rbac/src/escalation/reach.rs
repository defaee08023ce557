//! What a subject can become over any number of escalations, and how far it is to a goal.

use super::answer::{Escalation, Escalations};
use super::pattern::Gain;
use super::{Escalator, Target};
use crate::request::Subject;
use crate::tables::SubjectId;

/// Everyone and everything that a subject can become, nearest first.
#[derive(Clone, Default, Debug)]
pub struct Reach {
    /// The last step to each.
    steps: Escalations,
    /// The step before it, if any.
    before: Vec<Option<usize>>,
}

/// Someone or something that a subject can become, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reached<'r> {
    /// A subject, a node, or everything.
    pub target: Target,
    /// A shortest chain of escalations. The first is the subject's own; each of the others is possible for the
    /// target of the one before it.
    pub chain: Vec<Escalation<'r>>,
}

/// A chain, and all that its last step leads to from the same grants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Way<'r> {
    /// A shortest chain to the first of the targets.
    pub chain: Vec<Escalation<'r>>,
    /// What it leads to.
    pub targets: Vec<Target>,
}

impl Reach {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Each with a shortest chain.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Reached<'_>> {
        let steps = self.steps.iter().enumerate();
        steps.map(|(position, step)| Reached {
            target: step.target,
            chain: self.chain(position),
        })
    }

    /// The same by ways: whom the same grants lead to by one pattern, from one place, is told together.
    pub fn ways(&self) -> Vec<Way<'_>> {
        let mut ways: Vec<Way<'_>> = Vec::new();
        let mut last: Option<(Option<usize>, Escalation<'_>)> = None;
        for (position, step) in self.steps.iter().enumerate() {
            let before = self.before.get(position).copied().flatten();
            let is_same = last.is_some_and(|(known, other)| {
                known == before && other.pattern == step.pattern && other.grants == step.grants
            });
            match ways.last_mut() {
                Some(way) if is_same => way.targets.push(step.target),
                _ => ways.push(Way {
                    chain: self.chain(position),
                    targets: vec![step.target],
                }),
            }
            last = Some((before, step));
        }
        ways
    }

    fn chain(&self, position: usize) -> Vec<Escalation<'_>> {
        let before = |step: &usize| self.before.get(*step).copied().flatten();
        let steps = std::iter::successors(Some(position), before);
        let mut chain: Vec<Escalation<'_>> =
            steps.filter_map(|step| self.steps.get(step)).collect();
        chain.reverse();
        chain
    }
}

/// Where chains of escalations are to lead.
#[derive(Clone, Copy, Debug)]
pub enum Goal<'a> {
    /// Everything in the cluster.
    ClusterAdmin,
    /// Any of these subjects.
    Subjects(&'a [SubjectId]),
}

/// How many escalations the subjects of a graph are away from a goal.
#[derive(Clone, Debug)]
pub struct Distances {
    by_subject: Vec<u32>,
    /// Whether one escalation to everything is there already.
    is_admin_goal: bool,
}

impl Distances {
    /// How far a subject is; zero when it is there, `None` when there is no way.
    pub fn of(&self, id: SubjectId) -> Option<u32> {
        let distance = self.by_subject.get(id.index()).copied();
        distance.filter(|&distance| distance != u32::MAX)
    }

    /// How far a subject is that has taken this escalation.
    fn after(&self, escalation: Escalation<'_>) -> Option<u32> {
        match escalation.target {
            Target::ClusterAdmin => self.is_admin_goal.then_some(0),
            Target::Subject(id) => self.of(id),
            _ => None,
        }
    }
}

/// Escalations one after the other: each is possible for the target of the one before it.
pub type Chain = Escalations;

impl Escalator<'_> {
    /// Everyone and everything that a subject could become, nearest first, each by a shortest chain.
    pub fn can_become(&self, subject: Subject<'_>) -> Reach {
        let mut walk = Walk {
            reach: Reach::default(),
            known: vec![false; self.graph.subjects.len()],
            is_admin: false,
            is_node: false,
        };
        let principals = self.graph.principals(subject);
        for principal in &principals {
            walk.known[principal.index()] = true;
        }
        let found = self.search(&principals, &walk.known, Gain::Node);
        walk.take(&found, None);
        let mut next = 0;
        while let Some(step) = walk.reach.steps.get(next) {
            if let Target::Subject(id) = step.target {
                let found = self.from(id, &walk.known, Gain::Node);
                walk.take(&found, Some(next));
            }
            next += 1;
        }
        walk.reach
    }

    /// For every subject of the graph how many escalations it is away from a goal.
    pub fn distances(&self, goal: Goal<'_>) -> Distances {
        let is_admin_goal = matches!(goal, Goal::ClusterAdmin);
        let mut distances = vec![u32::MAX; self.graph.subjects.len()];
        // Only the subjects that were reached last are worth becoming: the search need not look at others.
        let mut known = vec![true; distances.len()];
        let mut frontier: Vec<SubjectId> = match goal {
            Goal::Subjects(goal) => goal.to_vec(),
            Goal::ClusterAdmin => {
                let all = self.graph.subjects();
                all.filter(|&id| self.is_everything(id)).collect()
            }
        };
        for distance in 0.. {
            for &id in &frontier {
                distances[id.index()] = distance;
                known[id.index()] = false;
            }
            let rest = self.graph.subjects();
            let rest = rest.filter(|id| distances[id.index()] == u32::MAX);
            let is_near = |id: SubjectId| {
                let found = self.from(id, &known, Gain::Identity);
                let mut targets = found.iter().map(|escalation| escalation.target);
                targets.any(|target| match target {
                    Target::ClusterAdmin => is_admin_goal,
                    Target::Subject(_) => true,
                    _ => false,
                })
            };
            let next: Vec<SubjectId> = rest.filter(|&id| is_near(id)).collect();
            if next.is_empty() {
                break;
            }
            for id in std::mem::replace(&mut frontier, next) {
                known[id.index()] = true;
            }
        }
        Distances {
            by_subject: distances,
            is_admin_goal,
        }
    }

    /// A shortest chain of escalations to the goal that distances were measured to; empty where there is none, and
    /// for subjects that are there.
    pub fn shortest_chain(&self, subject: Subject<'_>, distances: &Distances) -> Chain {
        let mut chain = Chain::default();
        let id = self.graph.find(subject);
        if id.is_some_and(|id| matches!(distances.of(id), None | Some(0))) {
            return chain;
        }
        let mut found = self.escalations(subject);
        loop {
            let rank = |step: &Escalation<'_>| distances.after(*step).unwrap_or(u32::MAX);
            let Some(step) = found.iter().min_by_key(rank) else {
                return Chain::default();
            };
            chain.push_copy(step);
            let next = match (step.target, distances.after(step)) {
                (_, None) => return Chain::default(),
                (Target::Subject(id), Some(1..)) => id,
                _ => return chain,
            };
            found = self.escalations(self.graph.subject(next));
        }
    }

    fn from(&self, id: SubjectId, known: &[bool], least: Gain) -> Escalations {
        let principals: Vec<SubjectId> = self.graph.principals_of(id).collect();
        self.search(&principals, known, least)
    }

    /// Whether a subject may do everything with every resource of the cluster.
    fn is_everything(&self, id: SubjectId) -> bool {
        let mut principals = self.graph.principals_of(id);
        principals.any(|principal| self.memory.own(principal, self.graph).is_everything)
    }
}

struct Walk {
    reach: Reach,
    known: Vec<bool>,
    is_admin: bool,
    is_node: bool,
}

impl Walk {
    /// Keeps what leads to someone new.
    fn take(&mut self, found: &Escalations, before: Option<usize>) {
        for escalation in found.iter() {
            let is_known = match escalation.target {
                Target::ClusterAdmin => &mut self.is_admin,
                Target::Node => &mut self.is_node,
                Target::Subject(id) => &mut self.known[id.index()],
                Target::Role(_) | Target::Namespace(_) | Target::Cluster => continue,
            };
            if !std::mem::replace(is_known, true) {
                self.reach.steps.push_copy(escalation);
                self.reach.before.push(before);
            }
        }
    }
}

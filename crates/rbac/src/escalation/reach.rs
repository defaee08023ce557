//! What a subject can become over any number of escalations.

use super::{Escalation, Escalator, Target};
use crate::request::Subject;
use crate::tables::SubjectId;

/// Someone or something that a subject can become, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reached {
    /// A subject, a node, or everything.
    pub target: Target,
    /// A shortest chain of escalations. The first is the subject's own; each of the others is possible for the
    /// target of the one before it.
    pub chain: Vec<Escalation>,
}

/// One step of the search: how a target was first reached.
struct Step {
    escalation: Escalation,
    /// The step that reached the one who takes this step.
    from: Option<usize>,
}

impl Escalator<'_> {
    /// Everyone and everything that a subject could become, nearest first, each by a shortest chain.
    pub fn can_become(&self, subject: Subject<'_>) -> Vec<Reached> {
        let mut walk = Walk {
            steps: Vec::new(),
            known: vec![false; self.graph.subjects.len()],
            is_admin: false,
            is_node: false,
        };
        let principals = self.graph.principals(subject);
        for principal in &principals {
            walk.known[principal.index()] = true;
        }
        let holdings = self.graph.holdings_of(&principals);
        let found = self.search(&principals, &holdings, &walk.known);
        walk.take(found, None);
        let mut next = 0;
        while next < walk.steps.len() {
            if let Target::Subject(id) = walk.steps[next].escalation.target {
                walk.take(self.from(id, &walk.known), Some(next));
            }
            next += 1;
        }
        (0..walk.steps.len())
            .map(|step| walk.reached(step))
            .collect()
    }

    /// For every subject how many escalations it is away from everything in the cluster: zero for those who have it,
    /// `u32::MAX` for those who cannot get there.
    pub fn distances(&self) -> Vec<u32> {
        let mut distances = vec![u32::MAX; self.graph.subjects.len()];
        // Only the subjects that were reached last are worth becoming: the search need not look at others.
        let mut known = vec![true; distances.len()];
        let mut frontier = Vec::new();
        for id in self.graph.subjects() {
            if self.graph.is_everything(self.holdings(id)) {
                distances[id.index()] = 0;
                known[id.index()] = false;
                frontier.push(id);
            }
        }
        for distance in 1.. {
            let rest = self.graph.subjects();
            let rest = rest.filter(|id| distances[id.index()] == u32::MAX);
            let next: Vec<SubjectId> = rest.filter(|&id| self.is_near(id, &known)).collect();
            if next.is_empty() {
                break;
            }
            for id in frontier.drain(..) {
                known[id.index()] = true;
            }
            for &id in &next {
                distances[id.index()] = distance;
                known[id.index()] = false;
            }
            frontier = next;
        }
        distances
    }

    /// Whether one escalation leads to everything, or to a subject that is not among the known ones.
    fn is_near(&self, id: SubjectId, known: &[bool]) -> bool {
        let found = self.from(id, known);
        let mut targets = found.iter().map(|escalation| escalation.target);
        targets.any(|target| matches!(target, Target::ClusterAdmin | Target::Subject(_)))
    }

    fn from(&self, id: SubjectId, known: &[bool]) -> Vec<Escalation> {
        let principals = self.graph.principals(self.graph.subject(id));
        self.search(&principals, self.holdings(id), known)
    }
}

struct Walk {
    steps: Vec<Step>,
    known: Vec<bool>,
    is_admin: bool,
    is_node: bool,
}

impl Walk {
    /// Keeps what leads to someone new.
    fn take(&mut self, found: Vec<Escalation>, from: Option<usize>) {
        for escalation in found {
            let is_known = match escalation.target {
                Target::ClusterAdmin => &mut self.is_admin,
                Target::Node => &mut self.is_node,
                Target::Subject(id) => &mut self.known[id.index()],
                Target::Role(_) | Target::Namespace(_) | Target::Cluster => continue,
            };
            if !std::mem::replace(is_known, true) {
                self.steps.push(Step { escalation, from });
            }
        }
    }

    fn reached(&self, step: usize) -> Reached {
        let mut chain: Vec<Escalation> =
            std::iter::successors(Some(step), |&step| self.steps[step].from)
                .map(|step| self.steps[step].escalation.clone())
                .collect();
        chain.reverse();
        Reached {
            target: self.steps[step].escalation.target,
            chain,
        }
    }
}

//! Choke points: which single change takes away the most ways from a start to a goal.
//!
//! A change is an edit at one place. It makes facts untrue; an edge goes with the last fact of any of its clauses. What
//! counts is pairs of a start (each pod by itself) and a goal that are connected before and not after.

mod flow;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::Severity;

use self::flow::Flow;
use crate::asset::{AssetId, Kind};
use crate::cause;
use crate::edge::EdgeId;
use crate::evidence::{Cause, Change, EvidenceId, FactId, Place};
use crate::finder::RULE;
use crate::graph::Graph;
use crate::overview::Question;
use crate::search::Cut;

/// A change of one place, and the facts that it makes untrue.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// What is changed.
    pub place: Place,
    /// What is so now, and what to do.
    pub cause: &'static Cause,
    /// The facts that are not so any more.
    pub facts: Vec<FactId>,
}

/// A change, with what it takes away.
#[derive(Clone, Debug)]
pub struct ChokePoint {
    /// The change.
    pub remedy: Remedy,
    /// How many pairs of a start and a goal are connected no more.
    pub pairs: u64,
    /// How many edges go.
    pub edges: usize,
}

/// All choke points, the best first, of all pairs.
#[derive(Clone, Debug, Default)]
pub struct ChokePoints {
    /// How many pairs there are.
    pub pairs: u64,
    /// Changes that take some of them away.
    pub points: Vec<ChokePoint>,
}

/// Deletes a binding: what it grants to all of its subjects.
static BINDING: Cause = Cause {
    says: "a binding grants the role to several subjects",
    remedy: "delete the binding",
    change: Change::Delete,
    controls: &[],
};

/// Removes a rule: all that it allows.
static WHOLE_RULE: Cause = Cause {
    says: "a rule of the role allows it",
    remedy: "remove the rule",
    change: Change::Remove,
    controls: &[],
};

impl Graph<'_> {
    /// Every change that is known to make facts untrue.
    pub fn remedies(&self) -> Vec<Remedy> {
        let mut order: Vec<(Place, usize)> = Vec::new();
        let mut found: HashMap<(Place, usize), Remedy, FixedState> = HashMap::default();
        let mut add = |place: Place, cause: &'static Cause, fact: FactId| {
            let key = (place, std::ptr::from_ref(cause) as usize);
            let remedy = found.entry(key).or_insert_with(|| {
                order.push(key);
                Remedy {
                    place,
                    cause,
                    facts: Vec::new(),
                }
            });
            remedy.facts.push(fact);
        };
        for (id, fact) in (0..).map(FactId).zip(self.facts()) {
            if fact.cause.remedy.is_empty() || !self.is_scanned(fact.place) {
                continue;
            }
            add(fact.edit, fact.cause, id);
            if fact.cause.is(&RULE) && fact.edit != fact.place {
                add(fact.place, &WHOLE_RULE, id);
            }
            if fact.cause.is(&cause::BOUND)
                && let Some(root) = self.root_of(fact.place)
            {
                add(root, &BINDING, id);
            }
        }
        let remedies = order.iter().filter_map(|key| found.remove(key));
        // What concerns one subject is said by the item that names it.
        let is_wide = |remedy: &Remedy| remedy.facts.len() > 1;
        remedies
            .filter(|remedy| !remedy.cause.is(&BINDING) || is_wide(remedy))
            .collect()
    }

    /// The edges that go when facts are not so any more.
    pub fn cut_by(&self, facts: &[FactId]) -> Cut {
        let mut untrue = vec![false; self.facts().len()];
        for fact in facts {
            untrue[fact.0 as usize] = true;
        }
        let mut cut = Cut::none();
        for id in self.edge_ids() {
            let mut clauses = self.clauses(self.edge(id).evidence);
            let is_gone = |clause: &[FactId]| clause.iter().all(|fact| untrue[fact.0 as usize]);
            if clauses.any(is_gone) {
                cut.add(id);
            }
        }
        cut
    }

    /// The choke points of a question. Edges that are cut already, that may not be there, or that are steps below a
    /// severity, do not count.
    pub fn choke_points(&self, question: &Question, cut: &Cut, min: Severity) -> ChokePoints {
        let uses = Uses::new(self);
        let (namespaces, others): (Vec<AssetId>, Vec<AssetId>) =
            question.goals.iter().partition(|goal| {
                let asset = self.asset(**goal);
                asset.kind == Kind::AllSecrets && !asset.namespace.is_empty()
            });
        let mut found = ChokePoints::default();
        let remedies = self.remedies();
        let mut lost = vec![0_u64; remedies.len()];
        let dead: Vec<Vec<EdgeId>> = remedies.iter().map(|remedy| uses.dead(remedy)).collect();
        for (goals, passes_secrets) in [(others, true), (namespaces, false)] {
            if goals.is_empty() {
                continue;
            }
            let part = Part::new(self, &question.starts, &goals, |edge| {
                !cut.contains(edge) && self.severity(edge) >= min && {
                    let from = self.asset(self.edge(edge).from);
                    let is_all = from.kind == Kind::AllSecrets && from.namespace.is_empty();
                    passes_secrets || !is_all
                }
            });
            found.pairs += part.flow.pairs();
            let mut scratch = part.flow.scratch();
            for (dead, lost) in dead.iter().zip(&mut lost) {
                let own: Vec<u32> = dead.iter().filter_map(|edge| part.useful(*edge)).collect();
                if !own.is_empty() {
                    *lost += part.flow.lost(&own, &mut scratch);
                }
            }
        }
        let all = remedies.into_iter().zip(lost).zip(dead);
        let points = all.filter(|((_, lost), _)| *lost > 0);
        found.points = points
            .map(|((remedy, pairs), dead)| ChokePoint {
                remedy,
                pairs,
                edges: dead.len(),
            })
            .collect();
        // Of those that take the same away, those that are an edit, and of these the one that changes less.
        found.points.sort_by_key(|point| {
            (
                std::cmp::Reverse(point.pairs),
                point.remedy.cause.change == Change::None,
                point.edges,
                point.remedy.facts.len(),
                point.remedy.place,
            )
        });
        found
    }
}

/// Which edges rest on which facts.
struct Uses {
    /// By fact, the clauses that it is in.
    clauses_of: Vec<Vec<u32>>,
    /// By clause, how many facts it has and the evidence that it is of.
    clauses: Vec<(u32, EvidenceId)>,
    /// By evidence, its edges.
    edges_of: HashMap<EvidenceId, Vec<EdgeId>, FixedState>,
}

impl Uses {
    fn new(graph: &Graph<'_>) -> Self {
        let mut uses = Uses {
            clauses_of: vec![Vec::new(); graph.facts().len()],
            clauses: Vec::new(),
            edges_of: HashMap::default(),
        };
        for id in graph.edge_ids() {
            let evidence = graph.edge(id).evidence;
            let edges = uses.edges_of.entry(evidence).or_default();
            edges.push(id);
            if edges.len() > 1 {
                continue;
            }
            for clause in graph.clauses(evidence) {
                let position = uses.clauses.len() as u32;
                let mut facts = clause.to_vec();
                facts.sort_unstable();
                facts.dedup();
                uses.clauses.push((facts.len() as u32, evidence));
                for fact in facts {
                    uses.clauses_of[fact.0 as usize].push(position);
                }
            }
        }
        uses
    }

    /// The edges that go with a remedy.
    fn dead(&self, remedy: &Remedy) -> Vec<EdgeId> {
        let mut hit: HashMap<u32, u32, FixedState> = HashMap::default();
        for fact in &remedy.facts {
            for &clause in &self.clauses_of[fact.0 as usize] {
                *hit.entry(clause).or_default() += 1;
            }
        }
        let gone = hit
            .iter()
            .filter(|(clause, count)| self.clauses[**clause as usize].0 == **count);
        let evidence = gone.map(|(clause, _)| self.clauses[*clause as usize].1);
        let mut edges: Vec<EdgeId> = evidence
            .flat_map(|evidence| self.edges_of.get(&evidence).into_iter().flatten())
            .copied()
            .collect();
        edges.sort_unstable();
        edges.dedup();
        edges
    }
}

/// The part of a graph that counts for some goals, as plain numbers.
struct Part {
    flow: Flow,
    /// By edge of the graph, its number in the flow.
    numbers: Vec<u32>,
}

const NOT_THERE: u32 = u32::MAX;

impl Part {
    fn new(
        graph: &Graph<'_>,
        starts: &[AssetId],
        goals: &[AssetId],
        counts: impl Fn(EdgeId) -> bool,
    ) -> Self {
        let mut numbers = vec![NOT_THERE; graph.edges().len()];
        let mut edges = Vec::new();
        for id in graph.edge_ids() {
            let edge = graph.edge(id);
            // Whoever has everything is at the end of every path.
            let is_end = graph.asset(edge.from).kind == Kind::ClusterAdmin;
            if edge.unknown.is_none() && !is_end && counts(id) {
                numbers[id.index()] = edges.len() as u32;
                edges.push((edge.from.0, edge.to.0));
            }
        }
        let mut weights = vec![0; graph.assets().len()];
        for &start in starts {
            weights[start.index()] = u64::from(graph.asset(start).count);
        }
        let goals: Vec<u32> = goals.iter().map(|goal| goal.0).collect();
        Part {
            flow: Flow::new(edges, weights, &goals),
            numbers,
        }
    }

    /// The number of an edge on a way to a goal.
    fn useful(&self, edge: EdgeId) -> Option<u32> {
        let number = self.numbers[edge.index()];
        (number != NOT_THERE && self.flow.is_useful(number)).then_some(number)
    }
}

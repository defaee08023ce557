//! What permissions lead to: the last layers of a picture.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use model::Severity;
use model::graph::{Edge, EdgeStyle, Node, NodeIndex};

use super::{Picture, SUBJECT, kind_of, name_of};
use crate::danger::Danger;
use crate::escalation::{Escalation, Pattern, Target};
use crate::request::Subject;
use crate::tables::SubjectId;

/// More targets of one escalation than this are one node.
const TARGETS: usize = 4;

/// As many patterns beside a first one, from one node to another, are one edge.
const BESIDE: usize = 2;

/// More steps than this are no picture.
const MOST_STEPS: u32 = 8;

impl<'g> Picture<'_, 'g> {
    /// The graph, with what leads further as the last edges.
    pub(super) fn finish(mut self) -> model::Graph {
        for ((from, to), mut patterns) in self.escalations {
            patterns.sort_by_key(|(pattern, severity)| (Reverse(*severity), *pattern));
            patterns.dedup();
            let edge = |label: String, risk| Edge {
                label,
                risk: Some(risk),
                ..Edge::new(from, to, EdgeStyle::Escalates)
            };
            match &patterns[..] {
                [(first, risk), rest @ ..] if rest.len() >= BESIDE => {
                    let all = patterns.iter();
                    let lines = all.map(|(pattern, severity)| format!("{pattern} ({severity})"));
                    self.graph.add_edge(Edge {
                        tooltip: Some(lines.collect::<Vec<_>>().join("\n")),
                        stands_for: patterns.len() as u32,
                        ..edge(format!("{first} and {} more", rest.len()), *risk)
                    });
                }
                few => {
                    for (pattern, risk) in few {
                        self.graph.add_edge(edge((*pattern).to_owned(), *risk));
                    }
                }
            }
        }
        self.graph
    }

    /// What a subject's escalations lead to, and where those whom it becomes go on from there.
    pub(super) fn leads_to(&mut self, subject: Subject<'_>, from: NodeIndex, depth: u32) {
        let rbac = self.rbac();
        let mut known: BTreeSet<SubjectId> = rbac.principals(subject).into_iter().collect();
        let mut frontier = vec![(subject, from)];
        for layer in (4..).take(depth.min(MOST_STEPS) as usize) {
            let mut next = Vec::new();
            for (subject, from) in std::mem::take(&mut frontier) {
                let found = self.escalator.escalations(subject);
                let mut by_pattern: BTreeMap<&str, Vec<Escalation<'_>>> = BTreeMap::new();
                for escalation in found.iter() {
                    by_pattern
                        .entry(escalation.pattern.id)
                        .or_default()
                        .push(escalation);
                }
                for found in by_pattern.into_values() {
                    self.pattern(&found, from, layer, &mut known, &mut next);
                }
            }
            frontier = next;
        }
    }

    /// One pattern's targets: each a node, or all of a kind together where they are many.
    fn pattern(
        &mut self,
        found: &[Escalation<'_>],
        from: NodeIndex,
        layer: u32,
        known: &mut BTreeSet<SubjectId>,
        next: &mut Vec<(Subject<'g>, NodeIndex)>,
    ) {
        let Some(pattern) = found.first().map(|escalation| escalation.pattern) else {
            return;
        };
        let mut subjects: Vec<SubjectId> = found
            .iter()
            .filter_map(|it| subject_of(it.target))
            .collect();
        subjects.sort_unstable();
        subjects.dedup();
        let is_many = subjects.len() > TARGETS;
        if is_many {
            let node = self.many(subjects, layer);
            self.escalates(from, node, pattern);
        }
        for escalation in found {
            match escalation.target {
                Target::Subject(id) if !is_many => {
                    let subject = self.rbac().subject(id);
                    let node = self.subject_in(subject, layer);
                    self.escalates(from, node, pattern);
                    if known.insert(id) {
                        next.push((subject, node));
                    }
                }
                Target::ClusterAdmin => {
                    let node = self.goal(
                        "everything",
                        "everything in the cluster",
                        Some(Severity::Critical),
                    );
                    self.escalates(from, node, pattern);
                }
                Target::Node => {
                    let node = self.goal("node", "root on a node", Some(Severity::Critical));
                    self.escalates(from, node, pattern);
                }
                Target::Subject(_) | Target::Role(_) | Target::Namespace(_) | Target::Cluster => {}
            }
        }
    }

    /// One node for several subjects, the same for the same ones.
    fn many(&mut self, subjects: Vec<SubjectId>, layer: u32) -> NodeIndex {
        let key = (layer, subjects);
        if let Some(&known) = self.many.get(&key) {
            return known;
        }
        let rbac = self.rbac();
        let subjects = &key.1;
        let names = subjects.iter().map(|id| rbac.subject(*id).to_string());
        let names: Vec<String> = names.take(100).collect();
        let dangers = subjects
            .iter()
            .map(|id| self.escalator.danger(*id, &self.distances));
        let worst = dangers.min_by_key(|danger| danger.rank());
        let mut kinds = subjects.iter().map(|id| kind_of(rbac.subject(*id)));
        let first = kinds.next().unwrap_or(SUBJECT);
        let kind = if kinds.all(|kind| kind == first) {
            first
        } else {
            SUBJECT
        };
        let name = subjects.first().map_or("", |id| name_of(rbac.subject(*id)));
        let node = self.graph.add_node(Node {
            label: vec![name.to_owned(), format!("and {} more", subjects.len() - 1)],
            layer: Some(layer),
            risk: worst.and_then(Danger::severity),
            tooltip: Some(names.join(", ")),
            stands_for: subjects.len() as u32,
            ..Node::new(format!("subjects/{layer}/{}", self.many.len()), kind, "")
        });
        self.many.insert(key, node);
        node
    }

    fn escalates(&mut self, from: NodeIndex, to: NodeIndex, pattern: &'static Pattern) {
        let patterns = self.escalations.entry((from, to)).or_default();
        patterns.push((pattern.id, pattern.severity));
    }
}

fn subject_of(target: Target) -> Option<SubjectId> {
    match target {
        Target::Subject(id) => Some(id),
        _ => None,
    }
}

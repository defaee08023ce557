//! Two graphs in the same integers, so that they can be compared without texts.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::escalation::{Escalations, Target, patterns};
use crate::graph::Graph;
use crate::names::{List, Lists, Name, Names};
use crate::request::Rights;
use crate::tables::SubjectId;

type Map<K, V> = HashMap<K, V, FixedState>;

/// What an escalation is, in both graphs: the pattern's position, what it leads to, and whom or which.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Key(u32, u8, u32, u32);

/// What two graphs have in common.
#[derive(Debug)]
pub(super) struct Joint {
    before: Side,
    after: Side,
    /// By the subjects of the later graph: whether their own bindings give something else.
    changed: Vec<bool>,
    has_new_subjects: bool,
    facts_changed: bool,
}

/// One graph's integers as those of both.
#[derive(Debug, Default)]
struct Side {
    names: Vec<Name>,
    /// A name, and whether it is that of a group.
    subjects: Vec<(bool, Name)>,
    roles: Vec<(Name, Name)>,
}

/// The integers of both graphs while they are found.
#[derive(Default)]
struct Tables {
    names: Names,
    lists: Lists,
    kinds: Map<Rights, u32>,
}

/// Scope and rights of the rules that are granted.
type Granted = Vec<(Name, u32)>;

impl Joint {
    pub(super) fn new(before: &Graph, after: &Graph) -> Self {
        let mut tables = Tables::default();
        let sides = [before, after].map(|graph| tables.side(graph));
        let [rows_before, rows_after] =
            [(before, &sides[0]), (after, &sides[1])].map(|(graph, side)| tables.rows(graph, side));
        let facts =
            [(before, &sides[0]), (after, &sides[1])].map(|(graph, side)| side.facts(graph));
        let [side_before, side_after] = sides;
        let known: Map<(bool, Name), &Granted> = side_before
            .subjects
            .iter()
            .copied()
            .zip(&rows_before)
            .collect();
        let none = Granted::new();
        let changed = side_after.subjects.iter().zip(&rows_after);
        let changed =
            changed.map(|(subject, row)| known.get(subject).copied().unwrap_or(&none) != row);
        let changed: Vec<bool> = changed.collect();
        Joint {
            has_new_subjects: side_before.subjects.len() != side_after.subjects.len(),
            facts_changed: facts[0] != facts[1],
            changed,
            before: side_before,
            after: side_after,
        }
    }

    /// Whether nothing that counts is different.
    pub(super) fn is_same(&self) -> bool {
        !self.facts_changed && !self.has_new_subjects && !self.changed.contains(&true)
    }

    /// Whether the own bindings of a subject of the later graph give something else.
    pub(super) fn has_changed(&self, id: SubjectId) -> bool {
        self.changed.get(id.index()).copied().unwrap_or_default()
    }

    /// Whether there are other service accounts, pods, tokens or guarded namespaces.
    pub(super) fn have_facts_changed(&self) -> bool {
        self.facts_changed
    }

    /// The keys of escalations of the earlier graph, sorted.
    pub(super) fn keys_before(&self, found: &Escalations) -> Vec<Key> {
        let mut keys = self.before.keys(found);
        keys.sort_unstable();
        keys
    }

    /// The keys of escalations of the later graph, in their order.
    pub(super) fn keys_after(&self, found: &Escalations) -> Vec<Key> {
        self.after.keys(found)
    }
}

impl Tables {
    fn side(&mut self, graph: &Graph) -> Side {
        let names = (0..graph.names.len() as u32).map(Name);
        let names: Vec<Name> = names
            .map(|name| self.names.intern(graph.names.text(name)))
            .collect();
        let of = |name: Name| names[name.0 as usize];
        let subjects = graph.subjects.iter();
        let roles = graph.roles.iter();
        Side {
            subjects: subjects.map(|row| (row.is_group, of(row.name))).collect(),
            roles: roles.map(|role| (of(role.scope), of(role.name))).collect(),
            names,
        }
    }

    /// What the bindings of each subject give, each once.
    fn rows(&mut self, graph: &Graph, side: &Side) -> Vec<Granted> {
        let rules = graph.rules.iter();
        let kinds: Vec<u32> = rules
            .map(|rule| self.kind(&rule.rights, graph, side))
            .collect();
        let row = |id: SubjectId| {
            let bindings = graph.subject_bindings.of(id.0).iter();
            let granted = bindings.flat_map(|&(scope, binding)| {
                let rules = graph.rules_of(binding).iter();
                rules.map(move |rule| (side.names[scope.0 as usize], rule.index()))
            });
            let mut granted: Granted = granted.map(|(scope, rule)| (scope, kinds[rule])).collect();
            granted.sort_unstable();
            granted.dedup();
            granted
        };
        graph.subjects().map(row).collect()
    }

    fn kind(&mut self, rights: &Rights, graph: &Graph, side: &Side) -> u32 {
        let mut list = |list: List| {
            let names = graph.lists.get(list).iter();
            let names: Vec<Name> = names.map(|name| side.names[name.0 as usize]).collect();
            self.lists.intern(&names)
        };
        let rights = Rights {
            verbs: list(rights.verbs),
            groups: list(rights.groups),
            resources: list(rights.resources),
            names: list(rights.names),
            urls: list(rights.urls),
        };
        let next = self.kinds.len() as u32;
        *self.kinds.entry(rights).or_insert(next)
    }
}

impl Side {
    fn name(&self, name: Name) -> Name {
        self.names
            .get(name.0 as usize)
            .copied()
            .unwrap_or(Name::ABSENT)
    }

    /// What escalation depends on beside permissions.
    fn facts(&self, graph: &Graph) -> Vec<(u8, bool, Name, Name)> {
        let facts = &graph.facts;
        let subject = |id: SubjectId| self.subjects[id.index()];
        let row = |kind, id, more| (kind, subject(id).0, subject(id).1, more);
        let accounts = facts.service_accounts.iter();
        let accounts = accounts.map(|it| row(0, it.subject, Name::EMPTY));
        let running = facts.running.iter().flatten();
        let running = running.map(|(id, _)| row(1, *id, Name::EMPTY));
        let tokens = facts.tokens.iter();
        let tokens = tokens.map(|it| row(2, it.subject, self.name(it.secret)));
        let guarded = facts.guarded.iter();
        let guarded = guarded.map(|name| (3, false, self.name(*name), Name::EMPTY));
        let mut all: Vec<_> = accounts
            .chain(running)
            .chain(tokens)
            .chain(guarded)
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn keys(&self, found: &Escalations) -> Vec<Key> {
        let mut rest = (0..).zip(patterns()).peekable();
        let key = |escalation: crate::escalation::Escalation<'_>| {
            while rest
                .peek()
                .is_some_and(|(_, pattern)| *pattern != escalation.pattern)
            {
                rest.next();
            }
            let position = rest.peek().map_or(u32::MAX, |(position, _)| *position);
            let (what, one, other) = match escalation.target {
                Target::ClusterAdmin => (0, Name::EMPTY, Name::EMPTY),
                Target::Node => (1, Name::EMPTY, Name::EMPTY),
                Target::Subject(id) => {
                    let (is_group, name) = self.subjects[id.index()];
                    (2 + u8::from(is_group), name, Name::EMPTY)
                }
                Target::Role(id) => {
                    let (scope, name) = self.roles[id.index()];
                    (4, name, scope)
                }
                Target::Namespace(name) => (5, self.name(name), Name::EMPTY),
                Target::Cluster => (6, Name::EMPTY, Name::EMPTY),
            };
            Key(position, what, one.0, other.0)
        };
        found.iter().map(key).collect()
    }
}

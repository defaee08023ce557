//! What the policies of a class say of every other class: a partition of the classes by decision.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::FixedState;

use super::group::Groups;
use crate::answer::{Direction, Reason, Truth};
use crate::bits::Bits;
use crate::decide::{Decision, State};
use crate::policy::{Action, Peer, Peers, Policy, Rule, Tier};
use crate::port::{NamedPort, PortSet};
use crate::reach::{World, leave};

/// A decision of [`Rows`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct DecisionId(u32);

impl DecisionId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Classes that the same policies select, and what these say of all classes.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) classes: Vec<u32>,
    /// Every class is in one of them.
    pub(super) parts: Vec<(DecisionId, Bits)>,
}

/// What tells rows apart.
#[derive(PartialEq, Eq, Hash)]
struct RowKey {
    /// Position of each policy times two, plus one when it is unknown whether it selects.
    policies: Vec<u32>,
    is_on_host: bool,
    named: Box<[NamedPort]>,
}

/// One step from state to state; unknown without its reason.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Step {
    Ordered(Action, u32, Truth),
    Rule(u32, Truth),
    EndPolicy(Truth),
    Leave(Tier, Tier, Truth),
}

/// Values with small numbers.
struct Interner<T> {
    values: Vec<T>,
    ids: HashMap<T, u32, FixedState>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Interner {
            values: Vec::new(),
            ids: HashMap::default(),
        }
    }
}

impl<T: Clone + Eq + Hash> Interner<T> {
    fn id(&mut self, value: T) -> u32 {
        if let Some(&id) = self.ids.get(&value) {
            return id;
        }
        let id = self.values.len() as u32;
        self.values.push(value.clone());
        self.ids.insert(value, id);
        id
    }
}

/// Makes rows.
pub(super) struct Rows<'a> {
    world: World<'a>,
    groups: &'a Groups,
    count: usize,
    states: Interner<State>,
    ports: Interner<PortSet>,
    decisions: Interner<Decision>,
    steps: HashMap<(u32, Step), u32, FixedState>,
    /// Classes by what they call their ports.
    by_named: Vec<(&'a [NamedPort], Bits)>,
    open: DecisionId,
}

const UNKNOWN: Truth = Truth::Unknown(Reason::Malformed);

/// States, each with the classes that are in it.
type Parts = Vec<(u32, Bits)>;

impl<'a> Rows<'a> {
    pub(super) fn new(world: World<'a>, groups: &'a Groups) -> Self {
        let count = groups.members.len();
        let mut by_named: Vec<(&[NamedPort], Bits)> = Vec::new();
        let mut ids: HashMap<&[NamedPort], usize, FixedState> = HashMap::default();
        for (class, named) in groups.named.iter().enumerate() {
            let id = *ids.entry(named).or_insert_with(|| {
                by_named.push((named, Bits::none(count)));
                by_named.len() - 1
            });
            by_named[id].1.insert(class);
        }
        let mut decisions = Interner::default();
        let open = DecisionId(decisions.id(Decision::open()));
        Rows {
            world,
            groups,
            count,
            states: Interner::default(),
            ports: Interner::default(),
            decisions,
            steps: HashMap::default(),
            by_named,
            open,
        }
    }

    /// The decision that nothing is denied.
    pub(super) fn open(&self) -> DecisionId {
        self.open
    }

    pub(super) fn decisions(&self) -> &[Decision] {
        &self.decisions.values
    }

    /// The rows of all classes in a direction.
    pub(super) fn of_all(&mut self, direction: Direction) -> Vec<Row> {
        let keys = self.keys(direction);
        let mut ids: HashMap<&RowKey, usize, FixedState> = HashMap::default();
        let mut rows: Vec<(&RowKey, Vec<u32>)> = Vec::new();
        for (class, key) in keys.iter().enumerate() {
            let id = *ids.entry(key).or_insert_with(|| {
                rows.push((key, Vec::new()));
                rows.len() - 1
            });
            rows[id].1.push(class as u32);
        }
        rows.into_iter()
            .map(|(key, classes)| {
                let parts = self.parts(key, direction);
                Row { classes, parts }
            })
            .collect()
    }

    fn keys(&self, direction: Direction) -> Vec<RowKey> {
        let mut policies = vec![Vec::new(); self.count];
        for (position, policy) in self.world.policies.list.iter().enumerate() {
            let applies = policy.section(direction).applies;
            if applies == Truth::No {
                continue;
            }
            let [yes, maybe] = &self.groups.holds[policy.subject.0 as usize];
            let sure = u32::from(applies != Truth::Yes);
            for class in yes.iter() {
                policies[class].push(position as u32 * 2 + sure);
            }
            for class in maybe.iter() {
                policies[class].push(position as u32 * 2 + 1);
            }
        }
        let keys = policies
            .into_iter()
            .enumerate()
            .map(|(class, policies)| RowKey {
                // Names matter where a policy selects the destination.
                named: match direction {
                    Direction::Ingress if !policies.is_empty() => self.groups.named[class].clone(),
                    _ => Box::default(),
                },
                is_on_host: !policies.is_empty() && self.groups.on_host.contains(class),
                policies,
            });
        keys.collect()
    }

    fn parts(&mut self, key: &RowKey, direction: Direction) -> Vec<(DecisionId, Bits)> {
        let policies = &self.world.policies.list;
        let selecting: Vec<(&Policy, Truth)> = key
            .policies
            .iter()
            .map(|&code| {
                let selects = if code % 2 == 0 { Truth::Yes } else { UNKNOWN };
                (&policies[code as usize / 2], selects)
            })
            .collect();
        if selecting
            .iter()
            .any(|(policy, _)| policy.tier == Tier::Plugin)
        {
            let unknown = DecisionId(self.decisions.id(Decision::unknown()));
            return vec![(unknown, Bits::all(self.count))];
        }
        let start = self.states.id(State::new());
        let mut parts: Parts = vec![(start, Bits::all(self.count))];
        let mut isolated = Truth::No;
        let mut tier = Tier::Admin(0);
        for (policy, selects) in selecting {
            self.step_all(&mut parts, Step::Leave(tier, policy.tier, isolated));
            tier = policy.tier;
            for rule in &policy.section(direction).rules {
                self.rule(&mut parts, rule, tier, selects, (direction, &key.named));
            }
            if tier == Tier::Namespace {
                self.step_all(&mut parts, Step::EndPolicy(selects));
                isolated = isolated.or(selects);
            }
        }
        self.step_all(&mut parts, Step::Leave(tier, Tier::Plugin, isolated));
        self.decided(parts, key.is_on_host)
    }

    fn decided(&mut self, parts: Parts, is_on_host: bool) -> Vec<(DecisionId, Bits)> {
        let mut decided: Vec<(DecisionId, Bits)> = Vec::new();
        for (state, set) in parts {
            let decision = self.states.values[state as usize].clone().finish();
            let soft = DecisionId(self.decisions.id(decision.clone().without_denial()));
            let hard = DecisionId(self.decisions.id(decision));
            let on_host = set.and(&self.groups.on_host);
            let hard = if is_on_host { soft } else { hard };
            for (id, set) in [(hard, set.without(&on_host)), (soft, on_host)] {
                add(&mut decided, id, set);
            }
        }
        decided
    }

    /// Whom the peers of a rule mean: for sure, and perhaps.
    fn peers(&self, rule: &Rule) -> [Bits; 2] {
        let mut yes = Bits::none(self.count);
        let mut maybe = Bits::none(self.count);
        match &rule.peers {
            Peers::Everyone => yes = Bits::all(self.count),
            Peers::Some(peers) => {
                for peer in peers {
                    match peer {
                        Peer::Unknown(_) => maybe = Bits::all(self.count),
                        Peer::Atom(id) => {
                            let [holds, may_hold] = &self.groups.holds[id.0 as usize];
                            yes.add(&holds.without(&self.groups.on_host));
                            maybe.add_common(holds, &self.groups.on_host);
                            maybe.add(may_hold);
                        }
                    }
                }
            }
        }
        if rule.unknown.is_some() {
            maybe.add(&yes);
            yes = Bits::none(self.count);
        }
        let maybe = maybe.without(&yes);
        [yes, maybe]
    }

    fn rule(
        &mut self,
        parts: &mut Parts,
        rule: &Rule,
        tier: Tier,
        selects: Truth,
        (direction, named): (Direction, &[NamedPort]),
    ) {
        let means = self.peers(rule);
        let groups = if direction == Direction::Egress && rule.ports.names().next().is_some() {
            let groups = self.by_named.iter();
            groups
                .map(|(named, set)| (rule.ports.set(named), Some(set.clone())))
                .collect()
        } else {
            vec![(rule.ports.set(named), None)]
        };
        for (set_of_ports, of) in groups {
            let port_set = self.ports.id(set_of_ports);
            for (set, truth) in means.iter().zip([Truth::Yes, UNKNOWN]) {
                let set = of.as_ref().map_or_else(|| set.clone(), |of| set.and(of));
                if !set.is_empty() {
                    let step = match tier {
                        Tier::Namespace => Step::Rule(port_set, truth),
                        _ => Step::Ordered(rule.action, port_set, selects.and(truth)),
                    };
                    self.step(parts, &set, step);
                }
            }
        }
    }

    /// Some classes go one step further.
    fn step(&mut self, parts: &mut Parts, set: &Bits, step: Step) {
        let before = std::mem::take(parts);
        for (state, classes) in before {
            let moving = classes.and(set);
            if moving.is_empty() {
                add(parts, state, classes);
                continue;
            }
            let next = self.next(state, step);
            add(parts, state, classes.without(set));
            add(parts, next, moving);
        }
    }

    fn step_all(&mut self, parts: &mut Parts, step: Step) {
        let before = std::mem::take(parts);
        for (state, classes) in before {
            let next = self.next(state, step);
            add(parts, next, classes);
        }
    }

    fn next(&mut self, state: u32, step: Step) -> u32 {
        if let Some(&next) = self.steps.get(&(state, step)) {
            return next;
        }
        let mut next = self.states.values[state as usize].clone();
        match step {
            Step::Ordered(action, ports, truth) => {
                next.ordered_rule(action, &self.ports.values[ports as usize], truth);
            }
            Step::Rule(ports, truth) => next.rule(&self.ports.values[ports as usize], truth),
            Step::EndPolicy(selects) => next.end_policy(selects),
            Step::Leave(from, to, isolated) => leave(&mut next, from, to, isolated),
        }
        let next = self.states.id(next);
        self.steps.insert((state, step), next);
        next
    }
}

/// Adds classes to a part, or a part.
fn add<K: Copy + PartialEq>(parts: &mut Vec<(K, Bits)>, key: K, set: Bits) {
    if set.is_empty() {
        return;
    }
    match parts.iter_mut().find(|(other, _)| *other == key) {
        Some((_, classes)) => classes.add(&set),
        None => parts.push((key, set)),
    }
}

//! Whether one pod, or an address, can talk to another, and what decides it.

use std::net::IpAddr;

use crate::answer::{Direction, Place, Reason, Truth};
use crate::decide::{Decision, Ports3, State};
use crate::pod::{Pod, PodId, Pods};
use crate::policy::{Action, PeerRef, Policies, Policy, PolicyKind, Rule, Tier};
use crate::port::{NamedPort, Port};
use crate::symbol::Symbol;

/// One end of a connection.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Endpoint {
    /// A pod that was scanned.
    Pod(PodId),
    /// An address that is no pod's.
    Address(IpAddr),
}

/// Whether traffic gets through.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// It does.
    Allowed,
    /// It does not.
    Denied,
    /// Not decidable from what was scanned.
    Unknown,
}

/// What a policy does to a connection.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Effect {
    /// A rule allows it.
    Allows,
    /// A rule denies it.
    Denies,
    /// A rule leaves it to the next tier.
    Passes,
    /// The policy selects the pod, and no rule of it allows the connection.
    Isolates,
}

/// A policy, or a rule of one, that takes part in a decision.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Because {
    /// The end that the policy selects.
    pub direction: Direction,
    /// Kind of policy.
    pub kind: PolicyKind,
    /// The rule; for [`Effect::Isolates`] the policy's spec.
    pub place: Place,
    /// What it does.
    pub effect: Effect,
    /// Whether it does, when that is not known.
    pub unknown: Option<Reason>,
}

/// The answer to whether a connection is possible.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// The answer.
    pub outcome: Outcome,
    /// What decides it, in the order of evaluation. Empty when nothing says no.
    pub by: Vec<Because>,
}

/// Everything that answers need.
#[derive(Clone, Copy, Debug)]
pub(crate) struct World<'a> {
    pub(crate) pods: &'a Pods,
    pub(crate) policies: &'a Policies,
}

/// One direction of one connection.
struct Walk<'a, 'n> {
    world: World<'a>,
    direction: Direction,
    pod: &'a Pod,
    peer: PeerRef<'a>,
    /// What the destination calls its ports.
    named: &'n [NamedPort],
}

impl<'a> World<'a> {
    pub(crate) fn reach(self, from: Endpoint, to: Endpoint, port: Port) -> Verdict {
        if self.is_same_pod(from, to) {
            // A pod always reaches itself.
            return Verdict {
                outcome: Outcome::Allowed,
                by: Vec::new(),
            };
        }
        let sides = self.sides(from, to);
        let of = |side: &Option<Walk<'_, '_>>| side.as_ref().map(Walk::decide);
        let outcomes: Vec<_> = sides
            .iter()
            .map(|side| of(side).map_or(Outcome::Allowed, |decision| outcome(&decision, port)))
            .collect();
        let outcome = if outcomes.contains(&Outcome::Denied) {
            Outcome::Denied
        } else if outcomes.contains(&Outcome::Unknown) {
            Outcome::Unknown
        } else {
            Outcome::Allowed
        };
        let mut by = Vec::new();
        for (side, own) in sides.iter().zip(outcomes) {
            if let Some(side) = side.as_ref().filter(|_| own == outcome) {
                side.explain(port, outcome, &mut by);
            }
        }
        Verdict { outcome, by }
    }

    /// Every port in one of three sets.
    pub(crate) fn ports(self, from: Endpoint, to: Endpoint) -> Ports3 {
        if self.is_same_pod(from, to) {
            return Decision::open().and(&Decision::open());
        }
        let [egress, ingress] = self
            .sides(from, to)
            .map(|side| side.map_or_else(Decision::open, |side| side.decide()));
        egress.and(&ingress)
    }

    fn is_same_pod(self, from: Endpoint, to: Endpoint) -> bool {
        matches!(from, Endpoint::Pod(pod) if from == to && self.pods.get(pod).is_single)
    }

    fn peer(self, endpoint: Endpoint) -> PeerRef<'a> {
        match endpoint {
            Endpoint::Pod(pod) => PeerRef::Pod(self.pods.get(pod)),
            Endpoint::Address(address) => PeerRef::Address(address),
        }
    }

    /// Egress of the source, then ingress of the destination; only pods have them.
    fn sides(self, from: Endpoint, to: Endpoint) -> [Option<Walk<'a, 'a>>; 2] {
        let (from, to) = (self.peer(from), self.peer(to));
        let named: &[NamedPort] = match to {
            PeerRef::Pod(pod) => &pod.named,
            PeerRef::Address(_) => &[],
        };
        let walk = |direction, subject, peer| match subject {
            PeerRef::Pod(pod) => Some(Walk {
                world: self,
                direction,
                pod,
                peer,
                named,
            }),
            PeerRef::Address(_) => None,
        };
        [
            walk(Direction::Egress, from, to),
            walk(Direction::Ingress, to, from),
        ]
    }

    /// The policies that select a pod in a direction, in the order of evaluation.
    pub(crate) fn selecting(
        self,
        pod: &'a Pod,
        direction: Direction,
    ) -> impl Iterator<Item = (&'a Policy, Truth)> {
        self.policies.of_pod(pod).filter_map(move |policy| {
            let applies = policy.section(direction).applies;
            if applies == Truth::No {
                return None;
            }
            let selects = applies.and(self.policies.selects(policy, pod, self.pods));
            selects.is_possible().then_some((policy, selects))
        })
    }

    /// The policies that select a pod, whatever they are about, in the order of evaluation.
    pub(crate) fn selecting_at_all(
        self,
        pod: &'a Pod,
    ) -> impl Iterator<Item = (&'a Policy, Truth)> {
        self.policies.of_pod(pod).filter_map(move |policy| {
            let selects = self.policies.selects(policy, pod, self.pods);
            selects.is_possible().then_some((policy, selects))
        })
    }

    /// Whether every pod that a namespace may ever have gets (or sends) only what a policy allows.
    pub(crate) fn isolated_by_default(self, namespace: Symbol, direction: Direction) -> Truth {
        let policies = self.policies.of_namespace(namespace);
        let isolating = policies.filter(|policy| policy.isolates());
        let truths = isolating.map(|policy| {
            let selector = self.policies.selector(policy.subject);
            let selects = selector.map_or(Truth::No, |selector| {
                self.pods.possible(selector, namespace)
            });
            match selects.and(policy.section(direction).applies) {
                // A pod without the label is not selected.
                Truth::Unknown(Reason::PodLabels) => Truth::No,
                truth => truth,
            }
        });
        truths.fold(Truth::No, Truth::or)
    }

    /// Whether only what a policy allows gets through.
    pub(crate) fn isolated(self, pod: &'a Pod, direction: Direction) -> Truth {
        let truths = self
            .selecting(pod, direction)
            .filter(|(policy, _)| policy.isolates())
            .map(|(_, selects)| selects);
        let isolated = truths.fold(Truth::No, Truth::or);
        if isolated == Truth::Yes && pod.host_network.is_possible() {
            return Truth::Unknown(Reason::HostNetwork);
        }
        isolated
    }
}

/// Whether the rules about the network of nodes are undefined for one of two pods.
pub(crate) fn is_on_host(pod: &Pod, peer: PeerRef<'_>) -> bool {
    let peer = match peer {
        PeerRef::Pod(pod) => pod.host_network,
        PeerRef::Address(_) => Truth::No,
    };
    pod.host_network.is_possible() || peer.is_possible()
}

fn outcome(decision: &Decision, port: Port) -> Outcome {
    match (decision.allow.contains(port), decision.deny.contains(port)) {
        (true, false) => Outcome::Allowed,
        (false, true) => Outcome::Denied,
        _ => Outcome::Unknown,
    }
}

impl Walk<'_, '_> {
    fn means(&self, rule: &Rule) -> Truth {
        self.world.policies.means(rule, self.peer, self.world.pods)
    }

    fn decide(&self) -> Decision {
        let mut state = State::new();
        let mut isolated = Truth::No;
        let mut tier = Tier::Admin(0);
        for (policy, selects) in self.world.selecting(self.pod, self.direction) {
            leave(&mut state, tier, policy.tier, isolated);
            tier = policy.tier;
            if tier == Tier::Plugin {
                return Decision::unknown();
            }
            for rule in &policy.section(self.direction).rules {
                let (means, ports) = (self.means(rule), rule.ports.set(self.named));
                match tier {
                    Tier::Namespace => state.rule(&ports, means),
                    _ => state.ordered_rule(rule.action, &ports, selects.and(means)),
                }
            }
            if tier == Tier::Namespace {
                state.end_policy(selects);
                isolated = isolated.or(selects);
            }
        }
        leave(&mut state, tier, Tier::Plugin, isolated);
        let decision = state.finish();
        if is_on_host(self.pod, self.peer) {
            decision.without_denial()
        } else {
            decision
        }
    }

    /// What in this direction takes part in an outcome.
    fn explain(&self, port: Port, outcome: Outcome, by: &mut Vec<Because>) {
        let host = is_on_host(self.pod, self.peer).then_some(Reason::HostNetwork);
        for (policy, selects) in self.world.selecting(self.pod, self.direction) {
            let mut is_allowed = false;
            for rule in &policy.section(self.direction).rules {
                let is_meant = rule.ports.set(self.named).contains(port);
                let truth = selects.and(self.means(rule));
                if !is_meant || truth == Truth::No {
                    continue;
                }
                is_allowed |= truth == Truth::Yes;
                let effect = match rule.action {
                    Action::Allow => Effect::Allows,
                    Action::Deny => Effect::Denies,
                    Action::Pass => Effect::Passes,
                };
                let place = Place {
                    node: rule.node,
                    ..policy.place
                };
                self.because(policy, place, effect, truth.reason().or(host), by);
            }
            if policy.tier >= Tier::Namespace
                && !is_allowed
                && !matches!(policy.tier, Tier::Baseline(_))
            {
                let reason = match policy.tier {
                    Tier::Plugin => Some(Reason::PluginPolicy),
                    _ => selects.reason().or(host),
                };
                self.because(policy, policy.place, Effect::Isolates, reason, by);
            }
        }
        by.retain(|because| match outcome {
            Outcome::Unknown => true,
            Outcome::Allowed => matches!(because.effect, Effect::Allows | Effect::Passes),
            Outcome::Denied => {
                because.direction != self.direction || because.effect != Effect::Allows
            }
        });
    }

    fn because(
        &self,
        policy: &Policy,
        place: Place,
        effect: Effect,
        unknown: Option<Reason>,
        by: &mut Vec<Because>,
    ) {
        by.push(Because {
            direction: self.direction,
            kind: policy.kind,
            place,
            effect,
            unknown,
        });
    }
}

/// From one tier to a later one.
pub(crate) fn leave(state: &mut State, from: Tier, to: Tier, isolated: Truth) {
    let is_admin = |tier| matches!(tier, Tier::Admin(_));
    if is_admin(from) && !is_admin(to) {
        state.end_ordered();
    }
    if from <= Tier::Namespace && to > Tier::Namespace {
        state.end_namespace(isolated);
    }
}

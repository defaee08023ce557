//! How policies decide on one direction: tier by tier, for all ports at once.
//!
//! Every port is undecided at first. A rule decides the ports it names; one that may or may not apply
//! leaves them undecided as well, so that what comes later counts too.

use crate::answer::Truth;
use crate::policy::Action;
use crate::port::PortSet;

/// The ports that may be allowed, and those that may be denied: in both where nobody knows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub(crate) struct Decision {
    pub(crate) allow: PortSet,
    pub(crate) deny: PortSet,
}

impl Decision {
    /// Everything is allowed.
    pub(crate) fn open() -> Self {
        Decision {
            allow: PortSet::full(),
            deny: PortSet::default(),
        }
    }

    /// Nobody knows.
    pub(crate) fn unknown() -> Self {
        Decision {
            allow: PortSet::full(),
            deny: PortSet::full(),
        }
    }

    /// What is denied may be allowed all the same.
    #[must_use]
    pub(crate) fn without_denial(self) -> Self {
        Decision {
            allow: self.allow.union(&self.deny),
            deny: self.deny,
        }
    }

    /// What two directions together say.
    pub(crate) fn and(&self, other: &Decision) -> Ports3 {
        let only = |decision: &Decision| decision.allow.difference(&decision.deny);
        let allowed = only(self).intersection(&only(other));
        let possible = self.allow.intersection(&other.allow);
        Ports3 {
            unknown: possible.difference(&allowed),
            denied: PortSet::full().difference(&possible),
            allowed,
        }
    }
}

/// Every port in one of three sets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ports3 {
    /// Allowed.
    pub allowed: PortSet,
    /// Denied.
    pub denied: PortSet,
    /// Nobody knows.
    pub unknown: PortSet,
}

/// The state of a direction between one rule and the next.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct State {
    /// Ports that may still be undecided.
    live: PortSet,
    /// Ports that the present tier left to the next one.
    passed: PortSet,
    decision: Decision,
    /// Of the namespaces' tier: ports allowed for sure, perhaps, and not by some policy that may select the pod.
    sure: PortSet,
    perhaps: PortSet,
    refused: PortSet,
    /// Ports that the present policy surely allows.
    present: PortSet,
}

impl State {
    pub(crate) fn new() -> Self {
        State {
            live: PortSet::full(),
            passed: PortSet::default(),
            decision: Decision::default(),
            sure: PortSet::default(),
            perhaps: PortSet::default(),
            refused: PortSet::default(),
            present: PortSet::default(),
        }
    }

    /// A rule of a tier with an order: `applies` when its policy selects the pod and its peers are meant.
    pub(crate) fn ordered_rule(&mut self, action: Action, ports: &PortSet, applies: Truth) {
        if applies == Truth::No {
            return;
        }
        let decided = self.live.intersection(ports);
        match action {
            Action::Allow => self.decision.allow = self.decision.allow.union(&decided),
            Action::Deny => self.decision.deny = self.decision.deny.union(&decided),
            Action::Pass => self.passed = self.passed.union(&decided),
        }
        if applies == Truth::Yes {
            self.live = self.live.difference(ports);
        }
    }

    /// The end of such a tier.
    pub(crate) fn end_ordered(&mut self) {
        self.live = self.live.union(&self.passed);
        self.passed = PortSet::default();
    }

    /// A rule of a namespace's policy; `means` looks at the peers alone.
    pub(crate) fn rule(&mut self, ports: &PortSet, means: Truth) {
        if means != Truth::No {
            self.perhaps = self.perhaps.union(ports);
        }
        if means == Truth::Yes {
            self.present = self.present.union(ports);
        }
    }

    /// The end of a namespace's policy that may select the pod.
    pub(crate) fn end_policy(&mut self, selects: Truth) {
        let rest = PortSet::full().difference(&self.present);
        self.refused = self.refused.union(&rest);
        let present = std::mem::take(&mut self.present);
        if selects == Truth::Yes {
            self.sure = self.sure.union(&present);
        }
    }

    /// The end of the namespaces' policies.
    pub(crate) fn end_namespace(&mut self, isolated: Truth) {
        let allowed = self.live.intersection(&self.perhaps);
        let refused = self.refused.difference(&self.sure);
        let denied = self.live.intersection(&refused);
        self.decision.allow = self.decision.allow.union(&allowed);
        self.decision.deny = self.decision.deny.union(&denied);
        if isolated == Truth::Yes {
            self.live = PortSet::default();
        }
        for set in [&mut self.sure, &mut self.perhaps, &mut self.refused] {
            *set = PortSet::default();
        }
    }

    /// What nothing decided is allowed.
    pub(crate) fn finish(mut self) -> Decision {
        self.live = self.live.union(&self.passed);
        self.decision.allow = self.decision.allow.union(&self.live);
        self.decision
    }
}

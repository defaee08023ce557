//! What takes long to make, made side by side before controls ask for it: when the first one asks, the other threads
//! wait.

use catalog::Condition;

use super::Relations;

/// Methods that look into the graph of permissions.
const PERMISSIONS: &[&str] = &[
    "can",
    "canAnywhere",
    "escalations",
    "isClusterAdmin",
    "isDangling",
    "permissions",
    "rules",
    "subjects",
    TAKEOVER,
    "via",
];

/// The method that asks how far it is to everything.
const TAKEOVER: &str = "takeover";

/// Methods that look into the network.
const NETWORK: &[&str] = &[
    "backends",
    "canReach",
    "disruptionBudgets",
    "exposure",
    "isIsolated",
    "meansPods",
    "networkPolicies",
    "parents",
    "peerPods",
    "selectsPods",
    "services",
];

/// What the selected controls will ask for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ahead {
    permissions: bool,
    takeover: bool,
    network: bool,
}

impl Ahead {
    pub(crate) fn of(conditions: &[Condition]) -> Self {
        Ahead::by(|methods| conditions.iter().any(|condition| condition.calls(methods)))
    }

    /// What those will ask for that ask for any of some methods, as `asks` says.
    pub(crate) fn by(asks: impl Fn(&[&str]) -> bool) -> Self {
        Ahead {
            permissions: asks(PERMISSIONS),
            takeover: asks(&[TAKEOVER]),
            network: asks(NETWORK),
        }
    }
}

impl Relations<'_> {
    /// Makes what will be asked for, as far as it is not made yet.
    pub(crate) fn make(&self, ahead: Ahead) {
        let permissions = || {
            if ahead.permissions {
                self.graph();
            }
            if ahead.takeover {
                self.distances();
            }
        };
        let network = || {
            if ahead.network {
                self.network();
            }
        };
        rayon::join(permissions, network);
    }
}

#[cfg(test)]
mod tests {
    use catalog::relations;

    use super::{NETWORK, PERMISSIONS};

    #[test]
    fn the_methods_exist() {
        for name in PERMISSIONS.iter().chain(NETWORK) {
            let is_known = relations().any(|it| it.name == *name && it.arguments.is_some());
            assert!(is_known, "{name}");
        }
    }
}

//! What is not known because it was not scanned, or says what nobody understands.

use foldhash::fast::FixedState;
use hashbrown::HashSet;

use crate::evidence::Place;
use crate::world::{Claimed, Source, World};

/// A kind of thing that is not known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Missing {
    /// A role that a binding names.
    Role,
    /// The volume behind a claim.
    Volume,
    /// A namespace that pods are in.
    Namespace,
    /// Any binding for the service account of a pod.
    Binding,
    /// A value that contradicts the API.
    Value,
    /// What gets through between pods, because policies tell too many apart.
    Reachability,
}

impl Missing {
    /// All of them.
    pub const ALL: [Missing; 6] = [
        Missing::Role,
        Missing::Volume,
        Missing::Namespace,
        Missing::Binding,
        Missing::Value,
        Missing::Reachability,
    ];

    /// The word that stands in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Missing::Role => "role",
            Missing::Volume => "volume",
            Missing::Namespace => "namespace",
            Missing::Binding => "binding",
            Missing::Value => "value",
            Missing::Reachability => "reachability",
        }
    }

    /// What is not known because of some, as a sentence without its full stop.
    pub fn sentence(self) -> &'static str {
        match self {
            Missing::Role => {
                "bindings name roles that were not scanned: what these allow is not known"
            }
            Missing::Volume => {
                "claims lead to volumes that were not scanned: these may be paths of nodes"
            }
            Missing::Namespace => {
                "namespaces of pods were not scanned: whether they refuse privileged pods is not known"
            }
            Missing::Binding => {
                "no binding that was scanned names the service accounts of pods: what they may do is not known"
            }
            Missing::Value => "values contradict the API, and count as not set",
            Missing::Reachability => {
                "policies tell too many pods apart: what gets through between them is not known"
            }
        }
    }
}

/// Something that is not known, and where it would matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Gap {
    /// What.
    pub missing: Missing,
    /// What names it; `None` when it is about no object.
    pub place: Option<Place>,
}

/// Everything that is not known of a world.
pub(crate) fn gaps(world: &World<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut add = |missing, place| gaps.push(Gap { missing, place });
    for &place in &world.wrong {
        add(Missing::Value, Some(place));
    }
    if world.positions.is_none() && !world.classes.is_empty() {
        add(Missing::Reachability, None);
    }
    for dangling in world.graph.dangling() {
        add(Missing::Role, Some(dangling.reference.into()));
    }
    if !world.inventory.is_complete {
        of_pods(world, &mut add);
    }
    gaps.sort_unstable();
    gaps.dedup();
    gaps
}

/// What pods refer to.
fn of_pods(world: &World<'_>, add: &mut impl FnMut(Missing, Option<Place>)) {
    let mut namespaces: HashSet<&str, FixedState> = HashSet::default();
    let mut accounts: HashSet<(&str, &str), FixedState> = HashSet::default();
    for class in &world.classes {
        for volume in &class.facts.volumes {
            for source in &volume.sources {
                if let Source::Claim(claim) = source.value
                    && matches!(
                        world.objects.claimed(class.namespace, claim),
                        Claimed::Unknown
                    )
                {
                    add(Missing::Volume, Some(class.place(source.node)));
                }
            }
        }
        let spec = Some(class.place(class.facts.spec.node));
        if !world.objects.is_scanned(class.namespace) && namespaces.insert(class.namespace) {
            add(Missing::Namespace, spec);
        }
        let account = (class.namespace, class.facts.account.value);
        if !world.account_matters(account.0, account.1) && accounts.insert(account) {
            add(
                Missing::Binding,
                Some(class.place(class.facts.account.node)),
            );
        }
    }
}

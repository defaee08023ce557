//! What ties the findings of one object to other objects, so that a change costs no more than what it touches.
//!
//! An object *offers* ties: its name, its labels, whom it selects, who may find it. An evaluation *asks* for ties (`relations`
//! notes them): the name that a reference has, the label that a service selects. A tie that is asked for and offered joins the two; a
//! tie that is asked for and not offered is remembered all the same: a new object may offer it. Some objects say nothing without
//! others: a binding without its role, a service without its routes. What such an object *needs* comes along wherever it is looked
//! at, and whatever rests on it may change with what it needs.
//!
//! So a change is followed in two directions: who asked for what the changed objects offer is evaluated again, and it is evaluated
//! among those objects that offer what it asks for, and no others.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

/// A tie, as a number. Two different ones with one number cost a look too many, and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Tie(u64);

/// What kind of tie it is.
#[derive(Clone, Copy, Hash, Debug)]
pub(crate) enum What {
    /// Being called so.
    Named,
    /// Being of a kind.
    Kind,
    /// Referring to something by name.
    Uses,
    /// Being made into a Secret.
    MadeSecret,
    /// Running or configuring a component.
    Process,
    /// Running as a service account.
    Running,
    /// Giving something to a user or group.
    Bound,
    /// Giving a role to somebody.
    Grants,
    /// A label that aggregated roles may select.
    RoleLabel,
    /// Taking roles with a label into an aggregated one.
    Collects,
    /// Being a pod of a namespace.
    PodIn,
    /// Having a label.
    Label,
    /// May have a label.
    MayLabel,
    /// May have any label.
    MayAny,
    /// Being a pod.
    Pod,
    /// Selecting pods of a namespace that have a label.
    Selects,
    /// Selecting pods of a namespace by a key of their labels.
    SelectsKey,
    /// Selecting pods of a namespace by anything else.
    SelectsOther,
    /// Selecting pods of a namespace.
    SelectsAny,
    /// Selecting pods of any namespace.
    SelectsEverywhere,
    /// Naming a pod as the endpoint of a service.
    Endpoint,
    /// The endpoints of a service.
    EndpointsOf,
    /// Leading to a service.
    Leads,
    /// Permitting routes to lead into a namespace.
    Permits,
    /// A label of a service.
    ServiceLabel,
    /// A label that a service selects, in any namespace.
    ServiceSelects,
    /// Being a custom resource that pods may be made of.
    Maker,
    /// Being a pod of a namespace that is not there.
    Stray,
}

impl Tie {
    pub(crate) fn new(what: What, parts: &[&str]) -> Tie {
        Tie(FixedState::default().hash_one((what, parts)))
    }

    /// All of a kind.
    pub(crate) fn kind(kind: &str) -> Tie {
        Tie::new(What::Kind, &[kind])
    }

    /// The bindings of a user or group.
    pub(crate) fn bound(is_group: bool, name: &str) -> Tie {
        Tie::new(
            What::Bound,
            &[if is_group { "group" } else { "user" }, name],
        )
    }
}

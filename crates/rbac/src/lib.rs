//! Kubernetes permissions as a compact graph over an inventory: who can do what and why, and what a subject could
//! become.
//!
//! [`Graph::build`] reads service accounts, roles and bindings straight from the nodes of their documents and joins
//! them as the API server's RBAC authorizer does. Everything in the tables is an integer; every answer points back at
//! the objects that it comes from. No I/O.
//!
//! - [`Graph::can`], [`Graph::who_can`], [`Graph::permissions`] answer; [`Graph::explain`] says why.
//! - [`Graph::least`] and [`Graph::useful`] make the least roles for what is used.
//! - [`Graph::escalations`] and [`Graph::can_become`] say what permissions lead to; [`Escalator`] does it for many.
//! - [`Graph::problems`] and [`Graph::dangling`] say what could not be read or joined.
//!
//! Where what was scanned is not a cluster, this holds:
//!
//! - An object without a namespace is in [`Options::default_namespace`].
//! - Objects of one kind, namespace and name are taken together: which of them a cluster has is not known.
//! - The rules written in an aggregated role give way to those it selects, unless it selects nothing that was scanned.
//!   What an API server gave (it has a `uid`) grants what is written in it.
//! - A role that every cluster has is found although it was not scanned ([`Options::default_roles`]); the bindings that
//!   every cluster has are not added.
//! - Authorizers other than RBAC are not asked, except that `system:masters` may do everything.

mod aggregate;
mod bootstrap;
mod compare;
mod coverage;
mod danger;
mod defaults;
mod draft;
mod escalation;
mod fields;
mod graph;
mod holdings;
mod kinds;
mod minimize;
mod names;
mod permissions;
mod picture;
mod query;
mod request;
mod selector;
mod subject;
mod tables;
#[cfg(test)]
mod testing;
mod useless;
mod view;

pub use bootstrap::{is_as_shipped, shipped};
pub use compare::{Gains, gains};
pub use danger::Danger;
pub use defaults::contains as is_default_role;
pub use escalation::{
    Chain, Distances, Escalation, EscalationMemory, Escalations, Escalator, Goal, Need, Pattern,
    Reach, Reached, Scope, Target, Way, escalation_reference, patterns,
};
pub use fields::key_names;
pub use graph::{Dangling, Graph, Options};
pub use minimize::{Least, LeastLimits, LeastRole, LeastRule, Unseen};
pub use names::Name;
pub use permissions::{Permission, Permissions};
pub use query::{Decision, Explanation};
pub use request::{Identity, Request, Subject};
pub use tables::{BindingId, Grant, Place, ResourceIndex, RoleId, RuleId, SubjectId};
pub use useless::{Slot, Useless, useless};
pub use view::{Bound, Named, RuleText};

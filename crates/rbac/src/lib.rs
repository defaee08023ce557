//! Kubernetes permissions as a compact graph over an inventory: who can do what and why, and what a subject could
//! become.
//!
//! [`Graph::build`] reads `ServiceAccounts`, Roles, `ClusterRoles` and their bindings straight from the nodes of their
//! documents and joins them as the API server's RBAC authorizer does. Everything in the tables is an integer; every
//! answer points back at the objects that it comes from. No I/O.

mod aggregate;
mod defaults;
mod draft;
mod escalation;
mod fields;
mod graph;
mod holdings;
mod names;
mod permissions;
mod query;
mod request;
mod selector;
mod subject;
mod tables;
#[cfg(test)]
mod testing;
mod view;

pub use escalation::{
    Escalation, Escalator, Need, Pattern, Reached, Scope, Target, escalation_reference, patterns,
};
pub use fields::key_names;
pub use graph::{Dangling, Graph, Options};
pub use names::Name;
pub use permissions::{Permission, Permissions};
pub use query::{Decision, Explanation};
pub use request::{Identity, Request, Subject};
pub use tables::{BindingId, Grant, Place, ResourceIndex, RoleId, RuleId, SubjectId};
pub use view::{Bound, Named};

//! The resources of a running cluster as an [`Inventory`](model::Inventory), and snapshots of them.
//!
//! Reads and never writes: every request is a `get`, `list` or `watch`. What an answer holds of Secrets is emptied before
//! anything keeps it. The only crate that knows the client of the Kubernetes API and its runtime: callers see blocking calls.

// `kube` wants to be told which version of the API its types are of; none of them is used here.
use k8s_openapi as _;

mod api;
mod apply;
mod collect;
mod connect;
mod discovery;
mod discovery_wire;
mod feature_gates;
mod kubeconfig;
mod list;
mod naming;
mod node_config;
mod object;
mod pace;
mod permissions;
mod problems;
mod scope;
mod served;
mod watch;

pub mod snapshot;

pub use apply::Changes;
pub use collect::Collected;
pub use connect::{Access, ConnectError, Session, Watching};
pub use discovery::Discovered;
pub use kubeconfig::KubeconfigError;
pub use pace::Pace;
pub use permissions::permissions;
pub use scope::{Scope, UnknownKind};
pub use served::Served;
pub use watch::{Event, name_of};

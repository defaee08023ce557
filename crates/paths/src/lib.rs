//! What an attacker could get hold of in a cluster, step by step, and which change stops most of it.
//!
//! [`Graph::new`] reads an inventory once and finds the ways from one asset to another: from the internet to pods, from
//! pods to nodes, identities and Secrets, from permissions to everything else. What only sums up others ("every pod of
//! the cluster") is an asset of its own, so that a permission on ten thousand pods is one edge.

mod asset;
mod cause;
mod choke;
mod edge;
mod evidence;
mod expand;
mod finder;
mod gap;
mod graph;
mod overview;
mod picture;
mod read;
mod repair;
mod search;
mod select;
mod technique;
mod why;
mod world;

pub use asset::{Asset, AssetId, Kind};
pub use choke::{ChokePoint, ChokePoints, Remedy};
pub use edge::{Edge, EdgeId};
pub use evidence::{Cause, Change, EvidenceId, Fact, FactId, Place, Value};
pub use gap::{Gap, Missing};
pub use graph::Graph;
pub use overview::Question;
pub use repair::Edited;
pub use search::{Cut, Limits, Path};
pub use technique::{Technique, find_technique, techniques};
pub use why::Fixed;
pub use world::Sources;

/// The field names that reading an inventory for a graph looks at: whoever makes the [`Keys`](document::Keys) of a scan
/// puts them in, so that reading a field is an integer comparison.
pub fn key_names() -> impl Iterator<Item = &'static str> {
    model::key_names().chain(rbac::key_names())
}

/// Ids of the controls that report something which techniques look at.
pub fn control_ids() -> Vec<&'static str> {
    let of_techniques = techniques().flat_map(Technique::controls);
    let of_causes = cause::ALL.iter().flat_map(|cause| cause.controls);
    let mut ids: Vec<&str> = of_techniques.chain(of_causes).copied().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

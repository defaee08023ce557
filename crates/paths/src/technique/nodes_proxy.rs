//! The kubelet's API, through the API server.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    to: &[Kind::AllPods, Kind::AllNodes],
    fix: "take the permission away",
    attack: &["T1609"],
    controls: &["role-node-proxy"],
    find: Find::Permission(&["nodes-proxy"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let pods = finder.all(Kind::AllPods, None);
    finder.edge(held.from, pods, evidence);
    // Every node runs a privileged pod: that of its network, if no other.
    let nodes = finder.all_nodes();
    finder.edge(held.from, nodes, evidence);
}

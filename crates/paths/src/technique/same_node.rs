//! Pods whose node is not known may run on any.

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::evidence::EvidenceId;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Be on the same node",
    is_step: false,
    from: &[Kind::Node],
    to: &[Kind::Node, Kind::AllNodes],
    effect: "pods that were scanned without their node may run on this one, or where they escape to may be any node",
    fix: "scan the pods as they run, with their nodes",
    references: &["https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/"],
    attack: &["T1613"],
    find: Find::Asset(&[Kind::Node], find),
    ..Data::NEW
};

const WHICH_NODE: &str = "which node the pods run on is not known";

fn find(finder: &mut Finder<'_, '_>, node: AssetId) {
    let world = finder.world;
    let is_some_node = finder.assets.list[node.index()].name.is_empty();
    let are_unplaced = world.classes.iter().any(|class| class.is_unplaced);
    if !are_unplaced || world.node_names.is_empty() {
        return;
    }
    let to = if is_some_node {
        finder.all_nodes()
    } else {
        finder.node("")
    };
    finder.edge_if(node, to, EvidenceId::NONE, Some(WHICH_NODE));
}

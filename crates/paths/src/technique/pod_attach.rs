//! The pods of a node.

use super::{Data, Find};
use crate::asset::Kind;
use crate::evidence::EvidenceId;
use crate::finder::{Finder, Pod};

pub(super) const TECHNIQUE: Data = Data {
    title: "Reach into the pods of the node",
    from: &[Kind::Node],
    to: &[Kind::Pod],
    effect: "every pod that runs on the node, by its container runtime",
    fix: "keep what is worth more from running on the same nodes",
    references: &["https://kubernetes.io/docs/tasks/debug/debug-cluster/crictl/"],
    attack: &["T1609"],
    kubehound: &["POD_ATTACH"],
    find: Find::Pod(find),
    ..Data::NEW
};

const WHICH_NODE: &str = "which node the pods run on is not known";

fn find<'a>(finder: &mut Finder<'_, 'a>, pod: &Pod<'_, 'a>) {
    for name in &pod.class.nodes {
        let node = finder.node(*name);
        finder.edge(node, pod.asset, EvidenceId::NONE);
    }
    if pod.class.is_unplaced && pod.class.facts.placement.is_everywhere {
        for name in &finder.world.node_names {
            let node = finder.node(*name);
            finder.edge(node, pod.asset, EvidenceId::NONE);
        }
    }
    if pod.class.is_unplaced {
        let node = finder.node("");
        let unknown = (!pod.class.facts.placement.is_everywhere).then_some(WHICH_NODE);
        finder.edge_if(node, pod.asset, EvidenceId::NONE, unknown);
    }
}

//! What the kubelet keeps for the pods of a node.

use super::{Data, Find};
use crate::asset::Kind;
use crate::evidence::EvidenceId;
use crate::finder::{Finder, Pod};

pub(super) const TECHNIQUE: Data = Data {
    title: "Read the volumes of the node's pods",
    from: &[Kind::NodeFiles],
    to: &[Kind::Volume],
    effect: "the tokens that the kubelet keeps for the pods of the node",
    fix: "do not mount tokens that pods do not need",
    references: &[
        "https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken",
    ],
    attack: &["T1613"],
    kubehound: &["VOLUME_ACCESS"],
    find: Find::Pod(find),
    ..Data::NEW
};

const WHICH_NODE: &str = "which node the pods run on is not known";

fn find<'a>(finder: &mut Finder<'_, 'a>, pod: &Pod<'_, 'a>) {
    let tokens = finder.token_volumes(pod.class, pod.asset);
    for volume in tokens {
        for name in &pod.class.nodes {
            let files = finder.node_files(*name);
            finder.edge(files, volume, EvidenceId::NONE);
        }
        if pod.class.is_unplaced {
            let files = finder.node_files("");
            let unknown = (!pod.class.facts.placement.is_everywhere).then_some(WHICH_NODE);
            finder.edge_if(files, volume, EvidenceId::NONE, unknown);
        }
    }
}

//! Root on a node is what many are after, whichever node it is.

use super::{Data, Find};
use crate::asset::{Asset, AssetId, Kind};
use crate::evidence::EvidenceId;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Be root on a node",
    is_step: false,
    from: &[Kind::Node],
    to: &[Kind::NodeRoot],
    effect: "the node belongs to the attacker",
    fix: "nothing cuts it: it is what root is",
    references: &["https://kubernetes.io/docs/concepts/architecture/nodes/"],
    attack: &["T1611"],
    find: Find::Asset(&[Kind::Node], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, node: AssetId) {
    let root = finder.assets.add(Asset::new(Kind::NodeRoot, "", ""));
    finder.edge(node, root, EvidenceId::NONE);
}

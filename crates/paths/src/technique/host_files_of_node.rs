//! The files of a node, for whoever is root there.

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::evidence::EvidenceId;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Read the files of the node",
    is_step: false,
    from: &[Kind::Node],
    to: &[Kind::NodeFiles],
    effect: "root on a node reads everything there",
    fix: "nothing cuts it: it is what root is",
    references: &["https://kubernetes.io/docs/concepts/storage/volumes/"],
    attack: &["T1613"],
    kubehound: &["VOLUME_ACCESS"],
    find: Find::Asset(&[Kind::Node], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, node: AssetId) {
    let name = finder.assets.list[node.index()].name.clone();
    let files = finder.node_files(name);
    finder.edge(node, files, EvidenceId::NONE);
}

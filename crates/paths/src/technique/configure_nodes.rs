//! Configuration that nodes and the control plane start from.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Change what nodes start from",
    to: &[Kind::AllNodes, Kind::ClusterAdmin],
    fix: "take the permission away",
    attack: &["T1562"],
    find: Find::Permission(&["kubelet-config-write", "kubeadm-config-write"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = match held.hit.pattern.id {
        "kubelet-config-write" => finder.all_nodes(),
        _ => finder.cluster_admin(),
    };
    finder.edge(held.from, to, evidence);
}

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

const NO_KUBEADM: &str = "whether kubeadm set the cluster up is not known";

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let world = finder.world;
    let is_made_so = world.objects.signs.kubeadm;
    if !is_made_so && world.inventory.is_complete {
        return;
    }
    let evidence = finder.permission(held.hit);
    let to = match held.hit.pattern.id {
        "kubelet-config-write" => finder.all_nodes(),
        _ => finder.cluster_admin(),
    };
    finder.edge_if(held.from, to, evidence, (!is_made_so).then_some(NO_KUBEADM));
}

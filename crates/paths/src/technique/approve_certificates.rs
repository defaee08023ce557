//! Certificates that the control plane signs when someone approves.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Approve certificates",
    to: &[Kind::ClusterAdmin, Kind::AllNodes],
    effect: "certificates for any user but the masters, or for any node",
    fix: "take the permission away",
    attack: &["T1649"],
    controls: &["role-approves-certificates"],
    find: Find::Permission(&["csr-approve-client", "csr-approve-kubelet"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = match held.hit.pattern.id {
        "csr-approve-client" => finder.cluster_admin(),
        _ => finder.all_nodes(),
    };
    finder.edge(held.from, to, evidence);
}

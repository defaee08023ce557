//! Certificates that the control plane signs when someone approves.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Approve certificates",
    to: &[
        Kind::ClusterAdmin,
        Kind::Group,
        Kind::AllAccounts,
        Kind::AllSecrets,
    ],
    effect: "certificates for any user but the masters, or for any node",
    fix: "take the permission away",
    attack: &["T1649"],
    controls: &["role-approves-certificates"],
    find: Find::Permission(&["csr-approve-client", "csr-approve-kubelet"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    if held.hit.pattern.id == "csr-approve-client" {
        let admin = finder.cluster_admin();
        finder.edge(held.from, admin, evidence);
    } else {
        finder.any_kubelet(held.from, evidence, None);
    }
}

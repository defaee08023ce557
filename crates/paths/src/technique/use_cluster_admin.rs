//! What everything includes.

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::evidence::EvidenceId;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Use everything",
    from: &[Kind::ClusterAdmin],
    to: &[
        Kind::AllNodes,
        Kind::AllSecrets,
        Kind::AllPods,
        Kind::AllAccounts,
    ],
    effect: "root on every node, every Secret, every pod and every service account",
    fix: "nothing cuts it: it is what cluster-admin is",
    references: &["https://kubernetes.io/docs/concepts/security/rbac-good-practices/"],
    attack: &["T1078"],
    find: Find::Asset(&[Kind::ClusterAdmin], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, admin: AssetId) {
    for kind in [
        Kind::AllNodes,
        Kind::AllSecrets,
        Kind::AllPods,
        Kind::AllAccounts,
    ] {
        let to = finder.all(kind, None);
        finder.edge(admin, to, EvidenceId::NONE);
    }
}

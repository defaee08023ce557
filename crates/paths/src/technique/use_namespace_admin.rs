//! What everything in a namespace includes.

use model::Severity;

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::evidence::EvidenceId;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Use everything in a namespace",
    severity: Some(Severity::High),
    from: &[Kind::NamespaceAdmin],
    to: &[
        Kind::AllSecrets,
        Kind::AllPods,
        Kind::AllAccounts,
        Kind::NewPod,
    ],
    effect: "every Secret, pod and service account of the namespace, and pods of one's own",
    fix: "nothing cuts it: it is what everything includes",
    references: &["https://kubernetes.io/docs/concepts/security/rbac-good-practices/"],
    attack: &["T1078"],
    find: Find::Asset(&[Kind::NamespaceAdmin], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, admin: AssetId) {
    for kind in [
        Kind::AllSecrets,
        Kind::AllPods,
        Kind::AllAccounts,
        Kind::NewPod,
    ] {
        let to = finder.same_scope(admin, kind);
        finder.edge(admin, to, EvidenceId::NONE);
    }
}

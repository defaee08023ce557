//! A pod of one's own runs as whichever service account it names.

use model::Severity;

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::evidence::EvidenceId;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Run a pod as any service account",
    severity: Some(Severity::High),
    from: &[Kind::NewPod],
    to: &[Kind::AllAccounts],
    effect: "the token of every service account of the namespace",
    fix: "keep accounts that may do much out of namespaces in which others create pods",
    references: &[
        "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation",
    ],
    attack: &["T1528"],
    find: Find::Asset(&[Kind::NewPod], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, pod: AssetId) {
    let to = finder.same_scope(pod, Kind::AllAccounts);
    finder.edge(pod, to, EvidenceId::NONE);
}

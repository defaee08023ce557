//! A pod of one's own mounts whichever Secret it names.

use model::Severity;

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::evidence::EvidenceId;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Mount any Secret into a pod",
    severity: Some(Severity::High),
    from: &[Kind::NewPod],
    to: &[Kind::AllSecrets],
    precondition: "the names of the Secrets are known: the pods that use them tell",
    effect: "every Secret of the namespace, without permission to read Secrets",
    fix: "keep Secrets that are worth much out of namespaces in which others create pods",
    references: &[
        "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation",
    ],
    attack: &["T1552.007"],
    find: Find::Asset(&[Kind::NewPod], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, pod: AssetId) {
    let to = finder.same_scope(pod, Kind::AllSecrets);
    finder.edge(pod, to, EvidenceId::NONE);
}

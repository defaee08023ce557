//! A pod of one's own owns its node, where nothing keeps privileged pods out.

use model::Severity;

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::cause;
use crate::evidence::{EvidenceId, Fact};
use crate::finder::Finder;
use crate::world::Guard;

pub(super) const TECHNIQUE: Data = Data {
    title: "Run a pod that owns its node",
    severity: Some(Severity::High),
    from: &[Kind::NewPod],
    to: &[Kind::AllNodes],
    precondition: "no other admission refuses privileged pods in the namespace",
    effect: "root on any node: the pod says which",
    fix: "enforce the baseline or restricted Pod Security Standard in the namespace",
    references: &[
        "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
        "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation",
    ],
    attack: &["T1610", "T1611"],
    kubehound: &["POD_CREATE"],
    find: Find::Asset(&[Kind::NewPod], find),
    ..Data::NEW
};

const NOT_SCANNED: &str = "the namespace was not scanned, which may hold pods to a standard";

fn find(finder: &mut Finder<'_, '_>, pod: AssetId) {
    let world = finder.world;
    let namespace = finder.assets.list[pod.index()].namespace.clone();
    let nodes = finder.all_nodes();
    if namespace.is_empty() {
        // Some namespace always lets them in: that of the system.
        finder.edge(pod, nodes, EvidenceId::NONE);
        return;
    }
    match world.objects.guard(&namespace, world.inventory) {
        Guard::Refuses => {}
        Guard::Unknown => finder.edge_if(pod, nodes, EvidenceId::NONE, Some(NOT_SCANNED)),
        Guard::Lets(place) => {
            let facts: Vec<Fact> = place
                .map(|place| Fact::new(place, &cause::UNGUARDED))
                .into_iter()
                .collect();
            let evidence = finder.all_of(&facts);
            finder.edge(pod, nodes, evidence);
        }
    }
}

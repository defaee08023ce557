//! Pods that may run where the control plane does.

use model::Severity;

use super::{Data, Find};
use crate::asset::{Asset, Kind};
use crate::cause;
use crate::evidence::Fact;
use crate::finder::{Finder, Pod};

pub(super) const TECHNIQUE: Data = Data {
    title: "Be put on a node of the control plane",
    severity: Some(Severity::High),
    from: &[Kind::NodesOf],
    to: &[Kind::ClusterAdmin],
    precondition: "the cluster has nodes of the control plane that run pods, as those that are not managed by a provider do",
    effect: "an escape from the pod ends on a node that holds the keys of the cluster",
    fix: "remove the toleration of the control plane's taint",
    references: &["https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/"],
    attack: &["T1611"],
    find: Find::Pod(find),
    ..Data::NEW
};

const WHICH_NODE: &str = "whether the pod runs on a node of the control plane is not known";

fn find<'a>(finder: &mut Finder<'_, 'a>, pod: &Pod<'_, 'a>) {
    let toleration = pod.class.facts.placement.tolerates_control_plane;
    let Some(toleration) = toleration.filter(|_| pod.class.is_unplaced) else {
        return;
    };
    // Only where something escapes: the place of the pod is made by that.
    let mut nodes = Asset::new(Kind::NodesOf, "", "");
    nodes.parent = Some(pod.asset);
    let nodes = finder.assets.add(nodes);
    let fact = Fact::new(pod.class.place(toleration.node), &cause::TOLERATES);
    let evidence = finder.all_of(&[fact]);
    let admin = finder.cluster_admin();
    finder.edge_if(nodes, admin, evidence, Some(WHICH_NODE));
}

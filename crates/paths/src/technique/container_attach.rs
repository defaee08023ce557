//! The containers of a pod.

use super::{Data, Find};
use crate::asset::Kind;
use crate::evidence::EvidenceId;
use crate::finder::{Container, Finder};

pub(super) const TECHNIQUE: Data = Data {
    title: "Use a container of the pod",
    is_step: false,
    from: &[Kind::Pod],
    to: &[Kind::Container],
    effect: "whoever has a pod has each of its containers",
    fix: "nothing cuts it: it is what a pod is",
    references: &["https://kubernetes.io/docs/concepts/workloads/pods/"],
    attack: &["T1609"],
    kubehound: &["CONTAINER_ATTACH"],
    find: Find::Container(find),
    ..Data::NEW
};

const ENDS: &str = "the container runs only until the pod has started";

fn find<'a>(finder: &mut Finder<'_, 'a>, container: &Container<'_, 'a>) {
    let unknown = (!container.facts.keeps_running()).then_some(ENDS);
    finder.edge_if(container.pod, container.asset, EvidenceId::NONE, unknown);
}

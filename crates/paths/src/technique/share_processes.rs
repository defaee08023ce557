//! Containers of a pod that see each other's processes.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::evidence::Fact;
use crate::finder::{Container, Finder};

pub(super) const TECHNIQUE: Data = Data {
    title: "Reach into another container of the pod",
    severity: Some(Severity::Critical),
    from: &[Kind::Container],
    to: &[Kind::Container],
    precondition: "the user of the first container may look into the processes of the second",
    effect: "the files, the environment and the processes of the other container",
    fix: "remove `shareProcessNamespace`",
    references: &[
        "https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/",
    ],
    attack: &["T1055"],
    kubehound: &["SHARE_PS_NAMESPACE"],
    find: Find::Container(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, container: &Container<'_, 'a>) {
    let shared = container.class.facts.shares_processes;
    if !shared.value || !container.facts.keeps_running() {
        return;
    }
    let fact = Fact::new(container.place(shared.node), &cause::SHARED_PROCESSES);
    let evidence = finder.all_of(&[fact]);
    let others = container.class.facts.containers.iter();
    for other in others.filter(|other| other.keeps_running()) {
        let other = finder.container(container.pod, other.name);
        finder.edge(container.asset, other, evidence);
    }
}

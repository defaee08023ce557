//! A container that is a process of a Windows node.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::evidence::Fact;
use crate::finder::{Container, Finder};

pub(super) const TECHNIQUE: Data = Data {
    title: "Run as a process of the Windows node",
    severity: Some(Severity::Critical),
    from: &[Kind::Container],
    to: &[Kind::Node],
    effect: "the node, as the user that the container names, often SYSTEM",
    fix: "remove `windowsOptions.hostProcess`",
    references: &[
        "https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/",
    ],
    attack: &["T1611"],
    find: Find::Container(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, container: &Container<'_, 'a>) {
    let host_process = container.facts.host_process;
    if host_process.value {
        let fact = Fact::new(container.place(host_process.node), &cause::HOST_PROCESS);
        let to = finder.nodes_of(container.class, container.pod);
        let evidence = finder.all_of(&[fact]);
        finder.edge(container.asset, to, evidence);
    }
}

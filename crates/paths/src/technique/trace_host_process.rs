//! A process of the node, taken over by the interface for debuggers.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::finder::{Container, Finder};

pub(super) const TECHNIQUE: Data = Data {
    title: "Take over a process of the node",
    severity: Some(Severity::Critical),
    from: &[Kind::Container],
    to: &[Kind::Node],
    effect: "code in a process of the node that runs as root",
    fix: "set `hostPID: false`, or take SYS_PTRACE away from the container",
    references: &["https://man7.org/linux/man-pages/man2/ptrace.2.html"],
    attack: &["T1611", "T1055.008"],
    kubehound: &["CE_SYS_PTRACE"],
    find: Find::Container(find),
    ..Data::NEW
};

/// The usual profiles of AppArmor and seccomp let holders of `SYS_ADMIN` do it, others not everywhere.
const CONFINED: &str = "the node may confine the container so that it cannot trace others";

fn find<'a>(finder: &mut Finder<'_, 'a>, container: &Container<'_, 'a>) {
    let Some(host_pid) = container.host_pid() else {
        return;
    };
    let trace = container.capability("SYS_PTRACE", &cause::SYS_PTRACE);
    if trace.is_empty() {
        return;
    }
    let admin = container.capability("SYS_ADMIN", &cause::SYS_ADMIN);
    let unknown = admin.is_empty().then_some(CONFINED);
    finder.escape_if(container, &[&[host_pid], &trace, &admin], unknown);
}

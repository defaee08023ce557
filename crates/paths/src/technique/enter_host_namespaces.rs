//! The namespaces of the node's first process, entered from a container that sees it.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::finder::{Container, Finder};

pub(super) const TECHNIQUE: Data = Data {
    title: "Enter the namespaces of the node",
    severity: Some(Severity::Critical),
    from: &[Kind::Container],
    to: &[Kind::Node],
    effect: "a shell among the node's own processes, as root",
    fix: "set `hostPID: false`, or stop running the container privileged",
    references: &[
        "https://man7.org/linux/man-pages/man1/nsenter.1.html",
        "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    ],
    attack: &["T1611"],
    kubehound: &["CE_NSENTER"],
    find: Find::Container(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, container: &Container<'_, 'a>) {
    if let (Some(privileged), Some(host_pid)) = (container.privileged(), container.host_pid()) {
        finder.escape(container, &[&[privileged], &[host_pid]]);
    }
}

//! A kernel module, loaded from a container.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::finder::{Container, Finder};

pub(super) const TECHNIQUE: Data = Data {
    title: "Load a kernel module",
    severity: Some(Severity::Critical),
    from: &[Kind::Container],
    to: &[Kind::Node],
    precondition: "the kernel takes modules that are not signed, or the attacker has a signed one",
    effect: "code in the kernel of the node, which every container of it shares",
    fix: "take SYS_MODULE away from the container, or stop running it privileged",
    references: &[
        "https://man7.org/linux/man-pages/man7/capabilities.7.html",
        "https://kubernetes.io/docs/concepts/security/linux-kernel-security-constraints/",
    ],
    attack: &["T1611"],
    kubehound: &["CE_MODULE_LOAD"],
    find: Find::Container(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, container: &Container<'_, 'a>) {
    let facts = container.capability("SYS_MODULE", &cause::SYS_MODULE);
    if !facts.is_empty() {
        finder.escape(container, &[&facts]);
    }
}

//! What `SYS_ADMIN` lets a container do without being privileged.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::evidence::Fact;
use crate::finder::{Container, Finder};

pub(super) const TECHNIQUE: Data = Data {
    title: "Mount file systems of the kernel",
    severity: Some(Severity::High),
    from: &[Kind::Container],
    to: &[Kind::Node],
    precondition: "no profile of AppArmor or SELinux keeps the container from mounting",
    effect: "a program that the kernel runs on the node as root, such as the release agent of a control group",
    fix: "take SYS_ADMIN away from the container",
    references: &[
        "https://man7.org/linux/man-pages/man7/capabilities.7.html",
        "https://man7.org/linux/man-pages/man7/cgroups.7.html",
    ],
    attack: &["T1611"],
    find: Find::Container(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, container: &Container<'_, 'a>) {
    // Privileged containers have easier ways.
    if container.facts.privileged.value {
        return;
    }
    if let Some(added) = container.facts.capability("SYS_ADMIN") {
        let fact = Fact::new(container.place(added.node), &cause::SYS_ADMIN);
        finder.escape(container, &[&[fact]]);
    }
}

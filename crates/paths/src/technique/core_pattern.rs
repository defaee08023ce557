//! The program that the kernel runs when a process crashes, set through a mounted `/proc`.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::edge::Possible;
use crate::finder::{Access, Finder, Mount};
use crate::world::holds;

pub(super) const TECHNIQUE: Data = Data {
    title: "Set the program that handles crashes",
    severity: Some(Severity::Critical),
    from: &[Kind::Container],
    to: &[Kind::Node],
    effect: "a program of choice runs on the node as root, as soon as a process crashes",
    fix: "do not mount `/proc` of the node, or mount it read-only",
    references: &["https://man7.org/linux/man-pages/man5/core.5.html"],
    attack: &["T1611"],
    kubehound: &["CE_UMH_CORE_PATTERN"],
    find: Find::Mount(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, mount: &Mount<'_, 'a>) {
    let container = mount.container;
    if mount.is_writable() && holds(&mount.host.path, "/proc/sys/kernel/core_pattern") {
        let as_root = container.facts.as_root();
        if as_root == Possible::No {
            return;
        }
        let to = finder.nodes_of(container.class, container.pod);
        let evidence = finder.mounted(mount, Access::Write, &cause::HOST_PATH);
        finder.edge_if(container.asset, to, evidence, as_root.doubt());
    }
}

//! Other files of the node, written through a mount.

use model::Severity;

use super::write_host_files::takes_over;
use super::{Data, Find};
use crate::asset::Kind;
use crate::finder::{Access, Finder, Mount};
use crate::world::holds;

pub(super) const TECHNIQUE: Data = Data {
    title: "Write other files of the node",
    severity: Some(Severity::Low),
    from: &[Kind::Volume],
    to: &[Kind::Node],
    precondition: "a program on the node runs or trusts what lies there",
    effect: "that program does what the attacker wrote",
    fix: "remove the hostPath volume, or mount it read-only",
    references: &["https://kubernetes.io/docs/concepts/storage/volumes/#hostpath"],
    attack: &["T1611"],
    kubehound: &["EXPLOIT_HOST_WRITE"],
    find: Find::Mount(find),
    ..Data::NEW
};

const NOBODY_KNOWS: &str = "whether the node runs what is written there is not known";

/// Nothing that is written there is run.
const NEVER: &[&str] = &["/dev", "/proc", "/sys"];

fn find<'a>(finder: &mut Finder<'_, 'a>, mount: &Mount<'_, 'a>) {
    let path = &mount.host.path;
    let is_never = NEVER.iter().any(|folder| holds(folder, path));
    if mount.is_writable() && !takes_over(path) && !is_never {
        let to = finder.nodes_of(mount.container.class, mount.container.pod);
        finder.by_mount(mount, to, Access::Write, Some(NOBODY_KNOWS));
    }
}

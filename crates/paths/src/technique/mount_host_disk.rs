//! The disks of the node, mounted from a container that sees its devices.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::finder::{Container, Finder};

pub(super) const TECHNIQUE: Data = Data {
    title: "Mount the disk of the node",
    severity: Some(Severity::Critical),
    from: &[Kind::Container],
    to: &[Kind::Node],
    effect: "every file of the node, to be read and written",
    fix: "stop running the container privileged",
    references: &[
        "https://kubernetes.io/docs/concepts/security/linux-kernel-security-constraints/#privileged-containers",
        "https://man7.org/linux/man-pages/man2/mount.2.html",
    ],
    attack: &["T1611"],
    kubehound: &["CE_PRIV_MOUNT"],
    find: Find::Container(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, container: &Container<'_, 'a>) {
    if let Some(privileged) = container.privileged() {
        finder.escape(container, &[&[privileged]]);
    }
}

//! What a container mounts of its node, or of a token.

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::finder::{Access, Finder, Mount};

pub(super) const TECHNIQUE: Data = Data {
    title: "Use a mounted volume",
    is_step: false,
    from: &[Kind::Container],
    to: &[Kind::Volume],
    effect: "what lies in the volume",
    fix: "remove the mount",
    references: &["https://kubernetes.io/docs/concepts/storage/volumes/"],
    attack: &["T1613"],
    kubehound: &["VOLUME_DISCOVER"],
    find: Find::Mount(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, mount: &Mount<'_, 'a>) {
    if mount.host.through.is_none() {
        let evidence = finder.mounted(mount, Access::Read, &cause::HOST_PATH);
        finder.edge(mount.container.asset, mount.asset, evidence);
    }
}

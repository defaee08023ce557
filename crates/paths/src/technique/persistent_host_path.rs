//! A path of the node behind a claim.

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::finder::{Access, Finder, Mount};

pub(super) const TECHNIQUE: Data = Data {
    title: "Use a persistent volume that is a path of the node",
    is_step: false,
    from: &[Kind::Container],
    to: &[Kind::Volume],
    effect: "a path of the node, past what admission says of hostPath volumes in pods",
    fix: "use a volume that is no path of the node",
    references: &[
        "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#types-of-persistent-volumes",
    ],
    attack: &["T1613"],
    kubehound: &["VOLUME_DISCOVER"],
    find: Find::Mount(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, mount: &Mount<'_, 'a>) {
    if mount.host.through.is_some() {
        let evidence = finder.mounted(mount, Access::Read, &cause::HOST_PATH);
        finder.edge(mount.container.asset, mount.asset, evidence);
    }
}

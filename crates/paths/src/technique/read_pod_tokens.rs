//! Tokens and Secrets of other pods, read through a mount of the kubelet's folder.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::finder::{Access, Finder, Mount};
use crate::world::holds;

pub(super) const TECHNIQUE: Data = Data {
    title: "Read tokens of other pods",
    severity: Some(Severity::Critical),
    from: &[Kind::Volume],
    to: &[Kind::NodeFiles],
    effect: "the tokens and Secrets that the kubelet keeps for every pod of the node",
    fix: "remove the hostPath volume: read-only does not help",
    references: &[
        "https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken",
    ],
    attack: &["T1552.001", "T1528"],
    kubehound: &["EXPLOIT_HOST_TRAVERSE"],
    find: Find::Mount(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, mount: &Mount<'_, 'a>) {
    let path = &*mount.host.path;
    let pods = "/var/lib/kubelet/pods";
    if holds(path, pods) || holds(pods, path) {
        for files in finder.files_of(mount.container.class) {
            finder.by_mount(mount, files, Access::Read, None);
        }
    }
}

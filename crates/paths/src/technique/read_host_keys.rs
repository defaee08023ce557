//! Keys of the node, read through a mount.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::finder::{Access, Finder, Mount};
use crate::world::holds;

pub(super) const TECHNIQUE: Data = Data {
    title: "Read keys of the node",
    severity: Some(Severity::High),
    from: &[Kind::Volume],
    to: &[Kind::Node],
    precondition: "the keys let someone in: SSH is open, or the kubelet keeps its certificate in a file",
    effect: "the node, by its keys of SSH, the memory of its processes, or the certificate of its kubelet",
    fix: "remove the hostPath volume: read-only does not help",
    references: &[
        "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
        "https://kubernetes.io/docs/reference/access-authn-authz/node/",
    ],
    attack: &["T1611", "T1552.004"],
    kubehound: &["EXPLOIT_HOST_READ"],
    find: Find::Mount(find),
    ..Data::NEW
};

/// Where keys lie: of SSH, of processes, of the kubelet.
const KEYS: &[&str] = &[
    "/etc/kubernetes/kubelet.conf",
    "/etc/shadow",
    "/etc/ssh",
    "/home",
    "/proc",
    "/root/.ssh",
    "/var/lib/kubelet/kubeconfig",
    "/var/lib/kubelet/pki",
];

/// What of them lies below a folder of its own.
const BELOW: &[&str] = &[
    "/home",
    "/proc",
    "/root/.ssh",
    "/etc/ssh",
    "/var/lib/kubelet/pki",
];

fn find<'a>(finder: &mut Finder<'_, 'a>, mount: &Mount<'_, 'a>) {
    let path = &*mount.host.path;
    // Of processes and users one must see all, or those of one's own choice.
    let is_below = BELOW.iter().any(|folder| holds(folder, path)) && !holds("/proc/sys", path);
    if is_below || KEYS.iter().any(|key| holds(path, key)) {
        let to = finder.nodes_of(mount.container.class, mount.container.pod);
        finder.by_mount(mount, to, Access::Read, None);
    }
}

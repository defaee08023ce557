//! Pods that the kubelet takes from a folder, without asking the API server.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::finder::{Access, Finder, Mount};
use crate::world::holds;

pub(super) const TECHNIQUE: Data = Data {
    title: "Write a static pod",
    severity: Some(Severity::Critical),
    from: &[Kind::Volume],
    to: &[Kind::Node],
    precondition: "the kubelet takes static pods from the folder",
    effect: "a privileged pod on the node, which no admission sees",
    fix: "remove the hostPath volume, or mount it read-only",
    references: &["https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/"],
    attack: &["T1611", "T1610"],
    find: Find::Mount(find),
    ..Data::NEW
};

/// Where distributions have the kubelet look.
const FOLDERS: &[&str] = &[
    "/etc/kubernetes/manifests",
    "/etc/kubernetes/static-pods",
    "/etc/kubelet.d",
    "/var/lib/rancher/k3s/agent/pod-manifests",
    "/var/lib/rancher/rke2/agent/pod-manifests",
];

fn find<'a>(finder: &mut Finder<'_, 'a>, mount: &Mount<'_, 'a>) {
    let path = &*mount.host.path;
    let is_there = FOLDERS
        .iter()
        .any(|folder| holds(folder, path) || holds(path, folder));
    if mount.is_writable() && is_there {
        let to = finder.nodes_of(mount.container.class, mount.container.pod);
        finder.by_mount(mount, to, Access::Write, None);
    }
}

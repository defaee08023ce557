//! Files that the node runs or trusts, written through a mount.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::finder::{Access, Finder, Mount};
use crate::world::holds;

pub(super) const TECHNIQUE: Data = Data {
    title: "Write files that the node runs",
    severity: Some(Severity::Critical),
    from: &[Kind::Volume],
    to: &[Kind::Node],
    effect: "a program of choice runs on the node as root: a scheduled job, a key of SSH, a library, a device",
    fix: "remove the hostPath volume, or mount it read-only",
    references: &["https://kubernetes.io/docs/concepts/storage/volumes/#hostpath"],
    attack: &["T1611", "T1543"],
    kubehound: &["EXPLOIT_HOST_WRITE"],
    find: Find::Mount(find),
    ..Data::NEW
};

/// Folders whose files a node runs, loads, or takes its configuration, keys and devices from.
const RUN: &[&str] = &[
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib64",
    "/opt/cni",
    "/proc",
    "/root",
    "/sbin",
    "/sys",
    "/usr",
    "/var/lib/containerd",
    "/var/lib/containers",
    "/var/lib/docker",
    "/var/lib/etcd",
    "/var/lib/kubelet",
    "/var/lib/rancher",
    "/var/spool/cron",
];

/// What lies in them and runs nothing.
const HARMLESS: &[&str] = &[
    "/dev/fuse",
    "/dev/net/tun",
    "/dev/null",
    "/dev/shm",
    "/etc/hostname",
    "/etc/localtime",
    "/etc/machine-id",
    "/etc/os-release",
    "/etc/ssl/certs",
    "/etc/timezone",
    "/usr/share/ca-certificates",
    "/usr/share/zoneinfo",
    "/var/lib/kubelet/device-plugins",
    "/var/lib/kubelet/plugins",
    "/var/lib/kubelet/plugins_registry",
    "/var/lib/kubelet/pod-resources",
];

/// Whether writing below a path takes over the node.
pub(super) fn takes_over(path: &str) -> bool {
    let is_harmless = HARMLESS.iter().any(|harmless| holds(harmless, path));
    !is_harmless
        && RUN
            .iter()
            .any(|folder| holds(folder, path) || holds(path, folder))
}

fn find<'a>(finder: &mut Finder<'_, 'a>, mount: &Mount<'_, 'a>) {
    if mount.is_writable() && takes_over(&mount.host.path) {
        let to = finder.nodes_of(mount.container.class, mount.container.pod);
        finder.by_mount(mount, to, Access::Write, None);
    }
}

//! The keys and the data of the control plane, read through a mount.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::finder::{Access, Finder, Mount};
use crate::world::holds;

pub(super) const TECHNIQUE: Data = Data {
    title: "Read keys and data of the control plane",
    severity: Some(Severity::Critical),
    from: &[Kind::Volume],
    to: &[Kind::ClusterAdmin],
    precondition: "the pod runs on a node of the control plane",
    effect: "the key of the cluster's certificate authority, an administrator's kubeconfig, or every Secret in etcd",
    fix: "remove the hostPath volume: read-only does not help",
    references: &[
        "https://kubernetes.io/docs/setup/best-practices/certificates/",
        "https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/",
    ],
    attack: &["T1552.004"],
    find: Find::Mount(find),
    ..Data::NEW
};

/// There is nothing of that name on other nodes.
const OWN: &[&str] = &[
    "/etc/kubernetes/admin.conf",
    "/etc/kubernetes/pki",
    "/etc/kubernetes/super-admin.conf",
    "/var/lib/etcd",
    "/var/lib/rancher/k3s/server",
    "/var/lib/rancher/rke2/server",
];

const WHICH_NODE: &str = "whether the pod runs on a node of the control plane is not known";

fn find<'a>(finder: &mut Finder<'_, 'a>, mount: &Mount<'_, 'a>) {
    let path = &*mount.host.path;
    let is_own = OWN.iter().any(|own| holds(own, path));
    if !is_own && !OWN.iter().any(|own| holds(path, own)) {
        return;
    }
    let class = mount.container.class;
    let is_there = finder.runs_on_control_plane(class);
    let may_be = class.is_unplaced && class.facts.placement.tolerates_control_plane.is_some();
    if is_there || is_own || may_be {
        let to = finder.cluster_admin();
        let unknown = (!is_there).then_some(WHICH_NODE);
        finder.by_mount(mount, to, Access::Read, unknown);
    }
}

//! The container runtime, spoken to through its socket.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::edge::Possible;
use crate::finder::{Access, Finder, Mount};
use crate::world::holds;

pub(super) const TECHNIQUE: Data = Data {
    title: "Speak to the container runtime",
    severity: Some(Severity::Critical),
    from: &[Kind::Container],
    to: &[Kind::Node],
    effect: "commands in every container of the node, and privileged containers of one's own, past the API server",
    fix: "remove the volume: read-only does not help",
    references: &[
        "https://kubernetes.io/docs/tasks/debug/debug-cluster/crictl/",
        "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
    ],
    attack: &["T1611", "T1610"],
    kubehound: &["EXPLOIT_CONTAINERD_SOCK"],
    find: Find::Mount(find),
    ..Data::NEW
};

/// `/var/run` is `/run`.
const SOCKETS: &[&str] = &[
    "/run/containerd/containerd.sock",
    "/run/cri-dockerd.sock",
    "/run/crio/crio.sock",
    "/run/docker.sock",
    "/run/dockershim.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/podman/podman.sock",
];

fn find<'a>(finder: &mut Finder<'_, 'a>, mount: &Mount<'_, 'a>) {
    let container = mount.container;
    if SOCKETS.iter().any(|socket| holds(&mount.host.path, socket)) {
        let to = finder.nodes_of(container.class, container.pod);
        let evidence = finder.mounted(mount, Access::Read, &cause::SOCKET);
        let unknown = match container.facts.as_root() {
            Possible::No => Some(NOT_ROOT),
            as_root => as_root.doubt(),
        };
        finder.edge_if(container.asset, to, evidence, unknown);
    }
}

const NOT_ROOT: &str = "the container never runs as root, and the socket may belong to root";

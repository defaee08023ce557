//! Files of the node, read through the logs that the kubelet serves.

use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::edge::Possible;
use crate::finder::{Access, Finder, Mount};
use crate::world::holds;

pub(super) const TECHNIQUE: Data = Data {
    title: "Read files of the node as logs",
    severity: Some(Severity::High),
    from: &[Kind::Container],
    to: &[Kind::Node],
    precondition: "some token lets the attacker read logs through the kubelet",
    effect: "every file of the node, keys of the kubelet and tokens of pods among them, by a link in the folder of logs",
    fix: "do not mount `/var/log` of the node, or mount it read-only",
    references: &[
        "https://kubernetes.io/docs/concepts/cluster-administration/system-logs/#log-query",
    ],
    attack: &["T1611", "T1552.001"],
    kubehound: &["CE_VAR_LOG_SYMLINK", "TOKEN_VAR_LOG_SYMLINK"],
    find: Find::Mount(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, mount: &Mount<'_, 'a>) {
    let container = mount.container;
    if mount.is_writable() && holds(&mount.host.path, "/var/log") {
        let as_root = container.facts.as_root();
        if as_root == Possible::No {
            return;
        }
        let to = finder.nodes_of(container.class, container.pod);
        let evidence = finder.mounted(mount, Access::Write, &cause::HOST_PATH);
        finder.edge_if(container.asset, to, evidence, as_root.doubt());
    }
}

//! A node of the control plane holds the keys of the cluster.

use model::Severity;

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::cause;
use crate::evidence::Fact;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Take the keys of the control plane",
    severity: Some(Severity::Critical),
    from: &[Kind::Node],
    to: &[Kind::ClusterAdmin],
    effect: "the key of the cluster's certificate authority and the data of etcd: everything",
    fix: "let nothing run on nodes of the control plane that is not a part of it",
    references: &["https://kubernetes.io/docs/setup/best-practices/certificates/"],
    attack: &["T1552.004"],
    find: Find::Asset(&[Kind::Node], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, node: AssetId) {
    let name = finder.assets.list[node.index()].name.clone();
    let host = finder.world.objects.hosts.get(&*name);
    let Some(host) = host.filter(|host| host.is_control_plane) else {
        return;
    };
    let facts: Vec<Fact> = host
        .place
        .map(|place| Fact::new(place, &cause::CONTROL_PLANE))
        .into_iter()
        .collect();
    let evidence = finder.all_of(&facts);
    let admin = finder.cluster_admin();
    finder.edge(node, admin, evidence);
}

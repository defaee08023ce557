//! Roles of AWS that EKS gives to pods without an annotation.

use model::Severity;

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::cause;
use crate::evidence::Fact;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Act as a role that EKS associates with the pod",
    severity: Some(Severity::High),
    from: &[Kind::Pod, Kind::ServiceAccount],
    to: &[Kind::CloudIdentity],
    precondition: "the agent for pod identities runs on the nodes",
    effect: "the role's permissions in AWS, from an address of the node that answers every pod of the service account",
    fix: "remove the association, or make it for an account of one pod alone",
    references: &["https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html"],
    attack: &["T1078.004", "T1552.005"],
    find: Find::Asset(&[Kind::Pod, Kind::ServiceAccount], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, asset: AssetId) {
    let Some((namespace, name)) = finder.account_behind(asset) else {
        return;
    };
    let known = finder
        .world
        .objects
        .associations
        .get(&(&*namespace, &*name));
    if let Some(&(role, place)) = known {
        let evidence = finder.all_of(&[Fact::new(place, &cause::CLOUD_ASSOCIATION)]);
        let to = finder.cloud(role);
        finder.edge(asset, to, evidence);
    }
}

//! The kubelet's own identity.

use model::Severity;

use super::{Data, Find};
use crate::asset::{Asset, AssetId, Kind};
use crate::evidence::EvidenceId;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Act as the kubelet",
    severity: Some(Severity::Critical),
    from: &[Kind::Node],
    to: &[Kind::User, Kind::Group],
    effect: "what the Node authorizer lets the kubelet do, and what is bound to it beyond that",
    fix: "bind nothing to nodes: the Node authorizer gives them what they need",
    references: &["https://kubernetes.io/docs/reference/access-authn-authz/node/"],
    attack: &["T1078", "T1552.004"],
    kubehound: &["IDENTITY_ASSUME"],
    find: Find::Asset(&[Kind::Node], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, node: AssetId) {
    let name = finder.assets.list[node.index()].name.clone();
    if !name.is_empty() {
        let user = finder
            .assets
            .add(Asset::new(Kind::User, "", format!("system:node:{name}")));
        finder.edge(node, user, EvidenceId::NONE);
    }
    let group = finder.group("system:nodes");
    finder.edge(node, group, EvidenceId::NONE);
}

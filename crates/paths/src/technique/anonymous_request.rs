//! Requests without credentials.

use super::{Data, Find};
use crate::asset::{Asset, AssetId, Kind};
use crate::evidence::EvidenceId;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Ask the API server without credentials",
    from: &[Kind::Internet],
    to: &[Kind::User],
    precondition: "the API server takes anonymous requests, as it does unless told otherwise",
    effect: "what is bound to `system:anonymous` and `system:unauthenticated`",
    fix: "bind nothing to them beyond what every cluster does",
    references: &[
        "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests",
    ],
    attack: &["T1078", "T1133"],
    controls: &["anonymous-binding"],
    find: Find::Asset(&[Kind::Internet], find),
    ..Data::NEW
};

const REACHED: &str =
    "whether the API server is reached from outside, and takes anonymous requests, is not known";

fn find(finder: &mut Finder<'_, '_>, internet: AssetId) {
    let world = finder.world;
    let is_bound = |subject| {
        let id = world.graph.find(subject);
        let sets = id.map(|id| world.permissions.of(id)).unwrap_or_default();
        sets.iter()
            .any(|&(set, _)| world.permissions.sets[set as usize].leads_somewhere())
    };
    let is_user_bound = is_bound(rbac::Subject::User("system:anonymous"));
    if is_user_bound || is_bound(rbac::Subject::Group("system:unauthenticated")) {
        let user = finder
            .assets
            .add(Asset::new(Kind::User, "", "system:anonymous"));
        finder.edge_if(internet, user, EvidenceId::NONE, Some(REACHED));
    }
}

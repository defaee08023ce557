//! The identity that a token in a volume stands for.

use super::{Data, Find};
use crate::asset::Kind;
use crate::finder::{Finder, Pod};

pub(super) const TECHNIQUE: Data = Data {
    title: "Take a token from a volume",
    from: &[Kind::Volume],
    to: &[Kind::ServiceAccount],
    effect: "whatever the service account may do, for as long as the token is valid",
    fix: "set `automountServiceAccountToken: false`, or give the pod an account that may do less",
    references: &[
        "https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/",
    ],
    attack: &["T1552.001", "T1528"],
    kubehound: &["TOKEN_STEAL"],
    find: Find::Pod(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, pod: &Pod<'_, 'a>) {
    let name = pod.class.facts.account.value;
    if !finder.world.account_of_matters(pod.class) {
        return;
    }
    for token in finder.tokens(pod.class, pod.asset) {
        let account = finder.account(pod.class.namespace, name);
        finder.edge(token.asset, account, token.evidence);
    }
}

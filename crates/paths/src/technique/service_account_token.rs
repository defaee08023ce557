//! The identity that a container's token stands for.

use super::{Data, Find};
use crate::asset::Kind;
use crate::finder::{Container, Finder};

pub(super) const TECHNIQUE: Data = Data {
    title: "Act as the service account of the pod",
    from: &[Kind::Container],
    to: &[Kind::ServiceAccount],
    effect: "whatever the service account may do",
    fix: "set `automountServiceAccountToken: false`, or give the pod an account that may do less",
    references: &[
        "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    ],
    attack: &["T1078", "T1528"],
    kubehound: &["IDENTITY_ASSUME"],
    find: Find::Container(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, container: &Container<'_, 'a>) {
    let class = container.class;
    let name = class.facts.account.value;
    if !finder.world.account_of_matters(class) {
        return;
    }
    for token in finder.tokens(class, container.pod) {
        if token.is_in(container.facts) {
            let account = finder.account(class.namespace, name);
            finder.edge(container.asset, account, token.evidence);
        }
    }
}

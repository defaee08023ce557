//! The volume that a container's token lies in.

use super::{Data, Find};
use crate::asset::Kind;
use crate::finder::{Container, Finder};

pub(super) const TECHNIQUE: Data = Data {
    title: "Use a volume with a token",
    is_step: false,
    from: &[Kind::Container],
    to: &[Kind::Volume],
    effect: "the token of the pod's service account, as a file",
    fix: "set `automountServiceAccountToken: false`",
    references: &[
        "https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken",
    ],
    attack: &["T1613"],
    kubehound: &["VOLUME_DISCOVER"],
    find: Find::Container(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, container: &Container<'_, 'a>) {
    let class = container.class;
    let matters = finder.world.account_of_matters(class);
    for token in finder.tokens(class, container.pod) {
        // A volume that someone wrote is there for a reason.
        if (matters || token.is_written()) && token.is_in(container.facts) {
            finder.edge(container.asset, token.asset, token.evidence);
        }
    }
}

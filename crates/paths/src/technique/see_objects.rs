//! Every object that anyone writes, seen on its way.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    to: &[Kind::AllSecrets],
    precondition: "someone writes Secrets while the webhook is there",
    fix: "take the permission away",
    attack: &["T1557"],
    controls: &["role-manages-webhooks"],
    find: Find::Permission(&["validating-webhooks-write"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.all(Kind::AllSecrets, None);
    finder.edge(held.from, to, evidence);
}

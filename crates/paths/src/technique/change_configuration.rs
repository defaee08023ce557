//! Objects that programs take configuration and code from.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Change what programs run with",
    to: &[Kind::AllPods],
    precondition: "a program takes code, keys or addresses from such an object",
    effect: "what the pods that mount them do",
    fix: "take the permission away",
    attack: &["T1574"],
    controls: &["role-manages-configmaps"],
    find: Find::Permission(&["configmaps-write", "secrets-write"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.all(Kind::AllPods, held.hit.scope);
    finder.edge(held.from, to, evidence);
}

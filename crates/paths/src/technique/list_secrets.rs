//! Secrets, listed.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;
use crate::world::Use;

pub(super) const TECHNIQUE: Data = Data {
    title: "List Secrets",
    to: &[Kind::AllSecrets, Kind::Secret],
    effect: "every Secret of the scope at once, tokens of service accounts among them",
    fix: "take the permission away",
    attack: &["T1552.007", "T1528"],
    kubehound: &["TOKEN_LIST"],
    controls: &["role-reads-secrets", "role-reads-namespace-secrets"],
    find: Find::Permission(&["secrets-read"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let world = finder.world;
    let uses = held.hit.uses.iter().flatten();
    let meant = uses.filter(|used| world.permissions.has_verb(used, &["list", "watch"]));
    let uses: Vec<Use> = meant.copied().collect();
    if uses.is_empty() {
        return;
    }
    let mut facts = Vec::new();
    for used in &uses {
        facts.extend(finder.rule(used));
    }
    let evidence = finder.store.evidence(&[&facts]);
    for secrets in finder.secrets_of(held.hit) {
        finder.edge(held.from, secrets, evidence);
    }
}

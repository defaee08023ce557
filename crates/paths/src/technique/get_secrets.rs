//! Secrets, read by their names.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;
use crate::world::Use;

pub(super) const TECHNIQUE: Data = Data {
    title: "Read Secrets by name",
    to: &[Kind::AllSecrets, Kind::Secret],
    precondition: "the attacker knows or guesses the names, which pods that mount them tell",
    effect: "the Secrets whose names are known, tokens of service accounts among them",
    fix: "take the permission away",
    attack: &["T1552.007", "T1528"],
    kubehound: &["TOKEN_BRUTEFORCE"],
    controls: &["role-reads-secrets", "role-reads-namespace-secrets"],
    find: Find::Permission(&["secrets-read"], find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let world = finder.world;
    let uses = held.hit.uses.iter().flatten();
    let meant = uses.filter(|used| world.permissions.has_verb(used, &["get"]));
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

//! Tokens that new nodes join with.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Join as a node",
    to: &[Kind::Group, Kind::AllAccounts, Kind::AllSecrets],
    fix: "take the permission away",
    attack: &["T1528"],
    find: Find::Permission(&["bootstrap-tokens-create", "bootstrap-tokens-read"], find),
    ..Data::NEW
};

const NO_TOKEN: &str = "no bootstrap token was scanned, of which one must still be valid";
const NO_KUBEADM: &str = "whether the API server takes bootstrap tokens is not known, as it does where kubeadm set it up";

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let world = finder.world;
    let has_token = world.objects.signs.bootstrap_token;
    let reads = held.hit.pattern.id == "bootstrap-tokens-read";
    let unknown = match (reads, has_token) {
        (true, false) if world.inventory.is_complete => return,
        (true, false) => Some(NO_TOKEN),
        (false, false) if !world.objects.signs.kubeadm => Some(NO_KUBEADM),
        _ => None,
    };
    let evidence = finder.permission(held.hit);
    finder.any_kubelet(held.from, evidence, unknown);
}

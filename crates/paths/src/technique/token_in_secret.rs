//! Secrets that hold the token of a service account.

use model::Severity;

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::cause;
use crate::evidence::{Fact, Place};
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Take a token from a Secret",
    severity: Some(Severity::Critical),
    from: &[Kind::Secret],
    to: &[Kind::ServiceAccount],
    effect: "whatever the service account may do: such a token never expires",
    fix: "delete the Secret, and use tokens that the kubelet renews",
    references: &[
        "https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets",
    ],
    attack: &["T1528"],
    find: Find::Asset(&[Kind::Secret], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, secret: AssetId) {
    let asset = &finder.assets.list[secret.index()];
    let (namespace, name) = (asset.namespace.clone(), asset.name.clone());
    let object = finder
        .world
        .objects
        .secrets
        .get(&(&*namespace, &*name))
        .copied();
    let Some((object, (account, node))) = object.and_then(|object| Some((object, object.account?)))
    else {
        return;
    };
    let place = Place {
        resource: object.resource,
        node,
    };
    let evidence = finder.all_of(&[Fact::new(place, &cause::SECRET_TOKEN)]);
    let to = finder.account(namespace, account);
    finder.edge(secret, to, evidence);
}

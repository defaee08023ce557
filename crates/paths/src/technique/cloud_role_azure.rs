//! Identities of a cloud that a service account's annotation names.

use model::Severity;

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::finder::Finder;
use crate::world::AZURE_CLIENT;

pub(super) const TECHNIQUE: Data = Data {
    title: "Act as an identity of Azure",
    severity: Some(Severity::High),
    from: &[Kind::Pod, Kind::ServiceAccount],
    to: &[Kind::CloudIdentity],
    precondition: "the identity trusts the cluster's issuer for the service account",
    effect: "the identity's permissions in Azure, by the token that the webhook adds to pods with its label",
    fix: "remove the annotation `azure.workload.identity/client-id`, or give it to an account of one pod alone",
    references: &[
        "https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html",
    ],
    attack: &["T1078.004", "T1552.005"],
    find: Find::Asset(&[Kind::Pod, Kind::ServiceAccount], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, asset: AssetId) {
    let asks = finder
        .class_of(asset)
        .is_none_or(|class| class.facts.uses_azure_identity);
    if asks {
        finder.by_annotation(asset, AZURE_CLIENT);
    }
}

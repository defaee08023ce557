//! Identities of a cloud that a service account's annotation names.

use model::Severity;

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::finder::Finder;
use crate::world::GCP_ACCOUNT;

pub(super) const TECHNIQUE: Data = Data {
    title: "Act as a service account of Google Cloud",
    severity: Some(Severity::High),
    from: &[Kind::Pod, Kind::ServiceAccount],
    to: &[Kind::CloudIdentity],
    precondition: "the account lets the Kubernetes service account use it",
    effect: "the permissions of the account in Google Cloud, from the metadata server of GKE",
    fix: "remove the annotation `iam.gke.io/gcp-service-account`, or give it to an account of one pod alone",
    references: &["https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity"],
    attack: &["T1078.004", "T1552.005"],
    find: Find::Asset(&[Kind::Pod, Kind::ServiceAccount], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, asset: AssetId) {
    finder.by_annotation(asset, GCP_ACCOUNT);
}

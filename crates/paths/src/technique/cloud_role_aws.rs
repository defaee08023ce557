//! Identities of a cloud that a service account's annotation names.

use model::Severity;

use super::{Data, Find};
use crate::asset::{AssetId, Kind};
use crate::finder::Finder;
use crate::world::AWS_ROLE;

pub(super) const TECHNIQUE: Data = Data {
    title: "Act as a role of AWS",
    severity: Some(Severity::High),
    from: &[Kind::Pod, Kind::ServiceAccount],
    to: &[Kind::CloudIdentity],
    precondition: "the role trusts the cluster's issuer for the service account",
    effect: "the role's permissions in AWS, by the token that EKS adds to pods of the service account",
    fix: "remove the annotation `eks.amazonaws.com/role-arn`, or give it to an account of one pod alone",
    references: &[
        "https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html",
    ],
    attack: &["T1078.004", "T1552.005"],
    find: Find::Asset(&[Kind::Pod, Kind::ServiceAccount], find),
    ..Data::NEW
};

fn find(finder: &mut Finder<'_, '_>, asset: AssetId) {
    finder.by_annotation(asset, AWS_ROLE);
}

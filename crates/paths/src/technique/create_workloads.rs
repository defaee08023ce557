//! Pods of the attacker's own making.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Create pods",
    to: &[Kind::NewPod],
    effect: "pods with any image, any service account and any Secret of the namespace",
    fix: "take the permission away",
    attack: &["T1610", "T1053.007"],
    kubehound: &["POD_CREATE"],
    controls: &["role-manages-workloads"],
    find: Find::Permission(
        &[
            "pods-create",
            "deployments-write",
            "daemonsets-write",
            "statefulsets-write",
            "replicasets-write",
            "replicationcontrollers-write",
            "jobs-write",
            "cronjobs-write",
            "podtemplates-write",
            "controllerrevisions-write",
            "argo-workflows-write",
            "tekton-runs-write",
            "knative-services-write",
        ],
        find,
    ),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    let to = finder.all(Kind::NewPod, held.hit.scope);
    finder.edge(held.from, to, evidence);
}

//! Requests in the name of others.

use super::{Data, Find, Held};
use crate::asset::Kind;
use crate::finder::Finder;
use rbac::Subject;

pub(super) const TECHNIQUE: Data = Data {
    title: "Impersonate others",
    to: &[
        Kind::ClusterAdmin,
        Kind::AllAccounts,
        Kind::ServiceAccount,
        Kind::User,
        Kind::Group,
    ],
    effect: "the permissions of whoever may be named; with no names given, everything",
    fix: "take the permission away",
    attack: &["T1078", "T1134"],
    kubehound: &["IDENTITY_IMPERSONATE"],
    controls: &["role-impersonates"],
    find: Find::Permission(
        &[
            "impersonate-users",
            "impersonate-groups",
            "impersonate-serviceaccounts",
        ],
        find,
    ),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, held: &Held<'_, 'a>) {
    let evidence = finder.permission(held.hit);
    match held.hit.pattern.id {
        "impersonate-serviceaccounts" => {
            for account in finder.accounts_of(held.hit) {
                finder.edge(held.from, account, evidence);
            }
        }
        id => {
            let is_group = id == "impersonate-groups";
            let names = held.hit.names.as_ref();
            // Whoever may be anyone may be a component of the control plane, or one of the masters.
            if names.is_none() {
                let admin = finder.cluster_admin();
                finder.edge(held.from, admin, evidence);
            }
            for &name in names.into_iter().flatten() {
                let subject = if is_group {
                    Subject::Group(name)
                } else {
                    subject(name)
                };
                let to = finder.subject(subject);
                finder.edge(held.from, to, evidence);
            }
        }
    }
}

/// Names of service accounts are users too.
fn subject(name: &str) -> Subject<'_> {
    let account = name
        .strip_prefix("system:serviceaccount:")
        .and_then(|rest| rest.split_once(':'));
    match account {
        Some((namespace, name)) => Subject::ServiceAccount { namespace, name },
        None => Subject::User(name),
    }
}

//! What exists though no manifest holds it: objects of every cluster, and those that controllers make of others.

use document::NodeRef;
use model::Resource;

use super::{field, items, path, text};
use crate::relations::{Identity, Relations, namespace_of};

/// Kinds whose controllers make a Secret: where its name stands, else it is the object's own.
const SECRET_MAKERS: &[(&str, &str, &[&str])] = &[
    (
        "bitnami.com",
        "SealedSecret",
        &["spec", "template", "metadata", "name"],
    ),
    ("cert-manager.io", "Certificate", &["spec", "secretName"]),
    (
        "external-secrets.io",
        "ExternalSecret",
        &["spec", "target", "name"],
    ),
    ("kubernetes-client.io", "ExternalSecret", &[]),
    ("onepassword.com", "OnePasswordItem", &[]),
    (
        "secrets.hashicorp.com",
        "VaultDynamicSecret",
        &["spec", "destination", "name"],
    ),
    (
        "secrets.hashicorp.com",
        "VaultPKISecret",
        &["spec", "destination", "name"],
    ),
    (
        "secrets.hashicorp.com",
        "VaultStaticSecret",
        &["spec", "destination", "name"],
    ),
];

/// Whether every cluster has it.
pub(super) fn is_everywhere(identity: &Identity<'_>) -> bool {
    match (identity.group, identity.kind, identity.name) {
        ("", "ServiceAccount", "default")
        | ("", "ConfigMap", "kube-root-ca.crt")
        | ("", "Namespace", "default" | "kube-system" | "kube-public" | "kube-node-lease") => true,
        ("", "ConfigMap", "extension-apiserver-authentication") => {
            identity.namespace == "kube-system"
        }
        ("", "Service", "kubernetes") => identity.namespace == "default",
        ("scheduling.k8s.io", "PriorityClass", name) => {
            matches!(name, "system-cluster-critical" | "system-node-critical")
        }
        ("rbac.authorization.k8s.io", "ClusterRole", name) => rbac::is_default_role(name),
        _ => false,
    }
}

/// Whether a controller makes it of something that was scanned.
pub(super) fn is_made(relations: &Relations<'_>, identity: &Identity<'_>) -> bool {
    match (identity.group, identity.kind) {
        ("", "Secret") => relations.is_secret_made(identity.namespace, identity.name),
        ("", "PersistentVolumeClaim") => is_claim_made(relations, identity),
        _ => false,
    }
}

/// The namespaces and names of Secrets that controllers make, sorted.
pub(in crate::relations) fn made_secrets<'r>(relations: &Relations<'r>) -> Vec<(&'r str, &'r str)> {
    let mut kinds: Vec<&str> = SECRET_MAKERS.iter().map(|(_, kind, _)| *kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let makers = kinds.into_iter().flat_map(|kind| relations.of_kind(kind));
    let makers = makers.filter_map(|&index| relations.resource(index));
    let mut made: Vec<_> = makers.filter_map(made_by).collect();
    made.sort_unstable();
    made
}

/// The namespace and name of the Secret that a controller makes of a resource.
pub(crate) fn made_by(resource: &Resource) -> Option<(&str, &str)> {
    let is_maker = |(group, kind, _): &&(&str, &str, _)| {
        *kind == &*resource.kind && *group == resource.group()
    };
    let (_, _, keys) = SECRET_MAKERS.iter().find(is_maker)?;
    let named = path(resource.object(), keys);
    let named = named.filter(|_| !keys.is_empty()).and_then(NodeRef::as_str);
    Some((namespace_of(resource), named.unwrap_or(&resource.name)))
}

/// A claim of a StatefulSet's template is named `<template>-<set>-<ordinal>`.
fn is_claim_made(relations: &Relations<'_>, claim: &Identity<'_>) -> bool {
    let Some((stem, ordinal)) = claim.name.rsplit_once('-') else {
        return false;
    };
    let is_number = !ordinal.is_empty() && ordinal.bytes().all(|byte| byte.is_ascii_digit());
    is_number
        && stem.match_indices('-').any(|(at, _)| {
            let (template, set) = (&stem[..at], &stem[at + 1..]);
            let set = relations.find("apps", "StatefulSet", claim.namespace, set);
            let set = set.and_then(|index| relations.resource(index));
            let spec = set.and_then(|set| field(set.object(), "spec"));
            spec.is_some_and(|spec| {
                let name = |claim| path(claim, &["metadata"]).and_then(|it| text(it, "name"));
                items(spec, "volumeClaimTemplates").any(|claim| name(claim) == Some(template))
            })
        })
}

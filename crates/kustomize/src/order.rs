//! The order of the objects: as they came, or by kind as `kustomize build` orders them by default.

use crate::error::{Result, field};
use crate::resource::{Gvk, Resource};
use crate::tree::Node;

/// The kinds that come first in Kustomize's legacy order.
const FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];

/// The kinds that come last.
const LAST: [&str; 2] = [
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// Sorts objects as `sortOptions` say, or in the legacy order when there are none.
pub(crate) fn sort(resources: &mut [Resource], options: Option<&Node>) -> Result<()> {
    let mut first: Vec<&str> = FIRST.to_vec();
    let mut last: Vec<&str> = LAST.to_vec();
    if let Some(options) = options {
        let legacy = options.get("legacySortOptions").filter(|it| !it.is_null());
        match (options.text_at(&["order"]).unwrap_or_default(), legacy) {
            ("fifo", None) => return Ok(()),
            ("fifo", Some(_)) => {
                return Err(field(
                    "sortOptions.legacySortOptions needs the order legacy",
                ));
            }
            ("legacy", Some(chosen)) => {
                let kinds = |key: &str| {
                    let items = chosen.get(key).map(Node::items).unwrap_or_default();
                    items.iter().filter_map(Node::as_str).collect()
                };
                first = kinds("orderFirst");
                last = kinds("orderLast");
            }
            ("legacy", None) => {}
            _ => return Err(field("sortOptions.order must be fifo or legacy")),
        }
    }
    // Before, among, or after the kinds that are not listed, and where there.
    let rank = |kind: &str| {
        let at = |list: &[&str]| list.iter().rposition(|it| *it == kind);
        match (at(&last), at(&first)) {
            (Some(at), _) => (2, at),
            (None, Some(at)) => (0, at),
            (None, None) => (1, 0),
        }
    };
    resources.sort_by_cached_key(|resource| {
        let id = resource.id();
        (rank(&id.gvk.kind), gvk_text(&id.gvk), id_text(resource))
    });
    Ok(())
}

fn or<'t>(text: &'t str, none: &'t str) -> &'t str {
    if text.is_empty() { none } else { text }
}

fn gvk_text(gvk: &Gvk) -> String {
    // Kubernetes' own namespaces come before objects of another group that are called so.
    let none = if gvk.kind == "Namespace" { "" } else { "~G" };
    let group = or(&gvk.group, none);
    format!("{group}_{}_{}", or(&gvk.version, "~V"), or(&gvk.kind, "~K"))
}

fn id_text(resource: &Resource) -> String {
    let namespace = or(resource.namespace(), "~X");
    format!("{namespace}|{}", or(resource.name(), "~N"))
}

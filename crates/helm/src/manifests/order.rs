//! The order in which Helm installs kinds (<https://helm.sh/docs/intro/using_helm/>): known ones first.

use super::Manifest;

const KINDS: [&str; 38] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// Sorts by kind; manifests of one kind keep their order. Unknown kinds come last, by their names.
pub(super) fn sort(manifests: &mut [Manifest]) {
    manifests.sort_by_cached_key(|manifest| {
        let known = KINDS.iter().position(|kind| *kind == manifest.kind);
        match known {
            Some(position) => (position, String::new()),
            None => (KINDS.len(), manifest.kind.clone()),
        }
    });
}

//! What pods refer to.

use document::NodeRef;
use model::PodView;

use super::{Finder, Reference, Via, field, items, path, text};

/// The volumes of drivers that were part of Kubernetes, and where they name a secret.
const DRIVER_SECRETS: &[(&str, &str)] = &[
    ("cephfs", "secretRef"),
    ("csi", "nodePublishSecretRef"),
    ("flexVolume", "secretRef"),
    ("iscsi", "secretRef"),
    ("rbd", "secretRef"),
    ("scaleIO", "secretRef"),
    ("storageos", "secretRef"),
];

/// Adds what a pod refers to, in the order: the pod's own fields, its volumes, its containers.
pub(super) fn add<'r>(view: &PodView<'r>, finder: &mut Finder<'r, '_>) {
    let spec = view.spec();
    if view.is_whole() {
        own(spec, finder);
        for volume in view.volumes() {
            let before = finder.found.len();
            add_volume(volume, finder);
            let name = text(volume, "name").unwrap_or_default();
            for reference in &mut finder.found[before..] {
                reference.volume = name;
            }
        }
    }
    for container in view.containers() {
        add_container(container.node(), finder);
    }
}

fn own<'r>(spec: NodeRef<'r>, finder: &mut Finder<'r, '_>) {
    let account = field(spec, "serviceAccountName").filter(|node| node.as_str() != Some(""));
    let account = account.or_else(|| field(spec, "serviceAccount"));
    let account = account.filter(|node| node.as_str() != Some(""));
    let name = account.map_or(Some("default"), NodeRef::as_str);
    let node = account.unwrap_or(spec);
    finder.local(Via::ServiceAccount, "ServiceAccount", name, node);
    for secret in items(spec, "imagePullSecrets") {
        finder.local(Via::ImagePullSecret, "Secret", text(secret, "name"), secret);
    }
    let class = ("node.k8s.io", "RuntimeClass");
    finder.cluster(Via::RuntimeClass, class, field(spec, "runtimeClassName"));
    let class = ("scheduling.k8s.io", "PriorityClass");
    finder.cluster(Via::PriorityClass, class, field(spec, "priorityClassName"));
    for claim in items(spec, "resourceClaims") {
        let kinds = [
            ("resourceClaimName", "ResourceClaim"),
            ("resourceClaimTemplateName", "ResourceClaimTemplate"),
        ];
        for (key, kind) in kinds {
            let kind = ("resource.k8s.io", kind);
            let (namespace, name) = (finder.namespace, text(claim, key));
            finder.add(Via::ResourceClaim, kind, namespace, name, claim);
        }
    }
}

fn add_volume<'r>(volume: NodeRef<'r>, finder: &mut Finder<'r, '_>) {
    if let Some(source) = field(volume, "configMap") {
        keyed(Via::Volume, "ConfigMap", (source, "name"), finder);
    }
    if let Some(source) = field(volume, "secret") {
        keyed(Via::Volume, "Secret", (source, "secretName"), finder);
    }
    if let Some(claim) = field(volume, "persistentVolumeClaim") {
        let name = text(claim, "claimName");
        finder.local(Via::Volume, "PersistentVolumeClaim", name, claim);
    }
    for source in path(volume, &["projected"])
        .into_iter()
        .flat_map(|projected| items(projected, "sources"))
    {
        if let Some(source) = field(source, "configMap") {
            keyed(Via::Projected, "ConfigMap", (source, "name"), finder);
        }
        if let Some(source) = field(source, "secret") {
            keyed(Via::Projected, "Secret", (source, "name"), finder);
        }
    }
    let class = [
        "ephemeral",
        "volumeClaimTemplate",
        "spec",
        "storageClassName",
    ];
    let kind = ("storage.k8s.io", "StorageClass");
    finder.cluster(Via::Ephemeral, kind, path(volume, &class));
    add_driver(volume, finder);
}

fn add_driver<'r>(volume: NodeRef<'r>, finder: &mut Finder<'r, '_>) {
    for &(driver, key) in DRIVER_SECRETS {
        if let Some(secret) = path(volume, &[driver, key]) {
            finder.local(Via::Volume, "Secret", text(secret, "name"), secret);
        }
    }
    if let Some(share) = field(volume, "azureFile") {
        let name = text(share, "secretName");
        finder.local(Via::Volume, "Secret", name, share);
    }
    let class = ["csi", "volumeAttributes", "secretProviderClass"];
    if let Some(class) = path(volume, &class) {
        let kind = ("secrets-store.csi.x-k8s.io", "SecretProviderClass");
        let namespace = finder.namespace;
        finder.add(Via::Volume, kind, namespace, class.as_str(), class);
    }
}

/// A ConfigMap or Secret as a volume: the whole object, and each key that is picked.
fn keyed<'r>(
    via: Via,
    kind: &'r str,
    (source, name): (NodeRef<'r>, &str),
    finder: &mut Finder<'r, '_>,
) {
    let before = finder.found.len();
    finder.local(via, kind, text(source, name), source);
    let Some(&whole) = finder.found.get(before) else {
        return;
    };
    for item in items(source, "items") {
        if let Some(key) = text(item, "key").filter(|key| !key.is_empty()) {
            finder.found.push(Reference {
                key,
                node: item,
                ..whole
            });
        }
    }
}

fn add_container<'r>(container: NodeRef<'r>, finder: &mut Finder<'r, '_>) {
    for variable in items(container, "env") {
        let Some(source) = field(variable, "valueFrom") else {
            continue;
        };
        for (key, kind) in [("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")] {
            let Some(source) = field(source, key) else {
                continue;
            };
            let before = finder.found.len();
            finder.local(Via::Env, kind, text(source, "name"), source);
            if let Some(reference) = finder.found.get_mut(before) {
                reference.key = text(source, "key").unwrap_or_default();
            }
        }
    }
    for source in items(container, "envFrom") {
        for (key, kind) in [("configMapRef", "ConfigMap"), ("secretRef", "Secret")] {
            if let Some(source) = field(source, key) {
                finder.local(Via::EnvFrom, kind, text(source, "name"), source);
            }
        }
    }
}

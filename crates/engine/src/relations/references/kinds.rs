//! What resources refer to that are no pods, kind by kind.

use document::NodeRef;
use model::Resource;

use super::{Finder, Via, field, items, path, text};

const STORAGE_CLASS: (&str, &str) = ("storage.k8s.io", "StorageClass");
const RBAC: &str = "rbac.authorization.k8s.io";

/// Adds what the fields of a resource's kind refer to.
pub(super) fn add<'r>(resource: &'r Resource, finder: &mut Finder<'r, '_>) {
    let object = resource.object();
    let Some(spec) = field(object, "spec") else {
        return without_spec(resource, object, finder);
    };
    match (resource.group(), &*resource.kind) {
        ("networking.k8s.io" | "extensions", "Ingress") => ingress(spec, finder),
        ("gateway.networking.k8s.io", "Gateway") => gateway(spec, finder),
        ("", "PersistentVolumeClaim") => claim(spec, finder),
        ("", "PersistentVolume") => volume(spec, finder),
        ("apps", "StatefulSet") => stateful_set(spec, finder),
        ("autoscaling", "HorizontalPodAutoscaler") => {
            target(path(spec, &["scaleTargetRef"]), ("", ""), finder);
        }
        ("autoscaling.k8s.io", "VerticalPodAutoscaler") => {
            target(path(spec, &["targetRef"]), ("", ""), finder);
        }
        ("keda.sh", "ScaledObject") => {
            target(
                path(spec, &["scaleTargetRef"]),
                ("apps", "Deployment"),
                finder,
            );
        }
        ("apiregistration.k8s.io", "APIService") => service(path(spec, &["service"]), finder),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => {
            let webhook = ["conversion", "webhook", "clientConfig", "service"];
            service(path(spec, &webhook), finder);
        }
        _ => {}
    }
}

fn without_spec<'r>(resource: &'r Resource, object: NodeRef<'r>, finder: &mut Finder<'r, '_>) {
    match (resource.group(), &*resource.kind) {
        ("", "ServiceAccount") => {
            for (via, key) in [
                (Via::Secret, "secrets"),
                (Via::ImagePullSecret, "imagePullSecrets"),
            ] {
                for secret in items(object, key) {
                    finder.local(via, "Secret", text(secret, "name"), secret);
                }
            }
        }
        (RBAC, "RoleBinding" | "ClusterRoleBinding") => binding(object, finder),
        (
            "admissionregistration.k8s.io",
            "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration",
        ) => {
            for webhook in items(object, "webhooks") {
                service(path(webhook, &["clientConfig", "service"]), finder);
            }
        }
        _ => {}
    }
}

fn ingress<'r>(spec: NodeRef<'r>, finder: &mut Finder<'r, '_>) {
    let class = ("networking.k8s.io", "IngressClass");
    finder.cluster(Via::Class, class, field(spec, "ingressClassName"));
    for tls in items(spec, "tls") {
        finder.local(Via::Tls, "Secret", text(tls, "secretName"), tls);
    }
}

fn gateway<'r>(spec: NodeRef<'r>, finder: &mut Finder<'r, '_>) {
    let class = ("gateway.networking.k8s.io", "GatewayClass");
    finder.cluster(Via::Class, class, field(spec, "gatewayClassName"));
    let listeners = items(spec, "listeners").filter_map(|listener| field(listener, "tls"));
    for reference in listeners.flat_map(|tls| items(tls, "certificateRefs")) {
        let group = text(reference, "group").unwrap_or_default();
        let kind = text(reference, "kind").unwrap_or("Secret");
        let namespace = text(reference, "namespace").unwrap_or(finder.namespace);
        let name = text(reference, "name");
        finder.add(Via::Tls, (group, kind), namespace, name, reference);
    }
}

fn claim<'r>(spec: NodeRef<'r>, finder: &mut Finder<'r, '_>) {
    finder.cluster(
        Via::Volume,
        ("", "PersistentVolume"),
        field(spec, "volumeName"),
    );
    finder.cluster(Via::Class, STORAGE_CLASS, field(spec, "storageClassName"));
    // The API server copies the one into the other.
    let source = field(spec, "dataSourceRef").or_else(|| field(spec, "dataSource"));
    if let Some(source) = source {
        let group = text(source, "apiGroup").unwrap_or_default();
        let kind = text(source, "kind").unwrap_or("PersistentVolumeClaim");
        let namespace = text(source, "namespace").unwrap_or(finder.namespace);
        let name = text(source, "name");
        finder.add(Via::Source, (group, kind), namespace, name, source);
    }
}

fn volume<'r>(spec: NodeRef<'r>, finder: &mut Finder<'r, '_>) {
    finder.cluster(Via::Class, STORAGE_CLASS, field(spec, "storageClassName"));
    if let Some(claim) = field(spec, "claimRef") {
        let namespace = text(claim, "namespace").unwrap_or(finder.namespace);
        let kind = ("", "PersistentVolumeClaim");
        finder.add(Via::Claim, kind, namespace, text(claim, "name"), claim);
    }
}

fn stateful_set<'r>(spec: NodeRef<'r>, finder: &mut Finder<'r, '_>) {
    if let Some(name) = field(spec, "serviceName") {
        finder.local(Via::Service, "Service", name.as_str(), name);
    }
    for template in items(spec, "volumeClaimTemplates") {
        let class = path(template, &["spec", "storageClassName"]);
        finder.cluster(Via::Class, STORAGE_CLASS, class);
    }
}

/// What an autoscaler scales.
fn target<'r>(
    reference: Option<NodeRef<'r>>,
    (group, kind): (&'r str, &'r str),
    finder: &mut Finder<'r, '_>,
) {
    let Some(reference) = reference else {
        return;
    };
    let version = text(reference, "apiVersion");
    let group = version.map_or(group, |version| {
        version.split_once('/').map_or("", |(group, _)| group)
    });
    let kind = text(reference, "kind").unwrap_or(kind);
    let name = text(reference, "name");
    let namespace = finder.namespace;
    finder.add(Via::Target, (group, kind), namespace, name, reference);
}

/// The service behind a webhook or an API.
fn service<'r>(reference: Option<NodeRef<'r>>, finder: &mut Finder<'r, '_>) {
    if let Some(reference) = reference {
        let namespace = text(reference, "namespace").unwrap_or(finder.namespace);
        let kind = ("", "Service");
        let name = text(reference, "name");
        finder.add(Via::Service, kind, namespace, name, reference);
    }
}

fn binding<'r>(object: NodeRef<'r>, finder: &mut Finder<'r, '_>) {
    if let Some(role) = field(object, "roleRef") {
        let kind = text(role, "kind").unwrap_or_default();
        let namespace = match kind {
            "ClusterRole" => "",
            _ => finder.namespace,
        };
        finder.add(Via::Role, (RBAC, kind), namespace, text(role, "name"), role);
    }
    let is_account = |subject: &NodeRef<'_>| text(*subject, "kind") == Some("ServiceAccount");
    for subject in items(object, "subjects").filter(is_account) {
        let namespace = text(subject, "namespace").unwrap_or(finder.namespace);
        let kind = ("", "ServiceAccount");
        finder.add(
            Via::Subject,
            kind,
            namespace,
            text(subject, "name"),
            subject,
        );
    }
}

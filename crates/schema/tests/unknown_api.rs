//! Names of APIs that no Kubernetes version has.

use schema::{Schema, UnknownApi};

/// `kind`/`apiVersion` that is wrong, and what may have been meant; empty for what is known or foreign.
fn seen(api_version: &str, kind: &str) -> String {
    match Schema::embedded().unknown_api(api_version, kind) {
        None => String::new(),
        Some(UnknownApi::Kind { near }) => format!("kind: {}", near.as_deref().unwrap_or("?")),
        Some(UnknownApi::ApiVersion { near }) => format!("apiVersion: {near}"),
    }
}

#[track_caller]
fn check(api_version: &str, kind: &str, expected: &str) {
    assert_eq!(seen(api_version, kind), expected, "{api_version} {kind}");
}

#[test]
fn a_mistyped_kind_has_its_neighbour() {
    check("apps/v1", "Deploymet", "kind: Deployment");
    check("apps/v1", "deployment", "kind: Deployment");
    check("apps/v1", "Statefulset", "kind: StatefulSet");
    check("v1", "Sevice", "kind: Service");
    check("v1", "configmap", "kind: ConfigMap");
    check("v1", "Deploymet", "kind: Deployment (apps/v1)");
    check(
        "rbac.authorization.k8s.io/v1",
        "ClusterRoleBindings",
        "kind: ClusterRoleBinding",
    );
    check(
        "policy/v1beta1",
        "PodSecurityPolicies",
        "kind: PodSecurityPolicy",
    );
    check(
        "policy/v1beta1",
        "PodSecurityPolicyy",
        "kind: PodSecurityPolicy",
    );
    check("batch/v1", "Pipeline", "kind: ?");
    check("v1", "Pipeline", "kind: ?");
    check("apps/v7", "Deploymet", "kind: Deployment (apps/v1)");
}

#[test]
fn a_known_kind_in_the_wrong_group_or_version_has_the_right_one() {
    check("v1", "Deployment", "apiVersion: apps/v1");
    check(
        "extensions/v1",
        "Ingress",
        "apiVersion: networking.k8s.io/v1",
    );
    check("apps/v1", "CronJob", "apiVersion: batch/v1");
    check("apps/v2", "Deployment", "apiVersion: apps/v1");
    check("apps", "Deployment", "apiVersion: apps/v1");
    check("v2", "Service", "apiVersion: v1");
    check("core/v1", "Pod", "apiVersion: v1");
    check("app/v1", "Deployment", "apiVersion: apps/v1");
    check(
        "rbac.authorization.k8s.oi/v1",
        "Role",
        "apiVersion: rbac.authorization.k8s.io/v1",
    );
    check(
        "policy/v1",
        "PodSecurityPolicy",
        "apiVersion: policy/v1beta1",
    );
    check("apps/v1/", "Deployment", "apiVersion: apps/v1");
}

#[test]
fn every_api_that_ever_was_is_known() {
    for kind in Schema::embedded().kinds() {
        let api_version = match kind.group {
            "" => kind.version.to_owned(),
            group => format!("{group}/{}", kind.version),
        };
        check(&api_version, kind.kind, "");
    }
    for row in schema::lifecycles() {
        check(row.api_version, row.kind, "");
        check(row.api_version, &format!("{}List", row.kind), "");
    }
}

#[test]
fn foreign_kinds_and_configuration_files_are_not_judged() {
    for (api_version, kind) in [
        ("argoproj.io/v1alpha1", "Rollout"),
        ("serving.knative.dev/v1", "Service"),
        ("networking.istio.io/v1", "Gateway"),
        ("gateway.networking.k8s.io/v1", "Gateway"),
        ("snapshot.storage.k8s.io/v1", "VolumeSnapshot"),
        ("autoscaling.k8s.io/v1", "VerticalPodAutoscaler"),
        ("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy"),
        ("metrics.k8s.io/v1beta1", "PodMetrics"),
        ("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration"),
        ("kubeadm.k8s.io/v1beta3", "ClusterConfiguration"),
        ("audit.k8s.io/v1", "Policy"),
        ("apiserver.config.k8s.io/v1", "EncryptionConfiguration"),
        ("apiserver.config.k8s.io/v1", "AdmissionConfiguration"),
        ("kubeproxy.config.k8s.io/v1alpha1", "KubeProxyConfiguration"),
        (
            "kubescheduler.config.k8s.io/v1",
            "KubeSchedulerConfiguration",
        ),
        ("client.authentication.k8s.io/v1", "ExecCredential"),
        ("kustomize.config.k8s.io/v1beta1", "Kustomization"),
        ("admission.k8s.io/v1", "AdmissionReview"),
        ("skaffold/v2beta29", "Config"),
        ("v1", "List"),
        ("v1", "Config"),
        ("v1", "Status"),
        ("v1", "Policy"),
        ("v1", "DeploymentConfig"),
        ("v1", "Route"),
        ("v1", "BuildConfig"),
        ("v1", "Template"),
        ("v1", "ImageStream"),
        ("v1", "ImageStreamList"),
        ("v1", "Project"),
        ("v1alpha1", "Assertion"),
    ] {
        check(api_version, kind, "");
    }
}

//! What every request passes through, and what the API itself is.

use model::Severity;

use super::find;
use super::pattern::{CHANGE, DELETE, Need, Pattern, Scope, WRITE};

/// A row for each pattern.
pub(super) const PATTERNS: &[Pattern] = &[
    Pattern {
        id: "mutating-webhooks-write",
        title: "Write mutating webhooks",
        severity: Severity::Critical,
        precondition: "",
        gain: "every object that anyone writes: it can be read, and changed to run code as any service account",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks",
        scope: Scope::Cluster,
        needs: &[Need::new(
            WRITE,
            "admissionregistration.k8s.io",
            &["mutatingwebhookconfigurations"],
        )],
        find: find::CLUSTER_ADMIN,
    },
    Pattern {
        id: "validating-webhooks-write",
        title: "Write validating webhooks",
        severity: Severity::High,
        precondition: "",
        gain: "every object that anyone writes can be read, Secrets among them; and anything can be refused",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks",
        scope: Scope::Cluster,
        needs: &[Need::new(
            WRITE,
            "admissionregistration.k8s.io",
            &["validatingwebhookconfigurations"],
        )],
        find: find::CLUSTER,
    },
    Pattern {
        id: "webhooks-delete",
        title: "Delete webhooks",
        severity: Severity::High,
        precondition: "the cluster is guarded by webhooks",
        gain: "what the webhooks refused is let in",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#control-admission-webhooks",
        scope: Scope::Cluster,
        needs: &[Need::new(
            DELETE,
            "admissionregistration.k8s.io",
            &[
                "mutatingwebhookconfigurations",
                "validatingwebhookconfigurations",
            ],
        )],
        find: find::CLUSTER,
    },
    Pattern {
        id: "mutating-policies-write",
        title: "Write MutatingAdmissionPolicies and their bindings",
        severity: Severity::Critical,
        precondition: "the API server serves the policies",
        gain: "every object that anyone writes can be changed to run code as any service account",
        reference: "https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/",
        scope: Scope::Cluster,
        needs: &[
            Need::new(
                WRITE,
                "admissionregistration.k8s.io",
                &["mutatingadmissionpolicies"],
            ),
            Need::new(
                WRITE,
                "admissionregistration.k8s.io",
                &["mutatingadmissionpolicybindings"],
            ),
        ],
        find: find::CLUSTER_ADMIN,
    },
    Pattern {
        id: "validating-policies-write",
        title: "Weaken ValidatingAdmissionPolicies",
        severity: Severity::Medium,
        precondition: "the cluster is guarded by such policies",
        gain: "what the policies refused is let in, or anything is refused",
        reference: "https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/",
        scope: Scope::Cluster,
        needs: &[Need::new(
            &["update", "patch", "delete"],
            "admissionregistration.k8s.io",
            &[
                "validatingadmissionpolicies",
                "validatingadmissionpolicybindings",
            ],
        )],
        find: find::CLUSTER,
    },
    Pattern {
        id: "crd-conversion-write",
        title: "Write CustomResourceDefinitions",
        severity: Severity::High,
        precondition: "",
        gain: "a conversion webhook sees and changes every custom object of the kind, and controllers act on them",
        reference: "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#webhook-conversion",
        scope: Scope::Cluster,
        needs: &[Need::new(
            WRITE,
            "apiextensions.k8s.io",
            &["customresourcedefinitions"],
        )],
        find: find::CLUSTER,
    },
    Pattern {
        id: "apiservices-write",
        title: "Write APIServices",
        severity: Severity::Critical,
        precondition: "",
        gain: "a server of one's own behind an API group: requests to it arrive with the names of those who sent them, and answers steer controllers",
        reference: "https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/",
        scope: Scope::Cluster,
        needs: &[Need::new(WRITE, "apiregistration.k8s.io", &["apiservices"])],
        find: find::CLUSTER_ADMIN,
    },
    Pattern {
        id: "namespaces-relabel",
        title: "Change the labels of namespaces",
        severity: Severity::High,
        precondition: "admission or network policies select namespaces by label",
        gain: "Pod Security admission no longer holds pods back, and policies that select by label are passed",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#namespace-modification",
        scope: Scope::Namespaced,
        needs: &[Need::new(CHANGE, "", &["namespaces"])],
        find: find::SCOPE,
    },
];

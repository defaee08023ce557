//! How the clouds are told that a load balancer is not for the internet.

use document::NodeRef;

use crate::read::{annotation, text};

/// What the value of an annotation must be.
enum Value {
    True,
    Is(&'static str),
    Any,
}

const INTERNAL: &[(&str, Value)] = &[
    (
        "service.beta.kubernetes.io/aws-load-balancer-internal",
        Value::Any,
    ),
    (
        "service.beta.kubernetes.io/aws-load-balancer-scheme",
        Value::Is("internal"),
    ),
    (
        "service.beta.kubernetes.io/azure-load-balancer-internal",
        Value::True,
    ),
    (
        "networking.gke.io/load-balancer-type",
        Value::Is("internal"),
    ),
    ("cloud.google.com/load-balancer-type", Value::Is("internal")),
    (
        "service.beta.kubernetes.io/openstack-internal-load-balancer",
        Value::True,
    ),
    (
        "service.beta.kubernetes.io/oci-load-balancer-internal",
        Value::True,
    ),
    (
        "oci-network-load-balancer.oraclecloud.com/internal",
        Value::True,
    ),
    (
        "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type",
        Value::Is("intranet"),
    ),
    (
        "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type",
        Value::Is("private"),
    ),
    (
        "service.kubernetes.io/qcloud-loadbalancer-internal-subnetid",
        Value::Any,
    ),
    (
        "service.beta.kubernetes.io/cce-load-balancer-internal-vpc",
        Value::True,
    ),
    (
        "service.beta.kubernetes.io/do-loadbalancer-network",
        Value::Is("internal"),
    ),
    // Those of ingresses.
    ("kubernetes.io/ingress.class", Value::Is("gce-internal")),
    ("alb.ingress.kubernetes.io/scheme", Value::Is("internal")),
    ("appgw.ingress.kubernetes.io/use-private-ip", Value::True),
];

/// Whether the annotations of an object ask for a load balancer without a public address. `spec` is that of
/// a service.
pub(crate) fn is_internal(object: NodeRef<'_>, spec: Option<NodeRef<'_>>) -> bool {
    let says = |(name, value): &(&str, Value)| {
        let Some(text) = annotation(object, name) else {
            return false;
        };
        match value {
            Value::True => text.eq_ignore_ascii_case("true"),
            Value::Is(expected) => text.eq_ignore_ascii_case(expected),
            Value::Any => !text.is_empty() && !text.eq_ignore_ascii_case("false"),
        }
    };
    INTERNAL.iter().any(says) || spec.is_some_and(|spec| is_internal_by_default(object, spec))
}

/// The load balancer controller of AWS makes internal ones unless told otherwise.
fn is_internal_by_default(object: NodeRef<'_>, spec: NodeRef<'_>) -> bool {
    let kind = annotation(object, "service.beta.kubernetes.io/aws-load-balancer-type");
    let is_its_own = text(spec, "loadBalancerClass") == Some("service.k8s.aws/nlb")
        || matches!(kind, Some("external" | "nlb-ip"));
    is_its_own
        && annotation(
            object,
            "service.beta.kubernetes.io/aws-load-balancer-scheme",
        ) != Some("internet-facing")
}

//! Relations through the network.

use super::Relation;

pub(super) const RELATIONS: &[Relation] = &[
    Relation {
        on: "pod",
        name: "services",
        arguments: Some(""),
        result: "list(service)",
        about: "The services whose selector, or whose endpoints, lead to the pod. Those that were not scanned are not in it.",
    },
    Relation {
        on: "pod",
        name: "exposure",
        arguments: Some(""),
        result: "exposure",
        about: "From how far away the pod is reached, and on which ways: through services, Ingresses, routes of the Gateway \
                API, Istio and OpenShift, ports of the node. Policies are not looked at. What was not scanned is not in it.",
    },
    Relation {
        on: "exposure",
        name: "level",
        arguments: None,
        result: "string",
        about: "The farthest from which it is surely reached: `internal` (nothing leads to it), `cluster` (by a name or an \
                address of the cluster), `node` (from the network of the nodes) or `internet`.",
    },
    Relation {
        on: "exposure",
        name: "possible",
        arguments: None,
        result: "string",
        about: "The farthest from which it may be reached, where a part of a way was not scanned.",
    },
    Relation {
        on: "exposure",
        name: "chains",
        arguments: None,
        result: "list(map)",
        about: "The ways, the farthest first, each with `level`, `isSure`, `port` (of the pod; null for all, or where it is \
                not known), `protocol` and `resources` (list(resource), from the outside in).",
    },
    Relation {
        on: "exposure",
        name: "way",
        arguments: None,
        result: "list(resource)",
        about: "The resources on the farthest way, a sure one before one that may be, from the outside in and without the pod \
                or service itself. Empty where nothing leads to it.",
    },
    Relation {
        on: "exposure",
        name: "resources",
        arguments: None,
        result: "list(resource)",
        about: "All resources on the ways, each once, without the pod or service itself.",
    },
    Relation {
        on: "pod",
        name: "networkPolicies",
        arguments: Some("direction: string"),
        result: "list(resource)",
        about: "The policies that select the pod, or may select it, and are about `ingress` or `egress`, or `any`: \
                NetworkPolicies, the admin policies of the cluster, Cilium's and Calico's. Those that were not scanned are \
                not in it.",
    },
    Relation {
        on: "pod",
        name: "isIsolated",
        arguments: Some("direction: string"),
        result: "bool",
        about: "Whether the pod gets (`ingress`) or sends (`egress`) only what some policy allows; unknown for pods in the \
                network of their node, and where labels that decide are not known.",
    },
    Relation {
        on: "pod",
        name: "canReach",
        arguments: Some("address: string, port: int"),
        result: "bool",
        about: "Whether policies let the pod open a TCP connection to an address that is no pod's; unknown where a policy of \
                a network plugin selects the pod.",
    },
    Relation {
        on: "pod",
        name: "ports",
        arguments: Some(""),
        result: "list(node)",
        about: "The ports that the main and sidecar containers declare, as they are written.",
    },
    Relation {
        on: "service",
        name: "pods",
        arguments: Some(""),
        result: "list(pod)",
        about: "The pods that the service selects or that its endpoints name; unknown when it selects none of those that were \
                scanned and the scan is a part of a cluster, and for services with neither selector nor endpoints.",
    },
    Relation {
        on: "service",
        name: "exposure",
        arguments: Some(""),
        result: "exposure",
        about: "From how far away the service is reached: by its type and addresses, and through the routes that lead to it.",
    },
    Relation {
        on: "service",
        name: "ports",
        arguments: Some(""),
        result: "list(service port)",
        about: "The ports of the service, as they are written, and what is known of the pods behind them.",
    },
    Relation {
        on: "service",
        name: "selectsPods",
        arguments: Some(""),
        result: "bool",
        about: "Whether `pods()` has any, without making the list; also true where a label that is asked for is the name of a scanned \
                custom resource of that namespace, which an operator makes pods of.",
    },
    Relation {
        on: "service",
        name: "workloads",
        arguments: Some(""),
        result: "list(resource)",
        about: "The resources that carry the pods of the service: Deployments, Pods, …; unknown when `pods()` is.",
    },
    Relation {
        on: "resource",
        name: "service",
        arguments: Some(""),
        result: "service",
        about: "The Service of the same namespace and name, for objects that describe one; null when it does not exist, \
                unknown when it was not scanned.",
    },
    Relation {
        on: "serviceMonitor",
        name: "services",
        arguments: Some(""),
        result: "list(service)",
        about: "The services that a ServiceMonitor of the Prometheus operator selects; unknown when it selects none of those \
                that were scanned and the scan is a part of a cluster. A PodMonitor has `pods()`.",
    },
    Relation {
        on: "service port",
        name: "isServed",
        arguments: None,
        result: "bool",
        about: "Whether a container of some pod of the service declares the port that it leads to; unknown when no pod was \
                scanned, and for a number when the pods declare no port at all: they need not.",
    },
    Relation {
        on: "networkPolicy",
        name: "pods",
        arguments: Some(""),
        result: "list(pod)",
        about: "The pods that a policy of any kind selects or may select; unknown when it selects none of those that were \
                scanned and the scan is a part of a cluster.",
    },
    Relation {
        on: "networkPolicy",
        name: "selectsPods",
        arguments: Some(""),
        result: "bool",
        about: "Whether `pods()` has any, without making the list; also true where a label that is asked for is the name of a scanned \
                custom resource of that namespace, which an operator makes pods of.",
    },
    Relation {
        on: "networkPolicy",
        name: "meansPods",
        arguments: Some("peer: node"),
        result: "bool",
        about: "Whether `peerPods(peer)` has any, without making the list.",
    },
    Relation {
        on: "networkPolicy",
        name: "peers",
        arguments: Some(""),
        result: "list(node)",
        about: "All entries of `from` and `to` of a NetworkPolicy, as they are written.",
    },
    Relation {
        on: "networkPolicy",
        name: "peerPods",
        arguments: Some("peer: node"),
        result: "list(pod)",
        about: "The pods that an entry of `from` or `to` of a NetworkPolicy means or may mean; none for an IP block. Unknown \
                when it means none of those that were scanned and the scan is a part of a cluster.",
    },
    Relation {
        on: "namespace",
        name: "isIsolated",
        arguments: Some("direction: string"),
        result: "bool",
        about: "Whether every pod of the namespace, whatever its labels, gets (`ingress`) or sends (`egress`) only what some \
                scanned policy allows.",
    },
    Relation {
        on: "namespace",
        name: "networkPolicies",
        arguments: Some("direction: string"),
        result: "list(resource)",
        about: "The policies of the namespace that are about `ingress` or `egress`, and those of the cluster that select one \
                of its pods, or may select one while it has none. Those that were not scanned are not in it.",
    },
    Relation {
        on: "route",
        name: "backends",
        arguments: Some(""),
        result: "list(backend)",
        about: "What an Ingress, a route of the Gateway API, a VirtualService of Istio or a Route of OpenShift leads to.",
    },
    Relation {
        on: "route",
        name: "parents",
        arguments: Some(""),
        result: "list(backend)",
        about: "The gateways that a route of the Gateway API or a VirtualService of Istio hangs on.",
    },
    Relation {
        on: "backend",
        name: "group",
        arguments: None,
        result: "string",
        about: "API group of what is named; empty for the core group.",
    },
    Relation {
        on: "backend",
        name: "kind",
        arguments: None,
        result: "string",
        about: "Kind of what is named, mostly `Service`.",
    },
    Relation {
        on: "backend",
        name: "namespace",
        arguments: None,
        result: "string",
        about: "Namespace of what is named.",
    },
    Relation {
        on: "backend",
        name: "name",
        arguments: None,
        result: "string",
        about: "Name of what is named.",
    },
    Relation {
        on: "backend",
        name: "exists",
        arguments: None,
        result: "bool",
        about: "Whether it was scanned; when it was not, false for a scan of a whole cluster, else unknown.",
    },
    Relation {
        on: "backend",
        name: "hasPort",
        arguments: None,
        result: "bool",
        about: "Whether the service has the port that is meant; unknown when it was not scanned.",
    },
    Relation {
        on: "backend",
        name: "isAccepted",
        arguments: None,
        result: "bool",
        about: "False where no listener of the gateway takes the route; where no ReferenceGrant permits the way into another \
                namespace, false for a scan of a whole cluster, else unknown.",
    },
    Relation {
        on: "backend",
        name: "target",
        arguments: Some(""),
        result: "resource",
        about: "What is named; null when it does not exist, unknown when it was not scanned.",
    },
];

//! Relations by name: namespaces, owners, what a resource refers to and who refers to it.

use super::Relation;

pub(super) const RELATIONS: &[Relation] = &[
    Relation {
        on: "resource",
        name: "namespaceObject",
        arguments: Some(""),
        result: "namespace",
        about: "The Namespace that the resource is in; null when it does not exist, unknown when it was not scanned.",
    },
    Relation {
        on: "resource",
        name: "pods",
        arguments: Some(""),
        result: "list(pod)",
        about: "Of a workload its own pods; of a Namespace the pods that run in it; of a PodDisruptionBudget the pods that it \
                selects, unknown when none was scanned.",
    },
    Relation {
        on: "resource",
        name: "references",
        arguments: Some(""),
        result: "list(reference)",
        about: "What the resource refers to by name. Of a workload also what its pods refer to; of an Ingress or a Gateway the \
                secrets with certificates and the class; of a ServiceAccount its secrets; of claims and volumes each other, \
                the class and the source; of a StatefulSet its service; of an autoscaler its target; of webhooks and \
                aggregated APIs their service; of a binding its role and service accounts.",
    },
    Relation {
        on: "pod",
        name: "references",
        arguments: Some(""),
        result: "list(reference)",
        about: "What the pod refers to by name: config maps, secrets, claims, the service account, classes. A pod that names \
                no service account refers to `default`.",
    },
    Relation {
        on: "reference",
        name: "via",
        arguments: None,
        result: "string",
        about: "How it refers: `env`, `envFrom`, `volume`, `projected`, `imagePullSecret`, `serviceAccount`, `ephemeral`, \
                `runtimeClass`, `priorityClass`, `resourceClaim`; of resources that are no pods `tls`, `secret`, `class`, \
                `source`, `volume`, `claim`, `service`, `target`, `role`, `subject`.",
    },
    Relation {
        on: "reference",
        name: "kind",
        arguments: None,
        result: "string",
        about: "The kind of the object that is meant.",
    },
    Relation {
        on: "reference",
        name: "group",
        arguments: None,
        result: "string",
        about: "Its API group; empty for the core group.",
    },
    Relation {
        on: "reference",
        name: "name",
        arguments: None,
        result: "string",
        about: "Its name.",
    },
    Relation {
        on: "reference",
        name: "namespace",
        arguments: None,
        result: "string",
        about: "Its namespace; empty for kinds of the whole cluster.",
    },
    Relation {
        on: "reference",
        name: "key",
        arguments: None,
        result: "string",
        about: "The key of the ConfigMap or Secret that is meant; empty where the whole object is.",
    },
    Relation {
        on: "reference",
        name: "volume",
        arguments: None,
        result: "string",
        about: "The name of the volume that brings the object into the pod; empty otherwise.",
    },
    Relation {
        on: "reference",
        name: "optional",
        arguments: None,
        result: "bool",
        about: "Whether the reference says that nothing breaks when the object is missing.",
    },
    Relation {
        on: "reference",
        name: "exists",
        arguments: None,
        result: "bool",
        about: "Whether the object exists: true when it was scanned, when every cluster has it, or when something that was \
                scanned makes it (a SealedSecret, an ExternalSecret, a Certificate, the claim template of a StatefulSet); \
                false when the scan is complete; else unknown.",
    },
    Relation {
        on: "reference",
        name: "hasKey",
        arguments: None,
        result: "bool",
        about: "Whether the object has the key; true where no key is meant, unknown where the object was not scanned or \
                is filled in by the cluster.",
    },
    Relation {
        on: "reference",
        name: "target",
        arguments: Some(""),
        result: "resource",
        about: "The object; null when it does not exist, unknown when it was not scanned.",
    },
    Relation {
        on: "resource",
        name: "target",
        arguments: Some(""),
        result: "resource",
        about: "Of an autoscaler (HorizontalPodAutoscaler, VerticalPodAutoscaler, ScaledObject) the workload that it scales; \
                null when it does not exist, unknown when it was not scanned.",
    },
    Relation {
        on: "resource",
        name: "users",
        arguments: Some(""),
        result: "list(resource)",
        about: "The scanned resources that refer to this one by name, in the order of the scan, also empty. Custom resources \
                count by the usual names of such fields (`secretName`, `secretRef`, `configMapRef`, …).",
    },
    Relation {
        on: "resource",
        name: "owner",
        arguments: Some(""),
        result: "resource",
        about: "The owner that `ownerReferences` names as controller, else the first; null without one or when it does not \
                exist, unknown when it was not scanned.",
    },
    Relation {
        on: "resource",
        name: "autoscalers",
        arguments: Some(""),
        result: "list(resource)",
        about: "The scanned HorizontalPodAutoscalers and ScaledObjects whose target is the resource.",
    },
    Relation {
        on: "pod",
        name: "disruptionBudgets",
        arguments: Some(""),
        result: "list(resource)",
        about: "The scanned PodDisruptionBudgets that select the pod.",
    },
    Relation {
        on: "resource",
        name: "selectsPods",
        arguments: Some(""),
        result: "bool",
        about: "Of a PodDisruptionBudget whether it selects a pod; unknown where `pods()` is.",
    },
    Relation {
        on: "resource",
        name: "siblings",
        arguments: Some(""),
        result: "list(resource)",
        about: "The other scanned resources of the same kind and group, in any namespace. Unknown for kinds with more than 1,000.",
    },
    Relation {
        on: "resource",
        name: "kubeletVersions",
        arguments: Some(""),
        result: "list(string)",
        about: "The different kubelet versions of the scanned nodes, as these report them (`v1.31.2`); unknown when no node was scanned.",
    },
    Relation {
        on: "resource",
        name: "allocatable",
        arguments: Some("name: string"),
        result: "double",
        about: "How much `cpu` (cores) or `memory` (bytes) pods can have on the scanned nodes together; unknown when no node was scanned.",
    },
];

//! Volumes, and the data in them.

use model::Severity;

use super::find;
use super::pattern::{CHANGE, CREATE, Need, Pattern, Scope, WRITE};

/// A row for each pattern.
pub(super) const PATTERNS: &[Pattern] = &[
    Pattern {
        id: "persistentvolumes-create",
        title: "Create PersistentVolumes",
        severity: Severity::High,
        precondition: "a pod can mount the volume",
        gain: "any path of a node, by a hostPath volume, where admission keeps pods from naming one themselves",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#persistent-volume-creation",
        scope: Scope::Cluster,
        needs: &[Need::new(CREATE, "", &["persistentvolumes"])],
        find: find::NODE,
    },
    Pattern {
        id: "persistentvolumes-change",
        title: "Change PersistentVolumes",
        severity: Severity::Medium,
        precondition: "",
        gain: "data of other namespaces, by binding a released volume to a claim of one's own",
        reference: "https://kubernetes.io/docs/concepts/security/rbac-good-practices/#persistent-volume-creation",
        scope: Scope::Cluster,
        needs: &[Need::new(CHANGE, "", &["persistentvolumes"])],
        find: find::CLUSTER,
    },
    Pattern {
        id: "snapshots-create",
        title: "Take snapshots of volumes, and claim them",
        severity: Severity::Medium,
        precondition: "the cluster has a snapshot controller",
        gain: "the data of every claim of the namespace",
        reference: "https://kubernetes.io/docs/concepts/storage/volume-snapshots/",
        scope: Scope::Namespaced,
        needs: &[
            Need::new(CREATE, "snapshot.storage.k8s.io", &["volumesnapshots"]),
            Need::new(CREATE, "", &["persistentvolumeclaims"]),
        ],
        find: find::SCOPE,
    },
    Pattern {
        id: "storageclasses-write",
        title: "Write StorageClasses",
        severity: Severity::Medium,
        precondition: "",
        gain: "new volumes are made with parameters of choice: without encryption, or on foreign storage",
        reference: "https://kubernetes.io/docs/concepts/storage/storage-classes/",
        scope: Scope::Cluster,
        needs: &[Need::new(WRITE, "storage.k8s.io", &["storageclasses"])],
        find: find::CLUSTER,
    },
    Pattern {
        id: "csidrivers-write",
        title: "Write CSIDrivers",
        severity: Severity::Medium,
        precondition: "pods mount volumes of the driver",
        gain: "the tokens that the driver asks the kubelet for, of all pods that mount its volumes",
        reference: "https://kubernetes-csi.github.io/docs/token-requests.html",
        scope: Scope::Cluster,
        needs: &[Need::new(WRITE, "storage.k8s.io", &["csidrivers"])],
        find: find::CLUSTER,
    },
];

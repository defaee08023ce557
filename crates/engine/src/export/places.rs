//! Where pod templates are in Kubernetes' own kinds.

use catalog::KindPattern;
use model::KubernetesVersion;
use schema::Schema;

use super::meaning::Role;

/// A place of pod templates, with the kinds that have it there.
#[derive(Debug)]
pub(super) struct Place {
    /// What policies for it are called.
    pub(super) name: &'static str,
    /// Group, kind and plural.
    kinds: &'static [(&'static str, &'static str, &'static str)],
    /// CEL for the pod spec.
    pub(super) spec: &'static str,
    /// CEL for the metadata of the pod.
    pub(super) metadata: &'static str,
    /// Whether pods there can have ephemeral containers.
    pub(super) has_ephemeral: bool,
}

/// A kind that a policy matches.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct MatchedKind {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    pub(super) plural: String,
}

/// The places, the pod itself first.
pub(super) const PLACES: &[Place] = &[
    Place {
        name: "pod",
        kinds: &[("", "Pod", "pods")],
        spec: "object.spec",
        metadata: "object.metadata",
        has_ephemeral: true,
    },
    Place {
        name: "template",
        kinds: &[
            ("apps", "DaemonSet", "daemonsets"),
            ("apps", "Deployment", "deployments"),
            ("apps", "ReplicaSet", "replicasets"),
            ("apps", "StatefulSet", "statefulsets"),
            ("batch", "Job", "jobs"),
            ("", "ReplicationController", "replicationcontrollers"),
        ],
        spec: "object.spec.template.spec",
        metadata: "object.spec.template.metadata",
        has_ephemeral: false,
    },
    Place {
        name: "cronjob",
        kinds: &[("batch", "CronJob", "cronjobs")],
        spec: "object.spec.jobTemplate.spec.template.spec",
        metadata: "object.spec.jobTemplate.spec.template.metadata",
        has_ephemeral: false,
    },
    Place {
        name: "podtemplate",
        kinds: &[("", "PodTemplate", "podtemplates")],
        spec: "object.template.spec",
        metadata: "object.template.metadata",
        has_ephemeral: false,
    },
];

impl Place {
    /// The kinds with this place that a control is for, in the versions that a minor serves.
    pub(super) fn kinds(
        &self,
        patterns: &[KindPattern],
        version: KubernetesVersion,
    ) -> Vec<MatchedKind> {
        let schema = Schema::embedded();
        let wanted = |group: &str, kind: &str| {
            patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(group, kind))
        };
        let kinds = self
            .kinds
            .iter()
            .filter(|(group, kind, _)| wanted(group, kind));
        kinds
            .filter_map(|(group, kind, plural)| {
                Some(MatchedKind {
                    group: (*group).to_owned(),
                    version: schema.best_version(group, kind, version.minor)?.to_owned(),
                    kind: (*kind).to_owned(),
                    plural: (*plural).to_owned(),
                })
            })
            .collect()
    }

    /// The kind, where there is only one.
    pub(super) fn only_kind(&self) -> Option<&'static str> {
        match self.kinds {
            [(_, kind, _)] => Some(kind),
            _ => None,
        }
    }
}

/// A list of containers of a pod.
#[derive(Debug)]
pub(super) struct ContainerList {
    pub(super) text: &'static str,
    pub(super) kind: Role,
    /// One of them, for people.
    pub(super) name: &'static str,
    pub(super) is_ephemeral: bool,
}

/// The lists of containers.
pub(super) const LISTS: &[ContainerList] = &[
    ContainerList {
        text: "variables.pod.containers",
        kind: Role::Main,
        name: "a container",
        is_ephemeral: false,
    },
    ContainerList {
        text: "variables.pod.?initContainers.orValue([])",
        kind: Role::Init,
        name: "an init container",
        is_ephemeral: false,
    },
    ContainerList {
        text: "variables.pod.?ephemeralContainers.orValue([])",
        kind: Role::Ephemeral,
        name: "an ephemeral container",
        is_ephemeral: true,
    },
];

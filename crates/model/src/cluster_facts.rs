//! What was seen of a cluster as a whole and is no finding.

use std::collections::BTreeMap;

use crate::severity::Severity;

/// What was seen of a cluster as a whole.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ClusterFacts {
    /// The version of the API server as it says it: `v1.35.4`.
    pub server_version: String,
    /// The feature gates of components, as far as they were seen.
    pub feature_gates: Vec<FeatureGates>,
    /// What decides about what may be written.
    pub admission: Admission,
    /// The published vulnerabilities of the versions that run; `None` where no database was there to ask.
    pub vulnerabilities: Option<Vec<ComponentVulnerability>>,
}

/// Feature gates of one component.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FeatureGates {
    /// Its name: `kube-apiserver`.
    pub component: String,
    /// What says it: `metrics`, all of them, or `flags`, those that are set.
    pub from: &'static str,
    /// Gates, and whether they are on.
    pub gates: BTreeMap<String, bool>,
}

/// What decides about what may be written.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Admission {
    /// The plugins that the API server runs; `None` where its flags were not seen.
    pub plugins: Option<Vec<String>>,
    /// Webhooks that change objects.
    pub mutating_webhooks: usize,
    /// Webhooks that refuse objects.
    pub validating_webhooks: usize,
    /// Policies in the API server that change objects.
    pub mutating_policies: usize,
    /// Policies in the API server that refuse objects.
    pub validating_policies: usize,
    /// What puts policies into force.
    pub policy_bindings: usize,
    /// Namespaces by the level of the Pod Security Standards that is enforced in them; `none` where none is.
    pub pod_security: BTreeMap<String, usize>,
}

/// A published vulnerability of a component of Kubernetes.
#[derive(Clone, PartialEq, Debug)]
pub struct ComponentVulnerability {
    /// The component as the advisory names it: `kubelet`.
    pub component: String,
    /// The version that runs, without the vendor's addition.
    pub version: String,
    /// What it is called: `CVE-2024-10220`.
    pub id: String,
    /// How grave it is, where that is known.
    pub severity: Option<Severity>,
    /// What it is, on one line.
    pub summary: String,
    /// The versions that fix it.
    pub fixed: Vec<String>,
}

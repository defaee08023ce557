//! What a report says of a cluster as a whole: the versions that run and what is published against them, feature gates, and
//! what decides about what may be written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use advisories::{Mapped, Query};
use document::NodeRef;
use engine::Engine;
use model::{
    Admission, ClusterFacts, Component, ComponentVulnerability, Configuration, FeatureGates,
    Inventory, KubernetesVersion, ProcessView, Resource, Severity, Surroundings,
};

use crate::db;

/// Feature gates, and whether they are on.
pub(crate) type Gates = BTreeMap<String, bool>;

/// The label that says which level of the Pod Security Standards is enforced.
const ENFORCED: &str = "pod-security.kubernetes.io/enforce";

/// What was read of a cluster.
pub(crate) struct Seen<'s> {
    pub(crate) inventory: &'s Inventory,
    pub(crate) engine: &'s Engine,
    /// Those of the API server, as its metrics say.
    pub(crate) gates: Gates,
}

impl Seen<'_> {
    /// What that says of the cluster as a whole. Without a database that is asked for, one is taken where it usually is; when
    /// there is none, standard error says so.
    pub(crate) fn facts(
        self,
        server_version: &str,
        database: Option<&Path>,
        is_quiet: bool,
    ) -> anyhow::Result<ClusterFacts> {
        let database = match database {
            Some(path) => Some(db::open(path)?),
            None => db::usual().map(|path| db::open(&path)).transpose()?,
        };
        if database.is_none() && !is_quiet {
            anstream::eprintln!(
                "note: no advisory database: what is published against Kubernetes {} is not looked up (`seawall db update`, or --db FILE)",
                upstream(server_version)
            );
        }
        let vulnerabilities =
            database.map(|database| self.vulnerabilities(server_version, &database));
        let processes: Vec<ProcessView<'_>> = self.processes();
        let mut feature_gates = Vec::new();
        if !self.gates.is_empty() {
            feature_gates.push(FeatureGates {
                component: Component::ApiServer.as_str().to_owned(),
                from: "metrics",
                gates: self.gates.clone(),
            });
        }
        feature_gates.extend(processes.iter().filter_map(gates_of));
        feature_gates.sort_by(|left, right| {
            (&left.component, left.from).cmp(&(&right.component, right.from))
        });
        feature_gates.dedup();
        Ok(ClusterFacts {
            server_version: server_version.to_owned(),
            feature_gates,
            admission: self.admission(&processes),
            vulnerabilities,
        })
    }

    /// The components that static pods run.
    fn processes(&self) -> Vec<ProcessView<'_>> {
        let resources = self.inventory.resources.iter();
        let pods = resources
            .filter(|one| &*one.kind == "Pod" && one.namespace.as_deref() == Some("kube-system"));
        let views = self.engine.views();
        pods.flat_map(|pod| ProcessView::of_resource(pod, &views.pods_of(pod)))
            .collect()
    }

    fn of_kind<'i>(&'i self, group: &'i str, kind: &'i str) -> impl Iterator<Item = &'i Resource> {
        let resources = self.inventory.resources.iter();
        resources.filter(move |one| *one.kind == *kind && one.group() == group)
    }

    fn admission(&self, processes: &[ProcessView<'_>]) -> Admission {
        const GROUP: &str = "admissionregistration.k8s.io";
        let count = |kind| self.of_kind(GROUP, kind).count();
        let webhooks = |kind| -> usize {
            let webhooks = self.of_kind(GROUP, kind);
            let webhooks = webhooks.filter_map(|one| one.object().get_str("webhooks"));
            webhooks.map(NodeRef::len).sum()
        };
        let mut pod_security = BTreeMap::new();
        for namespace in self.of_kind("", "Namespace") {
            let labels = namespace.object().get_str("metadata");
            let labels = labels.and_then(|metadata| metadata.get_str("labels"));
            let level = labels.and_then(|labels| labels.get_str(ENFORCED)?.as_str());
            let level =
                level.filter(|level| ["privileged", "baseline", "restricted"].contains(level));
            *pod_security
                .entry(level.unwrap_or("none").to_owned())
                .or_default() += 1;
        }
        let around = Around(self.engine.kubernetes_version());
        let mut servers = processes.iter();
        let server = servers.find(|one| one.component() == Component::ApiServer);
        let plugins = server.and_then(|server| server.plugins(&around).ok());
        Admission {
            plugins: plugins.map(|mut plugins| {
                plugins.sort();
                plugins
            }),
            mutating_webhooks: webhooks("MutatingWebhookConfiguration"),
            validating_webhooks: webhooks("ValidatingWebhookConfiguration"),
            mutating_policies: count("MutatingAdmissionPolicy"),
            validating_policies: count("ValidatingAdmissionPolicy"),
            policy_bindings: count("MutatingAdmissionPolicyBinding")
                + count("ValidatingAdmissionPolicyBinding"),
            pod_security,
        }
    }

    /// What is published against the API server and the kubelets, in the versions that run.
    fn vulnerabilities(&self, server: &str, database: &Mapped) -> Vec<ComponentVulnerability> {
        let mut running: BTreeSet<(&str, &str)> = BTreeSet::new();
        for component in ["kubernetes", "Kubernetes", "kube-apiserver"] {
            running.insert((component, upstream(server)));
        }
        for node in self.of_kind("", "Node") {
            let status = node.object().get_str("status");
            let info = status.and_then(|status| status.get_str("nodeInfo"));
            let version = info.and_then(|info| info.get_str("kubeletVersion")?.as_str());
            running.extend(version.map(|version| ("kubelet", upstream(version))));
        }
        let mut found = Vec::new();
        for (component, version) in running {
            let query = Query {
                ecosystem: "Kubernetes".to_owned(),
                name: component.to_owned(),
                version: version.to_owned(),
            };
            for one in database.matches(&query) {
                let detail = one.advisory.detail();
                found.push(ComponentVulnerability {
                    component: component.to_owned(),
                    version: version.to_owned(),
                    id: one.advisory.id().to_owned(),
                    severity: severity(one.advisory.severity()),
                    summary: detail.summary,
                    fixed: one.fixed.iter().map(|it| (*it).to_owned()).collect(),
                });
            }
        }
        found.sort_by(|left, right| {
            let key = |one: &ComponentVulnerability| {
                (
                    std::cmp::Reverse(one.severity.map(|it| it as u8)),
                    one.id.clone(),
                    one.component.clone(),
                )
            };
            (key(left), &left.version).cmp(&(key(right), &right.version))
        });
        found.dedup();
        found
    }
}

/// The version of Kubernetes in what a vendor calls its own: `1.31.2` of `v1.31.2-eks-7f9249a`.
fn upstream(version: &str) -> &str {
    let version = version.trim_start_matches('v');
    version.split(['-', '+']).next().unwrap_or_default()
}

/// The gates that the flags of a component set.
fn gates_of(process: &ProcessView<'_>) -> Option<FeatureGates> {
    let texts = process.texts("feature-gates").ok()?;
    let pairs = texts.iter().filter_map(|text| text.split_once('='));
    let gates: Gates = pairs
        .filter_map(|(name, value)| Some((name.trim().to_owned(), value.trim().parse().ok()?)))
        .collect();
    (!gates.is_empty()).then(|| FeatureGates {
        component: process.component().as_str().to_owned(),
        from: "flags",
        gates,
    })
}

fn severity(severity: advisories::Severity) -> Option<Severity> {
    match severity {
        advisories::Severity::Unknown => None,
        advisories::Severity::Low => Some(Severity::Low),
        advisories::Severity::Medium => Some(Severity::Medium),
        advisories::Severity::High => Some(Severity::High),
        advisories::Severity::Critical => Some(Severity::Critical),
    }
}

/// Flags alone decide here: what files say is for controls.
struct Around(KubernetesVersion);

impl<'a> Surroundings<'a> for Around {
    fn minor(&self) -> u32 {
        self.0.minor
    }

    fn configuration(&self, _: &str, _: &str) -> Configuration<'a> {
        Configuration::Missing
    }
}

#[cfg(test)]
mod tests {
    use super::upstream;

    #[test]
    fn versions_of_vendors_are_those_of_kubernetes() {
        for (version, expected) in [
            ("v1.35.4", "1.35.4"),
            ("v1.31.2-eks-7f9249a", "1.31.2"),
            ("v1.28.5-gke.100", "1.28.5"),
            ("v1.30.1+k3s1", "1.30.1"),
            ("", ""),
        ] {
            assert_eq!(upstream(version), expected);
        }
    }
}

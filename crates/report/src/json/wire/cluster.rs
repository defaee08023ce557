//! What a report says of a cluster as a whole.

use std::collections::BTreeMap;

use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cluster<'a> {
    server_version: &'a str,
    feature_gates: Vec<FeatureGates<'a>>,
    admission: Admission<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vulnerabilities: Option<Vec<Vulnerability<'a>>>,
}

#[derive(Serialize)]
struct FeatureGates<'a> {
    component: &'a str,
    from: &'a str,
    enabled: Vec<&'a str>,
    disabled: Vec<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Admission<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    plugins: Option<&'a [String]>,
    mutating_webhooks: usize,
    validating_webhooks: usize,
    mutating_policies: usize,
    validating_policies: usize,
    policy_bindings: usize,
    pod_security: &'a BTreeMap<String, usize>,
}

#[derive(Serialize)]
struct Vulnerability<'a> {
    advisory: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'a str>,
    component: &'a str,
    version: &'a str,
    summary: &'a str,
    fixed: &'a [String],
}

impl<'a> Cluster<'a> {
    pub(super) fn new(facts: &'a model::ClusterFacts) -> Self {
        let gates = facts.feature_gates.iter().map(|one| {
            let of = |is_on: bool| {
                let gates = one.gates.iter().filter(move |(_, on)| **on == is_on);
                gates.map(|(name, _)| name.as_str()).collect()
            };
            FeatureGates {
                component: &one.component,
                from: one.from,
                enabled: of(true),
                disabled: of(false),
            }
        });
        let model::Admission {
            plugins,
            mutating_webhooks,
            validating_webhooks,
            mutating_policies,
            validating_policies,
            policy_bindings,
            pod_security,
        } = &facts.admission;
        let vulnerability = |one: &'a model::ComponentVulnerability| Vulnerability {
            advisory: &one.id,
            severity: one.severity.map(model::Severity::as_str),
            component: &one.component,
            version: &one.version,
            summary: &one.summary,
            fixed: &one.fixed,
        };
        let published = facts.vulnerabilities.as_ref();
        Cluster {
            server_version: &facts.server_version,
            feature_gates: gates.collect(),
            admission: Admission {
                plugins: plugins.as_deref(),
                mutating_webhooks: *mutating_webhooks,
                validating_webhooks: *validating_webhooks,
                mutating_policies: *mutating_policies,
                validating_policies: *validating_policies,
                policy_bindings: *policy_bindings,
                pod_security,
            },
            vulnerabilities: published.map(|all| all.iter().map(vulnerability).collect()),
        }
    }
}

//! What an API server serves: each resource once, in the version that the server prefers.

use std::collections::BTreeSet;

use model::Problem;
use serde::de::DeserializeOwned;

use crate::api::{Api, Failure};
use crate::discovery_wire::{
    CoreVersions, Group, GroupDiscovery, GroupDiscoveryList, GroupList, GroupVersion,
    ListedResource, ResourceDiscovery, ResourceList,
};
use crate::naming::Naming;
use crate::problems;
use crate::served::Served;

/// All at once where the server can, else what it says otherwise.
const ACCEPT: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
                      application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,\
                      application/json";
const JSON: &str = "application/json";

/// What is served, and what does not answer.
#[derive(Clone, Debug, Default)]
pub struct Discovered {
    /// Sorted by group and name.
    pub served: Vec<Served>,
    /// API groups that another server stands behind, which does not answer.
    pub problems: Vec<Problem>,
}

/// Asks for everything that can be listed.
pub(crate) async fn discover(api: &Api, naming: &Naming) -> Result<Discovered, Failure> {
    let mut found = Found {
        naming,
        served: Vec::new(),
        problems: Vec::new(),
    };
    for path in ["/api", "/apis"] {
        let answer = api.get(path, ACCEPT).await?;
        let list: GroupDiscoveryList = read(&answer)?;
        if list.kind == "APIGroupDiscoveryList" {
            list.items.into_iter().for_each(|group| found.group(group));
        } else {
            found.one_by_one(api, groups(&answer)?).await;
        }
    }
    Ok(found.finish())
}

fn read<T: DeserializeOwned>(answer: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(answer)
        .map_err(|error| Failure::Network(format!("the answer cannot be understood: {error}")))
}

/// The groups of an answer that does not say everything at once.
fn groups(answer: &[u8]) -> Result<Vec<Group>, Failure> {
    let core: CoreVersions = read(answer)?;
    let mut groups = read::<GroupList>(answer)?.groups;
    if !core.versions.is_empty() {
        let versions = core
            .versions
            .into_iter()
            .map(|version| GroupVersion { version });
        groups.push(Group {
            versions: versions.collect(),
            ..Group::default()
        });
    }
    for group in &mut groups {
        let preferred = &group.preferred_version.version;
        group.versions.sort_by_key(|one| one.version != *preferred);
    }
    Ok(groups)
}

struct Found<'n> {
    naming: &'n Naming,
    /// The preferred versions first.
    served: Vec<Served>,
    problems: Vec<Problem>,
}

impl Found<'_> {
    fn group(&mut self, group: GroupDiscovery) {
        let name = group.metadata.name;
        for version in group.versions {
            if version.freshness == "Stale" {
                let path = path_of(&name, &version.version);
                let problem = problems::no_discovery(
                    &self.naming.path(&path),
                    &name,
                    "its server does not answer",
                );
                self.problems.push(problem);
            }
            let resources = version.resources.into_iter();
            let listed = resources.map(|resource| listed(resource, &name, &version.version));
            self.served.extend(listed.flatten());
        }
    }

    async fn one_by_one(&mut self, api: &Api, groups: Vec<Group>) {
        for group in groups {
            for version in &group.versions {
                let path = path_of(&group.name, &version.version);
                let answer = api.get(&path, JSON).await;
                match answer.and_then(|answer| read::<ResourceList>(&answer)) {
                    Ok(list) => {
                        let resources = list.resources.into_iter();
                        let listed =
                            resources.map(|one| listed_alone(one, &group.name, &version.version));
                        self.served.extend(listed.flatten());
                    }
                    Err(failure) => {
                        let reason = failure.to_string();
                        let problem =
                            problems::no_discovery(&self.naming.path(&path), &group.name, &reason);
                        self.problems.push(problem);
                    }
                }
            }
        }
    }

    /// Each resource once: the first version that has it.
    fn finish(mut self) -> Discovered {
        let mut known = BTreeSet::new();
        self.served
            .retain(|one| known.insert((one.group.clone(), one.plural.clone())));
        // Before Kubernetes 1.22 the same objects were served in two groups.
        let has_elsewhere = |plural: &str| {
            known
                .iter()
                .any(|(group, own)| group != "extensions" && own == plural)
        };
        self.served
            .retain(|one| one.group != "extensions" || !has_elsewhere(&one.plural));
        self.served
            .sort_by(|left, right| (&left.group, &left.plural).cmp(&(&right.group, &right.plural)));
        Discovered {
            served: self.served,
            problems: self.problems,
        }
    }
}

fn path_of(group: &str, version: &str) -> String {
    if group.is_empty() {
        format!("/api/{version}")
    } else {
        format!("/apis/{group}/{version}")
    }
}

fn listed(resource: ResourceDiscovery, group: &str, version: &str) -> Option<Served> {
    let kind = resource.response_kind?.kind;
    let resource = ListedResource {
        name: resource.resource,
        kind,
        namespaced: resource.scope == "Namespaced",
        singular_name: resource.singular_resource,
        short_names: resource.short_names,
        verbs: resource.verbs,
    };
    listed_alone(resource, group, version)
}

/// `None` for what cannot be listed, and for parts of others such as `pods/log`.
fn listed_alone(resource: ListedResource, group: &str, version: &str) -> Option<Served> {
    let is_whole = is_word(&resource.name) && is_word(&resource.kind) && is_word(version);
    let can = |wanted: &str| resource.verbs.iter().any(|verb| verb == wanted);
    let (can_list, can_watch) = (can("list"), can("watch"));
    let names = resource
        .short_names
        .into_iter()
        .chain([resource.singular_name]);
    (is_whole && can_list).then(|| Served {
        group: group.to_owned(),
        version: version.to_owned(),
        plural: resource.name,
        kind: resource.kind,
        is_namespaced: resource.namespaced,
        can_watch,
        names: names.filter(|name| !name.is_empty()).collect(),
    })
}

/// Whether a text can stand in a path as it is.
pub(crate) fn is_word(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    !text.is_empty() && text.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(groups: &str) -> Discovered {
        let naming = Naming::new("test");
        let list: GroupDiscoveryList = serde_json::from_str(groups).unwrap_or_default();
        let mut found = Found {
            naming: &naming,
            served: Vec::new(),
            problems: Vec::new(),
        };
        list.items.into_iter().for_each(|group| found.group(group));
        found.finish()
    }

    #[test]
    fn the_preferred_version_is_read_and_broken_groups_are_problems() {
        let discovered = found(
            r#"{"items":[
            {"metadata":{"name":"autoscaling"},"versions":[
              {"version":"v2","freshness":"Current","resources":[
                {"resource":"hpas","responseKind":{"kind":"HPA"},"scope":"Namespaced","verbs":["get","list"],"shortNames":["h"]},
                {"resource":"tokens","responseKind":{"kind":"Token"},"scope":"Namespaced","verbs":["create"]}]},
              {"version":"v1","resources":[
                {"resource":"hpas","responseKind":{"kind":"HPA"},"scope":"Namespaced","verbs":["list"]},
                {"resource":"old","responseKind":{"kind":"Old"},"scope":"Cluster","verbs":["list"]}]}]},
            {"metadata":{"name":"extensions"},"versions":[{"version":"v1beta1","resources":[
                {"resource":"old","responseKind":{"kind":"Old"},"scope":"Cluster","verbs":["list"]},
                {"resource":"../x","responseKind":{"kind":"X"},"scope":"Cluster","verbs":["list"]}]}]},
            {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale"}]}]}"#,
        );
        let served: Vec<String> = discovered.served.iter().map(|one| one.path(None)).collect();
        assert_eq!(
            served,
            ["/apis/autoscaling/v2/hpas", "/apis/autoscaling/v1/old"]
        );
        assert!(discovered.served[0].is_called("H") && !discovered.served[1].is_namespaced);
        let problems: Vec<&str> = discovered.problems.iter().map(|one| &*one.file).collect();
        assert_eq!(problems, ["cluster://test/apis/metrics.k8s.io/v1beta1"]);
    }

    #[test]
    fn groups_that_are_only_named_are_asked_preferred_version_first() {
        let answer = br#"{"kind":"APIGroupList","groups":[{"name":"apps","versions":[{"version":"v1beta1"},{"version":"v1"}],"preferredVersion":{"version":"v1"}}]}"#;
        let all = groups(answer).unwrap_or_default();
        let versions: Vec<&str> = all[0].versions.iter().map(|one| &*one.version).collect();
        assert_eq!((&*all[0].name, versions), ("apps", vec!["v1", "v1beta1"]));
        let core = groups(br#"{"kind":"APIVersions","versions":["v1"]}"#).unwrap_or_default();
        assert_eq!((&*core[0].name, &*core[0].versions[0].version), ("", "v1"));
    }
}

//! What API servers say about what they serve: all at once (since Kubernetes 1.26), or group by group.

use serde::Deserialize;

/// The answer of `/api` and `/apis` that says everything at once.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct GroupDiscoveryList {
    pub(crate) kind: String,
    pub(crate) items: Vec<GroupDiscovery>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct GroupDiscovery {
    pub(crate) metadata: Metadata,
    /// The preferred one first.
    pub(crate) versions: Vec<VersionDiscovery>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Metadata {
    pub(crate) name: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct VersionDiscovery {
    pub(crate) version: String,
    /// `Stale` where another server stands behind it and does not answer.
    pub(crate) freshness: String,
    pub(crate) resources: Vec<ResourceDiscovery>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ResourceDiscovery {
    pub(crate) resource: String,
    pub(crate) response_kind: Option<ResponseKind>,
    pub(crate) scope: String,
    pub(crate) singular_resource: String,
    pub(crate) short_names: Vec<String>,
    pub(crate) verbs: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct ResponseKind {
    pub(crate) kind: String,
}

/// The answer of `/apis` that only names the groups.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct GroupList {
    pub(crate) groups: Vec<Group>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) versions: Vec<GroupVersion>,
    pub(crate) preferred_version: GroupVersion,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct GroupVersion {
    pub(crate) version: String,
}

/// The answer of `/api`.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct CoreVersions {
    pub(crate) versions: Vec<String>,
}

/// The answer of one group and version.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct ResourceList {
    pub(crate) resources: Vec<ListedResource>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ListedResource {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) namespaced: bool,
    pub(crate) singular_name: String,
    pub(crate) short_names: Vec<String>,
    pub(crate) verbs: Vec<String>,
}

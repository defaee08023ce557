//! The resources that an API server serves, by the names that people and roles call them.

use document::NodeRef;
use schema::Schema;

use crate::inventory::Inventory;

/// A resource type: what `deployments.apps` stands for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ApiResource {
    /// The API group; empty for the core group.
    pub group: String,
    /// The name in paths and in roles: `deployments`.
    pub plural: String,
    /// `deployment`.
    pub singular: String,
    /// Other short names: `deploy`.
    pub short: Vec<String>,
    /// Whether its objects live in namespaces, where that is known.
    pub is_namespaced: Option<bool>,
}

/// All that is known, sorted: Kubernetes' own resources, and those of the custom resource definitions of an inventory.
#[derive(Clone, Debug)]
pub struct ApiResources(Vec<ApiResource>);

/// Short names of Kubernetes' own resources, as its API servers publish them.
const SHORT: &[(&str, &str, &[&str])] = &[
    ("", "componentstatuses", &["cs"]),
    ("", "configmaps", &["cm"]),
    ("", "endpoints", &["ep"]),
    ("", "events", &["ev"]),
    ("", "limitranges", &["limits"]),
    ("", "namespaces", &["ns"]),
    ("", "nodes", &["no"]),
    ("", "persistentvolumeclaims", &["pvc"]),
    ("", "persistentvolumes", &["pv"]),
    ("", "pods", &["po"]),
    ("", "replicationcontrollers", &["rc"]),
    ("", "resourcequotas", &["quota"]),
    ("", "serviceaccounts", &["sa"]),
    ("", "services", &["svc"]),
    (
        "apiextensions.k8s.io",
        "customresourcedefinitions",
        &["crd", "crds"],
    ),
    ("apps", "daemonsets", &["ds"]),
    ("apps", "deployments", &["deploy"]),
    ("apps", "replicasets", &["rs"]),
    ("apps", "statefulsets", &["sts"]),
    ("autoscaling", "horizontalpodautoscalers", &["hpa"]),
    ("batch", "cronjobs", &["cj"]),
    (
        "certificates.k8s.io",
        "certificatesigningrequests",
        &["csr"],
    ),
    ("events.k8s.io", "events", &["ev"]),
    ("networking.k8s.io", "ingresses", &["ing"]),
    ("networking.k8s.io", "networkpolicies", &["netpol"]),
    ("policy", "poddisruptionbudgets", &["pdb"]),
    ("scheduling.k8s.io", "priorityclasses", &["pc"]),
    ("storage.k8s.io", "storageclasses", &["sc"]),
];

/// What only authorizers know: nothing is stored under these names.
const VIRTUAL: &[(&str, &str)] = &[
    ("", "groups"),
    ("", "users"),
    ("authentication.k8s.io", "uids"),
    ("authentication.k8s.io", "userextras"),
    ("certificates.k8s.io", "signers"),
];

impl ApiResources {
    /// Those of Kubernetes, and those of the definitions in an inventory.
    pub fn new(schema: Schema<'_>, inventory: &Inventory) -> Self {
        // A list and the body of a subresource have no scope, and are no resources.
        let served = schema.kinds().filter_map(|kind| {
            let is_namespaced = kind.is_namespaced?;
            let plural = plural_of_kind(kind.kind);
            let same = |row: &&(&str, &str, &[&str])| row.0 == kind.group && row.1 == plural;
            let short = SHORT.iter().find(same).map_or(&[][..], |row| row.2);
            Some(ApiResource {
                group: kind.group.to_owned(),
                singular: kind.kind.to_lowercase(),
                short: short.iter().map(|&name| name.to_owned()).collect(),
                is_namespaced: Some(is_namespaced),
                plural,
            })
        });
        let unserved = VIRTUAL.iter().map(|&(group, plural)| ApiResource {
            group: group.to_owned(),
            plural: plural.to_owned(),
            singular: plural.trim_end_matches('s').to_owned(),
            short: Vec::new(),
            is_namespaced: Some(false),
        });
        let definitions = inventory.resources.iter().filter(|resource| {
            &*resource.kind == "CustomResourceDefinition"
                && resource.group() == "apiextensions.k8s.io"
        });
        let custom = definitions.filter_map(|resource| defined(resource.object()));
        let mut all: Vec<ApiResource> = served.chain(unserved).chain(custom).collect();
        all.sort();
        all.dedup_by(|later, first| later.group == first.group && later.plural == first.plural);
        ApiResources(all)
    }

    /// All of them, by group and name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &ApiResource> {
        self.0.iter()
    }

    /// Whether a group is one of Kubernetes itself, today or in the past: what such a group has is known as a whole.
    pub fn is_own_group(group: &str) -> bool {
        schema::is_own_group(group)
    }

    /// Those that a word means, in any case: plural, singular or short name. Kubernetes' first groups come first.
    pub fn named(&self, word: &str) -> impl Iterator<Item = &ApiResource> {
        let word = word.to_lowercase();
        self.0.iter().filter(move |resource| {
            resource.plural == word || resource.singular == word || resource.short.contains(&word)
        })
    }

    /// The resource of a group and plural name.
    pub fn find(&self, group: &str, plural: &str) -> Option<&ApiResource> {
        let key =
            |row: &ApiResource| (row.group.as_str(), row.plural.as_str()).cmp(&(group, plural));
        let position = self.0.binary_search_by(key).ok()?;
        self.0.get(position)
    }
}

/// What a custom resource definition defines.
fn defined(definition: NodeRef<'_>) -> Option<ApiResource> {
    let spec = definition.get_str("spec")?;
    let names = spec.get_str("names")?;
    let text = |node: NodeRef<'_>, key| node.get_str(key)?.as_str().map(str::to_owned);
    let kind = text(names, "kind");
    let short = names.get_str("shortNames");
    let short = short.iter().flat_map(|list| list.items());
    Some(ApiResource {
        group: text(spec, "group")?,
        plural: text(names, "plural")?,
        singular: text(names, "singular").or_else(|| Some(kind?.to_lowercase()))?,
        short: short
            .filter_map(|name| Some(name.as_str()?.to_owned()))
            .collect(),
        is_namespaced: text(spec, "scope").map(|scope| scope == "Namespaced"),
    })
}

/// The name in paths of a kind's resource, as Kubernetes and the generators of custom resource definitions form it:
/// `Ingress` is served as `ingresses`, `Gateway` as `gateways`.
pub fn plural_of_kind(kind: &str) -> String {
    let singular = kind.to_lowercase();
    if singular == "endpoints" {
        return singular;
    }
    let takes_es = ["s", "x", "ch", "sh"];
    match singular.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        None if takes_es.iter().any(|end| singular.ends_with(end)) => singular + "es",
        _ => singular + "s",
    }
}

#[cfg(test)]
mod tests {
    use schema::Schema;

    use super::{ApiResources, plural_of_kind};
    use crate::inventory::Inventory;
    use crate::testing::resources;

    #[track_caller]
    fn check(inventory: &Inventory, word: &str, expected: &[&str]) {
        let resources = ApiResources::new(Schema::embedded(), inventory);
        let found = resources.named(word);
        let found: Vec<String> = found
            .map(|it| format!("{}.{} {:?}", it.plural, it.group, it.is_namespaced))
            .collect();
        assert_eq!(found, expected, "{word}");
    }

    #[test]
    fn a_resource_has_several_names() {
        let none = Inventory::default();
        for word in ["deployments", "Deployment", "deploy"] {
            check(&none, word, &["deployments.apps Some(true)"]);
        }
        check(
            &none,
            "netpol",
            &["networkpolicies.networking.k8s.io Some(true)"],
        );
        check(
            &none,
            "ingress",
            &["ingresses.networking.k8s.io Some(true)"],
        );
        check(&none, "endpoints", &["endpoints. Some(true)"]);
        check(&none, "sc", &["storageclasses.storage.k8s.io Some(false)"]);
        check(
            &none,
            "signers",
            &["signers.certificates.k8s.io Some(false)"],
        );
        check(&none, "podlist", &[]);
    }

    #[test]
    fn the_core_group_comes_first() {
        check(
            &Inventory::default(),
            "events",
            &["events. Some(true)", "events.events.k8s.io Some(true)"],
        );
    }

    #[test]
    fn custom_resources_are_known_by_their_definitions() {
        let inventory = Inventory::new(resources(
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: widgets.example.com}\n\
             spec:\n  group: example.com\n  scope: Cluster\n  names: {kind: Widget, plural: widgets, shortNames: [wd]}\n",
        ));
        for word in ["wd", "widget", "widgets"] {
            check(&inventory, word, &["widgets.example.com Some(false)"]);
        }
    }

    #[test]
    fn plurals_are_those_of_paths() {
        let check = |kind: &str, expected: &str| assert_eq!(plural_of_kind(kind), expected);
        check("Pod", "pods");
        check("Endpoints", "endpoints");
        check("Ingress", "ingresses");
        check("NetworkPolicy", "networkpolicies");
        check("CSIStorageCapacity", "csistoragecapacities");
        check("StorageClass", "storageclasses");
        check("Gateway", "gateways");
        check("EndpointSlice", "endpointslices");
    }

    #[test]
    fn every_short_name_belongs_to_a_resource() {
        let resources = ApiResources::new(Schema::embedded(), &Inventory::default());
        for (group, plural, _) in super::SHORT {
            assert!(resources.find(group, plural).is_some(), "{plural}.{group}");
        }
    }
}

//! What an API server serves, by the names that paths and permissions have.

/// A resource type that can be listed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Served {
    /// The API group; empty for the core group.
    pub group: String,
    /// The version that is read: the one that the server prefers of those that serve it.
    pub version: String,
    /// The name in paths and permissions: `deployments`.
    pub plural: String,
    /// Kind of its objects.
    pub kind: String,
    /// Whether its objects live in namespaces.
    pub is_namespaced: bool,
    /// Whether the server tells of changes.
    pub can_watch: bool,
    /// Other names that people use: `deployment`, `deploy`.
    pub names: Vec<String>,
}

impl Served {
    /// `group/version`, or the version alone for the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// `deployments.apps`, or `pods` for the core group.
    pub fn full_name(&self) -> String {
        if self.group.is_empty() {
            self.plural.clone()
        } else {
            format!("{}.{}", self.plural, self.group)
        }
    }

    /// The path of its list: of all namespaces, or of one.
    pub fn path(&self, namespace: Option<&str>) -> String {
        let Served {
            group,
            version,
            plural,
            ..
        } = self;
        let prefix = if group.is_empty() {
            format!("/api/{version}")
        } else {
            format!("/apis/{group}/{version}")
        };
        match namespace {
            Some(namespace) => format!("{prefix}/namespaces/{namespace}/{plural}"),
            None => format!("{prefix}/{plural}"),
        }
    }

    /// Whether a word of the command line means it: its kind, its plural or another name, or `plural.group`, in any case.
    pub fn is_called(&self, word: &str) -> bool {
        let is = |name: &str| name.eq_ignore_ascii_case(word);
        is(&self.kind)
            || is(&self.plural)
            || is(&self.full_name())
            || self.names.iter().any(|name| is(name))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::Served;

    pub(crate) fn served(
        api_version: &str,
        plural: &str,
        kind: &str,
        is_namespaced: bool,
    ) -> Served {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Served {
            group: group.to_owned(),
            version: version.to_owned(),
            plural: plural.to_owned(),
            kind: kind.to_owned(),
            is_namespaced,
            can_watch: true,
            names: vec![kind.to_lowercase()],
        }
    }

    #[test]
    fn paths_are_those_of_the_api() {
        let pods = served("v1", "pods", "Pod", true);
        assert_eq!(pods.path(None), "/api/v1/pods");
        assert_eq!(pods.path(Some("shop")), "/api/v1/namespaces/shop/pods");
        let deployments = served("apps/v1", "deployments", "Deployment", true);
        assert_eq!(deployments.path(None), "/apis/apps/v1/deployments");
        assert_eq!(deployments.api_version(), "apps/v1");
    }

    #[test]
    fn names_are_those_that_people_use() {
        let deployments = served("apps/v1", "deployments", "Deployment", true);
        for name in [
            "Deployment",
            "deployments",
            "deployment",
            "deployments.apps",
        ] {
            assert!(deployments.is_called(name), "{name}");
        }
        for name in ["apps", "deployments.extensions", "deploy"] {
            assert!(!deployments.is_called(name), "{name}");
        }
    }
}

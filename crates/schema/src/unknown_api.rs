//! Whether Kubernetes ever had an API, and which one may have been meant where it never had.
//!
//! Only names in Kubernetes' own groups, and slips of the pen for them, are judged: any other group may be
//! that of a custom resource or of some tool's configuration file.

use std::cmp::Reverse;

use crate::lifecycle::{Lifecycle, lifecycle, lifecycles, lifecycles_of};
use crate::nearest::{distance, fold};
use crate::schema::{KindInfo, Schema, Stability};

/// An API of Kubernetes' own groups that no version of Kubernetes has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum UnknownApi {
    /// There is no such kind.
    Kind {
        /// The kind that may have been meant, with its `apiVersion` in parentheses where that differs.
        near: Option<String>,
    },
    /// The kind exists, elsewhere.
    ApiVersion {
        /// Where it is.
        near: String,
    },
}

/// The groups of Kubernetes itself, today's and those that are gone.
const GROUPS: [&str; 27] = [
    "",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "apps",
    "auditregistration.k8s.io",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "extensions",
    "flowcontrol.apiserver.k8s.io",
    "internal.apiserver.k8s.io",
    "lifecycle.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "settings.k8s.io",
    "storage.k8s.io",
    "storagemigration.k8s.io",
];

/// Whether a group is one of Kubernetes itself, today or in the past; that of the first API is empty.
pub fn is_own_group(group: &str) -> bool {
    GROUPS.contains(&group)
}

/// Kinds that files call `v1` although the core has none of them: what clients and components read
/// themselves, and `OpenShift`'s own from before it had API groups.
const BORROWED: [&str; 49] = [
    "AppliedClusterResourceQuota",
    "Build",
    "BuildConfig",
    "BuildLog",
    "BuildRequest",
    "ClusterNetwork",
    "ClusterResourceQuota",
    "Config",
    "DeleteOptions",
    "DeploymentConfig",
    "DeploymentConfigRollback",
    "DeploymentLog",
    "DeploymentRequest",
    "EgressNetworkPolicy",
    "EncryptionConfig",
    "Group",
    "HostSubnet",
    "Identity",
    "Image",
    "ImageSignature",
    "ImageStream",
    "ImageStreamImage",
    "ImageStreamImport",
    "ImageStreamMapping",
    "ImageStreamTag",
    "List",
    "MasterConfig",
    "NetNamespace",
    "NodeConfig",
    "OAuthAccessToken",
    "OAuthAuthorizeToken",
    "OAuthClient",
    "OAuthClientAuthorization",
    "PodSecurityPolicyReview",
    "PodSecurityPolicySelfSubjectReview",
    "PodSecurityPolicySubjectReview",
    "Policy",
    "ProcessedTemplate",
    "Project",
    "ProjectRequest",
    "ResourceAccessReview",
    "RoleBindingRestriction",
    "Route",
    "SecurityContextConstraints",
    "Status",
    "Template",
    "TemplateInstance",
    "User",
    "UserIdentityMapping",
];

/// Edits that still count as a slip of the pen.
const SLIPS: usize = 3;

impl<'s> Schema<'s> {
    /// What is wrong with an API that no version of Kubernetes has; `None` for those that some version has,
    /// and for those that are not Kubernetes' own.
    pub fn unknown_api(&self, api_version: &str, kind: &str) -> Option<UnknownApi> {
        let (group, version) = split(api_version);
        // The API server answers with lists of every kind.
        let single = kind
            .strip_suffix("List")
            .filter(|one| !one.is_empty())
            .unwrap_or(kind);
        let is_own = is_own(group);
        if is_own && (self.has(group, version, kind) || self.has(group, version, single)) {
            return None;
        }
        let mut homes: Vec<Home<'_>> = self.homes_of(kind).collect();
        homes.sort_by_key(|home| home.rank(group));
        let is_core = group.is_empty();
        if !is_own {
            return misspelt_group(group, &homes);
        }
        if let Some(home) = homes.first() {
            return Some(UnknownApi::ApiVersion {
                near: home.api_version(),
            });
        }
        if is_core && version == "v1" && BORROWED.binary_search(&single).is_ok() {
            return None;
        }
        let near = self
            .nearest_kind(group, kind)
            .map(|home| home.named_from(api_version));
        // Whoever has versions without groups beside `v1` is not Kubernetes.
        (!is_core || version == "v1" || near.is_some()).then_some(UnknownApi::Kind { near })
    }

    fn has(&self, group: &str, version: &str, kind: &str) -> bool {
        self.kinds_of(group, version, kind).next().is_some()
            || lifecycle(group, version, kind).is_some()
    }

    /// All APIs that there were.
    fn homes(&self) -> impl Iterator<Item = Home<'s>> + use<'s> {
        let gone = lifecycles().iter().map(Home::from);
        self.kinds().map(Home::from).chain(gone)
    }

    /// Those of one kind.
    fn homes_of<'k>(&self, kind: &'k str) -> impl Iterator<Item = Home<'s>> + use<'s, 'k> {
        let gone = lifecycles_of(kind).iter().map(Home::from);
        self.kinds_named(kind).map(Home::from).chain(gone)
    }

    fn nearest_kind(&self, group: &str, kind: &str) -> Option<Home<'s>> {
        let limit = (kind.len() / 3).clamp(1, SLIPS);
        let folded = fold(kind);
        let edits = |home: &Home<'_>| {
            if fold(home.kind) == folded {
                return Some(0);
            }
            distance(kind, home.kind, limit)
        };
        let near = self.homes().filter_map(|home| Some((edits(&home)?, home)));
        near.min_by_key(|(edits, home)| (home.group != group, *edits, home.rank(group)))
            .map(|(_, home)| home)
    }
}

/// One API that Kubernetes has or had.
#[derive(Clone, Copy, Debug)]
struct Home<'s> {
    group: &'s str,
    version: &'s str,
    kind: &'s str,
    /// Whether the newest version known here serves it.
    is_served: bool,
}

impl<'s> From<KindInfo<'s>> for Home<'s> {
    fn from(info: KindInfo<'s>) -> Self {
        let KindInfo {
            group,
            version,
            kind,
            ..
        } = info;
        Home {
            group,
            version,
            kind,
            is_served: info.until.is_none(),
        }
    }
}

impl<'s> From<&'s Lifecycle> for Home<'s> {
    fn from(row: &'s Lifecycle) -> Self {
        let (group, version) = split(row.api_version);
        Home {
            group,
            version,
            kind: row.kind,
            is_served: false,
        }
    }
}

impl<'s> Home<'s> {
    /// The best to propose come first: those that are served, those of the group that is written, the stable.
    fn rank(&self, group: &str) -> (bool, bool, Reverse<Stability>, &'s str, &'s str) {
        (
            !self.is_served,
            self.group != group,
            Reverse(Stability::of(self.version)),
            self.group,
            self.version,
        )
    }

    fn api_version(&self) -> String {
        match self.group {
            "" => self.version.to_owned(),
            group => format!("{group}/{}", self.version),
        }
    }

    fn named_from(&self, written: &str) -> String {
        let own = self.api_version();
        if own == written {
            self.kind.to_owned()
        } else {
            format!("{} ({own})", self.kind)
        }
    }
}

fn split(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

fn is_own(group: &str) -> bool {
    GROUPS.binary_search(&group).is_ok()
}

/// A kind of Kubernetes in a group that is nearly the right one, or that can be nobody's: the names of
/// groups of custom resources have a dot.
fn misspelt_group(group: &str, homes: &[Home<'_>]) -> Option<UnknownApi> {
    let edits = |home: &&Home<'_>| distance(group, home.group, SLIPS - 1);
    let near = homes
        .iter()
        .filter(|home| edits(home).is_some())
        .min_by_key(edits);
    let near = near.or_else(|| homes.first().filter(|_| !group.contains('.')))?;
    Some(UnknownApi::ApiVersion {
        near: near.api_version(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_groups_are_those_of_the_tables() {
        let schema = Schema::embedded();
        let found: BTreeSet<&str> = schema.homes().map(|home| home.group).collect();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), GROUPS);
    }

    #[test]
    fn borrowed_kinds_are_sorted_and_foreign() {
        assert!(BORROWED.is_sorted());
        for kind in BORROWED {
            assert!(!Schema::embedded().has("", "v1", kind), "{kind}");
        }
    }
}

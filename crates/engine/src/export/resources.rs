//! Which resources of the API a policy matches.

use std::collections::BTreeSet;

use catalog::{Control, KindPattern, Scope};
use model::{KubernetesVersion, plural_of_kind};
use schema::Schema;

use super::places::{MatchedKind, Place};

/// A rule of `matchConstraints`: everything of one group and version.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct ResourceRule {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) resources: Vec<String>,
}

/// The rules for the kinds of a place; ephemeral containers of pods come by a resource of their own.
pub(super) fn of_pods(place: &Place, kinds: &[MatchedKind]) -> Vec<ResourceRule> {
    let mut rules = grouped(kinds);
    if place.has_ephemeral {
        for rule in &mut rules {
            rule.resources.push("pods/ephemeralcontainers".to_owned());
        }
    }
    rules
}

/// The rules for the kinds that a control is for; the reason when there are none.
pub(super) fn of_objects(
    control: &Control,
    version: KubernetesVersion,
) -> Result<Vec<ResourceRule>, String> {
    let header = &control.header;
    let own = match header.scope {
        Scope::RbacRule => vec![rbac("Role"), rbac("ClusterRole")],
        Scope::Binding => vec![rbac("RoleBinding"), rbac("ClusterRoleBinding")],
        Scope::ServiceAccount => vec![core("ServiceAccount")],
        Scope::Service => vec![core("Service")],
        Scope::Namespace => vec![core("Namespace")],
        Scope::Node => vec![core("Node")],
        _ => header.kinds.clone(),
    };
    if own.contains(&KindPattern::Any) {
        return Ok(vec![ResourceRule {
            group: "*".to_owned(),
            version: "*".to_owned(),
            resources: vec!["*".to_owned()],
        }]);
    }
    let is_wanted = |kind: &MatchedKind| {
        header.kinds.is_empty()
            || header
                .kinds
                .iter()
                .any(|pattern| pattern.matches(&kind.group, &kind.kind))
    };
    let kinds: BTreeSet<MatchedKind> = own
        .iter()
        .flat_map(|pattern| served(pattern, version))
        .filter(is_wanted)
        .collect();
    if kinds.is_empty() {
        return Err(format!(
            "Kubernetes {version} serves none of the kinds that it is for"
        ));
    }
    Ok(grouped(&kinds.into_iter().collect::<Vec<_>>()))
}

fn core(kind: &str) -> KindPattern {
    KindPattern::Grouped {
        group: String::new(),
        kind: kind.to_owned(),
    }
}

fn rbac(kind: &str) -> KindPattern {
    KindPattern::Grouped {
        group: "rbac.authorization.k8s.io".to_owned(),
        kind: kind.to_owned(),
    }
}

/// The kinds of a pattern in the best version that a minor serves. Kinds of custom resources are taken as they are:
/// any version, and the plural that Kubernetes would guess.
fn served(pattern: &KindPattern, version: KubernetesVersion) -> Vec<MatchedKind> {
    let schema = Schema::embedded();
    let mut found: Vec<MatchedKind> = schema
        .kinds()
        .filter(|info| pattern.matches(info.group, info.kind))
        .filter_map(|info| {
            let best = schema.best_version(info.group, info.kind, version.minor)?;
            (best == info.version).then(|| MatchedKind {
                group: info.group.to_owned(),
                version: best.to_owned(),
                kind: info.kind.to_owned(),
                plural: plural_of_kind(info.kind),
            })
        })
        .collect();
    if let KindPattern::Grouped { group, kind } = pattern
        && found.is_empty()
        && group.contains('.')
        && !is_own(group)
    {
        found.push(MatchedKind {
            group: group.clone(),
            version: "*".to_owned(),
            kind: kind.clone(),
            plural: plural_of_kind(kind),
        });
    }
    found
}

/// Whether a group is Kubernetes' own, so that the schema knows all of its kinds. Projects of its special interest
/// groups have names such as `gateway.networking.k8s.io` and `agents.x-k8s.io`.
fn is_own(group: &str) -> bool {
    let known = Schema::embedded().kinds().any(|info| info.group == group);
    let is_file = ["audit.k8s.io", "apiserver.config.k8s.io"].contains(&group)
        || group.ends_with(".config.k8s.io");
    known || is_file
}

fn grouped(kinds: &[MatchedKind]) -> Vec<ResourceRule> {
    let mut rules: Vec<ResourceRule> = Vec::new();
    for kind in kinds {
        let is_same =
            |rule: &&mut ResourceRule| rule.group == kind.group && rule.version == kind.version;
        match rules.iter_mut().find(is_same) {
            Some(rule) => rule.resources.push(kind.plural.clone()),
            None => rules.push(ResourceRule {
                group: kind.group.clone(),
                version: kind.version.clone(),
                resources: vec![kind.plural.clone()],
            }),
        }
    }
    rules.sort();
    rules
}

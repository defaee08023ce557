//! Words that name assets, as people write them: `deployment/shop/web`, `secrets/shop`, `user/jane`.

use crate::asset::{Asset, AssetId, Kind};
use crate::graph::Graph;

/// Words for kinds beside their own.
const WORDS: &[(&str, Kind)] = &[
    ("sa", Kind::ServiceAccount),
    ("serviceaccount", Kind::ServiceAccount),
    ("secrets", Kind::AllSecrets),
    ("pods", Kind::AllPods),
    ("nodes", Kind::NodeRoot),
    ("cloud", Kind::CloudIdentity),
    ("role", Kind::PermissionSet),
    ("clusterrole", Kind::PermissionSet),
    ("admin", Kind::ClusterAdmin),
];

/// What subjects of permissions begin with.
const SUBJECTS: [&str; 3] = ["sa", "user", "group"];

impl Graph<'_> {
    /// The assets that a word names: a kind, and behind slashes a namespace and a name. A kind alone means all of it;
    /// `secrets/shop` every Secret of a namespace; without a kind a pod or its workload is meant. Subjects may be written
    /// as questions about permissions have them: `sa:shop/web`, `user:jane`.
    pub fn select(&self, word: &str) -> Vec<AssetId> {
        let as_subject = word
            .split_once(':')
            .and_then(|(kind, name)| SUBJECTS.contains(&kind).then(|| format!("{kind}/{name}")));
        let word = as_subject.as_deref().unwrap_or(word);
        let parts: Vec<&str> = word.split('/').collect();
        let Some((&first, rest)) = parts.split_first() else {
            return Vec::new();
        };
        let lower = first.to_ascii_lowercase();
        let known = WORDS.iter().find(|(word, _)| *word == lower);
        let kind = known.map(|(_, kind)| *kind).or_else(|| {
            let mut kinds = Kind::ALL.iter().copied();
            kinds.find(|kind| kind.as_str() == lower)
        });
        match kind {
            // A node by its name is one node; without it any will do.
            Some(Kind::Node) if rest.is_empty() => self.of_kind(Kind::NodeRoot, &[]),
            Some(Kind::Pod) if !rest.is_empty() => self.pods("", rest),
            Some(kind) => self.of_kind(kind, rest),
            None => {
                let of_workload = self.pods(&lower, rest);
                if of_workload.is_empty() {
                    self.pods("", &parts)
                } else {
                    of_workload
                }
            }
        }
    }

    fn of_kind(&self, kind: Kind, rest: &[&str]) -> Vec<AssetId> {
        let is_meant = |id: &AssetId| {
            let asset = self.asset(*id);
            asset.kind == kind && is_named(asset, rest)
        };
        self.ids().filter(is_meant).collect()
    }

    /// Classes of pods by a workload, in any namespace unless it is named; or by one of their pods.
    fn pods(&self, kind: &str, rest: &[&str]) -> Vec<AssetId> {
        if rest.is_empty() {
            return Vec::new();
        }
        let is_meant = |id: &AssetId| {
            let asset = self.asset(*id);
            let is_of_kind = kind.is_empty() || asset.resource_kind.eq_ignore_ascii_case(kind);
            asset.kind == Kind::Pod && is_of_kind && is_named(asset, rest)
        };
        let mut found: Vec<AssetId> = self.ids().filter(is_meant).collect();
        if found.is_empty() && (kind.is_empty() || kind == "pod") {
            found = match rest {
                [namespace, name] => self.pod_named(namespace, name).into_iter().collect(),
                [name] => self.pods_named(name),
                _ => Vec::new(),
            };
        }
        found
    }

    /// Words that would name something and resemble one that does not.
    pub fn similar(&self, word: &str) -> Vec<String> {
        let last = word
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let kinds = [
            Kind::Pod,
            Kind::ServiceAccount,
            Kind::User,
            Kind::Group,
            Kind::Secret,
            Kind::Node,
        ];
        let is_like = |id: &AssetId| {
            let asset = self.asset(*id);
            let name = asset.name.to_ascii_lowercase();
            kinds.contains(&asset.kind)
                && !last.is_empty()
                && !name.is_empty()
                && (name.contains(&last) || last.contains(&name))
        };
        let like = self.ids().filter(is_like);
        like.take(5).map(|id| self.word(id)).collect()
    }

    /// The word that names an asset.
    pub fn word(&self, id: AssetId) -> String {
        let asset = self.asset(id);
        let kind = match asset.kind {
            Kind::Pod => asset.resource_kind.to_ascii_lowercase(),
            kind => kind.as_str().to_owned(),
        };
        let parts = [&*kind, &asset.namespace, &asset.name];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("/")
    }
}

/// Whether the words behind a kind name an asset: its name, its namespace, or both. Names may hold slashes.
fn is_named(asset: &Asset<'_>, rest: &[&str]) -> bool {
    let joined = rest.join("/");
    match rest {
        [] => true,
        [only] if asset.name.is_empty() => asset.namespace == *only,
        [only] => asset.name == *only,
        [namespace, ..] => {
            asset.name == joined.as_str()
                || (asset.namespace == *namespace && asset.name == joined[namespace.len() + 1..])
        }
    }
}

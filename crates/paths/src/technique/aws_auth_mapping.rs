//! Identities of AWS that EKS takes for users and groups.

use std::sync::Arc;

use document::{Keys, Limits, NodeRef, Source};
use model::Severity;

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::evidence::{Fact, Place};
use crate::finder::Finder;
use crate::read::{field, fields, items, text};

pub(super) const TECHNIQUE: Data = Data {
    title: "Act as what the cloud's identity is mapped to",
    severity: Some(Severity::Critical),
    from: &[Kind::CloudIdentity],
    to: &[Kind::Group, Kind::User],
    precondition: "the cluster authenticates by the `aws-auth` ConfigMap",
    effect: "the permissions of the users and groups that the map names",
    fix: "take the identity out of the map, and use access entries with policies that say what is needed",
    references: &["https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html"],
    attack: &["T1078.004"],
    find: Find::World(find),
    ..Data::NEW
};

/// An entry of the map.
struct Entry {
    identity: String,
    user: Option<String>,
    groups: Vec<String>,
}

fn find(finder: &mut Finder<'_, '_>) {
    let inventory = finder.world.inventory;
    for (index, resource) in (0..).zip(&inventory.resources) {
        let is_it = &*resource.kind == "ConfigMap" && &*resource.name == "aws-auth";
        if !is_it || resource.namespace.as_deref() != Some("kube-system") {
            continue;
        }
        for list in ["mapRoles", "mapUsers"] {
            let Some(node) = fields(resource.object(), &["data", list]) else {
                continue;
            };
            let place = Place {
                resource: index,
                node: node.id(),
            };
            for entry in node.as_str().map(entries).unwrap_or_default() {
                add(finder, place, entry);
            }
        }
    }
}

fn add(finder: &mut Finder<'_, '_>, place: Place, entry: Entry) {
    let evidence = finder.all_of(&[Fact::new(place, &cause::AWS_AUTH)]);
    let from = finder.cloud(entry.identity);
    for group in entry.groups {
        let group = finder.group(group);
        finder.edge(from, group, evidence);
    }
    if let Some(user) = entry.user.filter(|user| !user.contains("{{")) {
        let user = finder.user(user);
        finder.edge(from, user, evidence);
    }
}

/// The entries of a list that is a text in YAML; none where it is not one.
fn entries(yaml: &str) -> Vec<Entry> {
    let keys = Arc::new(Keys::new(["rolearn", "userarn", "username", "groups"]));
    let parsed = document::parse_yaml(Source::new("aws-auth", yaml), &keys, &Limits::default());
    let roots = parsed.document.roots();
    let read = |item: NodeRef<'_>| {
        let identity = text(item, "rolearn").or_else(|| text(item, "userarn"))?;
        Some(Entry {
            identity: identity.to_owned(),
            user: text(item, "username").map(str::to_owned),
            groups: items(item, "groups")
                .filter_map(|group| group.as_str().map(str::to_owned))
                .collect(),
        })
    };
    let items = roots.flat_map(NodeRef::items);
    items
        .filter(|item| field(*item, "groups").is_some() || field(*item, "username").is_some())
        .filter_map(read)
        .collect()
}

//! The roles and bindings that an API server makes and restores at each of its starts, and what in one of a cluster is
//! nothing else.
//!
//! `data/default-roles.yaml` and `data/bootstrap.yaml` say what Kubernetes ships. An API server adds what is missing and
//! takes nothing away, so that what any of the versions ships is taken together.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use document::{Keys, Limits, NodeId, NodeRef, Source};
use foldhash::fast::FixedState;
use model::{FieldKeys, Resource};

use crate::defaults;
use crate::fields::key_names;
use crate::request::url_covers;

const TEXT: &str = include_str!("../data/bootstrap.yaml");
const GROUP: &str = "rbac.authorization.k8s.io";

/// Says that somebody else than the API server answers for an object.
const AUTOUPDATE: &str = "rbac.authorization.kubernetes.io/autoupdate";

/// More single permissions in one rule than this are not taken apart: Kubernetes ships none such.
const PARTS: usize = 1 << 12;

/// Kind, namespace, name.
type Key = (Box<str>, Box<str>, Box<str>);

/// What Kubernetes ships.
struct Shipped {
    resources: Vec<Resource>,
    /// Where in the resources: a role may be there twice, with rules that add up.
    by_key: HashMap<Key, Vec<usize>, FixedState>,
}

static SHIPPED: LazyLock<Shipped> = LazyLock::new(Shipped::new);

/// Whether a node of a role or binding, with all below it, is what every API server puts there: rules and subjects that
/// Kubernetes ships. What lies in no rule and no subject is so when all of them are. Nothing is in an object that the API
/// server is told to leave alone, nor in one that Kubernetes does not ship.
pub fn is_as_shipped(resource: &Resource, node: NodeId) -> bool {
    let object = resource.object();
    if resource.group() != GROUP || is_left_alone(object) {
        return false;
    }
    let shipped = SHIPPED.named(resource);
    if shipped.is_empty() {
        return false;
    }
    if resource.kind.ends_with("Binding") {
        let is_role = |one: &NodeRef<'_>| same(*one, object, &["roleRef"], &["kind", "name"]);
        if !shipped.iter().all(is_role) {
            return false;
        }
        let subjects: Vec<NodeRef<'_>> = items(&shipped, "subjects").collect();
        return every(object, "subjects", node, &|subject| {
            let fields = &["kind", "namespace", "name"];
            subjects.iter().any(|one| same(*one, subject, &[], fields))
        });
    }
    let mut rules: Vec<NodeRef<'_>> = items(&shipped, "rules").collect();
    for role in &shipped {
        SHIPPED.aggregated(*role, &mut rules, 0);
    }
    every(object, "rules", node, &|rule| is_covered(rule, &rules))
}

/// The objects that Kubernetes ships, a role of several versions several times.
pub fn shipped() -> impl Iterator<Item = &'static Resource> {
    SHIPPED.resources.iter()
}

impl Shipped {
    fn new() -> Self {
        let names = key_names().chain(model::key_names());
        let keys = Arc::new(Keys::new(names));
        let parsed =
            document::parse_yaml(Source::new("kubernetes", TEXT), &keys, &Limits::default());
        let document = Arc::new(parsed.document);
        let fields = FieldKeys::new(&keys);
        let mut resources = defaults::resources();
        let roots = document.roots();
        resources.extend(roots.filter_map(|root| Resource::from_root(&document, root, &fields)));
        let mut by_key: HashMap<Key, Vec<usize>, FixedState> = HashMap::default();
        for (index, resource) in resources.iter().enumerate() {
            by_key.entry(key(resource)).or_default().push(index);
        }
        Shipped { resources, by_key }
    }

    fn named(&self, resource: &Resource) -> Vec<NodeRef<'_>> {
        let indices = self.by_key.get(&key(resource)).into_iter().flatten();
        indices
            .map(|&index| self.resources[index].object())
            .collect()
    }

    /// The rules of what a role aggregates, over as many steps as Kubernetes ships.
    fn aggregated<'s>(&'s self, role: NodeRef<'_>, rules: &mut Vec<NodeRef<'s>>, steps: u8) {
        const STEPS: u8 = 4;
        let selectors = role
            .get_str("aggregationRule")
            .and_then(|rule| rule.get_str("clusterRoleSelectors"));
        let selectors = selectors.into_iter().flat_map(NodeRef::items);
        for labels in selectors.filter_map(|selector| selector.get_str("matchLabels")) {
            for resource in &self.resources {
                let object = resource.object();
                let own = at(object, &["metadata", "labels"]);
                let has = own.is_some_and(|own| {
                    let mut wanted = labels.entries();
                    wanted.all(|label| text(own, label.name()) == label.value.as_str())
                });
                if has && steps < STEPS {
                    rules.extend(items(&[object], "rules"));
                    self.aggregated(object, rules, steps + 1);
                }
            }
        }
    }
}

fn key(resource: &Resource) -> Key {
    let is_namespaced = !resource.kind.starts_with("Cluster");
    let namespace = resource.namespace.as_deref().filter(|_| is_namespaced);
    (
        resource.kind.clone(),
        namespace.unwrap_or_default().into(),
        resource.name.clone(),
    )
}

fn is_left_alone(object: NodeRef<'_>) -> bool {
    let annotations = at(object, &["metadata", "annotations"]);
    annotations.and_then(|all| text(all, AUTOUPDATE)) == Some("false")
}

/// Whether the items of a list that hold a node, or all where none does, are as wanted.
fn every(
    object: NodeRef<'_>,
    list: &str,
    node: NodeId,
    is_wanted: &dyn Fn(NodeRef<'_>) -> bool,
) -> bool {
    let items: Vec<NodeRef<'_>> = object
        .get_str(list)
        .into_iter()
        .flat_map(NodeRef::items)
        .collect();
    let node = object.document().at(node);
    let around = items.iter().find(|item| item.holds(node));
    match around {
        Some(item) => is_wanted(*item),
        None => items.into_iter().all(is_wanted),
    }
}

/// Whether fields of two objects say the same; a field that is not there says nothing.
fn same(left: NodeRef<'_>, right: NodeRef<'_>, path: &[&str], fields: &[&str]) -> bool {
    let (left, right) = (at(left, path), at(right, path));
    let field = |of: Option<NodeRef<'_>>, name: &str| {
        let value = of.and_then(|of| of.get_str(name));
        value.and_then(|value| value.as_str().map(str::to_owned))
    };
    fields
        .iter()
        .all(|name| field(left, name).unwrap_or_default() == field(right, name).unwrap_or_default())
}

fn at<'a>(node: NodeRef<'a>, path: &[&str]) -> Option<NodeRef<'a>> {
    path.iter().try_fold(node, |node, name| node.get_str(name))
}

fn text<'a>(node: NodeRef<'a>, name: &str) -> Option<&'a str> {
    node.get_str(name)?.as_str()
}

fn items<'a>(objects: &[NodeRef<'a>], list: &str) -> impl Iterator<Item = NodeRef<'a>> {
    let lists = objects.iter().filter_map(|object| object.get_str(list));
    lists.flat_map(NodeRef::items)
}

/// The texts of a list.
fn texts<'a>(rule: NodeRef<'a>, list: &str) -> Vec<&'a str> {
    let list = rule.get_str(list).into_iter();
    let items = list.flat_map(NodeRef::items);
    items
        .map(|item| item.as_str().unwrap_or_default())
        .collect()
}

/// Whether every single permission of a rule is one that some of the others give.
fn is_covered(rule: NodeRef<'_>, others: &[NodeRef<'_>]) -> bool {
    let verbs = texts(rule, "verbs");
    let groups = texts(rule, "apiGroups");
    let resources = texts(rule, "resources");
    let mut names = texts(rule, "resourceNames");
    let urls = texts(rule, "nonResourceURLs");
    if names.is_empty() {
        names.push("");
    }
    let parts = verbs.len() * (groups.len() * resources.len() * names.len() + urls.len());
    if parts > PARTS {
        return false;
    }
    verbs.iter().all(|verb| {
        let of_verb = others.iter().filter(|other| has(**other, "verbs", verb));
        let of_verb: Vec<NodeRef<'_>> = of_verb.copied().collect();
        let gives = |group: &str, resource: &str, name: &str| {
            of_verb.iter().any(|other| {
                let only = texts(*other, "resourceNames");
                has(*other, "apiGroups", group)
                    && has(*other, "resources", resource)
                    && (only.is_empty() || only.contains(&name))
            })
        };
        let opens = |url: &str| {
            let mut urls = of_verb
                .iter()
                .flat_map(|other| texts(*other, "nonResourceURLs"));
            urls.any(|own| own == url || url_covers(own, url))
        };
        let of_group = |group: &&str| {
            let of_resource =
                |resource: &&str| names.iter().all(|name| gives(group, resource, name));
            resources.iter().all(of_resource)
        };
        groups.iter().all(of_group) && urls.iter().all(|url| opens(url))
    })
}

fn has(rule: NodeRef<'_>, list: &str, wanted: &str) -> bool {
    let own = texts(rule, list);
    own.iter().any(|&own| own == "*" || own == wanted)
}

#[cfg(test)]
mod tests;

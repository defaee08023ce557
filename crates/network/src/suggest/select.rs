//! Pods that labels tell from all others of their namespace.

use std::collections::{BTreeMap, BTreeSet};

use model::Inventory;

use super::{Peer, Side};
use crate::network::Network;
use crate::pod::PodId;

/// Labels that people call their applications by, the most telling first.
const TELLING: &[&[&str]] = &[
    &["app.kubernetes.io/name"],
    &["app.kubernetes.io/name", "app.kubernetes.io/instance"],
    &["app.kubernetes.io/name", "app.kubernetes.io/component"],
    &[
        "app.kubernetes.io/name",
        "app.kubernetes.io/instance",
        "app.kubernetes.io/component",
    ],
    &["app"],
    &["app", "component"],
    &["app", "tier"],
    &["k8s-app"],
    &["name"],
];

/// Pods of one namespace with the same labels.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Group {
    pub(super) namespace: String,
    labels: Vec<(String, String)>,
}

/// How a group is selected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Selector {
    pub(super) labels: Vec<(String, String)>,
    /// Keys that others of the namespace have besides.
    pub(super) without: Vec<String>,
}

/// All groups.
#[derive(Debug)]
pub(super) struct Groups {
    of_pod: BTreeMap<PodId, Group>,
    /// The first pod of each.
    first: BTreeMap<Group, PodId>,
    /// The labels that occur in a namespace.
    labels: BTreeMap<String, BTreeSet<Vec<(String, String)>>>,
    pub(super) nameless: Vec<PodId>,
}

impl Groups {
    pub(super) fn new(network: &Network) -> Self {
        let mut groups = Groups {
            of_pod: BTreeMap::new(),
            first: BTreeMap::new(),
            labels: BTreeMap::new(),
            nameless: Vec::new(),
        };
        for pod in network.pods() {
            let namespace = network.namespace(pod).to_owned();
            let of_namespace = groups.labels.entry(namespace.clone()).or_default();
            if !network.has_known_labels(pod) {
                groups.nameless.push(pod);
                continue;
            }
            let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
            let labels: Vec<_> = network.labels(pod).into_iter().map(owned).collect();
            of_namespace.insert(labels.clone());
            let group = Group { namespace, labels };
            groups.first.entry(group.clone()).or_insert(pod);
            groups.of_pod.insert(pod, group);
        }
        groups
    }

    pub(super) fn namespaces(&self) -> impl Iterator<Item = &str> {
        self.labels.keys().map(String::as_str)
    }

    /// The end of a rule; `None` for pods that no selector finds.
    pub(super) fn peer(&self, side: &Side) -> Option<Peer> {
        match side {
            Side::Pod(pod) => self.of_pod.get(pod).cloned().map(Peer::Group),
            other => Some(Peer::Other(other.clone())),
        }
    }

    /// What the first resource of a group is called.
    pub(super) fn name<'n>(
        &self,
        network: &Network,
        inventory: &'n Inventory,
        group: &Group,
    ) -> &'n str {
        let resource = self.first.get(group).and_then(|pod| {
            let place = network.place(*pod);
            inventory.resources.get(place.resource as usize)
        });
        resource.map_or("pods", |resource| &resource.name)
    }

    /// The fewest labels that mean exactly the group.
    pub(super) fn selector(&self, group: &Group) -> Selector {
        let all = self.labels.get(&group.namespace);
        let others: Vec<&Vec<(String, String)>> = all
            .into_iter()
            .flatten()
            .filter(|labels| **labels != group.labels)
            .collect();
        let means_others = |labels: &[&(String, String)]| {
            others
                .iter()
                .any(|other| labels.iter().all(|label| other.contains(*label)))
        };
        for keys in TELLING {
            let picked: Vec<&(String, String)> = group
                .labels
                .iter()
                .filter(|(key, _)| keys.contains(&key.as_str()))
                .collect();
            if picked.len() == keys.len() && !means_others(&picked) {
                return Selector {
                    labels: picked.into_iter().cloned().collect(),
                    without: Vec::new(),
                };
            }
        }
        let has =
            |other: &[(String, String)]| group.labels.iter().all(|label| other.contains(label));
        let more = others.iter().filter(|other| has(other));
        let without = more.filter_map(|other| {
            // It has all labels of the group and is not the same: some key is its own.
            let mut own = other.iter().map(|(key, _)| key);
            own.find(|key| !group.labels.iter().any(|(known, _)| known == *key))
        });
        let without: BTreeSet<&String> = without.collect();
        Selector {
            labels: group.labels.clone(),
            without: without.into_iter().cloned().collect(),
        }
    }
}

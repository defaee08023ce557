//! What is known of a cluster as a whole while it is followed: where its own findings are, and which namespaces are there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;
use model::{Resource, Views};

use crate::relations::namespace_of;

/// How many resources with pods each namespace has, and whether it is there itself.
#[derive(Debug, Default)]
pub(super) struct Namespaces {
    pods: HashMap<Box<str>, usize, FixedState>,
    there: BTreeSet<Box<str>>,
}

impl Namespaces {
    pub(super) fn count(&mut self, resource: &Resource, views: &Views, is_there: bool) {
        if &*resource.kind == "Namespace" && resource.group().is_empty() {
            if is_there {
                self.there.insert(resource.name.clone());
            } else {
                self.there.remove(&resource.name);
            }
        }
        if views.pods_of(resource).is_empty() {
            return;
        }
        let namespace = namespace_of(resource);
        let count = self.pods.entry(namespace.into()).or_default();
        *count = if is_there {
            *count + 1
        } else {
            count.saturating_sub(1)
        };
        if *count == 0 {
            self.pods.remove(namespace);
        }
    }

    /// Those that have pods and are not there.
    pub(super) fn strays(&self) -> impl Iterator<Item = &str> {
        let mut strays: Vec<&str> = self.pods.keys().map(|name| &**name).collect();
        strays.retain(|name| !self.there.contains(*name));
        strays.into_iter()
    }
}

/// Where findings about the whole cluster may be, the best first.
#[derive(Debug)]
pub(super) struct Places {
    ranked: BTreeMap<Rank, Arc<str>>,
    is_complete: bool,
}

/// How good a place is: the namespace of the cluster itself, a node, anything; then by what it is called.
type Rank = (u8, Box<str>, Box<str>, Option<Box<str>>, Box<str>);

impl Places {
    pub(super) fn new(is_complete: bool) -> Self {
        Places {
            ranked: BTreeMap::new(),
            is_complete,
        }
    }

    /// Whether all objects are there.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    pub(super) fn count(&mut self, name: &str, resource: &Resource, is_there: bool) {
        let rank = match (&*resource.kind, &*resource.name) {
            ("Namespace", "kube-system") => 0,
            ("Node", _) => 1,
            _ if !self.is_complete => return,
            _ => 2,
        };
        let key = (
            rank,
            resource.group().into(),
            resource.kind.clone(),
            resource.namespace.clone(),
            resource.name.clone(),
        );
        if is_there {
            self.ranked.insert(key, name.into());
        } else {
            self.ranked.remove(&key);
        }
    }

    /// The best place that there is.
    pub(super) fn best(&self) -> Option<Arc<str>> {
        self.ranked.values().next().map(Arc::clone)
    }
}

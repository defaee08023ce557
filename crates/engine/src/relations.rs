//! How the resources of one inventory relate: indexes and graphs, each made once and only when some
//! control asks.

mod ahead;
mod asked;
mod asks;
mod names;
mod nodes;
mod offers;
mod references;
mod subjects;
mod users;

use std::sync::{Arc, OnceLock};

use document::NodeRef;
use model::{Inventory, PodView, ProcessView, Provenance, Resource, Views};
use network::Network;
use rbac::{Distances, EscalationMemory, Graph};

pub(crate) use self::ahead::Ahead;
use self::asked::Asked;
pub(crate) use self::asks::{BindingsOf, ask_by_binding_of, ask_by_pod, ask_by_resource};
pub(crate) use self::names::Identity;
use self::names::name_of;
use self::names::{Names, Roots};
pub(crate) use self::nodes::Nodes;
pub(crate) use self::offers::Offers;
use self::offers::named;
pub(crate) use self::references::{Existence, Reference, Via, has_key, references_of_pod};
use self::references::{WORKLOAD_GROUPS, add_custom, made_by};
use self::subjects::{FirstMentions, Running};
use self::users::Users;
use crate::tie::{Tie, What};

/// The namespace of resources that name none: where `kubectl apply` puts them.
const DEFAULT_NAMESPACE: &str = "default";

/// A pod or template of pods: a resource, and which of its pods.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct PodAt {
    pub(crate) resource: u32,
    pub(crate) ordinal: u32,
}

/// One inventory, and how what is in it relates. Shared between threads.
pub struct Relations<'r> {
    made: Arc<Made<'r>>,
    /// For whom what was asked.
    asked: Asked,
}

/// What is known of the inventory: made once, by whoever asks first.
struct Made<'r> {
    inventory: &'r Inventory,
    views: &'r Views,
    pods: OnceLock<Box<[OnceLock<Vec<PodView<'r>>>]>>,
    names: OnceLock<Names>,
    roots: OnceLock<Roots>,
    secrets: OnceLock<Vec<(&'r str, &'r str)>>,
    users: OnceLock<Users>,
    nodes: OnceLock<Option<Nodes<'r>>>,
    cluster: OnceLock<Option<u32>>,
    processes: OnceLock<Vec<(u32, ProcessView<'r>)>>,
    embedded: OnceLock<Vec<ProcessView<'r>>>,
    graph: OnceLock<Graph>,
    escalations: OnceLock<EscalationMemory>,
    first_mentions: OnceLock<FirstMentions>,
    running: OnceLock<Running<'r>>,
    distances: OnceLock<Distances>,
    network: OnceLock<Network>,
    /// How the fields of rendered resources came to be.
    provenance: Provenance,
}

impl<'r> Relations<'r> {
    /// Of an inventory whose documents were parsed for these views. Computes nothing yet.
    pub(crate) fn new(inventory: &'r Inventory, views: &'r Views) -> Self {
        let made = Made {
            inventory,
            views,
            pods: OnceLock::new(),
            names: OnceLock::new(),
            roots: OnceLock::new(),
            secrets: OnceLock::new(),
            users: OnceLock::new(),
            nodes: OnceLock::new(),
            cluster: OnceLock::new(),
            processes: OnceLock::new(),
            embedded: OnceLock::new(),
            graph: OnceLock::new(),
            escalations: OnceLock::new(),
            first_mentions: OnceLock::new(),
            running: OnceLock::new(),
            distances: OnceLock::new(),
            network: OnceLock::new(),
            provenance: Provenance::default(),
        };
        Relations {
            made: Arc::new(made),
            asked: Asked::default(),
        }
    }

    /// The inventory.
    pub fn inventory(&self) -> &'r Inventory {
        self.made.inventory
    }

    /// A resource by its position.
    pub(crate) fn resource(&self, index: u32) -> Option<&'r Resource> {
        self.made.inventory.resources.get(index as usize)
    }

    /// The pods of a resource, seen once for all who ask.
    pub(crate) fn pods_of(&self, index: u32) -> &[PodView<'r>] {
        let resources = &self.made.inventory.resources;
        let pods = self.made.pods.get_or_init(|| {
            let empty = resources.iter().map(|_| OnceLock::new());
            empty.collect()
        });
        let (Some(resource), Some(pods)) = (self.resource(index), pods.get(index as usize)) else {
            return &[];
        };
        pods.get_or_init(|| self.made.views.pods_of(resource))
    }

    fn names(&self) -> &Names {
        self.once(&self.made.names, || Names::new(self))
    }

    /// The first resource of a group, kind, namespace and name. For kinds of the whole cluster the
    /// namespace is empty.
    pub(crate) fn find(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Option<u32> {
        self.identified(&Identity {
            group,
            kind,
            namespace,
            name,
        })
    }

    fn identified(&self, identity: &Identity<'_>) -> Option<u32> {
        self.note(|| named(identity));
        self.names().find(self, identity)
    }

    /// The resources of a kind in any group, in the order of the inventory.
    pub(crate) fn of_kind(&self, kind: &str) -> &[u32] {
        self.note(|| Tie::kind(kind));
        self.names().of_kind(kind)
    }

    /// The resource whose object a node is.
    pub(crate) fn resource_at(&self, object: NodeRef<'_>) -> Option<u32> {
        let inventory = self.made.inventory;
        let roots = self.once(&self.made.roots, || Roots::new(inventory));
        roots.find(self.made.inventory, object)
    }

    /// Whether a controller makes a Secret of something that was scanned.
    fn is_secret_made(&self, namespace: &str, name: &str) -> bool {
        self.note(|| Tie::new(What::MadeSecret, &[namespace, name]));
        let find = || references::made_secrets(self);
        let secrets = self.once(&self.made.secrets, find);
        secrets.binary_search(&(namespace, name)).is_ok()
    }

    /// The resources that refer to one by name, in the order of the inventory.
    pub(crate) fn users_of(&self, index: u32) -> impl Iterator<Item = u32> + '_ {
        if let Some(resource) = self.resource(index).filter(|_| self.is_noting()) {
            asks::ask_by_name(self, &name_of(resource));
        }
        self.once(&self.made.users, || Users::new(self)).of(index)
    }

    /// The components that resources run or configure, with the positions of the resources.
    pub(crate) fn processes(&self) -> &[(u32, ProcessView<'r>)] {
        self.note(|| Tie::new(What::Process, &[]));
        self.once::<Vec<_>>(&self.made.processes, || {
            let resources = (0..).zip(&self.made.inventory.resources);
            let found = resources.flat_map(|(index, resource)| {
                let found = ProcessView::of_resource(resource, self.pods_of(index));
                found.into_iter().map(move |process| (index, process))
            });
            found.collect()
        })
    }

    /// The configuration files that lie as texts in config maps.
    pub(crate) fn embedded_files(&self) -> &[ProcessView<'r>] {
        self.note(|| Tie::new(What::Process, &[]));
        self.once::<Vec<_>>(&self.made.embedded, || {
            let maps = self.of_kind("ConfigMap").iter();
            let maps = maps.filter_map(|&index| self.resource(index));
            let found = maps.flat_map(|map| ProcessView::of_resource(map, &[]));
            found.collect()
        })
    }

    /// Where findings about the whole cluster are: its own namespace, else its first node by name. By names,
    /// because the order of files must not make another finding of it. `None` where the scan does not show a
    /// cluster.
    pub(crate) fn cluster_place(&self) -> Option<u32> {
        *self.once(&self.made.cluster, || {
            let is_own = |&&index: &&u32| {
                self.resource(index)
                    .is_some_and(|namespace| &*namespace.name == "kube-system")
            };
            let own = self.of_kind("Namespace").iter().find(is_own);
            let name = |index: &u32| {
                let resource = &self.made.inventory.resources[*index as usize];
                let who = (
                    resource.group(),
                    &*resource.kind,
                    resource.namespace.as_deref(),
                );
                (who, &*resource.name)
            };
            let nodes = self.of_kind("Node").iter();
            let place = own
                .or_else(|| nodes.min_by_key(|index| name(index)))
                .copied();
            let all = 0..self.made.inventory.resources.len() as u32;
            let all = if self.made.inventory.is_complete {
                all
            } else {
                0..0
            };
            place.or_else(|| all.min_by_key(name))
        })
    }

    /// Findings about the whole cluster are there, which only a part of it would not show.
    pub(crate) fn set_cluster_place(&self, place: Option<u32>) {
        // Nobody asked before.
        self.made.cluster.get_or_init(|| place);
    }

    /// How the fields of rendered resources came to be.
    pub(crate) fn provenance(&self) -> &Provenance {
        &self.made.provenance
    }

    /// What the scanned nodes are together; `None` when no node was scanned.
    pub(crate) fn nodes(&self) -> Option<&Nodes<'r>> {
        self.note(|| Tie::kind("Node"));
        self.once(&self.made.nodes, || Nodes::new(self)).as_ref()
    }

    /// Who may do what.
    pub(crate) fn graph(&self) -> &Graph {
        let options = rbac::Options {
            default_namespace: DEFAULT_NAMESPACE,
            views: Some(self.made.views),
            default_roles: true,
        };
        let build = || Graph::build(self.made.inventory, &options);
        self.once(&self.made.graph, build)
    }

    /// Who may talk to whom.
    pub(crate) fn network(&self) -> &Network {
        let options = network::Options {
            default_namespace: DEFAULT_NAMESPACE.into(),
        };
        let Made {
            inventory, views, ..
        } = &*self.made;
        let new = || Network::new(inventory, views, &options);
        self.once(&self.made.network, new)
    }
}

/// The namespace that a resource is in. Of no meaning for resources of the whole cluster.
pub(crate) fn namespace_of(resource: &Resource) -> &str {
    match resource.namespace.as_deref() {
        None | Some("") => DEFAULT_NAMESPACE,
        Some(namespace) => namespace,
    }
}

impl std::fmt::Debug for Relations<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relations").finish_non_exhaustive()
    }
}

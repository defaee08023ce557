//! What techniques look at: the inventory, read once.

mod class;
mod object;
mod permission;
mod pod;
mod position;
mod volume;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::{Inventory, Views};
use network::Network;
use rbac::{EscalationMemory, Escalator, Graph, Subject};

pub(crate) use self::class::PodClass;
pub(crate) use self::object::{AWS_ROLE, AZURE_CLIENT, Claimed, GCP_ACCOUNT, Guard, Objects};
pub(crate) use self::permission::{Hit, Permissions, Use, aggregation_label};
pub(crate) use self::pod::{At, ContainerFacts, MountFacts, secrets_of};
pub(crate) use self::position::Positions;
pub(crate) use self::volume::{HostPath, Source, clean, holds};
use crate::evidence::Place;

/// What is known of permissions and of the network: made once for an inventory, borrowed by the graph.
#[derive(Debug)]
pub struct Sources {
    permissions: Graph,
    memory: EscalationMemory,
    network: Network,
    default_namespace: Box<str>,
}

impl Sources {
    /// Reads an inventory. Objects that name no namespace are in `default_namespace`.
    pub fn new(inventory: &Inventory, views: &Views, default_namespace: &str) -> Self {
        let options = rbac::Options {
            default_namespace,
            views: Some(views),
            default_roles: true,
        };
        let permissions = Graph::build(inventory, &options);
        let options = network::Options {
            default_namespace: default_namespace.into(),
        };
        Sources {
            memory: EscalationMemory::new(&permissions),
            permissions,
            network: Network::new(inventory, views, &options),
            default_namespace: default_namespace.into(),
        }
    }

    /// What could not be read.
    pub fn problems(&self) -> impl Iterator<Item = &model::Problem> {
        let permissions = self.permissions.problems().iter();
        permissions.chain(self.network.problems())
    }
}

/// Everything that techniques look at.
pub(crate) struct World<'a> {
    pub(crate) inventory: &'a Inventory,
    pub(crate) graph: &'a Graph,
    pub(crate) network: &'a Network,
    pub(crate) classes: Vec<PodClass<'a>>,
    /// Positions in `classes` of the pods that have a name of their own, by namespace and name.
    pub(crate) class_of_pod: HashMap<(&'a str, &'a str), u32, FixedState>,
    pub(crate) objects: Objects<'a>,
    pub(crate) permissions: Permissions<'a>,
    pub(crate) positions: Option<Positions>,
    /// Values of pods that contradict the API.
    pub(crate) wrong: Vec<Place>,
    /// Pods that seem to serve routes, as their names tell.
    pub(crate) controllers: Vec<network::PodId>,
    /// Positions in `classes`, by namespace.
    pub(crate) classes_in: HashMap<&'a str, Vec<u32>, FixedState>,
    /// The names of all nodes: those that were scanned, and those that pods run on.
    pub(crate) node_names: Vec<&'a str>,
    /// Service accounts that exist, run pods or are bound, by namespace and name.
    pub(crate) accounts: Vec<(&'a str, &'a str)>,
    /// Secrets that were scanned, by namespace and name.
    pub(crate) secrets: Vec<(&'a str, &'a str)>,
}

impl<'a> World<'a> {
    pub(crate) fn new(inventory: &'a Inventory, views: &'a Views, sources: &'a Sources) -> Self {
        let default_namespace = &*sources.default_namespace;
        let escalator = Escalator::new(&sources.permissions, &sources.memory);
        let objects = Objects::read(inventory, default_namespace);
        let positions = Positions::new(&sources.network);
        let mut gathered = class::gather(
            inventory,
            views,
            &sources.network,
            positions.as_ref(),
            default_namespace,
        );
        let class_of_pod = std::mem::take(&mut gathered.class_of_pod);
        let classes = gathered.classes;
        let mut classes_in: HashMap<&str, Vec<u32>, FixedState> = HashMap::default();
        for (position, class) in (0..).zip(&classes) {
            classes_in
                .entry(class.namespace)
                .or_default()
                .push(position);
        }
        let of_pods = classes.iter().flat_map(|class| class.nodes.iter().copied());
        let node_names = sorted(objects.hosts.keys().copied().chain(of_pods));
        World {
            node_names,
            controllers: controllers(&classes),
            accounts: accounts(&objects, &classes, &sources.permissions),
            secrets: sorted(objects.secrets.keys().copied()),
            classes_in,
            wrong: gathered.wrong,
            inventory,
            graph: &sources.permissions,
            network: &sources.network,
            classes,
            class_of_pod,
            permissions: Permissions::new(&sources.permissions, escalator),
            objects,
            positions,
        }
    }

    /// Every namespace that something was scanned of.
    pub(crate) fn namespaces(&self) -> Vec<&'a str> {
        let of_pods = self.classes_in.keys().copied();
        let of_accounts = self.accounts.iter().map(|(namespace, _)| *namespace);
        let of_secrets = self.secrets.iter().map(|(namespace, _)| *namespace);
        sorted(
            self.objects
                .namespaces()
                .chain(of_pods)
                .chain(of_accounts)
                .chain(of_secrets),
        )
    }

    /// The root of a resource.
    pub(crate) fn root(&self, resource: u32) -> Option<Place> {
        let own = self.inventory.resources.get(resource as usize)?;
        Some(Place {
            resource,
            node: own.root,
        })
    }

    /// The groups of a service account that give it more than every cluster gives everyone.
    pub(crate) fn groups_that_matter(&self, namespace: &str, name: &str) -> Vec<String> {
        let groups = Subject::ServiceAccount { namespace, name }.implied_groups();
        let matters = |group: &String| self.permissions.group_matters(group);
        groups.into_iter().filter(matters).collect()
    }

    /// Whether acting as the service account of pods is worth anything: it may do something, or it was chosen for
    /// them, and what it may do was not scanned.
    pub(crate) fn account_of_matters(&self, class: &PodClass<'_>) -> bool {
        let is_chosen = class.facts.account.node != class.facts.spec.node;
        let may_be_elsewhere = is_chosen && !self.inventory.is_complete;
        may_be_elsewhere || self.account_matters(class.namespace, class.facts.account.value)
    }

    /// Whether a service account may do anything that is known of.
    pub(crate) fn account_matters(&self, namespace: &str, name: &str) -> bool {
        let subject = Subject::ServiceAccount { namespace, name };
        let is_bound = self
            .graph
            .find(subject)
            .is_some_and(|id| self.graph.bindings_of(id).next().is_some());
        is_bound
            || !self.groups_that_matter(namespace, name).is_empty()
            || self.objects.has_cloud_identity(namespace, name)
    }
}

fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.dedup();
    items
}

fn accounts<'a>(
    objects: &Objects<'a>,
    classes: &[PodClass<'a>],
    graph: &'a Graph,
) -> Vec<(&'a str, &'a str)> {
    let scanned = objects.accounts.keys().copied();
    let running = classes
        .iter()
        .map(|class| (class.namespace, class.facts.account.value));
    let bound = graph.subjects().filter_map(|id| match graph.subject(id) {
        Subject::ServiceAccount { namespace, name } => Some((namespace, name)),
        _ => None,
    });
    sorted(scanned.chain(running).chain(bound))
}

/// Words in the names of what serves routes.
const CONTROLLERS: &[&str] = &[
    "ingress", "gateway", "traefik", "contour", "envoy", "haproxy", "istio", "kong", "router",
];

fn controllers(classes: &[PodClass<'_>]) -> Vec<network::PodId> {
    let serves = |class: &&PodClass<'_>| {
        let names = [class.name, class.namespace];
        CONTROLLERS
            .iter()
            .any(|word| names.iter().any(|name| name.contains(word)))
    };
    let serving = classes.iter().filter(serves);
    serving
        .filter_map(|class| class.pods.first().copied())
        .collect()
}

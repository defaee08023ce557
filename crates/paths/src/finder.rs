//! What techniques add edges with: the assets of the world, made when they are asked for.

mod assets;
mod cloud;
mod endpoint;
mod kubelet;
mod token;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use rbac::{Pattern, RoleId};

use crate::asset::{AssetId, Assets};
use crate::cause;
use crate::edge::{Edge, Possible, TechniqueId};
use crate::evidence::{Cause, EvidenceId, Fact, FactId, Place, Store};
use crate::world::{ContainerFacts, Hit, HostPath, MountFacts, PodClass, Use, World};

/// Collects the edges that techniques find.
pub(crate) struct Finder<'w, 'a> {
    pub(crate) world: &'w World<'a>,
    pub(crate) assets: Assets<'a>,
    pub(crate) store: Store,
    pub(crate) edges: Vec<Edge>,
    pub(crate) technique: TechniqueId,
    pub(crate) pattern: Option<&'static Pattern>,
    /// The pods of the classes.
    pub(crate) pods: Vec<AssetId>,
    /// The positions of classes, by their pods.
    pub(crate) classes: HashMap<AssetId, u32, FixedState>,
    /// Ports of pods, with the namespaces of these.
    pub(crate) endpoints: Vec<(&'a str, AssetId)>,
    /// The positions of permission sets that bindings grant.
    pub(crate) sets: HashMap<AssetId, u32, FixedState>,
    /// The roles of permission sets, and where they are or may be granted.
    pub(crate) roles: HashMap<AssetId, (RoleId, Option<&'a str>), FixedState>,
}

/// A class of pods, with its asset.
pub(crate) struct Pod<'w, 'a> {
    pub(crate) class: &'w PodClass<'a>,
    pub(crate) asset: AssetId,
}

/// A container of a class.
pub(crate) struct Container<'w, 'a> {
    pub(crate) class: &'w PodClass<'a>,
    pub(crate) facts: &'w ContainerFacts<'a>,
    pub(crate) asset: AssetId,
    pub(crate) pod: AssetId,
}

/// A path of the node in a container.
pub(crate) struct Mount<'w, 'a> {
    pub(crate) container: &'w Container<'w, 'a>,
    pub(crate) facts: &'w MountFacts<'a>,
    pub(crate) host: &'w HostPath,
    /// The volume, as an asset.
    pub(crate) asset: AssetId,
}

impl Container<'_, '_> {
    /// A place in the resource that the container is written in.
    pub(crate) fn place(&self, node: document::NodeId) -> Place {
        self.class.place(node)
    }
}

impl PodClass<'_> {
    /// A place in the resource that the class is written in.
    pub(crate) fn place(&self, node: document::NodeId) -> Place {
        Place {
            resource: self.resource,
            node,
        }
    }
}

impl<'w, 'a> Finder<'w, 'a> {
    pub(crate) fn new(world: &'w World<'a>) -> Self {
        Finder {
            world,
            assets: Assets::default(),
            store: Store::default(),
            edges: Vec::new(),
            technique: TechniqueId::SUMMARY,
            pattern: None,
            pods: Vec::new(),
            classes: HashMap::default(),
            endpoints: Vec::new(),
            sets: HashMap::default(),
            roles: HashMap::default(),
        }
    }

    /// An edge of the present technique.
    pub(crate) fn edge(&mut self, from: AssetId, to: AssetId, evidence: EvidenceId) {
        self.edge_if(from, to, evidence, None);
    }

    /// The same, where it may not be known whether it is there.
    pub(crate) fn edge_if(
        &mut self,
        from: AssetId,
        to: AssetId,
        evidence: EvidenceId,
        unknown: Option<&'static str>,
    ) {
        if from == to {
            return;
        }
        self.edges.push(Edge {
            from,
            to,
            technique: self.technique,
            pattern: self.pattern,
            evidence,
            unknown,
        });
    }

    /// Evidence of clauses, each with facts any of which is enough.
    pub(crate) fn needs(&mut self, clauses: &[&[Fact]]) -> EvidenceId {
        let ids: Vec<Vec<FactId>> = clauses
            .iter()
            .map(|facts| facts.iter().map(|fact| self.store.fact(*fact)).collect())
            .collect();
        let ids: Vec<&[FactId]> = ids.iter().map(Vec::as_slice).collect();
        self.store.evidence(&ids)
    }

    /// From a container to root on its node, by what only root of the node's user namespace may do.
    pub(crate) fn escape(&mut self, container: &Container<'_, 'a>, clauses: &[&[Fact]]) {
        self.escape_if(container, clauses, None);
    }

    /// The same, where it may not be known whether it works.
    pub(crate) fn escape_if(
        &mut self,
        container: &Container<'_, 'a>,
        clauses: &[&[Fact]],
        unknown: Option<&'static str>,
    ) {
        if !container.class.facts.has_host_users {
            return;
        }
        let as_root = container.facts.as_root();
        if as_root == Possible::No {
            return;
        }
        let to = self.nodes_of(container.class, container.pod);
        let evidence = self.needs(clauses);
        self.edge_if(container.asset, to, evidence, as_root.doubt().or(unknown));
    }

    /// From a path of the node, as a container mounts it.
    pub(crate) fn by_mount(
        &mut self,
        mount: &Mount<'_, 'a>,
        to: AssetId,
        access: Access,
        unknown: Option<&'static str>,
    ) {
        let evidence = self.mounted(mount, access, &cause::HOST_PATH);
        let not_root = match mount.container.facts.as_root() {
            Possible::No => Some(NEVER_ROOT),
            as_root => as_root.doubt(),
        };
        self.edge_if(mount.asset, to, evidence, unknown.or(not_root));
    }

    /// That a container mounts a path of the node.
    pub(crate) fn mounted(
        &mut self,
        mount: &Mount<'_, 'a>,
        access: Access,
        cause: &'static Cause,
    ) -> EvidenceId {
        let container = mount.container;
        let volume = &container.class.facts.volumes[mount.facts.volume];
        let own = Fact {
            place: container.place(mount.host.node),
            edit: container.place(volume.node.node),
            cause: if mount.host.through.is_some() {
                &cause::CLAIM
            } else {
                cause
            },
        };
        let mut facts = vec![own];
        if let Some(through) = mount.host.through {
            let place = Place {
                resource: through.resource,
                node: through.node,
            };
            facts.push(Fact::new(place, &cause::HOST_VOLUME));
        }
        let item = container.place(mount.facts.node.node);
        facts.push(Fact::new(item, &cause::MOUNTED));
        if access == Access::Write {
            facts.push(Fact::new(item, &cause::WRITABLE));
        }
        self.all_of(&facts)
    }

    /// Evidence of facts that are all needed.
    pub(crate) fn all_of(&mut self, facts: &[Fact]) -> EvidenceId {
        let ids: Vec<FactId> = facts.iter().map(|fact| self.store.fact(*fact)).collect();
        let clauses: Vec<&[FactId]> = ids.iter().map(std::slice::from_ref).collect();
        self.store.evidence(&clauses)
    }

    /// Evidence of facts any of which is enough.
    pub(crate) fn any_of(&mut self, facts: &[Fact]) -> EvidenceId {
        let ids: Vec<FactId> = facts.iter().map(|fact| self.store.fact(*fact)).collect();
        self.store.evidence(&[&ids])
    }

    /// Evidence of a permission: for each need the rules that meet it.
    pub(crate) fn permission(&mut self, hit: &Hit<'a>) -> EvidenceId {
        let clauses: Vec<Vec<FactId>> = hit
            .uses
            .iter()
            .map(|uses| uses.iter().flat_map(|used| self.rule(used)).collect())
            .collect();
        let clauses: Vec<&[FactId]> = clauses.iter().map(Vec::as_slice).collect();
        self.store.evidence(&clauses)
    }

    /// The facts of a rule that meets a need.
    pub(crate) fn rule(&mut self, used: &Use) -> Vec<FactId> {
        let world = self.world;
        let places = world.permissions.places_of(used, world.inventory);
        let facts = places.into_iter().map(|(place, edit)| Fact {
            place,
            edit,
            cause: &RULE,
        });
        facts.map(|fact| self.store.fact(fact)).collect()
    }
}

impl PodClass<'_> {
    /// Whether a pod of the class may have a name: its own, or that of a `StatefulSet`'s replica.
    fn may_be_called(&self, name: &str) -> bool {
        let replica = || {
            name.strip_prefix(self.name)?
                .strip_prefix('-')?
                .parse::<u32>()
                .ok()
        };
        match self.kind {
            "Pod" => self.name == name,
            "StatefulSet" => replica().is_some(),
            _ => false,
        }
    }
}

/// Patterns whose pods are as their creator says.
const CREATES_PODS: &[&str] = &[
    "pods-create",
    "deployments-write",
    "daemonsets-write",
    "statefulsets-write",
    "replicasets-write",
    "replicationcontrollers-write",
    "jobs-write",
    "cronjobs-write",
];

/// What a container has to do with a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Access {
    Read,
    Write,
}

const NEVER_ROOT: &str = "the container never runs as root, and the files may belong to root";

impl Mount<'_, '_> {
    /// Whether the container may write to it.
    pub(crate) fn is_writable(&self) -> bool {
        !self.facts.read_only.value
    }
}

impl Container<'_, '_> {
    /// What gives the container a capability: that it was added, or that the container is privileged.
    pub(crate) fn capability(&self, name: &str, cause: &'static Cause) -> Vec<Fact> {
        let added = self.facts.capability(name);
        let added = added.map(|added| Fact::new(self.place(added.node), cause));
        added.into_iter().chain(self.privileged()).collect()
    }

    /// That the container is privileged.
    pub(crate) fn privileged(&self) -> Option<Fact> {
        let privileged = self.facts.privileged;
        privileged
            .value
            .then(|| Fact::new(self.place(privileged.node), &cause::PRIVILEGED))
    }

    /// That the pod sees the processes of its node.
    pub(crate) fn host_pid(&self) -> Option<Fact> {
        let host_pid = self.class.facts.host_pid;
        host_pid
            .value
            .then(|| Fact::new(self.place(host_pid.node), &cause::HOST_PID))
    }
}

/// A rule of a role.
pub(crate) static RULE: Cause = Cause {
    says: "a rule of the role allows it",
    remedy: "take the permission out of the role",
    change: crate::evidence::Change::Remove,
    controls: &[],
};

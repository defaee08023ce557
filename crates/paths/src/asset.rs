//! What an attacker can get hold of, or is after: the nodes of the graph.

use std::borrow::Cow;
use std::fmt;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::Inventory;

use crate::evidence::Place;

/// An asset of one graph.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AssetId(pub(crate) u32);

impl AssetId {
    /// Its position in [`Graph::assets`](crate::Graph::assets).
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $one:literal, $many:literal;)*) => {
        /// What an asset is.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Kind { $($(#[$doc])* $variant,)* }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Kind] = &[$(Kind::$variant,)*];

            /// The word that stands in files and on the command line.
            pub fn as_str(self) -> &'static str {
                match self { $(Kind::$variant => $word,)* }
            }

            /// What people call one of it.
            pub fn one(self) -> &'static str {
                match self { $(Kind::$variant => $one,)* }
            }

            /// What people call several.
            pub fn many(self) -> &'static str {
                match self { $(Kind::$variant => $many,)* }
            }
        }
    };
}

kinds! {
    /// Whoever can reach what the cluster exposes to everyone.
    Internet = "internet", "internet", "internet";
    /// Whoever is in the network that the nodes are in.
    NodeNetwork = "node-network", "network of the nodes", "networks of the nodes";
    /// A port of pods.
    Endpoint = "endpoint", "endpoint", "endpoints";
    /// Pods that are equal in all that techniques look at.
    Pod = "pod", "pod", "pods";
    /// A container of them.
    Container = "container", "container", "containers";
    /// What a container mounts.
    Volume = "volume", "volume", "volumes";
    /// A Secret.
    Secret = "secret", "Secret", "Secrets";
    /// A service account.
    ServiceAccount = "service-account", "service account", "service accounts";
    /// A user.
    User = "user", "user", "users";
    /// A group, or whoever is in it.
    Group = "group", "group", "groups";
    /// A role, where a binding grants it.
    PermissionSet = "permission-set", "permission set", "permission sets";
    /// A node, with root on it.
    Node = "node", "node", "nodes";
    /// The files of a node, to be read.
    NodeFiles = "node-files", "files of a node", "files of nodes";
    /// An identity of a cloud provider.
    CloudIdentity = "cloud-identity", "cloud identity", "cloud identities";
    /// Everything in a namespace, or in every one.
    NamespaceAdmin = "namespace-admin", "everything in a namespace", "everything in namespaces";
    /// Everything in the cluster.
    ClusterAdmin = "cluster-admin", "cluster-admin", "cluster-admin";
    /// Root on some node.
    NodeRoot = "node-root", "root on a node", "root on nodes";
    /// Every pod of a namespace or of the cluster.
    AllPods = "all-pods", "every pod", "every pod";
    /// A pod of the attacker's own making.
    NewPod = "new-pod", "new pod", "new pods";
    /// Every service account of a namespace or of the cluster.
    AllAccounts = "all-service-accounts", "every service account", "every service account";
    /// Every Secret of a namespace or of the cluster.
    AllSecrets = "all-secrets", "every Secret", "every Secret";
    /// Every node.
    AllNodes = "all-nodes", "every node", "every node";
    /// The nodes that pods run on.
    NodesOf = "nodes-of", "nodes of pods", "nodes of pods";
    /// The ports of every pod of a namespace or of the cluster.
    AllPorts = "all-ports", "ports of every pod", "ports of every pod";
    /// Pods that policies let talk to the same others.
    Position = "network-position", "network position", "network positions";
    /// What can be reached from the same positions.
    Reachable = "reachable", "reachable ports", "reachable ports";
}

impl Kind {
    /// Whether it only sums up others.
    pub fn is_summary(self) -> bool {
        matches!(
            self,
            Kind::AllPods
                | Kind::AllAccounts
                | Kind::AllNodes
                | Kind::NodesOf
                | Kind::AllPorts
                | Kind::Position
                | Kind::Reachable
        )
    }

    /// Whether it is someone who may send requests to the API server.
    pub fn is_identity(self) -> bool {
        matches!(self, Kind::ServiceAccount | Kind::User | Kind::Group)
    }
}

/// An asset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asset<'a> {
    /// What it is.
    pub kind: Kind,
    /// The namespace that it is in, or that it is about; empty for the cluster.
    pub namespace: Cow<'a, str>,
    /// The kind of the resource behind a pod or a permission set: `Deployment`, `ClusterRole`; else empty.
    pub resource_kind: Cow<'a, str>,
    /// Its name; empty when it has none.
    pub name: Cow<'a, str>,
    /// What it is a part of: the pod of a container, the container of a volume.
    pub parent: Option<AssetId>,
    /// Tells apart what has the same name.
    pub ordinal: u32,
    /// How many things it stands for: pods, for a pod.
    pub count: u32,
    /// Where it is written, when it is.
    pub place: Option<Place>,
    /// Whether something names it that was not scanned.
    pub is_scanned: bool,
}

/// What makes an asset the one it is.
type Key<'a> = (
    Kind,
    Option<AssetId>,
    u32,
    Cow<'a, str>,
    Cow<'a, str>,
    Cow<'a, str>,
);

impl<'a> Asset<'a> {
    /// With a name in a namespace, and nothing else set.
    pub(crate) fn new(
        kind: Kind,
        namespace: impl Into<Cow<'a, str>>,
        name: impl Into<Cow<'a, str>>,
    ) -> Self {
        Asset {
            kind,
            namespace: namespace.into(),
            resource_kind: Cow::Borrowed(""),
            name: name.into(),
            parent: None,
            ordinal: 0,
            count: 1,
            place: None,
            is_scanned: true,
        }
    }

    fn key(&self) -> Key<'a> {
        (
            self.kind,
            self.parent,
            self.ordinal,
            self.namespace.clone(),
            self.resource_kind.clone(),
            self.name.clone(),
        )
    }
}

/// The assets of a graph, each once.
#[derive(Debug, Default)]
pub(crate) struct Assets<'a> {
    pub(crate) list: Vec<Asset<'a>>,
    index: HashMap<Key<'a>, AssetId, FixedState>,
}

impl<'a> Assets<'a> {
    /// The id of an asset; one that is there stays as it is.
    pub(crate) fn add(&mut self, asset: Asset<'a>) -> AssetId {
        let next = AssetId(self.list.len() as u32);
        let id = *self.index.entry(asset.key()).or_insert(next);
        if id == next {
            self.list.push(asset);
        }
        id
    }
}

/// An asset as a sentence names it.
pub(crate) struct Named<'g, 'a> {
    pub(crate) assets: &'g [Asset<'a>],
    pub(crate) id: AssetId,
}

impl fmt::Display for Named<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let asset = &self.assets[self.id.index()];
        let parent = |f: &mut fmt::Formatter<'_>| match asset.parent {
            Some(id) => write!(f, " of {}", Named { id, ..*self }),
            None => Ok(()),
        };
        let within = |f: &mut fmt::Formatter<'_>| match &*asset.namespace {
            "" => f.write_str(" of the cluster"),
            namespace => write!(f, " of namespace {namespace}"),
        };
        let (namespace, name) = (&*asset.namespace, &*asset.name);
        match asset.kind {
            Kind::Internet => f.write_str("the internet"),
            Kind::NodeNetwork => f.write_str("the network of the nodes"),
            Kind::ClusterAdmin => f.write_str("cluster-admin"),
            Kind::NodeRoot => f.write_str("root on a node"),
            Kind::AllNodes => f.write_str("every node"),
            Kind::Pod => {
                write!(f, "{} {namespace}/{name}", asset.resource_kind)?;
                if asset.ordinal > 0 {
                    write!(f, " ({})", asset.ordinal + 1)?;
                }
                Ok(())
            }
            Kind::Container => {
                write!(f, "container {name}")?;
                parent(f)
            }
            Kind::Volume => {
                write!(f, "volume {name}")?;
                parent(f)
            }
            Kind::Endpoint => {
                write!(f, "port {name}")?;
                parent(f)
            }
            Kind::ServiceAccount | Kind::Secret => {
                write!(f, "{} {namespace}/{name}", asset.kind.one())
            }
            Kind::PermissionSet => {
                write!(f, "{} {name}", asset.resource_kind)?;
                match namespace {
                    "" => Ok(()),
                    namespace => write!(f, " in namespace {namespace}"),
                }
            }
            Kind::Node if name.is_empty() => f.write_str("a node"),
            Kind::NodeFiles if name.is_empty() => f.write_str("the files of a node"),
            Kind::NodeFiles => write!(f, "the files of node {name}"),
            Kind::User | Kind::Group | Kind::Node | Kind::CloudIdentity => {
                write!(f, "{} {name}", asset.kind.one())
            }
            Kind::NewPod | Kind::NamespaceAdmin => {
                f.write_str(match asset.kind {
                    Kind::NewPod => "a pod of one's own in ",
                    _ => "everything in ",
                })?;
                match namespace {
                    "" => f.write_str("any namespace"),
                    namespace => write!(f, "namespace {namespace}"),
                }
            }
            Kind::AllPods | Kind::AllAccounts | Kind::AllSecrets | Kind::AllPorts => {
                f.write_str(asset.kind.one())?;
                within(f)
            }
            Kind::NodesOf => {
                f.write_str("the nodes")?;
                parent(f)
            }
            Kind::Position | Kind::Reachable => write!(f, "{} {name}", asset.kind.one()),
        }
    }
}

/// An asset in one word without spaces: the same for the same thing in every output.
pub(crate) fn path_of(assets: &[Asset<'_>], id: AssetId) -> String {
    let asset = &assets[id.index()];
    let mut parts = vec![match asset.parent {
        Some(parent) => format!("{}/{}", path_of(assets, parent), asset.kind.as_str()),
        None => asset.kind.as_str().to_owned(),
    }];
    let texts = [&asset.namespace, &asset.resource_kind, &asset.name];
    let own = match asset.parent {
        Some(_) => &texts[2..],
        None => &texts[..],
    };
    parts.extend(
        own.iter()
            .filter(|text| !text.is_empty())
            .map(ToString::to_string),
    );
    if asset.ordinal > 0 {
        parts.push((asset.ordinal + 1).to_string());
    }
    parts.join("/")
}

/// The namespace of a resource, as it counts.
pub(crate) fn namespace_of<'a>(
    inventory: &'a Inventory,
    resource: u32,
    default_namespace: &'a str,
) -> &'a str {
    let resource = inventory.resources.get(resource as usize);
    let namespace = resource.and_then(|resource| resource.namespace.as_deref());
    namespace
        .filter(|text| !text.is_empty())
        .unwrap_or(default_namespace)
}

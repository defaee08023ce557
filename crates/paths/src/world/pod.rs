//! A pod as techniques see it: facts with the nodes that say them. Two pods with equal facts are one to an attacker,
//! so that nothing else of a pod may be looked at.

use document::{Kind, NodeId, NodeRef};
use model::{ContainerMember, ContainerRole, ContainerView, Effective, PodMember, PodView};
use network::{Port, Protocol};

use super::volume::{Source, Volume, sources};
use crate::edge::Possible;
use crate::read::{field, items, text};

/// A value, and the node that says so. Equal to every other place that says the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) node: NodeId,
}

impl<T: PartialEq> PartialEq for At<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for At<T> {}

/// What a pod is, in all that matters to an attacker.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PodFacts<'a> {
    pub(crate) spec: At<()>,
    pub(crate) account: At<&'a str>,
    /// What the pod says of its token; its service account decides when it says nothing.
    pub(crate) automount: Option<At<bool>>,
    pub(crate) host_pid: At<bool>,
    pub(crate) host_network: At<bool>,
    pub(crate) has_host_users: bool,
    pub(crate) shares_processes: At<bool>,
    pub(crate) placement: Placement,
    pub(crate) containers: Vec<ContainerFacts<'a>>,
    pub(crate) volumes: Vec<Volume<'a>>,
    /// The label that asks Azure's webhook for a token.
    pub(crate) uses_azure_identity: bool,
}

/// Where a pod may be put.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Placement {
    /// On every node, unless it selects some.
    pub(crate) is_everywhere: bool,
    /// The toleration of the control plane's taint.
    pub(crate) tolerates_control_plane: Option<At<()>>,
}

/// The user that a container runs as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum User {
    /// Root, or whatever its image says.
    Root,
    /// Surely not root, and a program that is set to run as root makes it so.
    CanBecomeRoot,
    /// Surely not root.
    NeverRoot,
}

/// A container, in all that matters to an attacker.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ContainerFacts<'a> {
    pub(crate) node: At<()>,
    pub(crate) name: &'a str,
    pub(crate) role: ContainerRole,
    pub(crate) privileged: At<bool>,
    pub(crate) host_process: At<bool>,
    pub(crate) unmasked_proc: At<bool>,
    /// Added ones, without their prefix.
    pub(crate) capabilities: Vec<At<&'a str>>,
    pub(crate) user: User,
    pub(crate) mounts: Vec<MountFacts<'a>>,
    /// Names of Secrets in its environment.
    pub(crate) env_secrets: Vec<At<&'a str>>,
    /// Declared ones.
    pub(crate) ports: Vec<At<Port>>,
}

/// A volume in a container.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MountFacts<'a> {
    pub(crate) node: At<()>,
    /// Position in the pod's volumes.
    pub(crate) volume: usize,
    /// What says that it is mounted writable: the mount when nothing does.
    pub(crate) read_only: At<bool>,
    pub(crate) sub_path: Option<&'a str>,
}

impl ContainerFacts<'_> {
    /// Whether it has a capability: it was added, or all are there.
    pub(crate) fn capability(&self, name: &str) -> Option<At<()>> {
        let has =
            |one: &&At<&str>| is_capability(one.value, name) || is_capability(one.value, "ALL");
        let added = self.capabilities.iter().find(has);
        added.map(|one| At {
            value: (),
            node: one.node,
        })
    }

    /// Whether what is done in it can be done as root.
    pub(crate) fn as_root(&self) -> Possible {
        match self.user {
            User::Root => Possible::Yes,
            User::CanBecomeRoot => Possible::Perhaps(NOT_ROOT),
            User::NeverRoot => Possible::No,
        }
    }

    /// Whether an attacker finds it running.
    pub(crate) fn keeps_running(&self) -> bool {
        self.role != ContainerRole::Init
    }
}

const NOT_ROOT: &str = "the container does not run as root, and needs a program that makes it so";

/// Whether a name, with or without its prefix and in any case, is that of a capability.
fn is_capability(written: &str, name: &str) -> bool {
    let bare = written
        .get(..4)
        .filter(|start| start.eq_ignore_ascii_case("CAP_"));
    let bare = bare.map_or(written, |_| &written[4..]);
    bare.eq_ignore_ascii_case(name)
}

impl<'a> PodFacts<'a> {
    /// Reads a pod; what contradicts the API is noted as well.
    pub(crate) fn read(view: &PodView<'a>, wrong: &mut Vec<NodeId>) -> Self {
        let spec = view.spec();
        let mut own = |member| flag(view.effective(member), spec, wrong);
        let volumes: Vec<Volume<'a>> = view.volumes().map(Volume::read).collect();
        let account = view.effective(PodMember::ServiceAccountName);
        let automount = match view.effective(PodMember::AutomountServiceAccountToken) {
            Effective::Node(node) => node.as_bool().map(|value| At {
                value,
                node: node.id(),
            }),
            _ => None,
        };
        let labels = view
            .metadata()
            .and_then(|metadata| field(metadata, "labels"));
        let azure = labels.and_then(|labels| text(labels, "azure.workload.identity/use"));
        let [host_pid, host_network, host_users, shares_processes] = [
            PodMember::HostPid,
            PodMember::HostNetwork,
            PodMember::HostUsers,
            PodMember::ShareProcessNamespace,
        ]
        .map(&mut own);
        PodFacts {
            spec: at((), spec),
            account: At {
                value: account.as_str().unwrap_or("default"),
                node: account.node().unwrap_or(spec).id(),
            },
            automount,
            host_pid,
            host_network,
            has_host_users: host_users.value,
            shares_processes,
            placement: placement(view),
            containers: view
                .containers()
                .iter()
                .map(|container| ContainerFacts::read(container, &volumes, wrong))
                .collect(),
            volumes,
            uses_azure_identity: azure == Some("true"),
        }
    }
}

impl<'a> ContainerFacts<'a> {
    fn read(view: &ContainerView<'a>, volumes: &[Volume<'a>], wrong: &mut Vec<NodeId>) -> Self {
        let node = view.node();
        let privileged = flag(view.effective(ContainerMember::Privileged), node, wrong);
        let host_process = flag(view.effective(ContainerMember::HostProcess), node, wrong);
        let added = view.effective(ContainerMember::CapabilitiesAdd);
        let proc_mount = view.effective(ContainerMember::ProcMount);
        let added = added.node().into_iter().flat_map(NodeRef::items);
        let mut capabilities: Vec<At<&str>> = added
            .filter_map(|item| Some(at(item.as_str()?, item)))
            .collect();
        capabilities.sort_by_key(|one| (one.value, one.node));
        let mut env_secrets = env_secrets(node);
        env_secrets.sort_by_key(|one| (one.value, one.node));
        ContainerFacts {
            node: at((), node),
            name: view.name(),
            role: view.role(),
            privileged,
            host_process,
            unmasked_proc: At {
                value: proc_mount.as_str() == Some("Unmasked"),
                node: proc_mount.node().unwrap_or(node).id(),
            },
            capabilities,
            user: user(view),
            mounts: items(node, "volumeMounts")
                .filter_map(|mount| MountFacts::read(mount, volumes))
                .collect(),
            env_secrets,
            ports: items(node, "ports")
                .filter_map(|node| Some(at(port(node)?, node)))
                .collect(),
        }
    }
}

impl<'a> MountFacts<'a> {
    fn read(mount: NodeRef<'a>, volumes: &[Volume<'a>]) -> Option<Self> {
        let name = text(mount, "name")?;
        let volume = volumes.iter().position(|volume| volume.name == name)?;
        let own = field(mount, "readOnly").filter(|value| value.as_bool().is_some());
        Some(MountFacts {
            node: at((), mount),
            volume,
            read_only: At {
                value: own.and_then(NodeRef::as_bool).unwrap_or(false),
                node: own.unwrap_or(mount).id(),
            },
            sub_path: text(mount, "subPath"),
        })
    }
}

pub(super) fn at<T>(value: T, node: NodeRef<'_>) -> At<T> {
    At {
        value,
        node: node.id(),
    }
}

/// A boolean, said where it is written, else where it could be. What contradicts the schema is false here: the API
/// server refuses such an object.
fn flag(value: Effective<'_>, otherwise: NodeRef<'_>, wrong: &mut Vec<NodeId>) -> At<bool> {
    if let Effective::Mismatch(node) = value {
        wrong.push(node.id());
    }
    At {
        value: value.as_bool().unwrap_or(false),
        node: value.node().unwrap_or(otherwise).id(),
    }
}

fn user(view: &ContainerView<'_>) -> User {
    let id = view.effective(ContainerMember::RunAsUser).as_i64();
    let must_not = view.effective(ContainerMember::RunAsNonRoot).as_bool() == Some(true);
    let is_other = id.is_some_and(|id| id != 0) || (id.is_none() && must_not);
    let may_gain = view
        .effective(ContainerMember::AllowPrivilegeEscalation)
        .as_bool();
    match (is_other, may_gain) {
        (false, _) => User::Root,
        (true, Some(false)) => User::NeverRoot,
        (true, _) => User::CanBecomeRoot,
    }
}

fn port(node: NodeRef<'_>) -> Option<Port> {
    let number = field(node, "containerPort").and_then(NodeRef::as_i64)?;
    Some(Port {
        protocol: match text(node, "protocol") {
            None => Protocol::Tcp,
            Some(word) => Protocol::parse(word)?,
        },
        number: u16::try_from(number).ok()?,
    })
}

/// The Secrets that variables come from.
fn env_secrets(container: NodeRef<'_>) -> Vec<At<&str>> {
    let single = items(container, "env").filter_map(|variable| {
        let from = field(field(variable, "valueFrom")?, "secretKeyRef")?;
        Some(at(text(from, "name")?, from))
    });
    let whole = items(container, "envFrom").filter_map(|source| {
        let from = field(source, "secretRef")?;
        Some(at(text(from, "name")?, from))
    });
    single.chain(whole).collect()
}

const CONTROL_PLANE: [&str; 2] = [
    "node-role.kubernetes.io/control-plane",
    "node-role.kubernetes.io/master",
];

fn placement(view: &PodView<'_>) -> Placement {
    let spec = view.spec();
    let tolerates = |toleration: NodeRef<'_>| {
        let exists = text(toleration, "operator") == Some("Exists");
        let effect = text(toleration, "effect");
        let is_for_taint = match text(toleration, "key") {
            None => exists,
            Some(key) => CONTROL_PLANE.contains(&key),
        };
        is_for_taint && effect.is_none_or(|effect| effect == "NoSchedule")
    };
    let is_empty = |name| field(spec, name).is_none_or(NodeRef::is_empty);
    let selects =
        !is_empty("nodeSelector") || field(spec, "affinity").is_some_and(has_node_affinity);
    Placement {
        is_everywhere: &*view.resource().kind == "DaemonSet" && !selects,
        tolerates_control_plane: items(spec, "tolerations")
            .find(|toleration| tolerates(*toleration))
            .map(|toleration| at((), toleration)),
    }
}

fn has_node_affinity(affinity: NodeRef<'_>) -> bool {
    field(affinity, "nodeAffinity")
        .is_some_and(|own| own.kind() == Kind::Mapping && !own.is_empty())
}

/// The Secrets that a volume holds.
pub(crate) fn secrets_of<'v, 'a>(volume: &'v Volume<'a>) -> impl Iterator<Item = At<&'a str>> + 'v {
    sources(volume, |source| match source.value {
        Source::Secret(name) => Some(At {
            value: name,
            node: source.node,
        }),
        _ => None,
    })
}

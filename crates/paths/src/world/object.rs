//! Namespaces, nodes, service accounts, Secrets and persistent volumes.

use document::{NodeId, NodeRef};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::{Inventory, Resource};

use super::volume::{Through, clean};
use crate::asset::namespace_of;
use crate::evidence::Place;
use crate::read::{annotation, field, fields, label, text};

type Map<K, V> = HashMap<K, V, FixedState>;

/// A name in a namespace.
type Name<'a> = (&'a str, &'a str);

/// Whether a namespace lets privileged pods in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Guard {
    /// It refuses them.
    Refuses,
    /// It lets them in; with the place of its metadata.
    Lets(Option<Place>),
    /// It was not scanned.
    Unknown,
}

/// A node.
#[derive(Clone, Debug, Default)]
pub(crate) struct Host<'a> {
    pub(crate) place: Option<Place>,
    pub(crate) is_control_plane: bool,
    /// The place of the provider's id, with the provider.
    pub(crate) provider: Option<(&'a str, Place)>,
}

/// A Secret.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SecretObject<'a> {
    pub(crate) resource: u32,
    /// The service account whose token it holds.
    pub(crate) account: Option<(&'a str, NodeId)>,
}

/// What a persistent volume is.
#[derive(Clone, Debug)]
pub(crate) struct PersistentVolume<'a> {
    /// The path of the node, when it is one.
    pub(crate) host_path: Option<(String, NodeId)>,
    pub(crate) resource: u32,
    /// The claim that it is bound to, or kept for.
    claim: Option<Name<'a>>,
}

/// What lies behind a claim.
#[derive(Clone, Debug)]
pub(crate) enum Claimed {
    /// A path of the node.
    Host(String, Through),
    /// Something else.
    Other,
    /// The claim or its volume was not scanned.
    Unknown,
}

/// Objects by whose being there a cluster shows how it was made.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Signs {
    /// The map from identities of AWS to users of the cluster: EKS.
    pub(crate) aws_auth: bool,
    /// A token that nodes join with.
    pub(crate) bootstrap_token: bool,
    /// The configuration that kubeadm leaves.
    pub(crate) kubeadm: bool,
}

/// Objects that pods and permissions refer to.
#[derive(Debug, Default)]
pub(crate) struct Objects<'a> {
    is_complete: bool,
    namespaces: Map<&'a str, u32>,
    pub(crate) hosts: Map<&'a str, Host<'a>>,
    pub(crate) accounts: Map<Name<'a>, u32>,
    pub(crate) secrets: Map<Name<'a>, SecretObject<'a>>,
    volumes: Map<&'a str, PersistentVolume<'a>>,
    /// Volumes by the claim that they name.
    volume_of_claim: Map<Name<'a>, &'a str>,
    /// Claims, with the volume that they name.
    claims: Map<Name<'a>, Option<&'a str>>,
    enforced: Map<&'a str, Option<&'a str>>,
    /// Identities of AWS that accounts are associated with, with the place that says so.
    pub(crate) associations: Map<Name<'a>, (&'a str, Place)>,
    /// Accounts with an annotation for a cloud.
    annotated: Map<Name<'a>, ()>,
    pub(crate) signs: Signs,
}

/// Annotations of service accounts that clouds take for identities of theirs.
pub(crate) const AWS_ROLE: &str = "eks.amazonaws.com/role-arn";
pub(crate) const GCP_ACCOUNT: &str = "iam.gke.io/gcp-service-account";
pub(crate) const AZURE_CLIENT: &str = "azure.workload.identity/client-id";

/// Which users and groups EKS takes identities of AWS for.
const AWS_AUTH: (&str, &str) = ("kube-system", "aws-auth");
/// What kubeadm writes down about a cluster.
const KUBEADM: [(&str, &str); 2] = [
    ("kube-system", "kubeadm-config"),
    ("kube-system", "kubelet-config"),
];
/// The type of Secrets that nodes join with.
const BOOTSTRAP_TOKEN: &str = "bootstrap.kubernetes.io/token";

const CONTROL_PLANE: [&str; 2] = [
    "node-role.kubernetes.io/control-plane",
    "node-role.kubernetes.io/master",
];

impl<'a> Objects<'a> {
    pub(super) fn read(inventory: &'a Inventory, default_namespace: &'a str) -> Self {
        let mut objects = Objects {
            is_complete: inventory.is_complete,
            ..Objects::default()
        };
        for (index, resource) in (0..).zip(&inventory.resources) {
            let namespace = namespace_of(inventory, index, default_namespace);
            objects.take(resource, index, namespace);
        }
        objects
    }

    fn take(&mut self, resource: &'a Resource, index: u32, namespace: &'a str) {
        let object = resource.object();
        let name = &*resource.name;
        match (resource.group(), &*resource.kind) {
            ("", "Namespace") => {
                self.namespaces.insert(name, index);
                let level = label(object, "pod-security.kubernetes.io/enforce");
                self.enforced.insert(name, level);
            }
            ("", "Node") => {
                self.hosts.insert(name, host(object, index));
            }
            ("", "ServiceAccount") => {
                self.accounts.insert((namespace, name), index);
                let mut clouds = [AWS_ROLE, GCP_ACCOUNT, AZURE_CLIENT].into_iter();
                if clouds.any(|key| annotation(object, key).is_some()) {
                    self.annotated.insert((namespace, name), ());
                }
            }
            ("", "Secret") => {
                self.signs.bootstrap_token |= text(object, "type") == Some(BOOTSTRAP_TOKEN);
                self.secrets
                    .insert((namespace, name), secret(object, index));
            }
            ("", "PersistentVolume") => {
                let volume = persistent_volume(object, index);
                if let Some(claim) = volume.claim {
                    self.volume_of_claim.insert(claim, name);
                }
                self.volumes.insert(name, volume);
            }
            ("", "PersistentVolumeClaim") => {
                let volume = field(object, "spec").and_then(|spec| text(spec, "volumeName"));
                self.claims.insert((namespace, name), volume);
            }
            ("", "ConfigMap") => {
                self.signs.aws_auth |= (namespace, name) == AWS_AUTH;
                self.signs.kubeadm |= KUBEADM.contains(&(namespace, name));
            }
            (_, "PodIdentityAssociation") => {
                self.associations.extend(association(object, index));
            }
            _ => {}
        }
    }

    /// Whether a namespace lets privileged pods in.
    pub(crate) fn guard(&self, namespace: &str, inventory: &Inventory) -> Guard {
        match self.enforced.get(namespace) {
            Some(Some("baseline" | "restricted")) => Guard::Refuses,
            Some(_) => Guard::Lets(self.namespaces.get(namespace).and_then(|&resource| {
                let object = inventory.resources.get(resource as usize)?.object();
                let node = field(object, "metadata").unwrap_or(object).id();
                Some(Place { resource, node })
            })),
            None if self.is_complete => Guard::Lets(None),
            None => Guard::Unknown,
        }
    }

    /// Whether a Namespace object was scanned.
    pub(crate) fn is_scanned(&self, namespace: &str) -> bool {
        self.namespaces.contains_key(namespace)
    }

    /// The place of a service account.
    pub(crate) fn account(&self, namespace: &str, name: &str) -> Option<u32> {
        self.accounts.get(&(namespace, name)).copied()
    }

    /// Whether a cloud takes a service account for an identity of its own.
    pub(crate) fn has_cloud_identity(&self, namespace: &str, name: &str) -> bool {
        self.annotated.contains_key(&(namespace, name))
            || self.associations.contains_key(&(namespace, name))
    }

    /// What lies behind a claim.
    pub(crate) fn claimed(&self, namespace: &str, claim: &str) -> Claimed {
        let by_claim = self.claims.get(&(namespace, claim)).copied().flatten();
        let name = by_claim.or_else(|| self.volume_of_claim.get(&(namespace, claim)).copied());
        let Some(volume) = name.and_then(|name| self.volumes.get(name)) else {
            return if self.is_complete {
                Claimed::Other
            } else {
                Claimed::Unknown
            };
        };
        match &volume.host_path {
            Some((path, node)) => Claimed::Host(
                path.clone(),
                Through {
                    resource: volume.resource,
                    node: *node,
                },
            ),
            None => Claimed::Other,
        }
    }

    /// Namespaces that were scanned.
    pub(crate) fn namespaces(&self) -> impl Iterator<Item = &'a str> {
        let mut names: Vec<&str> = self.namespaces.keys().copied().collect();
        names.sort_unstable();
        names.into_iter()
    }
}

fn host(object: NodeRef<'_>, resource: u32) -> Host<'_> {
    let place = |node: NodeRef<'_>| Place {
        resource,
        node: node.id(),
    };
    let labels = fields(object, &["metadata", "labels"]);
    let provider = fields(object, &["spec", "providerID"]);
    let provider = provider.and_then(|node| {
        let (provider, _) = node.as_str()?.split_once("://")?;
        Some((provider, place(node)))
    });
    Host {
        place: Some(place(object)),
        is_control_plane: labels.is_some_and(|labels| {
            CONTROL_PLANE
                .iter()
                .any(|key| labels.get_str(key).is_some())
        }),
        provider,
    }
}

fn secret(object: NodeRef<'_>, resource: u32) -> SecretObject<'_> {
    let is_token = text(object, "type") == Some("kubernetes.io/service-account-token");
    let account = annotation(object, "kubernetes.io/service-account.name").filter(|_| is_token);
    SecretObject {
        resource,
        account: account.and_then(|node| Some((node.as_str()?, node.id()))),
    }
}

fn persistent_volume(object: NodeRef<'_>, resource: u32) -> PersistentVolume<'_> {
    let spec = field(object, "spec");
    let path = |source: &str| {
        let path = field(field(spec?, source)?, "path")?;
        Some((clean(path.as_str()?), path.id()))
    };
    let claim = spec.and_then(|spec| field(spec, "claimRef"));
    PersistentVolume {
        host_path: path("hostPath").or_else(|| path("local")),
        resource,
        claim: claim.and_then(|claim| {
            let namespace = text(claim, "namespace").unwrap_or("default");
            Some((namespace, text(claim, "name")?))
        }),
    }
}

/// The account and the role of an association, as the controllers of AWS and of Crossplane write it.
fn association(object: NodeRef<'_>, resource: u32) -> Option<(Name<'_>, (&str, Place))> {
    let spec = field(object, "spec")?;
    let spec = field(spec, "forProvider").unwrap_or(spec);
    let account = (text(spec, "namespace")?, text(spec, "serviceAccount")?);
    let role = field(spec, "roleARN").or_else(|| field(spec, "roleArn"))?;
    let node = role.id();
    Some((account, (role.as_str()?, Place { resource, node })))
}

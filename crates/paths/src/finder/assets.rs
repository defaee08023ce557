//! The assets of the world, made when they are asked for.

use std::borrow::Cow;

use rbac::{RoleId, Subject};

use super::{CREATES_PODS, Finder};
use crate::asset::{Asset, AssetId, Kind};
use crate::edge::TechniqueId;
use crate::evidence::EvidenceId;
use crate::world::{Hit, PodClass};

impl<'w, 'a> Finder<'w, 'a> {
    /// Whoever can reach what is open to everyone.
    pub(crate) fn internet(&mut self) -> AssetId {
        self.assets.add(Asset::new(Kind::Internet, "", ""))
    }

    /// Everything in the cluster.
    pub(crate) fn cluster_admin(&mut self) -> AssetId {
        self.assets.add(Asset::new(Kind::ClusterAdmin, "", ""))
    }

    /// A summary of a namespace, or of the whole cluster.
    pub(crate) fn all(&mut self, kind: Kind, scope: Option<&'a str>) -> AssetId {
        self.assets.add(Asset::new(kind, scope.unwrap_or(""), ""))
    }

    /// A summary of the namespace that another asset is about.
    pub(crate) fn same_scope(&mut self, asset: AssetId, kind: Kind) -> AssetId {
        let scope = self.assets.list[asset.index()].namespace.clone();
        self.assets.add(Asset::new(kind, scope, ""))
    }

    /// The cloud identities that are known so far.
    pub(crate) fn clouds(&self) -> Vec<AssetId> {
        let assets = (0..).map(AssetId).zip(&self.assets.list);
        let clouds = assets.filter(|(_, asset)| asset.kind == Kind::CloudIdentity);
        clouds.map(|(id, _)| id).collect()
    }

    /// The scopes in which a permission set, or someone by several, may create pods.
    pub(crate) fn creates_pods(&self, asset: AssetId) -> Vec<Option<&'a str>> {
        let permissions = &self.world.permissions;
        let sets = match self.set_position(asset) {
            Some(set) => vec![set],
            None => self.with_subject(asset, |subject| permissions.held_by(subject)),
        };
        let hits = sets
            .iter()
            .flat_map(|&set| &permissions.sets[set as usize].hits);
        let creates = hits.filter(|hit| CREATES_PODS.contains(&hit.pattern.id));
        creates.map(|hit| hit.scope).collect()
    }

    /// A role that was not scanned, where it may be bound.
    pub(crate) fn missing_role(
        &mut self,
        kind: &'a str,
        name: &'a str,
        scope: Option<&'a str>,
    ) -> AssetId {
        let mut asset = Asset::new(Kind::PermissionSet, scope.unwrap_or(""), name);
        asset.resource_kind = Cow::Borrowed(kind);
        asset.is_scanned = false;
        self.assets.add(asset)
    }

    /// Every node.
    pub(crate) fn all_nodes(&mut self) -> AssetId {
        self.assets.add(Asset::new(Kind::AllNodes, "", ""))
    }

    /// A node; the empty name stands for one that is not known.
    pub(crate) fn node(&mut self, name: impl Into<Cow<'a, str>>) -> AssetId {
        let name = name.into();
        let host = self.world.objects.hosts.get(&*name);
        let mut asset = Asset::new(Kind::Node, "", name);
        asset.place = host.and_then(|host| host.place);
        self.assets.add(asset)
    }

    /// The files of a node.
    pub(crate) fn node_files(&mut self, name: impl Into<Cow<'a, str>>) -> AssetId {
        self.assets.add(Asset::new(Kind::NodeFiles, "", name))
    }

    /// Where the pods of a class run: their nodes, one that is not known among them, or a summary of several.
    pub(crate) fn nodes_of(&mut self, class: &PodClass<'a>, pod: AssetId) -> AssetId {
        let may_be_anywhere =
            class.is_unplaced && class.facts.placement.tolerates_control_plane.is_some();
        match (&class.nodes[..], class.is_unplaced) {
            ([], _) if !may_be_anywhere => self.node(""),
            ([name], false) => self.node(*name),
            _ => {
                let mut asset = Asset::new(Kind::NodesOf, "", "");
                asset.parent = Some(pod);
                self.assets.add(asset)
            }
        }
    }

    /// The files of the nodes that the pods of a class run on.
    pub(crate) fn files_of(&mut self, class: &PodClass<'a>) -> Vec<AssetId> {
        let unplaced = class.is_unplaced.then_some("");
        let names = class.nodes.iter().copied().chain(unplaced);
        names.map(|name| self.node_files(name)).collect()
    }

    /// Whether some pod of a class runs on a node of the control plane.
    pub(crate) fn runs_on_control_plane(&self, class: &PodClass<'a>) -> bool {
        let mut hosts = class
            .nodes
            .iter()
            .filter_map(|name| self.world.objects.hosts.get(name));
        hosts.any(|host| host.is_control_plane)
    }

    /// A service account.
    pub(crate) fn account(
        &mut self,
        namespace: impl Into<Cow<'a, str>>,
        name: impl Into<Cow<'a, str>>,
    ) -> AssetId {
        let mut asset = Asset::new(Kind::ServiceAccount, namespace, name);
        let resource = self.world.objects.account(&asset.namespace, &asset.name);
        asset.is_scanned = resource.is_some();
        asset.place = resource.and_then(|resource| self.world.root(resource));
        self.assets.add(asset)
    }

    /// Who a subject is.
    pub(crate) fn subject(&mut self, subject: Subject<'a>) -> AssetId {
        match subject {
            Subject::ServiceAccount { namespace, name } => self.account(namespace, name),
            Subject::User(name) => self.assets.add(Asset::new(Kind::User, "", name)),
            Subject::Group(name) => self.group(name),
        }
    }

    /// A user.
    pub(crate) fn user(&mut self, name: impl Into<Cow<'a, str>>) -> AssetId {
        self.assets.add(Asset::new(Kind::User, "", name))
    }

    /// A container of a pod, by its name: the first of that name.
    pub(crate) fn container(&mut self, pod: AssetId, name: &'a str) -> AssetId {
        let mut asset = Asset::new(Kind::Container, "", name);
        asset.parent = Some(pod);
        self.assets.add(asset)
    }

    /// A group.
    pub(crate) fn group(&mut self, name: impl Into<Cow<'a, str>>) -> AssetId {
        self.assets.add(Asset::new(Kind::Group, "", name))
    }

    /// A cloud provider's identity.
    pub(crate) fn cloud(&mut self, name: impl Into<Cow<'a, str>>) -> AssetId {
        self.assets.add(Asset::new(Kind::CloudIdentity, "", name))
    }

    /// A Secret.
    pub(crate) fn secret(&mut self, namespace: &'a str, name: &'a str) -> AssetId {
        let object = self.world.objects.secrets.get(&(namespace, name));
        let mut asset = Asset::new(Kind::Secret, namespace, name);
        asset.is_scanned = object.is_some();
        asset.place = object.and_then(|object| self.world.root(object.resource));
        self.assets.add(asset)
    }

    /// A permission set, by its position.
    pub(crate) fn permission_set(&mut self, position: u32) -> AssetId {
        let set = &self.world.permissions.sets[position as usize];
        let mut asset = Asset::new(Kind::PermissionSet, set.scope.unwrap_or(""), set.name);
        asset.resource_kind = Cow::Borrowed(set.kind);
        asset.is_scanned = set.role.is_some();
        let role = set.role.and_then(|role| self.world.graph.role(role));
        asset.place = role.map(|role| role.place.into());
        let id = self.assets.add(asset);
        self.sets.insert(id, position);
        self.roles
            .extend(set.role.map(|role| (id, (role, set.scope))));
        id
    }

    /// The position of a permission set.
    pub(crate) fn set_position(&self, asset: AssetId) -> Option<u32> {
        self.sets.get(&asset).copied()
    }

    /// A role where it may be granted, whether or not a binding does.
    pub(crate) fn role_in(&mut self, role: RoleId, scope: Option<&'a str>) -> Option<AssetId> {
        let named = self.world.graph.role(role)?;
        let mut asset = Asset::new(Kind::PermissionSet, scope.unwrap_or(""), named.name);
        asset.resource_kind = Cow::Borrowed(named.kind);
        asset.place = Some(named.place.into());
        let id = self.assets.add(asset);
        self.roles.entry(id).or_insert((role, scope));
        Some(id)
    }

    /// The role of a permission set, and where it is granted.
    pub(crate) fn role_of(&self, asset: AssetId) -> Option<(RoleId, Option<&'a str>)> {
        self.roles.get(&asset).copied()
    }

    /// Asks about an identity as a subject of permissions.
    pub(crate) fn with_subject<T>(&self, asset: AssetId, ask: impl FnOnce(Subject<'_>) -> T) -> T {
        let own = &self.assets.list[asset.index()];
        ask(match own.kind {
            Kind::ServiceAccount => Subject::ServiceAccount {
                namespace: &own.namespace,
                name: &own.name,
            },
            Kind::Group => Subject::Group(&own.name),
            _ => Subject::User(&own.name),
        })
    }

    /// The subject that an identity is, when bindings name it.
    pub(crate) fn subject_id(&self, asset: AssetId) -> Option<rbac::SubjectId> {
        self.with_subject(asset, |subject| self.world.graph.find(subject))
    }

    /// The class of a pod.
    pub(crate) fn class_of(&self, pod: AssetId) -> Option<&'w PodClass<'a>> {
        let position = *self.classes.get(&pod)?;
        self.world.classes.get(position as usize)
    }

    /// An edge that only says that a summary holds something.
    pub(crate) fn belongs(&mut self, from: AssetId, to: AssetId, unknown: Option<&'static str>) {
        let technique = std::mem::replace(&mut self.technique, TechniqueId::SUMMARY);
        self.edge_if(from, to, EvidenceId::NONE, unknown);
        self.technique = technique;
    }

    /// A volume in a container.
    pub(crate) fn volume(&mut self, container: AssetId, name: impl Into<Cow<'a, str>>) -> AssetId {
        let mut asset = Asset::new(Kind::Volume, "", name);
        asset.parent = Some(container);
        self.assets.add(asset)
    }

    /// The pods that a permission is held for: all of a scope, or those of some names.
    pub(crate) fn pods_of(&mut self, hit: &Hit<'a>) -> Vec<AssetId> {
        let Some(names) = &hit.names else {
            return vec![self.all(Kind::AllPods, hit.scope)];
        };
        let world = self.world;
        let mut found = Vec::new();
        for (class, asset) in world.classes.iter().zip(&self.pods) {
            let is_in = hit.scope.is_none_or(|scope| scope == class.namespace);
            if is_in && names.iter().any(|name| class.may_be_called(name)) {
                found.push(*asset);
            }
        }
        for name in names {
            let scopes = hit.scope.map_or_else(Vec::new, |scope| vec![scope]);
            for scope in scopes {
                if let Some(&class) = world.class_of_pod.get(&(scope, *name)) {
                    found.push(self.pods[class as usize]);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The service accounts that a permission is held for.
    pub(crate) fn accounts_of(&mut self, hit: &Hit<'a>) -> Vec<AssetId> {
        match (&hit.names, hit.scope) {
            (None, scope) => vec![self.all(Kind::AllAccounts, scope)],
            (Some(names), Some(scope)) => names
                .iter()
                .map(|&name| self.account(scope, name))
                .collect(),
            (Some(names), None) => {
                let world = self.world;
                let meant = world
                    .accounts
                    .iter()
                    .filter(|(_, name)| names.contains(name));
                meant
                    .map(|(namespace, name)| self.account(*namespace, *name))
                    .collect()
            }
        }
    }

    /// The Secrets that a permission is held for.
    pub(crate) fn secrets_of(&mut self, hit: &Hit<'a>) -> Vec<AssetId> {
        match (&hit.names, hit.scope) {
            (None, scope) => vec![self.all(Kind::AllSecrets, scope)],
            (Some(names), Some(scope)) => {
                names.iter().map(|&name| self.secret(scope, name)).collect()
            }
            (Some(names), None) => {
                let world = self.world;
                let meant = world
                    .secrets
                    .iter()
                    .filter(|(_, name)| names.contains(name));
                meant
                    .map(|(namespace, name)| self.secret(namespace, name))
                    .collect()
            }
        }
    }
}

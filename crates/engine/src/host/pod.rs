//! Pods, containers and the assumed version as host objects.

use std::cell::OnceCell;

use bumpalo::Bump;
use document::NodeRef;
use expr::{Host, MemberId, MethodId, Value};
use model::{ContainerRole, ContainerView, KubernetesVersion, PodView};

use super::effective::{ContainerEffective, PodEffective};
use super::{member, network, rbac, references};
use crate::relations::Relations;

const EFFECTIVE: MemberId = member("effective");
const METADATA: MemberId = member("metadata");
const KIND: MemberId = member("kind");
const ALL_CONTAINERS: MemberId = member("allContainers");
const MAIN_CONTAINERS: MemberId = member("mainContainers");
const ROLE: MemberId = member("role");
const MINOR: MemberId = member("minor");

/// A pod, whatever kind of workload carries it.
pub(crate) struct PodHost<'a, 'r> {
    view: &'a PodView<'r>,
    /// Position of the resource that carries it.
    resource: u32,
    relations: &'a Relations<'r>,
    effective: PodEffective<'a, 'r>,
    containers: &'a [ContainerHost<'a, 'r>],
    all: &'a [Value<'a>],
    main: &'a [Value<'a>],
    /// What it refers to, once someone asked.
    references: OnceCell<Value<'a>>,
}

impl<'a, 'r: 'a> PodHost<'a, 'r> {
    /// Makes the host objects of a pod and its containers.
    pub(crate) fn new(
        view: &'a PodView<'r>,
        resource: u32,
        relations: &'a Relations<'r>,
        arena: &'a Bump,
    ) -> &'a Self {
        let views = view.containers().iter();
        let containers: &'a [ContainerHost<'a, 'r>] =
            arena.alloc_slice_fill_iter(views.map(ContainerHost::new));
        let all: &'a [Value<'a>] =
            arena.alloc_slice_fill_iter(containers.iter().map(|host| Value::Host(host)));
        let mut main = bumpalo::collections::Vec::new_in(arena);
        let is_main = |host: &&ContainerHost<'_, '_>| host.view.role() == ContainerRole::Main;
        main.extend(
            containers
                .iter()
                .filter(is_main)
                .map(|host| Value::Host(host)),
        );
        arena.alloc(PodHost {
            view,
            resource,
            relations,
            effective: PodEffective::new(view),
            containers,
            all,
            main: main.into_bump_slice(),
            references: OnceCell::new(),
        })
    }

    /// The containers, in the order of the view.
    pub(crate) fn containers(&self) -> &'a [ContainerHost<'a, 'r>] {
        self.containers
    }

    /// The view.
    pub(crate) fn view(&self) -> &'a PodView<'r> {
        self.view
    }

    /// Position of the resource that carries it.
    pub(crate) fn resource(&self) -> u32 {
        self.resource
    }

    /// What it refers to, once someone asked.
    pub(super) fn references(&self) -> &OnceCell<Value<'a>> {
        &self.references
    }

    /// How it relates to other things.
    pub(crate) fn relations(&self) -> &'a Relations<'r> {
        self.relations
    }
}

impl<'a, 'r: 'a> Host<'a> for PodHost<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "pod"
    }

    fn node(&self) -> Option<NodeRef<'a>> {
        Some(self.view.spec())
    }

    fn member(&'a self, member: MemberId, _: &'a Bump) -> Option<Value<'a>> {
        match member {
            EFFECTIVE => Some(Value::Host(&self.effective)),
            METADATA => self
                .view
                .metadata()
                .map(|node| -> Value<'a> { Value::Node(node) }),
            KIND => Some(Value::String(&self.view.resource().kind)),
            ALL_CONTAINERS => Some(Value::List(self.all)),
            MAIN_CONTAINERS => Some(Value::List(self.main)),
            _ => None,
        }
    }

    fn call(
        &'a self,
        method: MethodId,
        arguments: &[Value<'a>],
        arena: &'a Bump,
    ) -> Option<Value<'a>> {
        references::of_pod(self, method, arguments, arena)
            .or_else(|| network::of_pod(self, method, arguments, arena))
            .or_else(|| rbac::of_pod(self, method, arguments, arena))
    }
}

/// A container of any role.
pub(crate) struct ContainerHost<'a, 'r> {
    view: &'a ContainerView<'r>,
    effective: ContainerEffective<'a, 'r>,
}

impl<'a, 'r> ContainerHost<'a, 'r> {
    fn new(view: &'a ContainerView<'r>) -> Self {
        ContainerHost {
            view,
            effective: ContainerEffective::new(view),
        }
    }

    /// The view.
    pub(crate) fn view(&self) -> &'a ContainerView<'r> {
        self.view
    }
}

impl<'a, 'r: 'a> Host<'a> for ContainerHost<'a, 'r> {
    fn type_name(&self) -> &'static str {
        "container"
    }

    fn node(&self) -> Option<NodeRef<'a>> {
        Some(self.view.node())
    }

    fn member(&'a self, member: MemberId, _: &'a Bump) -> Option<Value<'a>> {
        match member {
            EFFECTIVE => Some(Value::Host(&self.effective)),
            ROLE => Some(Value::String(self.view.role().as_str())),
            _ => None,
        }
    }
}

/// The version that a scan assumes.
pub(crate) struct KubernetesHost(pub(crate) KubernetesVersion);

impl<'a> Host<'a> for KubernetesHost {
    fn type_name(&self) -> &'static str {
        "kubernetes"
    }

    fn member(&'a self, member: MemberId, _: &'a Bump) -> Option<Value<'a>> {
        (member == MINOR).then(|| Value::Int(self.0.minor.into()))
    }
}

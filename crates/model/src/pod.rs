//! Pods as controls see them, whatever kind of workload carries them.

mod container;

use std::sync::OnceLock;

use document::{Keys, Kind, NodeRef};

pub use self::container::{ContainerRole, ContainerView};
use crate::effective::{Effective, Expected, PodMember};
use crate::fields::{Field, FieldKeys};
use crate::inventory::Resource;
use crate::severity::KubernetesVersion;
use crate::workload::{CompiledTable, Shape, WorkloadTable};

/// What it takes to see the pods of resources: one for a scan, shared by all its threads.
#[derive(Clone, Debug)]
pub struct Views {
    fields: FieldKeys,
    table: CompiledTable,
    version: KubernetesVersion,
}

impl Views {
    /// For documents that were parsed with `keys`.
    pub fn new(keys: &Keys, table: &WorkloadTable, version: KubernetesVersion) -> Self {
        Views {
            fields: FieldKeys::new(keys),
            table: CompiledTable::new(table, keys),
            version,
        }
    }

    /// The names of the fields that views read.
    pub fn fields(&self) -> &FieldKeys {
        &self.fields
    }

    /// The version of Kubernetes that defaults and annotations follow.
    pub fn version(&self) -> KubernetesVersion {
        self.version
    }

    /// The pods that a resource carries, in the order of the text; none for most kinds.
    pub fn pods_of<'a>(&'a self, resource: &'a Resource) -> Vec<PodView<'a>> {
        let mut pods = Vec::new();
        for row in self.table.rows(resource.group(), &resource.kind) {
            let object = resource.object();
            let defaults = row.defaults(object);
            row.places(object, &mut |place| {
                pods.extend(PodView::new(self, resource, row.shape, place, defaults));
            });
        }
        if pods.len() > 1 {
            pods.sort_by_key(|pod| pod.scope.spec.id());
        }
        pods
    }
}

/// What containers need to know of their pod.
#[derive(Clone, Copy, Debug)]
struct PodScope<'a> {
    views: &'a Views,
    resource: &'a Resource,
    /// The pod spec, or what stands for it.
    spec: NodeRef<'a>,
    metadata: Option<NodeRef<'a>>,
    /// Settings that hold for all pods of the resource.
    defaults: Option<NodeRef<'a>>,
    shape: Shape,
}

impl<'a> PodScope<'a> {
    /// A field of the pod spec, else of the resource's settings for all its pods.
    fn field(&self, field: Field, expected: Expected) -> Effective<'a> {
        let fields = &self.views.fields;
        Effective::Node(self.spec)
            .field(fields, field, expected)
            .or(|| match self.defaults {
                Some(defaults) => Effective::Node(defaults).field(fields, field, expected),
                None => Effective::Absent,
            })
    }

    fn security_context(&self) -> Effective<'a> {
        self.field(Field::SecurityContext, Expected::Map)
    }

    /// The annotations of the pod, as a mapping.
    fn annotations(&self) -> Option<NodeRef<'a>> {
        self.views.fields.get(self.metadata?, Field::Annotations)
    }
}

/// A pod, as a Pod or as the template of a workload. Borrowed from the inventory.
#[derive(Debug)]
pub struct PodView<'a> {
    scope: PodScope<'a>,
    containers: Vec<ContainerView<'a>>,
    mismatches: Vec<NodeRef<'a>>,
    effective: OnceLock<[Effective<'a>; PodMember::ALL.len()]>,
}

impl<'a> PodView<'a> {
    fn new(
        views: &'a Views,
        resource: &'a Resource,
        shape: Shape,
        place: NodeRef<'a>,
        defaults: Option<NodeRef<'a>>,
    ) -> Option<Self> {
        let fields = &views.fields;
        let place = place.resolved();
        let (spec, metadata) = match shape {
            Shape::PodTemplate => (
                fields.get(place, Field::Spec)?,
                fields.get(place, Field::Metadata),
            ),
            Shape::WorkflowTemplate => (place, fields.get(place, Field::Metadata)),
            Shape::PodSpec | Shape::Steps | Shape::InjectedContainers => (place, None),
        };
        let spec = spec.resolved();
        let scope = PodScope {
            views,
            resource,
            spec,
            metadata,
            defaults,
            shape,
        };
        let (containers, mismatches) = container::containers_of(&scope);
        let runs_something =
            matches!(shape, Shape::PodTemplate | Shape::PodSpec) || !containers.is_empty();
        runs_something.then(|| PodView {
            scope,
            containers,
            mismatches,
            effective: OnceLock::new(),
        })
    }

    /// The resource that carries it.
    pub fn resource(&self) -> &'a Resource {
        self.scope.resource
    }

    /// The pod spec. For shapes without one, the mapping that holds the containers.
    pub fn spec(&self) -> NodeRef<'a> {
        self.scope.spec
    }

    /// The pod's own metadata: that of the template, for a Pod that of the object.
    pub fn metadata(&self) -> Option<NodeRef<'a>> {
        self.scope.metadata
    }

    /// Where the resource keeps settings for all its pods, when its kind has such a place.
    pub fn defaults(&self) -> Option<NodeRef<'a>> {
        self.scope.defaults
    }

    /// What the kind's row says lies there.
    pub fn shape(&self) -> Shape {
        self.scope.shape
    }

    /// Whether this is a whole pod spec, so that what is missing in it is missing in the pod.
    pub fn is_whole(&self) -> bool {
        matches!(self.scope.shape, Shape::PodTemplate | Shape::PodSpec)
    }

    /// All containers in the order of the text.
    pub fn containers(&self) -> &[ContainerView<'a>] {
        &self.containers
    }

    /// The items of `volumes` that are mappings.
    pub fn volumes(&self) -> impl Iterator<Item = NodeRef<'a>> + use<'a> {
        let volumes = self.scope.views.fields.get(self.scope.spec, Field::Volumes);
        volumes
            .into_iter()
            .flat_map(NodeRef::items)
            .filter(|volume| volume.kind() == Kind::Mapping)
    }

    /// Nodes that stand where containers belong and are none, such as `containers: "x"`.
    pub fn mismatches(&self) -> &[NodeRef<'a>] {
        &self.mismatches
    }

    /// A value after inheritance and defaulting.
    pub fn effective(&self, member: PodMember) -> Effective<'a> {
        self.effective.get_or_init(|| self.compute_all())[member as usize]
    }

    fn compute_all(&self) -> [Effective<'a>; PodMember::ALL.len()] {
        let mut values = [Effective::Absent; PodMember::ALL.len()];
        for (value, &member) in values.iter_mut().zip(PodMember::ALL) {
            *value = self.compute(member);
        }
        values
    }

    fn compute(&self, member: PodMember) -> Effective<'a> {
        let flag = |field, default| self.scope.field(field, Expected::Bool).or_bool(default);
        let text = |field, default| self.text(field).or_str(default);
        let security = |field, expected| {
            let fields = &self.scope.views.fields;
            self.scope.security_context().field(fields, field, expected)
        };
        match member {
            PodMember::HostNetwork => flag(Field::HostNetwork, false),
            PodMember::HostPid => flag(Field::HostPid, false),
            PodMember::HostIpc => flag(Field::HostIpc, false),
            PodMember::HostUsers => flag(Field::HostUsers, true),
            PodMember::ShareProcessNamespace => flag(Field::ShareProcessNamespace, false),
            PodMember::ServiceAccountName => self
                .text(Field::ServiceAccountName)
                .or(|| text(Field::ServiceAccount, "default")),
            PodMember::AutomountServiceAccountToken => {
                flag(Field::AutomountServiceAccountToken, true)
            }
            PodMember::RestartPolicy => text(Field::RestartPolicy, "Always"),
            PodMember::DnsPolicy => text(Field::DnsPolicy, "ClusterFirst"),
            PodMember::EnableServiceLinks => flag(Field::EnableServiceLinks, true),
            PodMember::TerminationGracePeriodSeconds => self
                .scope
                .field(Field::TerminationGracePeriodSeconds, Expected::Int)
                .or(|| Effective::Int(30)),
            PodMember::Os => self.operating_system(),
            PodMember::RunAsUser => security(Field::RunAsUser, Expected::Int),
            PodMember::RunAsGroup => security(Field::RunAsGroup, Expected::Int),
            PodMember::RunAsNonRoot => security(Field::RunAsNonRoot, Expected::Bool).or_bool(false),
            PodMember::FsGroup => security(Field::FsGroup, Expected::Int),
        }
    }

    /// A text of the pod spec, where empty means not set.
    fn text(&self, field: Field) -> Effective<'a> {
        match self.scope.field(field, Expected::Str) {
            Effective::Node(node) if node.as_str() == Some("") => Effective::Absent,
            value => value,
        }
    }

    fn operating_system(&self) -> Effective<'a> {
        let fields = &self.scope.views.fields;
        let os = self.scope.field(Field::Os, Expected::Map);
        os.text(fields, Field::Name).or_str("linux")
    }
}

#[cfg(test)]
mod tests;

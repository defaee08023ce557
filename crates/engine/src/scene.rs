//! The variables of one thing in scope: what a control's expressions see.

use bumpalo::Bump;
use catalog::{ParamValue, Slot};
use document::NodeRef;
use expr::{Activation, Host, MapValue, Memory, Value};
use model::{KubernetesVersion, ProcessView};

use crate::host::{
    ClusterHost, ContainerHost, ImageHost, KubernetesHost, PodHost, ProcessHost, ResourceHost,
    SubjectHost,
};
use crate::relations::Relations;

/// Makes scenes in one arena.
#[derive(Clone, Copy)]
pub(crate) struct Stage<'a, 'r> {
    pub(crate) arena: &'a Bump,
    pub(crate) relations: &'a Relations<'r>,
    kubernetes: Value<'a>,
    minor: u32,
}

/// One thing in scope.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    arena: &'a Bump,
    slots: &'a [Value<'a>; Slot::ALL.len()],
    item: Value<'a>,
    /// What the programs of several controls remember of the thing.
    memory: Memory<'a>,
    /// Where paths begin.
    pub(crate) base: NodeRef<'a>,
    /// Where paths into the pod's metadata begin.
    pub(crate) metadata: Option<NodeRef<'a>>,
    /// The process whose flags paths name.
    pub(crate) process: Option<&'a ProcessView<'a>>,
}

impl<'a, 'r: 'a> Stage<'a, 'r> {
    pub(crate) fn new(
        arena: &'a Bump,
        relations: &'a Relations<'r>,
        version: KubernetesVersion,
    ) -> Self {
        let kubernetes = arena.alloc(KubernetesHost(version));
        Stage {
            arena,
            relations,
            kubernetes: Value::Host(kubernetes),
            minor: version.minor,
        }
    }

    pub(crate) fn resource(&self, object: NodeRef<'a>) -> Scene<'a> {
        self.scene(Value::Node(object), object, Value::Null, object)
    }

    pub(crate) fn pod(&self, object: NodeRef<'a>, pod: &'a PodHost<'a, 'r>) -> Scene<'a> {
        let host = Value::Host(pod);
        Scene {
            metadata: pod.view().metadata(),
            ..self.scene(host, object, host, pod.view().spec())
        }
    }

    pub(crate) fn container(
        &self,
        object: NodeRef<'a>,
        pod: &'a PodHost<'a, 'r>,
        container: &'a ContainerHost<'a, 'r>,
    ) -> Scene<'a> {
        let node = container.view().node();
        self.scene(Value::Host(container), object, Value::Host(pod), node)
    }

    pub(crate) fn image(
        &self,
        object: NodeRef<'a>,
        pod: &'a PodHost<'a, 'r>,
        container: &'a ContainerHost<'a, 'r>,
    ) -> Option<Scene<'a>> {
        let image = self.arena.alloc(ImageHost::new(container)?);
        let node = container.view().node();
        Some(self.scene(Value::Host(image), object, Value::Host(pod), node))
    }

    pub(crate) fn volume(
        &self,
        object: NodeRef<'a>,
        pod: &'a PodHost<'a, 'r>,
        volume: NodeRef<'a>,
    ) -> Scene<'a> {
        self.scene(Value::Node(volume), object, Value::Host(pod), volume)
    }

    /// A part of an object that has a scope of its own: a rule of a role, an instruction of a Dockerfile.
    pub(crate) fn part(&self, object: NodeRef<'a>, part: NodeRef<'a>) -> Scene<'a> {
        self.scene(Value::Node(part), object, Value::Null, part)
    }

    /// A subject, at the entry of the first binding that names it.
    pub(crate) fn subject(
        &self,
        object: NodeRef<'a>,
        bound: &rbac::Bound<'a>,
    ) -> Option<Scene<'a>> {
        let host = SubjectHost::bound(self.relations, bound, self.arena)?;
        let base = host.node().unwrap_or(object);
        Some(self.scene(Value::Host(host), object, Value::Null, base))
    }

    /// A component with its flags.
    pub(crate) fn process(
        &self,
        object: NodeRef<'a>,
        index: u32,
        view: &'a ProcessView<'a>,
    ) -> Scene<'a> {
        let host = ProcessHost::new(view, index, self.relations, self.minor);
        let host = Value::Host(self.arena.alloc(host));
        Scene {
            process: Some(view),
            ..self.scene(host, object, Value::Null, view.node())
        }
    }

    /// Everything that was scanned.
    pub(crate) fn cluster(&self, object: NodeRef<'a>) -> Scene<'a> {
        let host = self.arena.alloc(ClusterHost(self.relations));
        self.scene(Value::Host(host), object, Value::Null, object)
    }

    /// The same scene where `object`, and `self` if it is the whole resource, answer relations.
    pub(crate) fn related(&self, scene: Scene<'a>, index: u32) -> Scene<'a> {
        let Some(host) = ResourceHost::new(self.relations, index, self.arena) else {
            return scene;
        };
        let mut slots = *scene.slots;
        slots[Slot::Object as usize] = Value::Host(host);
        if let Value::Node(this) = slots[Slot::This as usize]
            && this.id() == host.resource.root
        {
            slots[Slot::This as usize] = Value::Host(host);
        }
        Scene {
            slots: self.arena.alloc(slots),
            ..scene
        }
    }

    fn scene(
        &self,
        this: Value<'a>,
        object: NodeRef<'a>,
        pod: Value<'a>,
        base: NodeRef<'a>,
    ) -> Scene<'a> {
        let mut slots = [Value::Null; Slot::ALL.len()];
        slots[Slot::This as usize] = this;
        slots[Slot::Object as usize] = Value::Node(object);
        slots[Slot::Pod as usize] = pod;
        slots[Slot::Kubernetes as usize] = self.kubernetes;
        Scene {
            arena: self.arena,
            slots: self.arena.alloc(slots),
            item: Value::Null,
            memory: Memory::default(),
            base,
            metadata: None,
            process: None,
        }
    }
}

/// The assumed version, as far as it is known before anything is evaluated.
pub(crate) fn kubernetes_value(arena: &Bump, version: KubernetesVersion) -> Value<'_> {
    let minor = (Value::String("minor"), Value::Int(version.minor.into()));
    let entries = arena.alloc([minor]);
    Value::Map(arena.alloc(MapValue { entries }))
}

/// The parameters of a control as a value.
pub(crate) fn params_value<'a, 'p>(
    arena: &'a Bump,
    params: impl ExactSizeIterator<Item = (&'p str, &'p ParamValue)>,
) -> Value<'a> {
    let entry = |(name, value): (&str, &ParamValue)| {
        let name: &'a str = arena.alloc_str(name);
        (Value::String(name), param_value(arena, value))
    };
    let entries: Vec<_> = params.map(entry).collect();
    let entries = arena.alloc_slice_copy(&entries);
    Value::Map(arena.alloc(MapValue { entries }))
}

fn param_value<'a>(arena: &'a Bump, value: &ParamValue) -> Value<'a> {
    let text = |text: &str| -> Value<'a> { Value::String(arena.alloc_str(text)) };
    match value {
        ParamValue::String(value) => text(value),
        ParamValue::Int(value) => Value::Int(*value),
        ParamValue::Bool(value) => Value::Bool(*value),
        ParamValue::Strings(values) => {
            let items: Vec<_> = values.iter().map(|value| text(value)).collect();
            Value::List(arena.alloc_slice_copy(&items))
        }
    }
}

impl<'a> Scene<'a> {
    /// The same scene with a control's parameters.
    pub(crate) fn with_params(self, params: Value<'a>) -> Self {
        let mut slots = *self.slots;
        slots[Slot::Params as usize] = params;
        Scene {
            slots: self.arena.alloc(slots),
            ..self
        }
    }

    /// The same scene with an empty memory.
    pub(crate) fn with_memory(self, cells: usize) -> Self {
        let memory = Memory::new(self.arena, cells);
        Scene { memory, ..self }
    }

    /// The same scene with a list item.
    pub(crate) fn with_item(self, item: Value<'a>) -> Self {
        Scene { item, ..self }
    }

    /// The same scene where paths begin at the list item, if that is a node of the resource.
    pub(crate) fn at_item(self) -> Self {
        let base = self.item.origin().filter(|&node| self.holds(node));
        Scene {
            base: base.unwrap_or(self.base),
            ..self
        }
    }

    /// Whether a node lies in the resource: what a relation leads to lies elsewhere.
    fn holds(&self, node: NodeRef<'a>) -> bool {
        let Some(object) = self.slots[Slot::Object as usize].origin() else {
            return false;
        };
        // What is reached through an alias may be written outside, so a path to it counts as well.
        object.holds(node)
            || (std::ptr::eq(object.document(), node.document())
                && object.document().path_of(object, node).is_some())
    }

    /// The list item; null without one.
    pub(crate) fn item(&self) -> Value<'a> {
        self.item
    }

    /// What programs run in.
    pub(crate) fn activation(&self) -> Activation<'a> {
        Activation::new(self.arena, self.slots)
            .with_variable(Slot::Item as u16, self.item)
            .with_memory(self.memory)
    }
}

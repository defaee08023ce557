//! What a chunk of resources has in the scopes of controls.

use catalog::Scope;
use document::{Kind, NodeRef};
use expr::Activation;
use model::{PodView, ProcessView, Resource};

use super::Worker;
use super::outcome::Anchor;
use crate::host::PodHost;
use crate::scene::Scene;

/// One thing in a control's scope.
pub(super) struct Thing<'a> {
    pub(super) spot: Spot<'a>,
    pub(super) own: Sight<'a>,
    /// The same for controls that ask for relations.
    pub(super) related: Option<Sight<'a>>,
}

/// Which thing it is.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) resource: &'a Resource,
    /// The API group of the resource.
    pub(super) group: &'a str,
    /// Position of the resource in the inventory.
    pub(super) index: u32,
    /// Number of the thing in its chunk.
    pub(super) subject: u32,
    pub(super) anchor: Anchor,
}

/// What controls see of a thing.
pub(super) struct Sight<'a> {
    pub(super) scene: Scene<'a>,
    pub(super) activation: Activation<'a>,
}

impl<'a> Sight<'a> {
    pub(super) fn new(scene: Scene<'a>) -> Self {
        let activation = scene.activation();
        Sight { scene, activation }
    }
}

/// The things of a chunk of resources by scope. One control is tried on all of them before the next:
/// its code stays in the cache.
#[derive(Default)]
pub(super) struct Things<'a> {
    pub(super) by_scope: [Vec<Thing<'a>>; Scope::ALL.len()],
}

impl<'a> Things<'a> {
    pub(super) fn of(&mut self, scope: Scope) -> &mut Vec<Thing<'a>> {
        &mut self.by_scope[scope as usize]
    }
}

impl<'a, 'r: 'a> Worker<'a, 'r> {
    /// Finds the things of a resource.
    pub(super) fn collect(
        &mut self,
        index: u32,
        resource: &'a Resource,
        pods: &'a [PodView<'r>],
        things: &mut Things<'a>,
    ) {
        let object = resource.object();
        self.stage.relations.ask_for(index);
        let spot = Spot {
            resource,
            group: resource.group(),
            index,
            subject: 0,
            anchor: Anchor::NONE,
        };
        let scene = self.stage.resource(object);
        self.add(Scope::Resource, spot, scene, things);
        for (position, view) in (0..).zip(pods) {
            let pod = PodHost::new(view, index, self.stage.relations, self.stage.arena);
            self.collect_pod(spot, position, pod, things);
        }
        if let Some(scope) = scope_of(resource) {
            self.collect_parts(spot, scene, scope, things);
        }
        if model::is_build(resource) {
            self.collect_build(spot, things);
        }
    }

    /// Finds the stages, instructions and commands that an image is built by.
    fn collect_build(&mut self, whole: Spot<'a>, things: &mut Things<'a>) {
        let object = whole.resource.object();
        for scope in [Scope::Stage, Scope::Instruction, Scope::Command] {
            if self.engine.index.of(scope).is_empty() {
                continue;
            }
            for (part, node) in (0..).zip(build_parts(object, scope)) {
                let anchor = Anchor {
                    part,
                    ..whole.anchor
                };
                let scene = self.stage.part(object, node);
                self.add(scope, Spot { anchor, ..whole }, scene, things);
            }
        }
    }

    /// Finds the things that a resource of a kind with a scope of its own stands for.
    fn collect_parts(
        &mut self,
        whole: Spot<'a>,
        scene: Scene<'a>,
        scope: Scope,
        things: &mut Things<'a>,
    ) {
        if scope != Scope::RbacRule {
            self.add(scope, whole, scene, things);
            if scope == Scope::Binding {
                self.collect_subjects(whole, things);
            }
            return;
        }
        let object = whole.resource.object();
        for (part, rule) in (0..).zip(rules(object)) {
            let anchor = Anchor {
                part,
                ..whole.anchor
            };
            let scene = self.stage.part(object, rule);
            self.add(scope, Spot { anchor, ..whole }, scene, things);
        }
    }

    /// Finds the subjects that a binding is the first to name.
    fn collect_subjects(&mut self, whole: Spot<'a>, things: &mut Things<'a>) {
        if self.engine.index.of(Scope::Subject).is_empty() {
            return;
        }
        let (stage, object) = (self.stage, whole.resource.object());
        for (part, bound) in stage.relations.subjects_first_named_by(whole.index) {
            let anchor = Anchor {
                part,
                ..whole.anchor
            };
            if let Some(scene) = stage.subject(object, &bound) {
                self.add(Scope::Subject, Spot { anchor, ..whole }, scene, things);
            }
        }
    }

    fn add(&mut self, scope: Scope, spot: Spot<'a>, scene: Scene<'a>, things: &mut Things<'a>) {
        let subject = self.outcome.next_subject();
        let scene = scene.with_memory(self.engine.cells.of(scope));
        things.of(scope).push(Thing {
            spot: Spot { subject, ..spot },
            own: Sight::new(scene),
            related: None,
        });
    }

    /// Finds the components that a resource runs or configures, and the cluster where it stands for it.
    pub(super) fn collect_processes(
        &mut self,
        index: u32,
        resource: &'a Resource,
        processes: &'a [ProcessView<'a>],
        things: &mut Things<'a>,
    ) {
        let (stage, object) = (self.stage, resource.object());
        let spot = |part| Spot {
            resource,
            group: resource.group(),
            index,
            subject: 0,
            anchor: Anchor {
                part,
                ..Anchor::NONE
            },
        };
        for (part, view) in (0..).zip(processes) {
            let scene = stage.process(object, index, view);
            self.add(Scope::Process, spot(part), scene, things);
        }
        let is_asked = !self.engine.index.of(Scope::Cluster).is_empty();
        if is_asked && stage.relations.cluster_place() == Some(index) {
            self.add(Scope::Cluster, spot(0), stage.cluster(object), things);
        }
    }

    fn collect_pod(
        &mut self,
        whole: Spot<'a>,
        position: u32,
        pod: &'a PodHost<'a, 'r>,
        things: &mut Things<'a>,
    ) {
        let stage = self.stage;
        let object = whole.resource.object();
        let spot = |part| Spot {
            anchor: Anchor {
                pod: position,
                part,
                item: None,
            },
            ..whole
        };
        if pod.view().is_whole() {
            self.add(Scope::Pod, spot(0), stage.pod(object, pod), things);
            for (part, volume) in (0..).zip(pod.view().volumes()) {
                let scene = stage.volume(object, pod, volume);
                self.add(Scope::Volume, spot(part), scene, things);
            }
        }
        for (part, container) in (0..).zip(pod.containers()) {
            let scene = stage.container(object, pod, container);
            self.add(Scope::Container, spot(part), scene, things);
            if let Some(scene) = stage.image(object, pod, container) {
                self.add(Scope::Image, spot(part), scene, things);
            }
        }
        for &node in pod.view().mismatches() {
            self.mismatch(whole.index, node);
        }
    }

    /// Something stands where containers belong and is none.
    fn mismatch(&mut self, index: u32, node: NodeRef<'a>) {
        self.outcome.mismatch(index, node.id(), None);
        let index = &self.engine.index;
        let controls = index.of(Scope::Container).iter();
        for &position in controls.chain(index.of(Scope::Image)) {
            self.outcome.counts[position as usize].unknown += 1;
        }
    }
}

/// The scope of its own that a resource's kind has.
fn scope_of(resource: &Resource) -> Option<Scope> {
    Some(match (resource.group(), &*resource.kind) {
        (RBAC, "Role" | "ClusterRole") => Scope::RbacRule,
        (RBAC, "RoleBinding" | "ClusterRoleBinding") => Scope::Binding,
        ("", "ServiceAccount") => Scope::ServiceAccount,
        ("", "Service") => Scope::Service,
        ("", "Namespace") => Scope::Namespace,
        ("", "Node") => Scope::Node,
        _ => return None,
    })
}

const RBAC: &str = "rbac.authorization.k8s.io";

/// The stages of what an image is built by, their instructions, or the commands of these.
pub(crate) fn build_parts<'n>(
    object: NodeRef<'n>,
    scope: Scope,
) -> Box<dyn Iterator<Item = NodeRef<'n>> + 'n> {
    let items =
        |node: NodeRef<'n>, key: &str| node.get_str(key).into_iter().flat_map(NodeRef::items);
    let stages = items(object, "stages");
    if scope == Scope::Stage {
        return Box::new(stages);
    }
    let before = items(object, "arguments");
    let instructions = before.chain(stages.flat_map(move |stage| items(stage, "instructions")));
    if scope == Scope::Instruction {
        return Box::new(instructions);
    }
    Box::new(instructions.flat_map(move |instruction| items(instruction, "commands")))
}

/// The rules of a role.
pub(crate) fn rules(role: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    let rules = role.get_str("rules").into_iter();
    rules
        .flat_map(NodeRef::items)
        .filter(|rule| rule.kind() == Kind::Mapping)
}

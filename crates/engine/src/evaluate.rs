//! Evaluation: every selected control over everything in its scope, in parallel over the resources.

mod outcome;

use std::cell::OnceCell;

use bumpalo::Bump;
use catalog::Scope;
use document::{Kind, NodeId, NodeRef};
use expr::{Items, ItemsIter, Program, Value};
use model::{PodView, ProcessView, Resource};
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSlice};

use crate::compiled::{Compiled, Decision};
use crate::engine::Engine;
use crate::funnel::RawFinding;
use crate::host::PodHost;
use crate::index::matches;
use crate::location::locate;
use crate::native::{Native, NativeFindings};
use crate::relations::Relations;
use crate::scene::{Scene, Stage, params_value};

pub use self::outcome::{Anchor, Counts, Evaluation};
use self::outcome::{Outcome, Verdict};

/// Resources that one arena serves: enough that its making does not matter, few enough to stay in cache.
const CHUNK: usize = 32;

impl Engine {
    /// Evaluates the controls over all resources. The result does not depend on the number of threads.
    pub fn evaluate<'r>(&'r self, relations: &Relations<'r>) -> Evaluation {
        let inventory = relations.inventory();
        let outcomes: Vec<Outcome> = inventory
            .resources
            .par_chunks(CHUNK)
            .enumerate()
            .map_init(Bump::new, |arena, (chunk, resources)| {
                arena.reset();
                self.evaluate_chunk(resources, (chunk * CHUNK) as u32, relations, arena)
            })
            .collect();
        outcome::merge(self, inventory, outcomes)
    }

    fn evaluate_chunk<'r>(
        &'r self,
        resources: &'r [Resource],
        first: u32,
        relations: &Relations<'r>,
        arena: &Bump,
    ) -> Outcome {
        let pods: Vec<Vec<PodView<'_>>> = resources
            .iter()
            .map(|resource| self.views.pods_of(resource))
            .collect();
        let processes: Vec<Vec<ProcessView<'_>>> = resources
            .iter()
            .zip(&pods)
            .map(|(resource, pods)| self.processes_of(resource, pods))
            .collect();
        let mut worker = Worker {
            engine: self,
            stage: Stage::new(arena, relations, self.version),
            first,
            params: vec![None; self.controls.len()],
            native: resources.iter().map(|_| None).collect(),
            outcome: Outcome::new(self.controls.len()),
        };
        let mut things = Things::default();
        for ((index, resource), pods) in (first..).zip(resources).zip(&pods) {
            worker.collect(index, resource, pods, &mut things);
        }
        for ((index, resource), processes) in (first..).zip(resources).zip(&processes) {
            worker.collect_processes(index, resource, processes, &mut things);
        }
        worker.evaluate(&things);
        worker.outcome.sort();
        worker.outcome
    }
}

/// One thing in a control's scope.
#[derive(Clone)]
struct Thing<'a> {
    resource: &'a Resource,
    /// The API group of the resource.
    group: &'a str,
    /// Position of the resource in the inventory.
    index: u32,
    /// Number of the thing in its chunk.
    subject: u32,
    anchor: Anchor,
    scene: Scene<'a>,
    /// The scene of controls that ask for relations.
    related: OnceCell<Scene<'a>>,
}

/// The things of a chunk of resources by scope. One control is tried on all of them before the next:
/// its code stays in the cache.
#[derive(Default)]
struct Things<'a> {
    by_scope: [Vec<Thing<'a>>; Scope::ALL.len()],
}

impl<'a> Things<'a> {
    fn of(&mut self, scope: Scope) -> &mut Vec<Thing<'a>> {
        &mut self.by_scope[scope as usize]
    }
}

/// Evaluates a chunk of resources.
struct Worker<'a, 'r> {
    engine: &'a Engine,
    stage: Stage<'a, 'r>,
    /// Position of the chunk's first resource.
    first: u32,
    /// The parameters of controls as values, where no resource has its own.
    params: Vec<Option<Value<'a>>>,
    /// What the native controls say about each resource of the chunk.
    native: Vec<Option<NativeFindings>>,
    outcome: Outcome,
}

impl<'a, 'r: 'a> Worker<'a, 'r> {
    /// Finds the things of a resource.
    fn collect(
        &mut self,
        index: u32,
        resource: &'a Resource,
        pods: &'a [PodView<'r>],
        things: &mut Things<'a>,
    ) {
        let object = resource.object();
        let thing = Thing {
            resource,
            group: resource.group(),
            index,
            subject: self.outcome.next_subject(),
            anchor: Anchor::NONE,
            scene: self.stage.resource(object),
            related: OnceCell::new(),
        };
        self.add(Scope::Resource, thing.clone(), things);
        for (position, view) in (0..).zip(pods) {
            let pod = PodHost::new(view, index, self.stage.relations, self.stage.arena);
            self.collect_pod(&thing, position, pod, things);
        }
        if let Some(scope) = scope_of(resource) {
            self.collect_parts(&thing, scope, things);
        }
    }

    /// Finds the things that a resource of a kind with a scope of its own stands for.
    fn collect_parts(&mut self, whole: &Thing<'a>, scope: Scope, things: &mut Things<'a>) {
        if scope != Scope::RbacRule {
            let thing = self.part(whole, whole.anchor, whole.scene);
            return self.add(scope, thing, things);
        }
        let object = whole.resource.object();
        for (part, rule) in (0..).zip(rules(object)) {
            let anchor = Anchor {
                part,
                ..whole.anchor
            };
            let thing = self.part(whole, anchor, self.stage.rule(object, rule));
            self.add(scope, thing, things);
        }
    }

    /// Another thing of the same resource.
    fn part(&mut self, whole: &Thing<'a>, anchor: Anchor, scene: Scene<'a>) -> Thing<'a> {
        Thing {
            subject: self.outcome.next_subject(),
            anchor,
            scene,
            related: OnceCell::new(),
            ..*whole
        }
    }

    fn add(&self, scope: Scope, thing: Thing<'a>, things: &mut Things<'a>) {
        let scene = thing.scene.with_memory(self.engine.cells.of(scope));
        things.of(scope).push(Thing { scene, ..thing });
    }

    /// Finds the components that a resource runs or configures, and the cluster where it stands for it.
    fn collect_processes(
        &mut self,
        index: u32,
        resource: &'a Resource,
        processes: &'a [ProcessView<'a>],
        things: &mut Things<'a>,
    ) {
        let (stage, object) = (self.stage, resource.object());
        let mut add = |worker: &mut Self, scope, part, scene| {
            let thing = Thing {
                resource,
                group: resource.group(),
                index,
                subject: worker.outcome.next_subject(),
                anchor: Anchor {
                    part,
                    ..Anchor::NONE
                },
                scene,
                related: OnceCell::new(),
            };
            worker.add(scope, thing, things);
        };
        for (part, view) in (0..).zip(processes) {
            add(self, Scope::Process, part, stage.process(object, view));
        }
        let is_asked = !self.engine.index.of(Scope::Cluster).is_empty();
        if is_asked && stage.relations.cluster_place() == Some(index) {
            add(self, Scope::Cluster, 0, stage.cluster(object));
        }
    }

    fn collect_pod(
        &mut self,
        whole: &Thing<'a>,
        position: u32,
        pod: &'a PodHost<'a, 'r>,
        things: &mut Things<'a>,
    ) {
        let stage = self.stage;
        let object = whole.resource.object();
        let anchor = |part| Anchor {
            pod: position,
            part,
            item: None,
        };
        if pod.view().is_whole() {
            let thing = self.part(whole, anchor(0), stage.pod(object, pod));
            self.add(Scope::Pod, thing, things);
            for (part, volume) in (0..).zip(pod.view().volumes()) {
                let scene = stage.volume(object, pod, volume);
                let thing = self.part(whole, anchor(part), scene);
                self.add(Scope::Volume, thing, things);
            }
        }
        for (part, container) in (0..).zip(pod.containers()) {
            let scene = stage.container(object, pod, container);
            let thing = self.part(whole, anchor(part), scene);
            self.add(Scope::Container, thing, things);
            if let Some(scene) = stage.image(object, pod, container) {
                let thing = self.part(whole, anchor(part), scene);
                self.add(Scope::Image, thing, things);
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

    fn evaluate(&mut self, things: &Things<'a>) {
        let index = &self.engine.index;
        let resources = &things.by_scope[Scope::Resource as usize];
        for thing in resources {
            for position in index.named(thing.group, &thing.resource.kind) {
                self.control(thing, position);
            }
        }
        for &position in &index.any_kind {
            self.control_on_all(position, resources);
        }
        for (scope, things) in Scope::ALL.into_iter().zip(&things.by_scope) {
            for &position in index.of(scope) {
                self.control_on_all(position, things);
            }
        }
    }

    fn control_on_all(&mut self, position: u32, things: &[Thing<'a>]) {
        let control = &self.engine.controls[position as usize];
        for thing in things {
            if matches(control, thing.group, &thing.resource.kind) {
                self.control(thing, position);
            }
        }
    }

    /// One control on one thing in scope.
    fn control(&mut self, thing: &Thing<'a>, position: u32) {
        let control = &self.engine.controls[position as usize];
        let params = self.params_of(control, position, thing.resource);
        let scene = if control.relates {
            *thing.related.get_or_init(|| {
                let cells = self.engine.cells.of_related(control.header.scope);
                let scene = self.stage.related(thing.scene, thing.index);
                scene.with_memory(cells)
            })
        } else {
            thing.scene
        };
        let scene = scene.with_params(params);
        if let Some(when) = &control.when {
            match Verdict::of(when.evaluate(&mut scene.activation())) {
                Verdict::Pass => return,
                Verdict::Fail => {}
                undecided @ Verdict::Undecided(_) => {
                    return self.finish(thing, scene, position, undecided);
                }
            }
        }
        match &control.decision {
            Decision::Native(native) => self.native(thing, position, *native),
            Decision::Expression { each: None, fail } => {
                let verdict = Verdict::of(fail.evaluate(&mut scene.activation()));
                self.finish(thing, scene, position, verdict);
            }
            Decision::Expression {
                each: Some(each),
                fail,
            } => self.items(thing, scene, position, (each, fail)),
        }
    }

    /// Counts a thing in scope, and notes its finding.
    fn finish(&mut self, thing: &Thing<'a>, scene: Scene<'a>, position: u32, verdict: Verdict<'a>) {
        let control = &self.engine.controls[position as usize];
        let settled = self.outcome.settle(thing.index, position, control, verdict);
        self.outcome.counts[position as usize].add(settled == Some(true), settled.is_none());
        if settled == Some(true) {
            self.find(thing, thing.anchor, scene, position);
        }
    }

    /// The items of a list one by one; the thing in scope is counted once.
    fn items(
        &mut self,
        thing: &Thing<'a>,
        scene: Scene<'a>,
        position: u32,
        (each, fail): (&'a Program, &'a Program),
    ) {
        let control = &self.engine.controls[position as usize];
        let list = each.evaluate(&mut scene.activation());
        let Some(items) = list_items(list) else {
            return self.finish(thing, scene, position, Verdict::Undecided(list));
        };
        let (mut failed, mut unknown) = (false, false);
        for (ordinal, item) in (0..).zip(items) {
            let scene = scene.with_item(item);
            let verdict = Verdict::of(fail.evaluate(&mut scene.activation()));
            let settled = self.outcome.settle(thing.index, position, control, verdict);
            failed |= settled == Some(true);
            unknown |= settled.is_none();
            if settled == Some(true) {
                let item = Some(ordinal);
                let anchor = Anchor {
                    item,
                    ..thing.anchor
                };
                self.find(thing, anchor, scene.at_item(), position);
            }
        }
        self.outcome.counts[position as usize].add(failed, unknown);
    }

    fn native(&mut self, thing: &Thing<'a>, position: u32, native: Native) {
        let Some(known) = self.native.get_mut((thing.index - self.first) as usize) else {
            return;
        };
        let findings = known
            .get_or_insert_with(|| NativeFindings::new(&self.engine.validator, thing.resource));
        let Some(found) = findings.of(native) else {
            return;
        };
        let mut failed = false;
        for (ordinal, finding) in (0..).zip(found) {
            failed = true;
            let anchor = Anchor {
                item: Some(ordinal),
                ..thing.anchor
            };
            let raw = raw(thing, position, finding.node);
            self.outcome.findings.push((raw, anchor));
        }
        self.outcome.counts[position as usize].add(failed, false);
    }

    fn find(&mut self, thing: &Thing<'a>, anchor: Anchor, scene: Scene<'a>, position: u32) {
        let control = &self.engine.controls[position as usize];
        let node = locate(&control.at, &scene);
        self.outcome
            .findings
            .push((raw(thing, position, node), anchor));
    }

    /// The parameters of a control that reads them, made once for the chunk where no resource has its own.
    fn params_of(
        &mut self,
        control: &Compiled,
        position: u32,
        resource: &Resource,
    ) -> Option<Value<'a>> {
        if !control.reads_params {
            return None;
        }
        let known = &mut self.params[position as usize];
        if known.is_none() || !control.overrides.is_empty() {
            *known = Some(params_value(self.stage.arena, control.params(resource)));
        }
        *known
    }
}

/// The scope of its own that a resource's kind has.
pub(crate) fn scope_of(resource: &Resource) -> Option<Scope> {
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

/// The rules of a role.
pub(crate) fn rules(role: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    let rules = role.get_str("rules").into_iter();
    rules
        .flat_map(NodeRef::items)
        .filter(|rule| rule.kind() == Kind::Mapping)
}

fn raw(thing: &Thing<'_>, control: u32, node: NodeId) -> RawFinding {
    RawFinding {
        control,
        resource: thing.index,
        node,
        subject: thing.subject,
    }
}

/// The items of a list; null counts as an empty one, as everywhere in Kubernetes.
pub(crate) fn list_items(list: Value<'_>) -> Option<ItemsIter<'_>> {
    let is_null = match list {
        Value::Null => true,
        Value::Node(node) => node.kind() == Kind::Null,
        _ => false,
    };
    let none = is_null.then_some(Items::Owned(&[]));
    list.items().or(none).map(Items::iter)
}

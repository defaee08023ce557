//! Evaluation: every selected control over everything in its scope, in parallel over the resources.

mod outcome;

use bumpalo::Bump;
use document::{Kind, NodeRef};
use expr::{Program, Value};
use model::{Inventory, PodView, Resource};
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSlice};

use crate::compiled::{Compiled, Decision};
use crate::engine::Engine;
use crate::host::PodHost;
use crate::index::matches;
use crate::location::locate;
use crate::native::{Native, NativeFindings};
use crate::scene::{Scene, Stage};

pub use self::outcome::{Anchor, Counts, Evaluation};
use self::outcome::{Outcome, Verdict};

/// Resources that one arena serves: enough that its making does not matter, few enough to stay in cache.
const CHUNK: usize = 16;

impl Engine {
    /// Evaluates the controls over all resources. The result does not depend on the number of threads.
    pub fn evaluate(&self, inventory: &Inventory) -> Evaluation {
        let outcomes: Vec<Outcome> = inventory
            .resources
            .par_chunks(CHUNK)
            .enumerate()
            .map_init(Bump::new, |arena, (chunk, resources)| {
                arena.reset();
                self.evaluate_chunk(resources, (chunk * CHUNK) as u32, arena)
            })
            .collect();
        outcome::merge(self, inventory, outcomes)
    }

    fn evaluate_chunk(&self, resources: &[Resource], first: u32, arena: &Bump) -> Outcome {
        let pods: Vec<Vec<PodView<'_>>> = resources
            .iter()
            .map(|resource| self.views.pods_of(resource))
            .collect();
        let mut worker = Worker {
            engine: self,
            stage: Stage::new(arena, self.version),
            params: vec![None; self.controls.len()],
            native: None,
            outcome: Outcome::new(self.controls.len()),
        };
        for ((index, resource), pods) in (first..).zip(resources).zip(&pods) {
            worker.resource(index, resource, pods);
        }
        worker.outcome
    }
}

/// Evaluates a chunk of resources.
struct Worker<'a> {
    engine: &'a Engine,
    stage: Stage<'a>,
    /// The parameters of controls as values, where no resource has its own.
    params: Vec<Option<Value<'a>>>,
    /// What the native controls say about the resource with an index.
    native: Option<(u32, NativeFindings)>,
    outcome: Outcome,
}

/// The resource that is looked at.
#[derive(Clone, Copy)]
struct Current<'a> {
    index: u32,
    resource: &'a Resource,
    object: NodeRef<'a>,
}

impl<'a> Worker<'a> {
    fn resource<'r: 'a>(&mut self, index: u32, resource: &'a Resource, pods: &'a [PodView<'r>]) {
        let engine = self.engine;
        let current = Current {
            index,
            resource,
            object: resource.object(),
        };
        let scene = self.stage.resource(current.object);
        let candidates = engine
            .index
            .resource(&engine.controls, resource.group(), &resource.kind);
        self.outcome.next_subject();
        for position in candidates {
            self.control(current, Anchor::NONE, scene, position);
        }
        for (position, view) in (0..).zip(pods) {
            self.pod(current, position, PodHost::new(view, self.stage.arena));
        }
    }

    fn pod<'r: 'a>(&mut self, current: Current<'a>, position: u32, pod: &'a PodHost<'a, 'r>) {
        let engine = self.engine;
        let anchor = |part| Anchor {
            pod: position,
            part,
            item: None,
        };
        if pod.view().is_whole() {
            let scene = self.stage.pod(current.object, pod);
            self.all(current, anchor(0), scene, &engine.index.pod);
            for (part, volume) in (0..).zip(pod.view().volumes()) {
                let scene = self.stage.volume(current.object, pod, volume);
                self.all(current, anchor(part), scene, &engine.index.volume);
            }
        }
        for (part, container) in (0..).zip(pod.containers()) {
            let scene = self.stage.container(current.object, pod, container);
            self.all(current, anchor(part), scene, &engine.index.container);
            if engine.index.image.is_empty() {
                continue;
            }
            if let Some(scene) = self.stage.image(current.object, pod, container) {
                self.all(current, anchor(part), scene, &engine.index.image);
            }
        }
        for &node in pod.view().mismatches() {
            self.outcome.mismatch(current.index, node.id(), None);
            for &position in engine.index.container.iter().chain(&engine.index.image) {
                self.outcome.counts[position as usize].unknown += 1;
            }
        }
    }

    fn all(&mut self, current: Current<'a>, anchor: Anchor, scene: Scene<'a>, controls: &[u32]) {
        self.outcome.next_subject();
        for &position in controls {
            let control = &self.engine.controls[position as usize];
            let resource = current.resource;
            if control.header.kinds.is_empty() || matches(control, resource.group(), &resource.kind)
            {
                self.control(current, anchor, scene, position);
            }
        }
    }

    /// One control on one thing in scope.
    fn control(&mut self, current: Current<'a>, anchor: Anchor, scene: Scene<'a>, position: u32) {
        let control = &self.engine.controls[position as usize];
        let scene = scene.with_params(self.params_of(control, position, current.resource));
        if let Some(when) = &control.when {
            match Verdict::of(when.evaluate(&mut scene.activation())) {
                Verdict::Pass => return,
                Verdict::Fail => {}
                undecided @ Verdict::Undecided(_) => {
                    return self.finish(current, anchor, scene, position, undecided);
                }
            }
        }
        match &control.decision {
            Decision::Native(native) => {
                self.native(current, position, *native);
            }
            Decision::Expression { each: None, fail } => {
                let verdict = Verdict::of(fail.evaluate(&mut scene.activation()));
                self.finish(current, anchor, scene, position, verdict);
            }
            Decision::Expression {
                each: Some(each),
                fail,
            } => self.items(current, anchor, scene, position, (each, fail)),
        }
    }

    /// Counts a thing in scope, and notes its finding.
    fn finish(
        &mut self,
        current: Current<'a>,
        anchor: Anchor,
        scene: Scene<'a>,
        position: u32,
        verdict: Verdict<'a>,
    ) {
        let control = &self.engine.controls[position as usize];
        match self
            .outcome
            .settle(current.index, position, control, verdict)
        {
            Some(true) => {
                self.outcome.counts[position as usize].failed += 1;
                self.find(current, anchor, scene, position);
            }
            Some(false) => self.outcome.counts[position as usize].passed += 1,
            None => self.outcome.counts[position as usize].unknown += 1,
        }
    }

    /// The items of a list one by one; the thing in scope is counted once.
    fn items(
        &mut self,
        current: Current<'a>,
        anchor: Anchor,
        scene: Scene<'a>,
        position: u32,
        (each, fail): (&'a Program, &'a Program),
    ) {
        let control = &self.engine.controls[position as usize];
        let list = each.evaluate(&mut scene.activation());
        let Some(items) = list_items(list) else {
            let undecided = Verdict::of(list);
            return self.finish(current, anchor, scene, position, undecided);
        };
        let (mut failed, mut unknown) = (false, false);
        for (ordinal, item) in (0..).zip(items) {
            let scene = scene.with_item(item);
            let verdict = Verdict::of(fail.evaluate(&mut scene.activation()));
            match self
                .outcome
                .settle(current.index, position, control, verdict)
            {
                Some(true) => {
                    failed = true;
                    let item = Some(ordinal);
                    self.find(current, Anchor { item, ..anchor }, scene, position);
                }
                Some(false) => {}
                None => unknown = true,
            }
        }
        self.outcome.counts[position as usize].add(failed, unknown);
    }

    fn native(&mut self, current: Current<'a>, position: u32, native: Native) {
        let known = self
            .native
            .take()
            .filter(|(resource, _)| *resource == current.index);
        let (_, findings) = self.native.insert(known.unwrap_or_else(|| {
            (
                current.index,
                NativeFindings::new(self.engine, current.resource),
            )
        }));
        let Some(found) = findings.of(native) else {
            return;
        };
        let mut failed = false;
        for (ordinal, finding) in (0..).zip(found) {
            failed = true;
            let anchor = Anchor {
                item: Some(ordinal),
                ..Anchor::NONE
            };
            self.outcome
                .find(position, current.index, finding.node, anchor);
        }
        self.outcome.counts[position as usize].add(failed, false);
    }

    fn find(&mut self, current: Current<'a>, anchor: Anchor, scene: Scene<'a>, position: u32) {
        let control = &self.engine.controls[position as usize];
        let node = locate(&control.at, &scene);
        self.outcome.find(position, current.index, node, anchor);
    }

    /// The parameters of a control, made once for the chunk where no resource has its own.
    fn params_of(
        &mut self,
        control: &Compiled,
        position: u32,
        resource: &Resource,
    ) -> Option<Value<'a>> {
        if control.header.params.is_empty() {
            return None;
        }
        let known = &mut self.params[position as usize];
        if known.is_none() || !control.overrides.is_empty() {
            *known = Some(self.stage.params(control.params(resource)));
        }
        *known
    }
}

/// The items of a list; null counts as an empty one, as everywhere in Kubernetes.
pub(crate) fn list_items(list: Value<'_>) -> Option<impl Iterator<Item = Value<'_>>> {
    let is_null = match list {
        Value::Null => true,
        Value::Node(node) => node.kind() == Kind::Null,
        _ => false,
    };
    let items = list.items();
    (is_null || items.is_some()).then(|| items.into_iter().flat_map(expr::Items::iter))
}

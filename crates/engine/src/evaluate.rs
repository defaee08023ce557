//! Evaluation: every selected control over everything in its scope, in parallel over the resources.

mod outcome;
mod things;

use bumpalo::Bump;
use catalog::{Scope, Slot};
use document::{Kind, NodeId};
use expr::{Items, ItemsIter, Program, Value};
use model::{PodView, ProcessView, Resource};
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSlice};

use crate::compiled::{Compiled, Decision};
use crate::engine::Engine;
use crate::funnel::RawFinding;
use crate::index::matches;
use crate::location::locate;
use crate::native::{Native, NativeFindings};
use crate::relations::{Ahead, Relations};
use crate::scene::{Scene, Stage, params_value};

pub use self::outcome::{Anchor, Counts, Evaluation};
use self::outcome::{Outcome, Verdict};
use self::things::{Sight, Spot, Thing, Things};
pub(crate) use self::things::{build_parts, rules};

/// Resources that one arena serves: enough that its making does not matter, few enough to stay in cache.
const CHUNK: usize = 32;

impl Engine {
    /// Evaluates the controls over all resources. The result does not depend on the number of threads.
    pub fn evaluate<'r>(&'r self, relations: &Relations<'r>) -> Evaluation {
        self.evaluate_some(
            relations,
            relations.inventory().resources.len() as u32,
            Part::default(),
        )
    }

    /// The same for those of the first resources that are chosen: the others are only there to relate to.
    pub(crate) fn evaluate_some<'r>(
        &'r self,
        relations: &Relations<'r>,
        own: u32,
        part: Part<'_>,
    ) -> Evaluation {
        let inventory = relations.inventory();
        // What is one chunk is done by one thread anyway.
        if own as usize > CHUNK {
            let ahead = match part.controls {
                Some(only) => Ahead::by(|methods| {
                    let mut wanted = self.controls.iter().zip(only).filter(|(_, only)| **only);
                    wanted.any(|(control, _)| control.calls(methods))
                }),
                None => self.ahead,
            };
            relations.make(ahead);
        }
        let outcomes: Vec<Outcome> = inventory.resources[..own as usize]
            .par_chunks(CHUNK)
            .enumerate()
            .filter_map(|(chunk, resources)| {
                let first = chunk * CHUNK;
                let chosen = part.resources;
                let chosen = chosen.map(|chosen| &chosen[first..first + resources.len()]);
                let is_wanted = chosen.is_none_or(|chosen| chosen.contains(&true));
                is_wanted.then_some((first as u32, chosen, resources))
            })
            .map_init(Bump::new, |arena, (first, chosen, resources)| {
                arena.reset();
                let part = Part {
                    resources: chosen,
                    ..part
                };
                self.evaluate_chunk(resources, (first, part), relations, arena)
            })
            .collect();
        outcome::merge(self, inventory, outcomes)
    }

    fn evaluate_chunk<'r>(
        &'r self,
        resources: &'r [Resource],
        (first, part): (u32, Part<'_>),
        relations: &Relations<'r>,
        arena: &Bump,
    ) -> Outcome {
        let whole = relations;
        let relations = &whole.for_thread();
        let pods: Vec<Vec<PodView<'_>>> = resources
            .iter()
            .enumerate()
            .map(|(index, resource)| {
                if part.has_resource(index) {
                    self.views.pods_of(resource)
                } else {
                    Vec::new()
                }
            })
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
            only: part.controls,
            params: vec![None; self.controls.len()],
            native: resources.iter().map(|_| None).collect(),
            outcome: Outcome::new(self.controls.len()),
        };
        let mut things = Things::default();
        let parts = pods.iter().zip(&processes);
        for ((index, resource), (pods, processes)) in (first..).zip(resources).zip(parts) {
            if !part.has_resource((index - first) as usize) {
                continue;
            }
            worker.collect(index, resource, pods, &mut things);
            worker.collect_processes(index, resource, processes, &mut things);
        }
        worker.evaluate(&mut things);
        worker.outcome.sort();
        whole.take_notes(relations);
        worker.outcome
    }
}

/// What is evaluated: all where nothing is said.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Part<'p> {
    /// Which of the resources.
    pub(crate) resources: Option<&'p [bool]>,
    /// Which of the controls.
    pub(crate) controls: Option<&'p [bool]>,
}

impl Part<'_> {
    fn has_resource(&self, index: usize) -> bool {
        self.resources.is_none_or(|chosen| chosen[index])
    }
}

/// Evaluates a chunk of resources.
struct Worker<'a, 'r> {
    engine: &'a Engine,
    stage: Stage<'a, 'r>,
    /// Position of the chunk's first resource.
    first: u32,
    /// Which of the controls are tried.
    only: Option<&'a [bool]>,
    /// The parameters of controls as values, where no resource has its own.
    params: Vec<Option<Value<'a>>>,
    /// What the native controls say about each resource of the chunk.
    native: Vec<Option<NativeFindings>>,
    outcome: Outcome,
}

impl<'a, 'r: 'a> Worker<'a, 'r> {
    fn evaluate(&mut self, things: &mut Things<'a>) {
        let index = &self.engine.index;
        let resources = things.of(Scope::Resource);
        for thing in &mut *resources {
            for position in index.named(thing.spot.group, &thing.spot.resource.kind) {
                self.control(thing, position);
            }
        }
        for &position in &index.any_kind {
            self.control_on_all(position, resources);
        }
        for (scope, things) in Scope::ALL.into_iter().zip(&mut things.by_scope) {
            for &position in index.of(scope) {
                self.control_on_all(position, things);
            }
        }
    }

    fn control_on_all(&mut self, position: u32, things: &mut [Thing<'a>]) {
        let control = &self.engine.controls[position as usize];
        for thing in things {
            if matches(control, thing.spot.group, &thing.spot.resource.kind) {
                self.control(thing, position);
            }
        }
    }

    /// One control on one thing in scope.
    fn control(&mut self, thing: &mut Thing<'a>, position: u32) {
        if self.only.is_some_and(|only| !only[position as usize]) {
            return;
        }
        let control = &self.engine.controls[position as usize];
        let spot = &thing.spot;
        let sight = if control.relates {
            self.stage.relations.ask_for(spot.index);
            thing.related.get_or_insert_with(|| {
                let cells = self.engine.cells.of_related(control.header.scope);
                let scene = self.stage.related(thing.own.scene, spot.index);
                Sight::new(scene.with_memory(cells))
            })
        } else {
            &mut thing.own
        };
        match self.params_of(control, position, spot.resource) {
            Some(params) => {
                let scene = sight.scene.with_params(params);
                self.decide(spot, &mut Sight::new(scene), position);
            }
            None => self.decide(spot, sight, position),
        }
    }

    fn decide(&mut self, spot: &Spot<'a>, sight: &mut Sight<'a>, position: u32) {
        let control = &self.engine.controls[position as usize];
        if let Some(when) = &control.when {
            match Verdict::of(when.evaluate(&mut sight.activation)) {
                Verdict::Pass => return,
                Verdict::Fail => {}
                undecided @ Verdict::Undecided(_) => {
                    return self.finish(spot, sight, position, undecided);
                }
            }
        }
        match &control.decision {
            Decision::Native(native) => self.native(spot, position, *native),
            Decision::Expression { each: None, fail } => {
                let verdict = Verdict::of(fail.evaluate(&mut sight.activation));
                self.finish(spot, sight, position, verdict);
            }
            Decision::Expression {
                each: Some(each),
                fail,
            } => self.items(spot, sight, position, (each, fail)),
        }
    }

    /// Counts a thing in scope, and notes its finding.
    fn finish(&mut self, spot: &Spot<'a>, sight: &Sight<'a>, position: u32, verdict: Verdict<'a>) {
        let control = &self.engine.controls[position as usize];
        let settled = self.outcome.settle(spot.index, position, control, verdict);
        self.outcome.counts[position as usize].add(settled == Some(true), settled.is_none());
        if settled == Some(true) {
            self.find(spot, spot.anchor, &sight.scene, position);
        }
    }

    /// The items of a list one by one; the thing in scope is counted once.
    fn items(
        &mut self,
        spot: &Spot<'a>,
        sight: &mut Sight<'a>,
        position: u32,
        (each, fail): (&'a Program, &'a Program),
    ) {
        let control = &self.engine.controls[position as usize];
        let list = each.evaluate(&mut sight.activation);
        let Some(items) = list_items(list) else {
            return self.finish(spot, sight, position, Verdict::Undecided(list));
        };
        let (mut failed, mut unknown) = (false, false);
        for (ordinal, item) in (0..).zip(items) {
            sight.activation.set_variable(Slot::Item as u16, item);
            let verdict = Verdict::of(fail.evaluate(&mut sight.activation));
            let settled = self.outcome.settle(spot.index, position, control, verdict);
            failed |= settled == Some(true);
            unknown |= settled.is_none();
            if settled == Some(true) {
                let anchor = Anchor {
                    item: Some(ordinal),
                    ..spot.anchor
                };
                let scene = sight.scene.with_item(item).at_item();
                self.find(spot, anchor, &scene, position);
            }
        }
        self.outcome.counts[position as usize].add(failed, unknown);
    }

    fn native(&mut self, spot: &Spot<'a>, position: u32, native: Native) {
        let Some(known) = self.native.get_mut((spot.index - self.first) as usize) else {
            return;
        };
        let findings =
            known.get_or_insert_with(|| NativeFindings::new(&self.engine.validator, spot.resource));
        let Some(found) = findings.of(native) else {
            return;
        };
        let mut failed = false;
        for (ordinal, finding) in (0..).zip(found) {
            failed = true;
            let anchor = Anchor {
                item: Some(ordinal),
                ..spot.anchor
            };
            let raw = raw(spot, position, finding.node);
            self.outcome.findings.push((raw, anchor));
        }
        self.outcome.counts[position as usize].add(failed, false);
    }

    fn find(&mut self, spot: &Spot<'a>, anchor: Anchor, scene: &Scene<'a>, position: u32) {
        let control = &self.engine.controls[position as usize];
        let node = locate(&control.at, scene);
        self.outcome
            .findings
            .push((raw(spot, position, node), anchor));
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

fn raw(spot: &Spot<'_>, control: u32, node: NodeId) -> RawFinding {
    RawFinding {
        control,
        resource: spot.index,
        node,
        subject: spot.subject,
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

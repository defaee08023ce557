//! Looks at what a change touches, among what it takes to do so.

mod places;
mod table;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::FixedState;
use model::{Inventory, Resource};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use self::places::{Namespaces, Places};
use self::table::Table;
use crate::chosen::name_of_text;
use crate::compiled::Compiled;
use crate::engine::Engine;
use crate::evaluate::Evaluation;
use crate::owned::AtOnce;
use crate::relations::Offers;
use crate::tie::{Tie, What};
use crate::worlds::{Survey, Worlds};

/// What ties the objects of a cluster to each other. Owned by whoever follows the cluster, and told of every change.
#[derive(Debug)]
pub struct Near {
    controls: Vec<bool>,
    numbers: HashMap<Arc<str>, u32, FixedState>,
    names: Vec<Arc<str>>,
    objects: Vec<Option<Resource>>,
    free: Vec<u32>,
    offered: Table,
    needed: Table,
    with_all: Table,
    /// What evaluations asked for.
    asked: Table,
    namespaces: Namespaces,
    places: Places,
    /// Where findings about the whole cluster were at the last look.
    place: Option<Arc<str>>,
    most: usize,
}

/// How a cluster is followed.
#[derive(Clone, Copy, Debug)]
pub struct NearOptions {
    /// Whether all of its objects are known.
    pub is_complete: bool,
    /// Objects that the evaluation of one may look at, so that it is still done at once.
    pub most: usize,
}

impl Default for NearOptions {
    fn default() -> Self {
        NearOptions {
            is_complete: true,
            most: 500,
        }
    }
}

/// Some objects, and those that their evaluation looks at.
#[derive(Debug, Default)]
pub struct Surroundings {
    inventory: Arc<Inventory>,
    /// Which of them are looked at for their own sake.
    chosen: Vec<bool>,
    place: Option<u32>,
    late: BTreeSet<String>,
    wanted: BTreeSet<u32>,
}

/// Times that an evaluation is repeated because it asked for more: each goes a step further. Chains of objects are short.
const ROUNDS: usize = 12;

impl Near {
    /// For the objects of an inventory, with what each is called.
    pub fn new<'i>(
        engine: &Engine,
        objects: impl Iterator<Item = (&'i str, &'i Resource)>,
        options: NearOptions,
    ) -> Self {
        let mut near = Near {
            controls: engine.near(),
            numbers: HashMap::default(),
            names: Vec::new(),
            objects: Vec::new(),
            free: Vec::new(),
            offered: Table::default(),
            needed: Table::default(),
            with_all: Table::default(),
            asked: Table::default(),
            namespaces: Namespaces::default(),
            places: Places::new(options.is_complete),
            place: None,
            most: options.most,
        };
        let objects: Vec<(&str, &Resource)> = objects.collect();
        let offers: Vec<Offers> = objects
            .par_iter()
            .map(|(_, resource)| Offers::of(resource, &engine.views))
            .collect();
        for ((name, resource), offers) in objects.into_iter().zip(offers) {
            near.put(engine, name, resource, offers);
        }
        near
    }

    /// Whether the findings of a control, by its index, are told by looks at a part.
    pub fn has(&self, control: u32) -> bool {
        self.controls.get(control as usize) == Some(&true)
    }

    /// Whether some controls need a look at everything.
    pub fn has_far(&self) -> bool {
        self.controls.contains(&false)
    }

    /// Learns from an evaluation of everything, whose texts were made, what each object asked for.
    pub fn learn(&mut self, survey: &Survey<'_>) {
        let [relations] = survey.relations() else {
            return;
        };
        let notes = relations.notes();
        let resources = &relations.inventory().resources;
        for of_object in notes.chunk_by(|left, right| left.0 == right.0) {
            let Some(resource) = resources.get(of_object[0].0 as usize) else {
                continue;
            };
            let number = self.number(name_of_text(resource));
            let ties = of_object.iter().map(|(_, tie)| *tie).collect();
            self.asked.set(number, ties);
        }
    }

    /// An object is there, new or another, or gone.
    pub fn set(&mut self, engine: &Engine, name: &str, resource: Option<&Resource>) {
        if let Some(resource) = resource {
            return self.put(engine, name, resource, Offers::of(resource, &engine.views));
        }
        let Some(number) = self.numbers.remove(name) else {
            return;
        };
        self.forget(engine, name, number);
        self.offer(number, Offers::default());
        self.asked.set(number, Vec::new());
        self.free.push(number);
    }

    /// What asked for something that these objects offer, directly or through what they belong to: these objects included.
    /// To be asked before and after a change.
    pub fn affected(&self, names: &BTreeSet<String>) -> BTreeSet<String> {
        let mut found = names.clone();
        let mut is_found: BTreeSet<u32> = BTreeSet::new();
        let mut open: Vec<u32> = Vec::new();
        let mut is_open: BTreeSet<u32> = BTreeSet::new();
        let changed = names.iter().filter_map(|name| self.numbers.get(&**name));
        open.extend(changed.copied());
        is_open.extend(&open);
        if self.touches_strays(&open) {
            let stray = self.asked.with(Tie::new(What::Stray, &[]));
            is_found.extend(stray);
        }
        while let Some(touched) = open.pop() {
            for &tie in self.offered.of(touched) {
                let mut touch = |more: &[u32]| {
                    open.extend(more.iter().copied().filter(|one| is_open.insert(*one)));
                };
                touch(self.needed.with(tie));
                touch(self.with_all.with(tie));
                for &asking in self.asked.with(tie) {
                    if !is_found.insert(asking) || self.with_all.is_empty() {
                        continue;
                    }
                    let own = self.offered.of(asking).iter();
                    own.for_each(|tie| touch(self.with_all.with(*tie)));
                }
            }
        }
        let number_of = |number: &u32| self.names[*number as usize].to_string();
        found.extend(is_found.union(&is_open).map(number_of));
        let place = self.places.best();
        if place != self.place {
            let both = [place, self.place.clone()].into_iter().flatten();
            found.extend(both.map(|name| name.to_string()));
        }
        found
    }

    /// Some objects among all that their evaluation looks at. Those that look at very many others are left out, together with
    /// what has the same owners: [`Surroundings::late`].
    pub fn around(
        &mut self,
        engine: &Engine,
        chosen: &BTreeSet<String>,
        at_once: &AtOnce,
    ) -> Surroundings {
        self.place = self.places.best();
        let mut surroundings = self.gather(chosen, at_once, &Surroundings::default());
        for _ in 0..ROUNDS {
            self.ask(engine, &surroundings);
            let more = self.gather(chosen, at_once, &surroundings);
            let is_enough =
                more.wanted.is_subset(&surroundings.wanted) && more.late == surroundings.late;
            if is_enough {
                break;
            }
            surroundings = more;
        }
        surroundings
    }

    /// Evaluates the controls that can be told so.
    pub fn evaluate<'r>(&self, engine: &'r Engine, survey: &Survey<'r>) -> Evaluation {
        engine.evaluate_owners_with(survey, Some(&self.controls))
    }

    /// Evaluates the other controls, over an inventory of everything.
    pub fn evaluate_far<'r>(&self, engine: &'r Engine, survey: &Survey<'r>) -> Evaluation {
        let far: Vec<bool> = self.controls.iter().map(|is_near| !is_near).collect();
        engine.evaluate_owners_with(survey, Some(&far))
    }

    /// Notes what the chosen ones ask for among what was gathered.
    fn ask(&mut self, engine: &Engine, surroundings: &Surroundings) {
        let worlds = Worlds::new(&surroundings.inventory);
        let mut survey = surroundings.survey(engine, &worlds);
        survey.start_noting();
        let evaluation = self.evaluate(engine, &survey);
        let pairs = evaluation.findings.iter().zip(&evaluation.anchors);
        let pairs: Vec<_> = pairs.map(|(finding, anchor)| (*finding, *anchor)).collect();
        engine.describe(&survey, &pairs);
        let chosen = surroundings.inventory.resources.iter();
        let chosen = chosen
            .zip(&surroundings.chosen)
            .filter(|(_, chosen)| **chosen);
        for (resource, _) in chosen {
            let number = self.number(name_of_text(resource));
            self.asked.set(number, Vec::new());
        }
        self.learn(&survey);
    }

    /// All that is known to be looked at, with what was before.
    fn gather(
        &self,
        chosen: &BTreeSet<String>,
        at_once: &AtOnce,
        before: &Surroundings,
    ) -> Surroundings {
        let mut late = before.late.clone();
        late.extend(chosen.iter().filter(|name| self.looks_far(name)).cloned());
        late = &at_once.around(&late) & chosen;
        let chosen = chosen - &late;
        let numbers = chosen.iter().filter_map(|name| self.numbers.get(&**name));
        let chosen: BTreeSet<u32> = numbers.copied().collect();
        let mut wanted = self.support(&chosen);
        wanted.extend(&before.wanted);
        let there = wanted.iter().filter_map(|number| {
            let resource = self.objects.get(*number as usize)?.as_ref()?;
            Some((&self.names[*number as usize], *number, resource))
        });
        let mut there: Vec<(&Arc<str>, u32, &Resource)> = there.collect();
        there.sort_unstable_by_key(|(name, ..)| *name);
        let place = self.place.as_ref();
        let place = place.and_then(|place| there.binary_search_by_key(&place, |one| one.0).ok());
        let resources = there.iter().map(|(.., resource)| (*resource).clone());
        Surroundings {
            inventory: Arc::new(Inventory {
                is_complete: self.places.is_complete(),
                ..Inventory::new(resources.collect())
            }),
            chosen: there.iter().map(|one| chosen.contains(&one.1)).collect(),
            place: place.map(|at| at as u32),
            late,
            wanted,
        }
    }

    /// Whether an object asked for so many others that a look at them takes long.
    fn looks_far(&self, name: &str) -> bool {
        let Some(number) = self.numbers.get(name) else {
            return false;
        };
        let asked = self.asked.of(*number).iter();
        asked
            .map(|tie| self.offered.with(*tie).len())
            .sum::<usize>()
            > self.most
    }

    /// Those who offer what the chosen ones ask for, with all that these need.
    fn support(&self, chosen: &BTreeSet<u32>) -> BTreeSet<u32> {
        let mut found = chosen.clone();
        let mut open: Vec<(u32, bool)> = chosen.iter().map(|number| (*number, true)).collect();
        let mut asked: BTreeSet<u32> = chosen.clone();
        let mut ties: HashSet<Tie, FixedState> = HashSet::default();
        while let Some((object, is_asked)) = open.pop() {
            let own = is_asked
                .then(|| self.asked.of(object))
                .into_iter()
                .flatten();
            let needed = self.needed.of(object).iter().chain(own);
            for &tie in needed {
                if !ties.insert(tie) {
                    continue;
                }
                let with = self.offered.with(tie).iter();
                open.extend(
                    with.filter(|one| found.insert(**one))
                        .map(|one| (*one, false)),
                );
                if tie == Tie::new(What::Stray, &[]) {
                    let strays = self.namespaces.strays();
                    let strays = strays.map(|namespace| Tie::new(What::PodIn, &[namespace]));
                    let strays = strays.flat_map(|tie| self.offered.with(tie));
                    open.extend(
                        strays
                            .filter(|one| found.insert(**one))
                            .map(|one| (*one, false)),
                    );
                }
            }
            for &tie in self.with_all.of(object) {
                for &one in self.offered.with(tie) {
                    found.insert(one);
                    if asked.insert(one) {
                        open.push((one, true));
                    }
                }
            }
        }
        found
    }

    /// Whether one of them is a pod of a namespace that is not there.
    fn touches_strays(&self, objects: &[u32]) -> bool {
        let mut strays = self.namespaces.strays();
        strays.any(|namespace| {
            let tie = Tie::new(What::PodIn, &[namespace]);
            let has = |object: &u32| self.offered.of(*object).binary_search(&tie).is_ok();
            objects.iter().any(has)
        })
    }

    fn put(&mut self, engine: &Engine, name: &str, resource: &Resource, offers: Offers) {
        let number = self.number(name);
        self.forget(engine, name, number);
        self.offer(number, offers);
        self.namespaces.count(resource, &engine.views, true);
        self.places.count(name, resource, true);
        self.objects[number as usize] = Some(resource.clone());
    }

    /// What was called so is not there any more.
    fn forget(&mut self, engine: &Engine, name: &str, number: u32) {
        if let Some(before) = self.objects[number as usize].take() {
            self.namespaces.count(&before, &engine.views, false);
            self.places.count(name, &before, false);
        }
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let name: Arc<str> = name.into();
        let number = self.free.pop().unwrap_or(self.names.len() as u32);
        if let Some(free) = self.names.get_mut(number as usize) {
            *free = Arc::clone(&name);
        } else {
            self.names.push(Arc::clone(&name));
            self.objects.push(None);
        }
        self.numbers.insert(name, number);
        number
    }

    fn offer(&mut self, number: u32, offers: Offers) {
        self.offered.set(number, offers.offered);
        self.needed.set(number, offers.needed);
        self.with_all.set(number, offers.with_all);
    }
}

impl Surroundings {
    /// All of them.
    pub fn inventory(&self) -> &Arc<Inventory> {
        &self.inventory
    }

    /// What was left out because it looks at very many others.
    pub fn late(&self) -> &BTreeSet<String> {
        &self.late
    }

    /// How they relate, for those that are looked at for their own sake.
    pub fn survey<'r>(&self, engine: &'r Engine, worlds: &'r Worlds) -> Survey<'r> {
        let mut survey = engine.survey(worlds);
        survey.set_chosen(vec![self.chosen.clone()]);
        for relations in survey.relations() {
            relations.set_cluster_place(self.place);
        }
        survey
    }
}

impl Engine {
    /// Which of the controls ask for no more than what ties objects to each other, and are not folded under one that asks for
    /// more: what somebody could become over any number of steps, anything may change.
    fn near(&self) -> Vec<bool> {
        let is_near = |control: &Compiled| !control.calls(FAR);
        let mut near: Vec<bool> = self.controls.iter().map(is_near).collect();
        self.without_superseded(&mut near);
        near
    }
}

/// Methods that look at the permissions of all.
const FAR: &[&str] = &["escalations", "takeover"];

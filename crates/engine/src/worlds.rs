//! Which resources can be in one cluster at the same time.
//!
//! Overlays of one base are alternatives: a Deployment of `overlays/prod` meets no Service of `overlays/dev`, though both
//! were scanned. Renderings that define the same object are never in one world; what is written as it is, is in all.
//! Everything is evaluated in one world, its home; what else is there is what it may relate to.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::FixedState;
use model::{Detail, Inventory, RelatedObject, Resource};

use crate::engine::Engine;
use crate::evaluate::{Anchor, Evaluation, Part};
use crate::funnel::RawFinding;
use crate::relations::{Relations, namespace_of};

/// Resources of all worlds together at most. Worlds beyond that hold their own resources only.
const MOST: usize = 2_000_000;

/// The worlds of an inventory. Owned by whoever scans, for as long as findings are described.
#[derive(Debug)]
pub struct Worlds {
    whole: Arc<Inventory>,
    /// None where everything fits into one.
    separate: Vec<World>,
    /// For each resource its home and its position there.
    homes: Vec<(u32, u32)>,
}

#[derive(Debug)]
struct World {
    inventory: Inventory,
    /// For each resource its position in the whole.
    positions: Vec<u32>,
    /// The first ones are at home here, the others are only there to relate to.
    own: u32,
}

impl Worlds {
    /// The worlds of an inventory: one, unless renderings define the same objects.
    pub fn new(whole: &Arc<Inventory>) -> Self {
        let numbers = numbers(whole);
        let count = numbers.iter().max().map_or(1, |last| last + 1);
        let mut worlds = Worlds {
            whole: Arc::clone(whole),
            separate: Vec::new(),
            homes: Vec::new(),
        };
        if count > 1 {
            worlds.separate(&numbers, count);
        }
        worlds
    }

    fn separate(&mut self, numbers: &[u32], count: u32) {
        let neighbours = Neighbours::new(&self.whole, numbers);
        self.homes = vec![(0, 0); self.whole.resources.len()];
        let mut left = MOST;
        for number in 0..count {
            let of = |resource: &Resource| match resource.rendered {
                Some(rendered) => numbers[rendered.entry as usize],
                None => 0,
            };
            let all = (0..).zip(&self.whole.resources);
            let mut members: Vec<u32> = all
                .filter(|(_, resource)| of(resource) == number)
                .map(|(position, _)| position)
                .collect();
            let own = members.len() as u32;
            for (place, &position) in (0..).zip(&members) {
                self.homes[position as usize] = (number, place);
            }
            if number > 0 {
                let others = neighbours.of(&self.whole, number);
                left = left.saturating_sub(others.len());
                members.extend(if left > 0 { others } else { Vec::new() });
            }
            self.separate.push(World::new(&self.whole, members, own));
        }
    }

    fn inventory(&self, world: usize) -> &Inventory {
        self.separate
            .get(world)
            .map_or(&*self.whole, |world| &world.inventory)
    }

    /// The inventory of each world, with the positions of the entries that are at home there.
    pub fn inventories(&self) -> impl Iterator<Item = (&Inventory, Vec<u32>)> {
        let only = self.separate.is_empty().then(|| {
            let all = 0..self.whole.entries.len() as u32;
            (&*self.whole, all.collect())
        });
        let separate = self.separate.iter().map(|world| {
            let own = world.inventory.resources.iter().take(world.own as usize);
            let mut entries: Vec<u32> = own
                .filter_map(|resource| Some(resource.rendered?.entry))
                .collect();
            entries.sort_unstable();
            entries.dedup();
            (&world.inventory, entries)
        });
        only.into_iter().chain(separate)
    }

    /// The world of a resource, and its position there.
    fn home(&self, resource: u32) -> (u32, u32) {
        let home = self.homes.get(resource as usize).copied();
        home.unwrap_or((0, resource))
    }

    /// The position in the whole of a resource of a world.
    fn whole_position(&self, world: u32, resource: u32) -> u32 {
        let world = self.separate.get(world as usize);
        let position = world.and_then(|world| world.positions.get(resource as usize));
        position.copied().unwrap_or(resource)
    }
}

impl World {
    fn new(whole: &Inventory, positions: Vec<u32>, own: u32) -> Self {
        let resources = positions.iter();
        let resources = resources.filter_map(|&at| whole.resources.get(at as usize).cloned());
        World {
            inventory: Inventory {
                resources: resources.collect(),
                entries: Vec::new(),
                is_complete: whole.is_complete,
            },
            positions,
            own,
        }
    }
}

/// Group, kind, namespace and name of an object that two renderings cannot both have in one cluster.
type Identity<'r> = (&'r str, &'r str, &'r str, &'r str);

/// The entries that define each object, in their order.
fn definers(inventory: &Inventory) -> BTreeMap<Identity<'_>, Vec<u32>> {
    let mut definers: BTreeMap<Identity<'_>, Vec<u32>> = BTreeMap::new();
    for resource in &inventory.resources {
        let Some(rendered) = resource.rendered else {
            continue;
        };
        if resource.name.is_empty() {
            continue;
        }
        let identity = (
            resource.group(),
            &*resource.kind,
            namespace_of(resource),
            &*resource.name,
        );
        let entries = definers.entry(identity).or_default();
        if !entries.contains(&rendered.entry) {
            entries.push(rendered.entry);
        }
    }
    definers
}

/// The entries that define an object which another one defines too, ascending: they cannot all be in one cluster.
pub fn alternatives(inventory: &Inventory) -> Vec<u32> {
    let contested = definers(inventory)
        .into_values()
        .filter(|entries| entries.len() > 1);
    let mut entries: Vec<u32> = contested.flatten().collect();
    entries.sort_unstable();
    entries.dedup();
    entries
}

/// The number of each entry's world: the first that no entry before it with an object of its own has.
fn numbers(inventory: &Inventory) -> Vec<u32> {
    let mut numbers = vec![0; inventory.entries.len()];
    if numbers.len() < 2 {
        return numbers;
    }
    let mut shared: Vec<Vec<usize>> = vec![Vec::new(); numbers.len()];
    let contested = definers(inventory)
        .into_values()
        .filter(|entries| entries.len() > 1);
    let mut taken: Vec<Vec<u32>> = Vec::new();
    for entries in contested {
        for entry in entries {
            if let Some(own) = shared.get_mut(entry as usize) {
                own.push(taken.len());
            }
        }
        taken.push(Vec::new());
    }
    for (entry, objects) in shared.iter().enumerate() {
        let is_free = |number: &u32| {
            objects
                .iter()
                .all(|&object| !taken[object].contains(number))
        };
        numbers[entry] = (0..=entry as u32).find(is_free).unwrap_or_default();
        for &object in objects {
            taken[object].push(numbers[entry]);
        }
    }
    numbers
}

/// What the worlds behind the first may relate to: what is written as it is, and the renderings of the first world that
/// define no object of theirs.
struct Neighbours<'n> {
    numbers: &'n [u32],
    /// For each world the entries of the first that it cannot be with.
    excluded: HashMap<u32, Vec<u32>, FixedState>,
}

impl<'n> Neighbours<'n> {
    fn new(inventory: &Inventory, numbers: &'n [u32]) -> Self {
        let mut excluded: HashMap<u32, Vec<u32>, FixedState> = HashMap::default();
        for entries in definers(inventory).into_values() {
            let number = |entry: u32| numbers[entry as usize];
            let first = entries.iter().filter(|&&entry| number(entry) == 0);
            for &first in first {
                for &other in entries.iter().filter(|&&entry| number(entry) > 0) {
                    let excluded = excluded.entry(number(other)).or_default();
                    if !excluded.contains(&first) {
                        excluded.push(first);
                    }
                }
            }
        }
        Neighbours { numbers, excluded }
    }

    fn of(&self, inventory: &Inventory, world: u32) -> Vec<u32> {
        let excluded = self.excluded.get(&world);
        let is_neighbour = |resource: &Resource| match resource.rendered {
            None => true,
            Some(rendered) => {
                let is_first = self.numbers[rendered.entry as usize] == 0;
                is_first && excluded.is_none_or(|excluded| !excluded.contains(&rendered.entry))
            }
        };
        let all = (0..).zip(&inventory.resources);
        all.filter(|(_, resource)| is_neighbour(resource))
            .map(|(position, _)| position)
            .collect()
    }
}

/// How the resources of each world relate: what an evaluation and the texts of its findings share.
#[derive(Debug)]
pub struct Survey<'r> {
    worlds: &'r Worlds,
    relations: Vec<Relations<'r>>,
    /// For each world which of its resources are evaluated; empty where all are.
    chosen: Vec<Vec<bool>>,
}

impl<'r> Survey<'r> {
    /// All that was scanned.
    pub(crate) fn whole(&self) -> &'r Inventory {
        &self.worlds.whole
    }

    /// How the resources of each world relate.
    pub(crate) fn relations(&self) -> &[Relations<'r>] {
        &self.relations
    }

    /// Which resources of a world are evaluated; `None` for all.
    pub(crate) fn chosen(&self, world: usize) -> Option<&[bool]> {
        self.chosen.get(world).map(Vec::as_slice)
    }

    /// Notes from now on who asks for what.
    pub fn start_noting(&mut self) {
        self.relations.iter_mut().for_each(Relations::start_noting);
    }

    /// Evaluates only some resources of each world from now on.
    pub(crate) fn set_chosen(&mut self, chosen: Vec<Vec<bool>>) {
        self.chosen = chosen;
    }
}

impl Engine {
    /// How the resources of some worlds relate. Computes nothing yet.
    pub fn survey<'r>(&'r self, worlds: &'r Worlds) -> Survey<'r> {
        let count = worlds.separate.len().max(1);
        let relations = (0..count).map(|world| self.relations(worlds.inventory(world)));
        Survey {
            worlds,
            relations: relations.collect(),
            chosen: Vec::new(),
        }
    }

    /// Evaluates the controls over all the resources of an inventory, each in its own world.
    pub fn evaluate_worlds<'r>(&'r self, survey: &Survey<'r>) -> Evaluation {
        let chosen = |world: usize| Part {
            resources: survey.chosen(world),
            controls: None,
        };
        if let [only] = &survey.relations[..] {
            let part = chosen(0);
            return self.evaluate_some(only, only.inventory().resources.len() as u32, part);
        }
        let mut all = Evaluation::default();
        for (number, relations) in (0..).zip(&survey.relations) {
            let own = survey.worlds.separate[number as usize].own;
            let mut one = self.evaluate_some(relations, own, chosen(number as usize));
            for finding in &mut one.findings {
                finding.resource = survey.worlds.whole_position(number, finding.resource);
            }
            all.join(one);
        }
        all.sort();
        all
    }

    /// The texts of findings, in their order; those of one resource should stand together. Fingerprints and exceptions
    /// are the funnel's to fill in.
    pub fn describe<'r>(
        &'r self,
        survey: &Survey<'r>,
        findings: &[(RawFinding, Anchor)],
    ) -> Vec<Detail> {
        if let [only] = &survey.relations[..] {
            return self.details(only, findings);
        }
        let mut details = Vec::with_capacity(findings.len());
        for of_resource in findings.chunk_by(|left, right| left.0.resource == right.0.resource) {
            let (world, resource) = survey.worlds.home(of_resource[0].0.resource);
            let local = |&(finding, anchor): &(RawFinding, Anchor)| {
                (
                    RawFinding {
                        resource,
                        ..finding
                    },
                    anchor,
                )
            };
            let local: Vec<_> = of_resource.iter().map(local).collect();
            let mut described = self.details(&survey.relations[world as usize], &local);
            let related = described.iter_mut().flat_map(|detail| &mut detail.related);
            for related in related {
                if let RelatedObject::Resource(at) = &mut related.object {
                    *at = survey.worlds.whole_position(world, *at as u32) as usize;
                }
            }
            details.extend(described);
        }
        details
    }
}

//! The workloads of a network, by namespace and by what policies tell apart.

use std::collections::{BTreeMap, BTreeSet};

use model::Inventory;

use crate::answer::{Direction, Truth};
use crate::classes::{ClassId, Classes};
use crate::network::Network;
use crate::pod::PodId;

/// A pod, or what makes pods.
pub(super) struct Workload {
    pub(super) pod: PodId,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) kind: String,
    /// Whether no policy isolates it in any direction.
    pub(super) is_open: bool,
    /// Its cell.
    pub(super) cell: usize,
}

/// Workloads of one namespace that no policy tells apart.
pub(super) struct Cell {
    pub(super) class: ClassId,
    pub(super) namespace: usize,
    /// Positions of workloads, ascending.
    pub(super) members: Vec<usize>,
}

pub(super) struct Workloads {
    pub(super) list: Vec<Workload>,
    pub(super) cells: Vec<Cell>,
    /// In the order of the alphabet.
    pub(super) namespaces: Vec<String>,
}

impl Workloads {
    pub(super) fn new(network: &Network, inventory: &Inventory, classes: &Classes) -> Self {
        let names: BTreeSet<&str> = network.pods().map(|pod| network.namespace(pod)).collect();
        let namespaces: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let mut cells: BTreeMap<(usize, ClassId), Vec<usize>> = BTreeMap::new();
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        let mut list: Vec<Workload> = Vec::new();
        for pod in network.pods() {
            let Some(class) = classes.of(pod) else {
                continue;
            };
            let own = network.namespace(pod);
            let namespace = namespaces.partition_point(|other| other.as_str() < own);
            cells
                .entry((namespace, class))
                .or_default()
                .push(list.len());
            list.push(workload(network, inventory, pod, &mut taken));
        }
        let cells: Vec<Cell> = cells
            .into_iter()
            .map(|((namespace, class), members)| Cell {
                class,
                namespace,
                members,
            })
            .collect();
        for (index, cell) in cells.iter().enumerate() {
            for &member in &cell.members {
                list[member].cell = index;
            }
        }
        Workloads {
            list,
            cells,
            namespaces,
        }
    }

    /// The cells of a namespace.
    pub(super) fn cells_of(&self, namespace: usize) -> impl Iterator<Item = usize> + '_ {
        let start = self
            .cells
            .partition_point(|cell| cell.namespace < namespace);
        let end = self
            .cells
            .partition_point(|cell| cell.namespace <= namespace);
        start..end
    }

    /// What is drawn as one node: each workload, or those of a cell that are not exposed to the outside.
    pub(super) fn units(
        &self,
        is_merged: bool,
        is_exposed: &dyn Fn(PodId) -> bool,
    ) -> Vec<Vec<usize>> {
        let mut units: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for cell in &self.cells {
            let mut shared = None;
            for &member in &cell.members {
                let is_alone = !is_merged || is_exposed(self.list[member].pod);
                let first = if is_alone {
                    member
                } else {
                    *shared.get_or_insert(member)
                };
                units.entry(first).or_default().push(member);
            }
        }
        units.into_values().collect()
    }
}

fn workload(
    network: &Network,
    inventory: &Inventory,
    pod: PodId,
    taken: &mut BTreeMap<String, usize>,
) -> Workload {
    let place = network.place(pod);
    let resource = inventory.resources.get(place.resource as usize);
    let (kind, name) = resource.map_or(("", ""), |resource| {
        let generated = resource.generate_name.as_deref().unwrap_or_default();
        let name = if resource.name.is_empty() {
            generated
        } else {
            &resource.name
        };
        (&*resource.kind, name)
    });
    let id = format!("workload/{}/{kind}/{name}", network.namespace(pod));
    // A resource may carry several pods, and be there twice.
    let count = taken.entry(id.clone()).or_default();
    *count += 1;
    let number = if *count == 1 {
        String::new()
    } else {
        format!(" ({count})")
    };
    let isolated = Direction::ALL.map(|direction| network.is_isolated(pod, direction));
    Workload {
        pod,
        id: id + &number,
        name: name.to_owned() + &number,
        kind: kind.to_owned(),
        is_open: isolated == [Truth::No, Truth::No],
        cell: 0,
    }
}

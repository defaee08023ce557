//! Who reaches whom in as few flows as say all of it.
//!
//! For each destination, what is the same for all sources, for all that no policy keeps from sending, or for all of a
//! namespace is one flow; then what a source sends to all, or to all of a namespace, is one. Nothing is left out and nothing
//! added: taken apart again, the flows are those between the pods.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;

use crate::answer::{Direction, Truth};
use crate::classes::{ClassId, Classes, Reachability};
use crate::network::Network;
use crate::port::PortSet;
use crate::reach::Endpoint;

use super::workloads::Workloads;

/// One end of a flow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum End {
    /// All pods.
    Every,
    /// All pods that no policy keeps from sending.
    Free,
    /// The same, of one namespace.
    EveryOf(usize),
    FreeOf(usize),
    /// A cell of workloads.
    Cell(usize),
}

/// What gets through.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Passage {
    /// The ports that are open for sure; `None` for some that were not looked at.
    pub(super) ports: Option<PortSet>,
    /// Whether there are ports of which nobody knows.
    pub(super) is_unknown: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Flow {
    pub(super) from: End,
    pub(super) to: End,
    /// Position in [`Flows::passages`].
    pub(super) passage: usize,
}

pub(super) struct Flows<'a> {
    workloads: &'a Workloads,
    pub(super) passages: Vec<Passage>,
    pub(super) list: Vec<Flow>,
    /// By class: whether no policy keeps its pods from sending.
    is_free: Vec<bool>,
}

/// Pairs of classes of which the ports are looked at, at most.
const PAIRS: usize = 200_000;

/// Nothing gets through.
const CLOSED: usize = 0;

impl<'a> Flows<'a> {
    pub(super) fn new(network: &Network, classes: &Classes, workloads: &'a Workloads) -> Self {
        let mut matrix = Matrix::new(network, classes);
        let mut finder = Finder::new(network, classes, workloads);
        let mut sent: BTreeMap<(End, usize), Vec<ClassId>> = BTreeMap::new();
        for to in classes.ids() {
            let column: Vec<usize> = classes.ids().map(|from| matrix.passage(from, to)).collect();
            for (from, passage) in finder.sources(&column, to) {
                sent.entry((from, passage)).or_default().push(to);
            }
        }
        let mut list = Vec::new();
        for ((from, passage), destinations) in sent {
            let ends = finder.destinations(from, &destinations);
            list.extend(ends.into_iter().map(|to| Flow { from, to, passage }));
        }
        Flows {
            workloads,
            passages: matrix.passages,
            list,
            is_free: finder.is_free,
        }
    }

    /// The ends that a workload is part of.
    pub(super) fn ends_of(&self, workload: usize) -> impl Iterator<Item = End> {
        let cell = self.workloads.list[workload].cell;
        let own = &self.workloads.cells[cell];
        let free = [End::Free, End::FreeOf(own.namespace)];
        let free = free.into_iter().filter(|_| self.is_free[own.class.index()]);
        [End::Every, End::EveryOf(own.namespace), End::Cell(cell)]
            .into_iter()
            .chain(free)
    }

    /// Whether everything gets from everywhere to everywhere.
    pub(super) fn is_open_everywhere(&self) -> bool {
        let [flow] = &self.list[..] else { return false };
        let passage = &self.passages[flow.passage];
        let is_every = (flow.from, flow.to) == (End::Every, End::Every);
        is_every && !passage.is_unknown && passage.ports == Some(PortSet::full())
    }

    /// Flows of which nothing is known for sure.
    pub(super) fn unknown(&self) -> usize {
        let passages = self.list.iter().map(|flow| &self.passages[flow.passage]);
        passages.filter(|passage| passage.is_only_unknown()).count()
    }

    /// How many edges the flows are between single workloads.
    pub(super) fn edges(&self) -> usize {
        let size = |end: End| match end {
            End::Cell(cell) => self.workloads.cells[cell].members.len(),
            _ => 1,
        };
        self.list
            .iter()
            .map(|flow| size(flow.from).saturating_mul(size(flow.to)))
            .sum()
    }
}

impl Passage {
    pub(super) fn is_only_unknown(&self) -> bool {
        self.is_unknown && self.ports.as_ref().is_some_and(PortSet::is_empty)
    }
}

/// What gets through between classes, as numbers of passages.
struct Matrix<'a> {
    network: &'a Network,
    classes: &'a Classes,
    passages: Vec<Passage>,
    ids: HashMap<Passage, usize, FixedState>,
    /// Those of which the ports need not be looked at.
    plain: HashMap<Reachability, usize, FixedState>,
    with_ports: bool,
}

impl<'a> Matrix<'a> {
    fn new(network: &'a Network, classes: &'a Classes) -> Self {
        let mut matrix = Matrix {
            network,
            classes,
            passages: Vec::new(),
            ids: HashMap::default(),
            plain: HashMap::default(),
            with_ports: classes.open_pairs() <= PAIRS,
        };
        matrix.number(Some(PortSet::default()), false);
        matrix
    }

    fn passage(&mut self, from: ClassId, to: ClassId) -> usize {
        let reach = self.classes.reach(from, to);
        if reach.is_some && !reach.is_every && self.with_ports {
            let ports = self.ports(from, to);
            return self.number(ports, reach.is_unknown);
        }
        if let Some(&known) = self.plain.get(&reach) {
            return known;
        }
        let ports = if reach.is_every {
            Some(PortSet::full())
        } else if reach.is_some {
            None
        } else {
            Some(PortSet::default())
        };
        let number = self.number(ports, reach.is_unknown);
        self.plain.insert(reach, number);
        number
    }

    fn number(&mut self, ports: Option<PortSet>, is_unknown: bool) -> usize {
        let passage = Passage { ports, is_unknown };
        let next = self.passages.len();
        let number = *self.ids.entry(passage.clone()).or_insert(next);
        if number == next {
            self.passages.push(passage);
        }
        number
    }

    /// A pod always reaches itself, and so two pods have to be asked about; a class with one pod has no traffic
    /// of its own.
    fn ports(&self, from: ClassId, to: ClassId) -> Option<PortSet> {
        let source = *self.classes.members(from).first()?;
        let mut destinations = self.classes.members(to).iter();
        let destination = *destinations
            .find(|&&pod| pod != source)
            .or(self.classes.members(to).first())?;
        let (source, destination) = (Endpoint::Pod(source), Endpoint::Pod(destination));
        Some(self.network.ports(source, destination).allowed)
    }
}

/// Finds what flows have in common.
struct Finder<'a> {
    workloads: &'a Workloads,
    /// By class: whether no policy keeps its pods from sending, and whether it has only one workload.
    is_free: Vec<bool>,
    is_single: Vec<bool>,
    /// By namespace, its cells and their classes.
    spaces: Vec<Vec<(usize, ClassId)>>,
}

impl<'a> Finder<'a> {
    fn new(network: &Network, classes: &Classes, workloads: &'a Workloads) -> Self {
        let is_free = classes.ids().map(|class| {
            let mut members = classes.members(class).iter();
            members.all(|&pod| network.is_isolated(pod, Direction::Egress) == Truth::No)
        });
        let spaces = (0..workloads.namespaces.len()).map(|namespace| {
            let cells = workloads.cells_of(namespace);
            cells
                .map(|cell| (cell, workloads.cells[cell].class))
                .collect()
        });
        Finder {
            workloads,
            is_free: is_free.collect(),
            is_single: classes
                .ids()
                .map(|class| classes.members(class).len() == 1)
                .collect(),
            spaces: spaces.collect(),
        }
    }

    /// What all of some classes have, when it is the same; a workload need not reach itself.
    fn common(
        &self,
        column: &[usize],
        to: ClassId,
        from: impl Iterator<Item = ClassId>,
    ) -> Option<usize> {
        let mut common = None;
        let others = from.filter(|&class| class != to || !self.is_single[class.index()]);
        for passage in others.map(|class| column[class.index()]) {
            if *common.get_or_insert(passage) != passage {
                return None;
            }
        }
        common
    }

    /// The sources of a destination, with what gets through.
    fn sources(&mut self, column: &[usize], to: ClassId) -> Vec<(End, usize)> {
        let all = || self.spaces.iter().flatten().map(|&(_, class)| class);
        let is_free = |class: &ClassId| self.is_free[class.index()];
        let mut found = Vec::new();
        if let Some(passage) = self.common(column, to, all()) {
            found.push((End::Every, passage));
        } else {
            let free = self.common(column, to, all().filter(is_free));
            found.extend(free.map(|passage| (End::Free, passage)));
            for namespace in 0..self.spaces.len() {
                self.sources_in(namespace, column, to, free.is_some(), &mut found);
            }
        }
        found.retain(|&(_, passage)| passage != CLOSED);
        found
    }

    /// The same for one namespace; those that are free may be dealt with.
    fn sources_in(
        &self,
        namespace: usize,
        column: &[usize],
        to: ClassId,
        is_free_done: bool,
        found: &mut Vec<(End, usize)>,
    ) {
        let cells = &self.spaces[namespace];
        let is_free = |class: ClassId| self.is_free[class.index()];
        let all = || cells.iter().map(|&(_, class)| class);
        let has_free = all().any(is_free);
        if !(is_free_done && has_free)
            && let Some(passage) = self.common(column, to, all())
        {
            found.push((self.whole(namespace, End::EveryOf(namespace)), passage));
            return;
        }
        let free = self.common(column, to, all().filter(|&class| is_free(class)));
        let is_free_done = is_free_done || {
            found.extend(
                free.map(|passage| (self.whole(namespace, End::FreeOf(namespace)), passage)),
            );
            free.is_some()
        };
        let rest = cells
            .iter()
            .filter(|&&(_, class)| !(is_free_done && is_free(class)));
        let single = rest.filter(|&&(_, class)| class != to || !self.is_single[class.index()]);
        found.extend(single.map(|&(cell, class)| (End::Cell(cell), column[class.index()])));
    }

    /// A namespace with one workload is that.
    fn whole(&self, namespace: usize, end: End) -> End {
        match self.spaces[namespace][..] {
            [(cell, _)] if self.workloads.cells[cell].members.len() == 1 => End::Cell(cell),
            _ => end,
        }
    }

    /// The ends that some classes of destinations are. They ascend.
    fn destinations(&self, from: End, classes: &[ClassId]) -> Vec<End> {
        let own = match from {
            End::Cell(cell) => Some(self.workloads.cells[cell].class),
            _ => None,
        };
        // A workload does not send to itself, and so that is not missing.
        let is_itself = |class: ClassId| Some(class) == own && self.is_single[class.index()];
        let is_in = |class: ClassId| classes.binary_search(&class).is_ok();
        let is_covered = |&(_, class): &(usize, ClassId)| is_in(class) || is_itself(class);
        let is_whole = |cells: &Vec<(usize, ClassId)>| {
            cells.iter().all(is_covered) && cells.iter().any(|&(_, class)| is_in(class))
        };
        if self.spaces.iter().all(|cells| cells.iter().all(is_covered))
            && self.workloads.list.len() > 1
        {
            return vec![End::Every];
        }
        let mut ends = Vec::new();
        for (namespace, cells) in self.spaces.iter().enumerate() {
            if is_whole(cells) {
                ends.push(self.whole(namespace, End::EveryOf(namespace)));
            } else {
                let single = cells.iter().filter(|&&(_, class)| is_in(class));
                ends.extend(single.map(|&(cell, _)| End::Cell(cell)));
            }
        }
        ends
    }
}

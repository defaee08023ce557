//! Who reaches whom, for all pods at once: pods that no policy tells apart are one class, and rows of
//! classes are sets of bits. There is no table of pods × pods.

mod group;
mod rows;

use std::collections::HashMap;
use std::fmt;

use foldhash::fast::FixedState;

use crate::answer::Direction;
use crate::bits::Bits;
use crate::decide::Decision;
use crate::pod::PodId;
use crate::reach::World;

use self::group::Groups;
use self::rows::{DecisionId, Row, Rows};

/// A class of pods that no policy tells apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ClassId(u32);

impl ClassId {
    /// Its position.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What gets through from the pods of one class to those of another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Reachability {
    /// Traffic to at least one port, for sure.
    pub is_some: bool,
    /// Traffic to every port, for sure.
    pub is_every: bool,
    /// There are ports of which nobody knows.
    pub is_unknown: bool,
}

/// All pods in classes, and what gets through between any two of them.
///
/// A class and itself stand for two different pods of it: a pod always reaches itself.
#[derive(Debug)]
pub struct Classes {
    of_pod: Vec<ClassId>,
    members: Vec<Vec<PodId>>,
    /// By destination, the sources.
    some: Vec<Bits>,
    every: Vec<Bits>,
    unknown: Vec<Bits>,
}

/// More classes than what gets through between them is kept for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooManyClasses(
    /// How many there are.
    pub usize,
);

impl fmt::Display for TooManyClasses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "policies tell {} classes of pods apart, more than {LIMIT}",
            self.0
        )
    }
}

impl std::error::Error for TooManyClasses {}

/// Classes at most: three sets of bits of that size squared are 150 MB.
const LIMIT: usize = 20_000;

impl Classes {
    pub(crate) fn new(world: World<'_>) -> Result<Self, TooManyClasses> {
        let groups = Groups::new(world);
        if groups.members.len() > LIMIT {
            return Err(TooManyClasses(groups.members.len()));
        }
        let mut rows = Rows::new(world, &groups);
        let egress = rows.of_all(Direction::Egress);
        let ingress = rows.of_all(Direction::Ingress);
        let count = groups.members.len();
        let mut classes = Classes {
            of_pod: groups.of_pod.iter().map(|&class| ClassId(class)).collect(),
            members: groups.members.clone(),
            some: vec![Bits::none(count); count],
            every: vec![Bits::none(count); count],
            unknown: vec![Bits::none(count); count],
        };
        let columns = transposed(&egress, rows.open(), count);
        let mut combined = Combined {
            decisions: rows.decisions(),
            memo: HashMap::default(),
        };
        let open = rows.open();
        for row in &ingress {
            for &destination in &row.classes {
                let column = &columns[destination as usize];
                classes.fill(destination as usize, row, column, open, &mut combined);
            }
        }
        Ok(classes)
    }

    /// One destination: its ingress row with the egress of every source.
    fn fill(
        &mut self,
        destination: usize,
        row: &Row,
        column: &[(DecisionId, Bits)],
        open: DecisionId,
        combined: &mut Combined<'_>,
    ) {
        for (ingress, sources) in &row.parts {
            let mut rest = sources.clone();
            for (egress, set) in column {
                self.add(destination, combined.of(*egress, *ingress), sources, set);
                rest = rest.without(set);
            }
            self.add(destination, combined.of(open, *ingress), &rest, &rest);
        }
    }

    fn add(&mut self, destination: usize, what: Reachability, left: &Bits, right: &Bits) {
        let planes = [
            (what.is_some, &mut self.some),
            (what.is_every, &mut self.every),
            (what.is_unknown, &mut self.unknown),
        ];
        for (_, plane) in planes.into_iter().filter(|(is_set, _)| *is_set) {
            plane[destination].add_common(left, right);
        }
    }

    /// Number of classes.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are no pods.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// All classes, by their first pod.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = ClassId> + use<> {
        (0..self.members.len() as u32).map(ClassId)
    }

    /// The class of a pod; `None` for a pod of another network.
    pub fn of(&self, pod: PodId) -> Option<ClassId> {
        self.of_pod.get(pod.index()).copied()
    }

    /// The pods of a class, ascending.
    pub fn members(&self, class: ClassId) -> &[PodId] {
        self.members.get(class.index()).map_or(&[], Vec::as_slice)
    }

    /// What gets through from one class to another.
    pub fn reach(&self, from: ClassId, to: ClassId) -> Reachability {
        let is_in = |plane: &[Bits]| {
            plane
                .get(to.index())
                .is_some_and(|row| row.contains(from.index()))
        };
        Reachability {
            is_some: is_in(&self.some),
            is_every: is_in(&self.every),
            is_unknown: is_in(&self.unknown),
        }
    }

    /// The classes that reach at least one port of a class for sure, ascending.
    pub fn sources(&self, to: ClassId) -> impl Iterator<Item = ClassId> + '_ {
        let row = self.some.get(to.index());
        row.into_iter()
            .flat_map(Bits::iter)
            .map(|class| ClassId(class as u32))
    }

    /// Number of pairs of classes between which some port is open for sure.
    pub fn open_pairs(&self) -> usize {
        self.some.iter().map(Bits::count).sum()
    }
}

/// By destination, the sources of every decision but the open one.
fn transposed(rows: &[Row], open: DecisionId, count: usize) -> Vec<Vec<(DecisionId, Bits)>> {
    let mut columns: Vec<Vec<(DecisionId, Bits)>> = vec![Vec::new(); count];
    for row in rows {
        let mut sources = Bits::none(count);
        row.classes
            .iter()
            .for_each(|&class| sources.insert(class as usize));
        for (decision, destinations) in row.parts.iter().filter(|(decision, _)| *decision != open) {
            for destination in destinations.iter() {
                let column = &mut columns[destination];
                match column.iter_mut().find(|(other, _)| other == decision) {
                    Some((_, set)) => row
                        .classes
                        .iter()
                        .for_each(|&class| set.insert(class as usize)),
                    None => column.push((*decision, sources.clone())),
                }
            }
        }
    }
    columns
}

/// What two decisions together come to.
struct Combined<'r> {
    decisions: &'r [Decision],
    memo: HashMap<(DecisionId, DecisionId), Reachability, FixedState>,
}

impl Combined<'_> {
    fn of(&mut self, egress: DecisionId, ingress: DecisionId) -> Reachability {
        let decisions = self.decisions;
        *self.memo.entry((egress, ingress)).or_insert_with(|| {
            let ports = decisions[egress.index()].and(&decisions[ingress.index()]);
            Reachability {
                is_some: !ports.allowed.is_empty(),
                is_every: ports.denied.is_empty() && ports.unknown.is_empty(),
                is_unknown: !ports.unknown.is_empty(),
            }
        })
    }
}

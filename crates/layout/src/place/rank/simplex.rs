//! Ranks of least total length: the network simplex of Gansner, Koutsofios, North and Vo, "A Technique for Drawing
//! Directed Graphs" (1993).

/// `rank[head] >= rank[tail] + length`; the longer, the worse by `weight`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arc {
    pub(super) tail: usize,
    pub(super) head: usize,
    pub(super) length: i32,
    pub(super) weight: i64,
}

impl Arc {
    fn slack(self, rank: &[i32]) -> i32 {
        rank[self.head] - rank[self.tail] - self.length
    }
}

/// Steps of work after which ranks are good enough: far more than graphs that anybody looks at need.
const WORK: usize = 60_000_000;

/// A rank for each of `count` things, the least being 0. The arcs have no cycle and connect all things.
pub(super) fn ranks(count: usize, arcs: &[Arc]) -> Vec<i32> {
    let mut simplex = Simplex::new(count, arcs);
    simplex.span();
    let steps = WORK / (count + arcs.len() + 1);
    let mut from = 0;
    for _ in 0..steps {
        simplex.walk();
        let Some(leaving) = simplex.leaving(from) else {
            break;
        };
        from = leaving + 1;
        simplex.exchange(leaving);
    }
    let least = simplex.rank.iter().copied().min().unwrap_or_default();
    simplex.rank.iter().map(|rank| rank - least).collect()
}

struct Simplex<'a> {
    arcs: &'a [Arc],
    outgoing: Vec<Vec<usize>>,
    incoming: Vec<Vec<usize>>,
    rank: Vec<i32>,
    /// The arcs of the spanning tree at each thing.
    tree: Vec<Vec<usize>>,
    /// Things from the root outwards: whatever hangs on one follows it.
    order: Vec<usize>,
    /// For each thing its place in the order, the end of what hangs on it, and the arc that it hangs on.
    place: Vec<usize>,
    end: Vec<usize>,
    parent: Vec<Option<usize>>,
    /// The weight of what leaves a thing and all that hangs on it, less what enters.
    surplus: Vec<i64>,
}

impl<'a> Simplex<'a> {
    fn new(count: usize, arcs: &'a [Arc]) -> Self {
        let (mut outgoing, mut incoming) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for (index, arc) in arcs.iter().enumerate() {
            outgoing[arc.tail].push(index);
            incoming[arc.head].push(index);
        }
        let rank = longest_paths(arcs, &outgoing, &incoming);
        Simplex {
            arcs,
            outgoing,
            incoming,
            rank,
            tree: vec![Vec::new(); count],
            order: Vec::with_capacity(count),
            place: vec![0; count],
            end: vec![0; count],
            parent: vec![None; count],
            surplus: vec![0; count],
        }
    }

    fn arcs_of(&self, thing: usize) -> impl Iterator<Item = usize> + '_ {
        let outgoing = self.outgoing[thing].iter();
        outgoing.chain(&self.incoming[thing]).copied()
    }

    fn other_end(&self, arc: usize, thing: usize) -> usize {
        let arc = self.arcs[arc];
        if arc.tail == thing {
            arc.head
        } else {
            arc.tail
        }
    }

    /// Makes a spanning tree of arcs without slack, moving things together until there is one.
    fn span(&mut self) {
        let count = self.rank.len();
        let mut is_in = vec![false; count];
        let mut members = Vec::with_capacity(count);
        let mut next = (count > 0).then_some(0);
        while let Some(start) = next {
            self.grow(start, &mut is_in, &mut members);
            let border = members.iter().flat_map(|&thing| self.arcs_of(thing));
            let border =
                border.filter(|&arc| is_in[self.arcs[arc].tail] != is_in[self.arcs[arc].head]);
            let nearest = border.min_by_key(|&arc| (self.arcs[arc].slack(&self.rank), arc));
            next = nearest.map(|index| {
                let arc = self.arcs[index];
                let slack = arc.slack(&self.rank);
                let (shift, outside) = if is_in[arc.tail] {
                    (slack, arc.head)
                } else {
                    (-slack, arc.tail)
                };
                for &thing in &members {
                    self.rank[thing] += shift;
                }
                self.tree[arc.tail].push(index);
                self.tree[arc.head].push(index);
                outside
            });
        }
    }

    /// Adds a thing and what is tied to it without slack.
    fn grow(&mut self, start: usize, is_in: &mut [bool], members: &mut Vec<usize>) {
        let mut open = vec![start];
        is_in[start] = true;
        while let Some(thing) = open.pop() {
            members.push(thing);
            let tight: Vec<usize> = self
                .arcs_of(thing)
                .filter(|&arc| self.arcs[arc].slack(&self.rank) == 0)
                .collect();
            for arc in tight {
                let other = self.other_end(arc, thing);
                if !is_in[other] {
                    is_in[other] = true;
                    self.tree[thing].push(arc);
                    self.tree[other].push(arc);
                    open.push(other);
                }
            }
        }
    }

    /// Goes through the tree: who hangs on whom, and what each branch would gain by moving.
    fn walk(&mut self) {
        self.order.clear();
        self.parent[0] = None;
        let mut open = vec![0];
        while let Some(thing) = open.pop() {
            self.place[thing] = self.order.len();
            self.order.push(thing);
            self.surplus[thing] = 0;
            self.end[thing] = 0;
            for &arc in &self.tree[thing] {
                if self.parent[thing] != Some(arc) {
                    let child = self.other_end(arc, thing);
                    self.parent[child] = Some(arc);
                    open.push(child);
                }
            }
        }
        for arc in self.arcs {
            self.surplus[arc.tail] += arc.weight;
            self.surplus[arc.head] -= arc.weight;
        }
        for index in (0..self.order.len()).rev() {
            let thing = self.order[index];
            self.end[thing] = self.end[thing].max(index + 1);
            if let Some(arc) = self.parent[thing] {
                let parent = self.other_end(arc, thing);
                self.surplus[parent] += self.surplus[thing];
                self.end[parent] = self.end[parent].max(self.end[thing]);
            }
        }
    }

    /// A thing whose arc to the rest of the tree should be longer: the worst of the first that are found.
    fn leaving(&self, from: usize) -> Option<usize> {
        const ENOUGH: usize = 30;
        let count = self.rank.len();
        let all = (0..count).map(|step| (from + step) % count);
        let bad = all.filter_map(|thing| Some((self.cut(thing)?, thing)));
        let bad = bad.filter(|&(cut, _)| cut < 0).take(ENOUGH);
        bad.min_by_key(|&(cut, _)| cut).map(|(_, thing)| thing)
    }

    /// What it costs to make the arc on which a thing hangs longer by one.
    fn cut(&self, thing: usize) -> Option<i64> {
        let arc = self.parent[thing]?;
        let is_tail = self.arcs[arc].tail == thing;
        Some(if is_tail {
            self.surplus[thing]
        } else {
            -self.surplus[thing]
        })
    }

    /// Takes the arc on which a thing hangs out of the tree, and the one with the least slack that goes the
    /// other way into it.
    fn exchange(&mut self, thing: usize) {
        let Some(leaving) = self.parent[thing] else {
            return;
        };
        let is_tail = self.arcs[leaving].tail == thing;
        let branch = self.place[thing]..self.end[thing];
        let members = &self.order[branch.clone()];
        let lists = if is_tail {
            &self.incoming
        } else {
            &self.outgoing
        };
        let crossing = members
            .iter()
            .flat_map(|&member| lists[member].iter().map(move |&arc| (member, arc)))
            .filter(|&(member, arc)| !branch.contains(&self.place[self.other_end(arc, member)]))
            .map(|(_, arc)| arc);
        let nearest = crossing.min_by_key(|&arc| (self.arcs[arc].slack(&self.rank), arc));
        // An arc that may grow for a gain is on a circle with one that shrinks; without one there is no gain.
        let Some(entering) = nearest else { return };
        let slack = self.arcs[entering].slack(&self.rank);
        let shift = if is_tail { -slack } else { slack };
        for &member in members {
            self.rank[member] += shift;
        }
        for end in [self.arcs[leaving].tail, self.arcs[leaving].head] {
            self.tree[end].retain(|&arc| arc != leaving);
        }
        for end in [self.arcs[entering].tail, self.arcs[entering].head] {
            self.tree[end].push(entering);
        }
    }
}

fn longest_paths(arcs: &[Arc], outgoing: &[Vec<usize>], incoming: &[Vec<usize>]) -> Vec<i32> {
    let mut rank = vec![0; outgoing.len()];
    let mut waits: Vec<usize> = incoming.iter().map(Vec::len).collect();
    let mut open: Vec<usize> = (0..waits.len())
        .filter(|&thing| waits[thing] == 0)
        .collect();
    while let Some(thing) = open.pop() {
        for &arc in &outgoing[thing] {
            let arc = arcs[arc];
            rank[arc.head] = rank[arc.head].max(rank[thing] + arc.length);
            waits[arc.head] -= 1;
            if waits[arc.head] == 0 {
                open.push(arc.head);
            }
        }
    }
    rank
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, prop, prop_assert_eq, proptest};

    use super::{Arc, ranks};

    fn cost(arcs: &[Arc], rank: &[i32]) -> Option<i64> {
        arcs.iter()
            .map(|arc| {
                let slack = arc.slack(rank);
                (slack >= 0).then(|| i64::from(slack + arc.length) * arc.weight)
            })
            .sum()
    }

    /// As many as five things in a row need, when each is two away from the one before.
    const RANKS: i32 = 9;

    /// Tries every assignment of ranks below a limit.
    fn least_cost(count: usize, limit: i32, arcs: &[Arc]) -> i64 {
        let mut rank = vec![0; count];
        let mut best = i64::MAX;
        loop {
            if let Some(cost) = cost(arcs, &rank) {
                best = best.min(cost);
            }
            let Some(digit) = rank.iter().position(|&rank| rank + 1 < limit) else {
                return best;
            };
            rank[..digit].fill(0);
            rank[digit] += 1;
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn no_ranks_are_shorter(
            count in 2usize..6,
            ends in prop::collection::vec((0usize..6, 0usize..6, 0i32..3, 0i64..5), 0..10),
        ) {
            let mut arcs: Vec<Arc> = ends
                .iter()
                .map(|&(tail, head, length, weight)| (tail % count, head % count, length, weight))
                .filter(|(tail, head, ..)| tail != head)
                .map(|(tail, head, length, weight)| Arc { tail: tail.min(head), head: tail.max(head), length, weight })
                .collect();
            arcs.extend((1..count).map(|head| Arc { tail: 0, head, length: 0, weight: 0 }));
            let rank = ranks(count, &arcs);
            prop_assert_eq!(cost(&arcs, &rank), Some(least_cost(count, RANKS, &arcs)));
        }
    }
}

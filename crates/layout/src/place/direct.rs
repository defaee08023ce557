//! Which lines are drawn against their direction, so that the rest has no cycle.
//!
//! Only lines on a cycle are turned. Within a strongly connected part, things are put into a row as Eades, Lin and
//! Smyth do (sources first, sinks last, else whoever gives most), and what points backwards is turned.

use std::collections::BTreeSet;

/// For each arc, whether it has to be turned. The first `chain` things stay in their order, as if each had
/// an arc to the next that may not be turned. Arcs from a thing to itself are left alone.
pub(super) fn turned(count: usize, arcs: &[(usize, usize)], chain: usize) -> Vec<bool> {
    let mut all: Vec<(usize, usize)> = arcs.to_vec();
    all.extend((1..chain).map(|next| (next - 1, next)));
    let outgoing = lists(count, all.iter().copied());
    let part = strong_parts(&outgoing);
    let inside = |&(from, to): &(usize, usize)| from != to && part[from] == part[to];
    let inner = || all.iter().copied().filter(inside);
    let row = Row {
        outgoing: lists(count, inner()),
        incoming: lists(count, inner().map(|(from, to)| (to, from))),
        chain,
    };
    let place = row.places();
    arcs.iter()
        .map(|arc| inside(arc) && place[arc.0] > place[arc.1])
        .collect()
}

fn lists(count: usize, arcs: impl Iterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut lists = vec![Vec::new(); count];
    arcs.for_each(|(from, to)| lists[from].push(to));
    lists
}

/// Tarjan's algorithm without recursion: for each thing the number of its part.
fn strong_parts(outgoing: &[Vec<usize>]) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let count = outgoing.len();
    let (mut part, mut found, mut low) = (vec![NONE; count], vec![NONE; count], vec![0; count]);
    let (mut open, mut next, mut parts) = (Vec::new(), 0, 0);
    for start in 0..count {
        if found[start] != NONE {
            continue;
        }
        let mut path = vec![(start, 0)];
        while let Some((thing, arc)) = path.pop() {
            if arc == 0 {
                (found[thing], low[thing]) = (next, next);
                next += 1;
                open.push(thing);
            } else {
                let child = outgoing[thing][arc - 1];
                if part[child] == NONE {
                    low[thing] = low[thing].min(low[child]);
                }
            }
            if let Some(&child) = outgoing[thing].get(arc) {
                path.push((thing, arc + 1));
                if found[child] == NONE {
                    path.push((child, 0));
                }
                continue;
            }
            if low[thing] == found[thing] {
                while let Some(member) = open.pop() {
                    part[member] = parts;
                    if member == thing {
                        break;
                    }
                }
                parts += 1;
            }
        }
    }
    part
}

/// The arcs inside of strongly connected parts.
struct Row {
    outgoing: Vec<Vec<usize>>,
    incoming: Vec<Vec<usize>>,
    chain: usize,
}

impl Row {
    /// Each thing's place in the row.
    fn places(&self) -> Vec<usize> {
        let count = self.outgoing.len();
        let mut place = vec![usize::MAX; count];
        let mut gives: Vec<usize> = self.outgoing.iter().map(Vec::len).collect();
        let mut takes: Vec<usize> = self.incoming.iter().map(Vec::len).collect();
        let (mut first, mut last) = (0, count);
        let key = |gives: &[usize], takes: &[usize], thing: usize| {
            (takes[thing].wrapping_sub(gives[thing]).cast_signed(), thing)
        };
        let mut waiting: BTreeSet<(isize, usize)> =
            (0..count).map(|thing| key(&gives, &takes, thing)).collect();
        let is_end =
            |gives: &[usize], takes: &[usize], thing: usize| gives[thing] == 0 || takes[thing] == 0;
        let mut ends: BTreeSet<usize> = (0..count)
            .filter(|&thing| is_end(&gives, &takes, thing))
            .collect();
        let mut chain_next = 0;
        while first < last {
            let next = ends.pop_first().or_else(|| {
                let mut may_go = waiting.iter().map(|&(_, thing)| thing);
                may_go.find(|&thing| thing >= self.chain || thing == chain_next)
            });
            let Some(thing) = next else { break };
            if takes[thing] > 0 && gives[thing] == 0 {
                last -= 1;
                place[thing] = last;
            } else {
                place[thing] = first;
                first += 1;
            }
            waiting.remove(&key(&gives, &takes, thing));
            while chain_next < self.chain && place[chain_next] != usize::MAX {
                chain_next += 1;
            }
            for (list, is_outgoing) in [(&self.outgoing, true), (&self.incoming, false)] {
                for &other in list[thing]
                    .iter()
                    .filter(|&&other| place[other] == usize::MAX)
                {
                    waiting.remove(&key(&gives, &takes, other));
                    if is_outgoing {
                        takes[other] -= 1;
                    } else {
                        gives[other] -= 1;
                    }
                    waiting.insert(key(&gives, &takes, other));
                    if is_end(&gives, &takes, other) {
                        ends.insert(other);
                    }
                }
            }
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, prop, prop_assert, proptest};

    use super::turned;

    fn has_cycle(count: usize, arcs: &[(usize, usize)]) -> bool {
        let mut left: Vec<bool> = vec![true; count];
        loop {
            let is_free = |thing: usize, left: &[bool]| {
                left[thing]
                    && !arcs
                        .iter()
                        .any(|&(from, to)| to == thing && from != to && left[from])
            };
            let Some(next) = (0..count).find(|&thing| is_free(thing, &left)) else {
                return left.contains(&true);
            };
            left[next] = false;
        }
    }

    #[test]
    fn what_has_no_cycle_stays() {
        assert_eq!(turned(3, &[(2, 0), (0, 1), (2, 1)], 0), [false; 3]);
        assert_eq!(turned(2, &[(0, 0), (0, 1)], 0), [false; 2]);
    }

    #[test]
    fn one_arc_of_a_cycle_is_turned() {
        let back = turned(3, &[(0, 1), (1, 2), (2, 0)], 0);
        assert_eq!(back, [false, false, true]);
        assert_eq!(turned(3, &[(2, 0), (1, 0)], 3), [true, true]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn nothing_goes_round(
            count in 1usize..12,
            chain in 0usize..5,
            ends in prop::collection::vec((0usize..12, 0usize..12), 0..40),
        ) {
            let chain = chain.min(count);
            let arcs: Vec<_> = ends.iter().map(|&(from, to)| (from % count, to % count)).collect();
            let back = turned(count, &arcs, chain);
            let mut drawn: Vec<_> = arcs.iter().zip(&back).map(|(&(from, to), &back)| {
                if back { (to, from) } else { (from, to) }
            }).collect();
            let on_chain: Vec<_> = (1..chain).map(|next| (next - 1, next)).collect();
            drawn.extend(&on_chain);
            prop_assert!(!has_cycle(count, &drawn));
            let all: Vec<_> = arcs.iter().copied().chain(on_chain).collect();
            if !has_cycle(count, &all) {
                prop_assert!(!back.contains(&true));
            }
        }
    }
}

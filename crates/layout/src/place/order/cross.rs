//! Counting crossings, by the accumulating tree of Barth, Jünger and Mutzel, "Simple and Efficient Bilayer Cross
//! Counting" (2002).

use crate::place::item::Items;

use super::nest::Nest;

/// The crossings of all segments.
pub(super) fn crossings(nest: &Nest, items: &Items) -> u64 {
    let mut tree = Vec::new();
    let mut ends = Vec::new();
    (1..nest.flat.len())
        .map(|right| {
            ends.clear();
            for &item in &nest.flat[right - 1] {
                let start = ends.len();
                ends.extend(items.right.of(item).iter().map(|&other| nest.place[other]));
                ends[start..].sort_unstable();
            }
            inversions(&ends, nest.flat[right].len(), &mut tree)
        })
        .sum()
}

/// Pairs of which the first is greater than the second.
fn inversions(values: &[usize], limit: usize, tree: &mut Vec<u32>) -> u64 {
    tree.clear();
    tree.resize(limit + 1, 0);
    let mut count = 0;
    for (before, &value) in values.iter().enumerate() {
        let mut not_greater = 0;
        let mut at = value + 1;
        while at > 0 {
            not_greater += tree[at];
            at &= at - 1;
        }
        count += before as u64 - u64::from(not_greater);
        let mut at = value + 1;
        while at <= limit {
            tree[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    count
}

/// Pairs of an element of the first and an element of the second that is less. Both ascend.
pub(super) fn pairs_greater(first: &[usize], second: &[usize]) -> u64 {
    // Mostly there are none.
    if first.last() <= second.first() {
        return 0;
    }
    let mut less = 0;
    let mut count = 0;
    for &value in first {
        while less < second.len() && second[less] < value {
            less += 1;
        }
        count += less as u64;
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, prop_assert_eq, proptest};

    use super::{inversions, pairs_greater};

    proptest! {
        #[test]
        fn counts_are_those_of_the_definition(
            mut first in prop::collection::vec(0usize..20, 0..30),
            mut second in prop::collection::vec(0usize..20, 0..30),
        ) {
            let naive = (0..first.len())
                .flat_map(|right| (0..right).map(move |left| (left, right)))
                .filter(|&(left, right)| first[left] > first[right])
                .count();
            prop_assert_eq!(inversions(&first, 20, &mut Vec::new()), naive as u64);
            first.sort_unstable();
            second.sort_unstable();
            let pairs = first.iter().map(|one| second.iter().filter(|other| *other < one).count());
            prop_assert_eq!(pairs_greater(&first, &second), pairs.sum::<usize>() as u64);
        }
    }
}

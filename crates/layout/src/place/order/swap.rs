//! Swapping neighbours in a column as long as that takes crossings away.

use crate::place::item::Items;
use crate::place::lists::Lists;

use super::cross::pairs_greater;
use super::nest::{Entry, Nest};

/// Which neighbours are swapped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Those that cross less then.
    Better,
    /// Those that cross as often then, too: so that others get past each other.
    NotWorse,
}

/// Goes through all columns until nothing is gained, `rounds` times at most.
pub(super) fn swap_neighbours(
    nest: &mut Nest,
    items: &Items,
    beside: &mut Beside,
    rounds: usize,
    when: When,
) {
    let mut is_quiet = vec![false; nest.columns.len()];
    for _ in 0..rounds {
        for column in 0..nest.columns.len() {
            if is_quiet[column] {
                continue;
            }
            is_quiet[column] = true;
            beside.read(nest, items, column);
            if swap_in(nest, items, column, beside, when) {
                let near = column.saturating_sub(1)..nest.columns.len().min(column + 2);
                is_quiet[near].fill(false);
            }
        }
        if !is_quiet.contains(&false) {
            break;
        }
    }
}

fn swap_in(nest: &mut Nest, items: &Items, column: usize, beside: &Beside, when: When) -> bool {
    let mut lists = std::mem::take(&mut nest.columns[column].lists);
    let mut is_better = false;
    for list in &mut lists {
        for index in 1..list.len() {
            let (one, other) = (list[index - 1], list[index]);
            if matches!((one, other), (Entry::Frame(_), Entry::Frame(_))) {
                continue;
            }
            let (start, middle) = nest.extent(one, column, items);
            let (_, end) = nest.extent(other, column, items);
            let flat = &mut nest.flat[column];
            if beside.gain(&flat[start..middle], &flat[middle..end], when) {
                list.swap(index - 1, index);
                flat[start..end].rotate_left(middle - start);
                for (place, &item) in flat.iter().enumerate().take(end).skip(start) {
                    nest.place[item] = place;
                }
                is_better = true;
            }
        }
    }
    nest.columns[column].lists = lists;
    is_better
}

/// For each item of the column that is looked at, the places of its neighbours, ascending.
pub(super) struct Beside {
    left: Lists<usize>,
    right: Lists<usize>,
}

impl Beside {
    pub(super) fn new(items: &Items) -> Self {
        Beside {
            left: items.left.clone(),
            right: items.right.clone(),
        }
    }

    fn read(&mut self, nest: &Nest, items: &Items, column: usize) {
        for &item in &nest.flat[column] {
            for (places, others) in [
                (self.left.of_mut(item), items.left.of(item)),
                (self.right.of_mut(item), items.right.of(item)),
            ] {
                for (place, &other) in places.iter_mut().zip(others) {
                    *place = nest.place[other];
                }
                places.sort_unstable();
            }
        }
    }

    /// Whether the second should be above the first.
    fn gain(&self, first: &[usize], second: &[usize], when: When) -> bool {
        let now = self.crossings(first, second);
        now > 0 && self.crossings(second, first) < now + u64::from(when == When::NotWorse)
    }

    /// Crossings of what goes from the upper items with what goes from the lower ones.
    fn crossings(&self, upper: &[usize], lower: &[usize]) -> u64 {
        let mut count = 0;
        for &one in upper {
            for &other in lower {
                for side in [&self.left, &self.right] {
                    count += pairs_greater(side.of(one), side.of(other));
                }
            }
        }
        count
    }
}

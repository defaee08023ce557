//! One column, ordered by where its neighbours in the column beside it stand.

use crate::place::item::Items;
use crate::place::lists::Lists;

use super::nest::{Entry, Nest, frame_of};

/// The mean of some places.
#[derive(Clone, Copy, Default, Debug)]
struct Mean {
    sum: f64,
    count: f64,
}

impl Mean {
    fn add(&mut self, other: Mean) {
        self.sum += other.sum;
        self.count += other.count;
    }

    fn value(self) -> Option<f64> {
        (self.count > 0.0).then(|| self.sum / self.count)
    }
}

/// Sorts the columns one after another by the one before, from one side to the other.
pub(super) fn sweep(nest: &mut Nest, items: &Items, is_rightwards: bool) {
    let columns = nest.columns.len();
    for step in 1..columns {
        let (column, beside) = if is_rightwards {
            (step, &items.left)
        } else {
            (columns - 1 - step, &items.right)
        };
        sort(nest, items, column, beside);
    }
}

fn sort(nest: &mut Nest, items: &Items, column: usize, beside: &Lists<usize>) {
    let mut of_frame = vec![Mean::default(); items.parents.len()];
    let mean = |item: usize| {
        let places = beside
            .of(item)
            .iter()
            .map(|&other| nest.place[other] as f64);
        Mean {
            sum: places.sum(),
            count: beside.of(item).len() as f64,
        }
    };
    if !items.parents.is_empty() {
        for &item in &nest.flat[column] {
            let own = mean(item);
            for frame in items.frames(items.around(item)) {
                of_frame[frame].add(own);
            }
        }
    }
    let mut lists = std::mem::take(&mut nest.columns[column].lists);
    for list in lists.iter_mut().filter(|list| list.len() > 1) {
        let means: Vec<Mean> = list
            .iter()
            .map(|entry| match *entry {
                Entry::Item(item) => mean(item),
                Entry::Frame(frame) => of_frame[frame],
            })
            .collect();
        let mut values = filled(&means);
        keep_frames(list, &means, &mut values);
        let mut sorted: Vec<(f64, Entry)> = values.into_iter().zip(list.iter().copied()).collect();
        sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
        for (entry, (_, new)) in list.iter_mut().zip(sorted) {
            *entry = new;
        }
    }
    nest.columns[column].lists = lists;
    nest.flatten(column, items);
}

/// What has no neighbour stays with what was before it.
fn filled(means: &[Mean]) -> Vec<f64> {
    let mut last = means
        .iter()
        .find_map(|mean| mean.value())
        .unwrap_or_default();
    means
        .iter()
        .map(|mean| {
            last = mean.value().unwrap_or(last);
            last
        })
        .collect()
}

/// Makes the values of the frames ascend in their order: runs that do not get their common mean.
fn keep_frames(list: &[Entry], means: &[Mean], values: &mut [f64]) {
    let frames: Vec<usize> = (0..list.len())
        .filter(|&index| frame_of(&list[index]).is_some())
        .collect();
    // The value, weight and length of each run.
    let mut runs: Vec<(f64, f64, usize)> = Vec::new();
    for &index in &frames {
        let mut run = (values[index], means[index].count.max(0.5), 1);
        while let Some(before) = runs.pop_if(|before| before.0 > run.0) {
            let weight = before.1 + run.1;
            let value = (before.0 * before.1 + run.0 * run.1) / weight;
            run = (value, weight, before.2 + run.2);
        }
        runs.push(run);
    }
    let ascending = runs
        .iter()
        .flat_map(|&(value, _, length)| std::iter::repeat_n(value, length));
    for (&index, value) in frames.iter().zip(ascending) {
        values[index] = value;
    }
}

//! Many short lists in one piece of memory.

/// A list for each of the numbers below a count.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists<T> {
    start: Vec<usize>,
    values: Vec<T>,
}

impl<T: Copy> Lists<T> {
    /// Sorts pairs of a number and a value into the lists of the numbers, in their order.
    pub(super) fn new(count: usize, pairs: impl Iterator<Item = (usize, T)> + Clone) -> Self {
        let mut start = vec![0; count + 1];
        for (number, _) in pairs.clone() {
            start[number + 1] += 1;
        }
        for number in 0..count {
            start[number + 1] += start[number];
        }
        let Some((_, any)) = pairs.clone().next() else {
            return Lists {
                start,
                values: Vec::new(),
            };
        };
        let mut values = vec![any; start[count]];
        let mut next = start.clone();
        for (number, value) in pairs {
            values[next[number]] = value;
            next[number] += 1;
        }
        Lists { start, values }
    }

    pub(super) fn count(&self) -> usize {
        self.start.len().saturating_sub(1)
    }

    pub(super) fn of(&self, number: usize) -> &[T] {
        &self.values[self.start[number]..self.start[number + 1]]
    }

    pub(super) fn of_mut(&mut self, number: usize) -> &mut [T] {
        &mut self.values[self.start[number]..self.start[number + 1]]
    }
}

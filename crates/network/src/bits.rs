//! Sets of small numbers.

/// A set of numbers below a bound that its maker knows.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Bits(Box<[u64]>);

impl Bits {
    pub(crate) fn none(bound: usize) -> Self {
        Bits(vec![0; bound.div_ceil(64)].into())
    }

    pub(crate) fn all(bound: usize) -> Self {
        let mut bits = Bits(vec![u64::MAX; bound.div_ceil(64)].into());
        if let (Some(last), true) = (bits.0.last_mut(), !bound.is_multiple_of(64)) {
            *last = (1 << (bound % 64)) - 1;
        }
        bits
    }

    pub(crate) fn insert(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    pub(crate) fn contains(&self, number: usize) -> bool {
        let word = self.0.get(number / 64).copied().unwrap_or(0);
        word >> (number % 64) & 1 == 1
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(crate) fn and(&self, other: &Bits) -> Bits {
        self.with(other, |a, b| a & b)
    }

    pub(crate) fn without(&self, other: &Bits) -> Bits {
        self.with(other, |a, b| a & !b)
    }

    pub(crate) fn add(&mut self, other: &Bits) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    /// Adds what is in both of two others.
    pub(crate) fn add_common(&mut self, left: &Bits, right: &Bits) {
        for (word, (a, b)) in self.0.iter_mut().zip(left.0.iter().zip(&right.0)) {
            *word |= a & b;
        }
    }

    fn with(&self, other: &Bits, join: fn(u64, u64) -> u64) -> Bits {
        Bits(
            self.0
                .iter()
                .zip(&other.0)
                .map(|(&a, &b)| join(a, b))
                .collect(),
        )
    }

    /// Ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(index, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }
}

//! How much became of what between two reports.

use model::{Change, Comparison};

use crate::view::severity_index;

/// How much there is of each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Tally {
    /// New findings that count, worst severity first.
    pub(crate) new: [usize; 4],
    /// Gone, of those that counted.
    pub(crate) fixed: usize,
    /// As before, of those that count.
    pub(crate) unchanged: usize,
    /// Counted, and was not looked for again.
    pub(crate) not_evaluated: usize,
    /// Accepted by an exception that the base does not have.
    pub(crate) accepted: usize,
}

impl Tally {
    pub(crate) fn of(comparison: &Comparison) -> Self {
        let mut tally = Tally::default();
        for compared in &comparison.findings {
            if !compared.counts() {
                tally.accepted += usize::from(compared.is_accepted_now());
                continue;
            }
            match compared.change {
                Change::New => tally.new[severity_index(compared.finding.severity)] += 1,
                Change::Fixed => tally.fixed += 1,
                Change::Unchanged => tally.unchanged += 1,
                Change::NotEvaluated => tally.not_evaluated += 1,
            }
        }
        tally
    }

    /// `2 new, 1 fixed, 14 unchanged`; what there is none of only where it is the point.
    pub(crate) fn words(&self) -> String {
        let new: usize = self.new.iter().sum();
        let mut words = vec![
            format!("{new} new"),
            format!("{} fixed", self.fixed),
            format!("{} unchanged", self.unchanged),
        ];
        for (count, word) in [
            (self.accepted, "accepted"),
            (self.not_evaluated, "not evaluated"),
        ] {
            if count > 0 {
                words.push(format!("{count} {word}"));
            }
        }
        words.join(", ")
    }
}

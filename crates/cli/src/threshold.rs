//! `--fail-on`: from which severity on findings decide the exit code.

use std::str::FromStr;

use model::{Severity, UnknownWord};

/// A severity, or never.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Threshold {
    /// At or above this severity.
    At(Severity),
    /// No finding counts.
    Never,
}

impl Threshold {
    /// The words for it.
    pub(crate) const WORDS: [&'static str; 5] = ["critical", "high", "medium", "low", "none"];

    /// Whether a finding of a severity counts.
    pub(crate) fn reached_by(self, severity: Severity) -> bool {
        match self {
            Threshold::At(least) => severity >= least,
            Threshold::Never => false,
        }
    }

    /// Whether this lets more findings pass than another.
    pub(crate) fn is_looser_than(self, other: Threshold) -> bool {
        Severity::ALL
            .into_iter()
            .any(|severity| other.reached_by(severity) && !self.reached_by(severity))
    }
}

impl Default for Threshold {
    fn default() -> Self {
        Threshold::At(Severity::High)
    }
}

impl FromStr for Threshold {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "none" => Ok(Threshold::Never),
            _ => word
                .parse()
                .map(Threshold::At)
                .map_err(|_: UnknownWord| UnknownWord {
                    word: word.to_owned(),
                    known: Threshold::WORDS.to_vec(),
                }),
        }
    }
}

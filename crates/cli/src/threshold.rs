//! What decides the exit code: `--fail-on`, from which severity on findings count, and `--allow-problems`,
//! which problems do not.

use std::str::FromStr;

use model::{ProblemKind, Severity, UnknownWord};

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

/// Problems that do not count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AllowedProblems {
    /// All of them.
    Any,
    /// Those of one kind.
    Of(ProblemKind),
}

impl AllowedProblems {
    /// The word for all of them.
    pub(crate) const ALL: &'static str = "all";

    /// The words for it.
    pub(crate) fn words() -> impl Iterator<Item = &'static str> {
        let kinds = ProblemKind::ALL.iter().map(|kind| kind.as_str());
        std::iter::once(Self::ALL).chain(kinds)
    }

    /// Whether they hold problems of a kind.
    pub(crate) fn include(self, kind: ProblemKind) -> bool {
        match self {
            AllowedProblems::Any => true,
            AllowedProblems::Of(allowed) => allowed == kind,
        }
    }
}

impl FromStr for AllowedProblems {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            Self::ALL => Ok(AllowedProblems::Any),
            _ => word.parse().map(AllowedProblems::Of),
        }
    }
}

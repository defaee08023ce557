//! Severity, profile and Kubernetes version: the small ordered words.

use std::fmt;
use std::str::FromStr;

/// How bad a finding is. Ordered: `Low < Critical`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Hygiene.
    Low,
    /// Weakens a defence.
    Medium,
    /// A step of a real attack.
    High,
    /// Takes over the node or the cluster.
    Critical,
}

impl Severity {
    /// All severities, worst first: the order in which people read them.
    pub const ALL: [Severity; 4] = [
        Severity::Critical,
        Severity::High,
        Severity::Medium,
        Severity::Low,
    ];

    /// The word that stands in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Critical => "critical",
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        find_word(Severity::ALL, Severity::as_str, word)
    }
}

/// Which controls a plain scan runs. Ordered: each profile contains the ones before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Profile {
    /// Security, few false alarms.
    Default,
    /// Best practice and opinion as well.
    Strict,
    /// Everything, deprecated and noisy controls included.
    All,
}

impl Profile {
    /// All profiles, smallest first.
    pub const ALL: [Profile; 3] = [Profile::Default, Profile::Strict, Profile::All];

    /// The word that stands in files and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Profile::Default => "default",
            Profile::Strict => "strict",
            Profile::All => "all",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Profile {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        find_word(Profile::ALL, Profile::as_str, word)
    }
}

/// A word that is none of the known ones.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownWord {
    /// What was written.
    pub word: String,
    /// What could have been.
    pub known: Vec<&'static str>,
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is none of {}", self.word, self.known.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

fn find_word<T: Copy, const N: usize>(
    all: [T; N],
    name: fn(T) -> &'static str,
    word: &str,
) -> Result<T, UnknownWord> {
    all.into_iter()
        .find(|&candidate| name(candidate) == word)
        .ok_or_else(|| UnknownWord {
            word: word.to_owned(),
            known: all.into_iter().map(name).collect(),
        })
}

/// A minor version of Kubernetes, such as 1.34.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KubernetesVersion {
    /// The number after the first dot; the major version has been 1 since 2015.
    pub minor: u32,
}

impl KubernetesVersion {
    /// The newest minor that the embedded data knows; what a scan assumes when nobody says otherwise.
    pub const NEWEST: KubernetesVersion = KubernetesVersion { minor: 37 };
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

impl FromStr for KubernetesVersion {
    type Err = InvalidVersion;

    /// Takes `1.34`, `v1.34`, `1.34.2` and `v1.34.2-gke.100`.
    fn from_str(text: &str) -> Result<Self, InvalidVersion> {
        let invalid = || InvalidVersion(text.to_owned());
        let rest = text.strip_prefix('v').unwrap_or(text);
        let rest = rest.strip_prefix("1.").ok_or_else(invalid)?;
        let digits = rest.split(['.', '-', '+']).next().unwrap_or_default();
        let minor = digits.parse().map_err(|_| invalid())?;
        Ok(KubernetesVersion { minor })
    }
}

/// A text that is no version of Kubernetes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvalidVersion(pub String);

impl fmt::Display for InvalidVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no Kubernetes version such as 1.34", self.0)
    }
}

impl std::error::Error for InvalidVersion {}

//! One advisory, whatever feed it came from. The fields are those of the OSV schema.

use serde::{Deserialize, Serialize};

/// A published vulnerability, and which versions of which packages it affects.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Advisory {
    /// Its id in the feed: `GO-2024-3228`, `CVE-2024-1234`.
    pub id: String,
    /// What is published of it beside what it affects.
    pub detail: Detail,
    /// `YYYY-MM-DD…` on which it was published.
    pub published: String,
    /// `YYYY-MM-DD…` of the last change.
    pub modified: String,
    /// How grave its publisher calls it, where there is no score.
    pub label: Severity,
    /// What it affects.
    pub affected: Vec<Affected>,
}

/// The texts of an advisory, kept compressed and read for hits only.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// One line.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Markdown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub details: String,
    /// Other ids of the same flaw.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Ids of the flaws that it tells of, where it is a distribution's word on them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub upstream: Vec<String>,
    /// Ids of what is near to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<String>,
    /// CVSS vectors, each with the version in front but for 2.0.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vectors: Vec<String>,
    /// Weaknesses: `CWE-79`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weaknesses: Vec<String>,
    /// Pages about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// When and that it was withdrawn: then it affects nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<String>,
}

/// Versions of one package that are affected.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Affected {
    /// As the OSV schema names it: `PyPI`, `Debian:12`.
    pub ecosystem: String,
    /// The package.
    pub name: String,
    /// Ranges of versions.
    pub ranges: Vec<Range>,
    /// Further versions, one by one.
    pub versions: Vec<String>,
    /// What its publisher means to do.
    pub status: Status,
}

/// What a publisher means to do about an affected package.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// It is affected, or was until a fix.
    #[default]
    Affected = 0,
    /// It will not be fixed.
    WillNotFix = 1,
    /// It will be fixed later.
    FixDeferred = 2,
    /// It is not known yet whether it is affected.
    UnderInvestigation = 3,
    /// The release gets no fixes any more.
    EndOfLife = 4,
}

impl Status {
    /// The status with a number.
    pub(crate) fn from_number(number: u8) -> Self {
        match number {
            1 => Self::WillNotFix,
            2 => Self::FixDeferred,
            3 => Self::UnderInvestigation,
            4 => Self::EndOfLife,
            _ => Self::Affected,
        }
    }

    /// The words in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Affected => "affected",
            Self::WillNotFix => "will-not-fix",
            Self::FixDeferred => "fix-deferred",
            Self::UnderInvestigation => "under-investigation",
            Self::EndOfLife => "end-of-life",
        }
    }
}

/// A range of versions as events on the line of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// Whether versions are ordered by Semantic Versioning, or as the ecosystem orders them.
    pub is_semver: bool,
    /// In the order of the record.
    pub events: Vec<Event>,
}

/// An event on the line of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// From this version on it is there; `0` is before all.
    Introduced(String),
    /// From this version on it is gone.
    Fixed(String),
    /// After this version it is gone.
    LastAffected(String),
    /// The range says nothing of this version and those after it.
    Limit(String),
}

impl Affected {
    /// A package that is affected before a version, or in all if there is none: the form of distributions.
    pub(crate) fn before(
        ecosystem: impl Into<String>,
        name: impl Into<String>,
        fixed: Option<&str>,
    ) -> Self {
        let mut events = vec![Event::Introduced("0".to_owned())];
        events.extend(fixed.map(|fixed| Event::Fixed(fixed.to_owned())));
        Self {
            ecosystem: ecosystem.into(),
            name: name.into(),
            ranges: vec![Range {
                is_semver: false,
                events,
            }],
            ..Self::default()
        }
    }
}

/// How grave a flaw is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Severity {
    /// Nobody said.
    #[default]
    Unknown = 0,
    /// CVSS below 4, or `low`, `negligible`.
    Low = 1,
    /// CVSS below 7, or `medium`, `moderate`.
    Medium = 2,
    /// CVSS below 9, or `high`, `important`.
    High = 3,
    /// CVSS from 9.
    Critical = 4,
}

impl Severity {
    /// The severity with a number.
    pub(crate) fn from_number(number: u8) -> Self {
        match number {
            1 => Self::Low,
            2 => Self::Medium,
            3 => Self::High,
            4 => Self::Critical,
            _ => Self::Unknown,
        }
    }

    /// From the words that publishers use.
    pub fn from_label(label: &str) -> Self {
        match label.to_ascii_lowercase().as_str() {
            "critical" => Self::Critical,
            "high" | "important" => Self::High,
            "medium" | "moderate" => Self::Medium,
            "low" | "minor" | "negligible" | "none" | "unimportant" => Self::Low,
            _ => Self::Unknown,
        }
    }

    /// From a CVSS score of 0 to 10.
    pub fn from_score(score: f64) -> Self {
        match score {
            9.0.. => Self::Critical,
            7.0.. => Self::High,
            4.0.. => Self::Medium,
            _ => Self::Low,
        }
    }

    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

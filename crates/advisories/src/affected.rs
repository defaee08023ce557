//! What advisories affect, for people: packages with their ranges of versions, as they were published.

use std::collections::BTreeSet;
use std::fmt;

use crate::database::{AdvisoryRef, Database, PackageRef, Row};
use crate::format::kind;
use crate::record::Status;

/// A package that an advisory affects.
#[derive(Debug)]
pub struct AffectedPackage<'a, B> {
    /// Which advisory says so.
    pub advisory: AdvisoryRef<'a, B>,
    /// Which package.
    pub package: PackageRef<'a, B>,
    /// The ranges of versions, in the order of the record.
    pub ranges: Vec<AffectedRange<'a>>,
    /// Further versions that are named one by one.
    pub versions: Vec<&'a str>,
    /// What the publisher means to do.
    pub status: Status,
}

/// Versions from one to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AffectedRange<'a> {
    /// The first one; none: from the beginning.
    pub first: Option<&'a str>,
    /// Where it ends.
    pub end: RangeEnd<'a>,
}

/// Where a range of versions ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RangeEnd<'a> {
    /// Nowhere: no fix is known.
    Open,
    /// Before this version, which fixes it.
    Fixed(&'a str),
    /// After this version.
    Last(&'a str),
    /// Before this version, of which nothing is said.
    Limit(&'a str),
}

impl fmt::Display for AffectedRange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.first.map(|first| format!(">= {first}"));
        let end = match self.end {
            RangeEnd::Open => None,
            RangeEnd::Fixed(version) | RangeEnd::Limit(version) => Some(format!("< {version}")),
            RangeEnd::Last(version) => Some(format!("<= {version}")),
        };
        let parts: Vec<String> = first.into_iter().chain(end).collect();
        if parts.is_empty() {
            return f.write_str("all versions");
        }
        f.write_str(&parts.join(", "))
    }
}

impl<B: AsRef<[u8]>> Database<B> {
    /// What some advisories affect, by their [places](AdvisoryRef::index), in the order of ecosystem, name and id. All packages are
    /// looked through: for one question of a person, not for many.
    pub fn affected_by(&self, advisories: &BTreeSet<u32>) -> Vec<AffectedPackage<'_, B>> {
        let mut found = Vec::new();
        for package in self.packages() {
            for row in package.affected() {
                let advisory = self.advisory(row.number(0));
                let wanted = advisory.filter(|advisory| advisories.contains(&advisory.index()));
                found.extend(wanted.map(|advisory| AffectedPackage {
                    advisory,
                    package,
                    ranges: self.intervals(row).map(|row| self.range(row)).collect(),
                    versions: self.versions(row).map(|row| self.text_of(row, 2)).collect(),
                    status: Status::from_number(row.number(5) as u8),
                }));
            }
        }
        found.sort_by(|left, right| {
            let key = |one: &AffectedPackage<'_, B>| {
                (
                    one.package.ecosystem().to_owned(),
                    one.package.name().to_owned(),
                    one.advisory.index(),
                )
            };
            key(left).cmp(&key(right))
        });
        found
    }

    fn range<'a>(&'a self, row: Row<'a>) -> AffectedRange<'a> {
        let flags = row.number(8);
        let end = self.text_of(row, 6);
        AffectedRange {
            first: (flags & kind::FROM_LOW != 0)
                .then(|| self.text_of(row, 2))
                .filter(|first| *first != "0"),
            end: match flags & kind::HIGH {
                kind::FIXED => RangeEnd::Fixed(end),
                kind::LAST => RangeEnd::Last(end),
                kind::LIMIT => RangeEnd::Limit(end),
                _ => RangeEnd::Open,
            },
        }
    }
}

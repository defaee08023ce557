//! Which advisories affect a version of a package.

use std::cmp::Ordering;

use versions::{Scheme, compare, key};

use crate::database::{AdvisoryRef, Database, PackageRef, Row};

use crate::ecosystem::{Query, normal_ecosystem, normal_name};
use crate::format::kind;
use crate::record::Status;

/// An advisory that affects a version.
#[derive(Debug)]
pub struct Match<'a, B> {
    /// Which.
    pub advisory: AdvisoryRef<'a, B>,
    /// The versions that fix it, for the line that the version is on; none is known if empty.
    pub fixed: Vec<&'a str>,
    /// What the publisher means to do.
    pub status: Status,
}

impl<B: AsRef<[u8]>> Database<B> {
    /// What affects a version of a package: the records for the ecosystem's release, and those for all its releases.
    pub fn matches(&self, query: &Query) -> Vec<Match<'_, B>> {
        let ecosystem = normal_ecosystem(&query.ecosystem);
        let name = normal_name(&ecosystem, &query.name);
        let all_releases = ecosystem.split_once(':').map(|(base, _)| base);
        let packages = [Some(ecosystem.as_str()), all_releases]
            .into_iter()
            .flatten()
            .filter_map(|ecosystem| self.package(ecosystem, &name));
        packages
            .flat_map(|package| package.matches(&query.version))
            .collect()
    }
}

impl<'a, B: AsRef<[u8]>> PackageRef<'a, B> {
    /// What affects a version of it.
    pub fn matches(self, version: &str) -> Vec<Match<'a, B>> {
        let mut tested = Tested::new(version, self.scheme());
        let mut matches = Vec::new();
        for row in self.affected() {
            if let Some(fixed) = tested.affected(self.database, row) {
                let advisory = self.database.advisory(row.number(0));
                let status = Status::from_number(row.number(5) as u8);
                matches.extend(advisory.map(|advisory| Match {
                    advisory,
                    fixed,
                    status,
                }));
            }
        }
        matches
    }
}

/// The version that is asked about, with its keys in the schemes that were needed so far.
struct Tested<'v> {
    version: &'v str,
    scheme: Scheme,
    keys: Vec<(Scheme, Option<Vec<u8>>)>,
}

impl<'v> Tested<'v> {
    fn new(version: &'v str, scheme: Scheme) -> Self {
        Self {
            version,
            scheme,
            keys: Vec::with_capacity(1),
        }
    }

    fn key(&mut self, scheme: Scheme) -> Option<&[u8]> {
        let index = self
            .keys
            .iter()
            .position(|(known, _)| *known == scheme)
            .unwrap_or_else(|| {
                self.keys.push((scheme, key(scheme, self.version)));
                self.keys.len() - 1
            });
        self.keys[index].1.as_deref()
    }

    /// The versions that fix it, if it is affected.
    fn affected<'a, B: AsRef<[u8]>>(
        &mut self,
        database: &'a Database<B>,
        row: Row<'a>,
    ) -> Option<Vec<&'a str>> {
        let mut affected = false;
        let mut fixed = Vec::new();
        for interval in database.intervals(row) {
            if self.is_in(database, interval) {
                affected = true;
                if interval.number(8) & kind::HIGH == kind::FIXED {
                    fixed.push(database.text_of(interval, 6));
                }
            }
        }
        (affected || self.is_listed(database, row)).then_some(fixed)
    }

    fn is_in<B: AsRef<[u8]>>(&mut self, database: &Database<B>, interval: Row<'_>) -> bool {
        let flags = interval.number(8);
        let scheme = u8::try_from(flags & 0xff)
            .ok()
            .and_then(Scheme::from_number)
            .unwrap_or(Scheme::Generic);
        let version = self.version;
        let key = self.key(scheme).filter(|_| flags & kind::KEYLESS == 0);
        let order = |number: usize| match key {
            Some(key) => key.cmp(database.key_of(interval, number)),
            None => compare(scheme, version, database.text_of(interval, number + 2)),
        };
        let from = flags & kind::FROM_LOW == 0 || order(0).is_ge();
        from && match flags & kind::HIGH {
            kind::FIXED | kind::LIMIT => order(4).is_lt(),
            kind::LAST => order(4).is_le(),
            _ => true,
        }
    }

    /// Whether the record lists the version, or one that is equal to it.
    fn is_listed<B: AsRef<[u8]>>(&mut self, database: &Database<B>, row: Row<'_>) -> bool {
        let versions = database.versions(row);
        if versions.len() == 0 {
            return false;
        }
        let (scheme, version) = (self.scheme, self.version);
        let Some(key) = self.key(scheme) else {
            return versions
                .into_iter()
                .any(|row| compare(scheme, database.text_of(row, 2), version) == Ordering::Equal);
        };
        versions
            .into_iter()
            .any(|row| match database.key_of(row, 0) {
                [] => compare(scheme, database.text_of(row, 2), version) == Ordering::Equal,
                other => other == key,
            })
    }
}

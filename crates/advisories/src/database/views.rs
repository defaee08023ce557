//! What a database says: views of its rows.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::{IntoParallelIterator as _, ParallelIterator as _};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Database;
use super::rows::Row;
use crate::format::{self, ID, NONE, Section};
use crate::record::{Detail, Severity};

/// A feed that the database was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source<'a> {
    /// Its name.
    pub name: &'a str,
    /// How many records it gave.
    pub records: u32,
    /// The day on which the newest of them was changed; empty if they do not say.
    pub newest: String,
}

/// A release of a product, and when its support ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle<'a> {
    /// `debian`
    pub product: &'a str,
    /// `12`
    pub cycle: &'a str,
    /// The day; empty if none is known.
    pub end: String,
    /// Support has ended, though the day is not known.
    pub has_ended: bool,
}

/// A package that advisories affect.
#[derive(Debug)]
pub struct PackageRef<'a, B> {
    pub(crate) database: &'a Database<B>,
    pub(super) row: Row<'a>,
}

impl<B> Clone for PackageRef<'_, B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<B> Copy for PackageRef<'_, B> {}

impl<'a, B: AsRef<[u8]>> PackageRef<'a, B> {
    /// Its name, as it is looked up.
    pub fn name(self) -> &'a str {
        self.database.text(self.row, 2)
    }

    /// Its ecosystem, with the release.
    pub fn ecosystem(self) -> &'a str {
        let row = self
            .database
            .row(Section::Ecosystems, format::ECOSYSTEM, self.row.number(4));
        row.map_or("", |row| self.database.text(row, 0))
    }

    /// The number of the scheme that orders its versions.
    pub(crate) fn scheme(self) -> versions::Scheme {
        let row = self
            .database
            .row(Section::Ecosystems, format::ECOSYSTEM, self.row.number(4));
        let number = row.map_or(0, |row| row.number(2));
        u8::try_from(number)
            .ok()
            .and_then(versions::Scheme::from_number)
            .unwrap_or(versions::Scheme::Generic)
    }

    pub(crate) fn affected(self) -> impl Iterator<Item = Row<'a>> {
        self.database
            .affected(self.row.number(5), self.row.number(6))
    }

    /// The advisories that affect some version of it.
    pub fn advisories(self) -> impl Iterator<Item = AdvisoryRef<'a, B>> {
        self.affected()
            .filter_map(move |row| self.database.advisory(row.number(0)))
    }
}

/// An advisory.
#[derive(Debug)]
pub struct AdvisoryRef<'a, B> {
    pub(super) database: &'a Database<B>,
    pub(super) index: u32,
    pub(super) row: Row<'a>,
}

impl<B> Clone for AdvisoryRef<'_, B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<B> Copy for AdvisoryRef<'_, B> {}

impl<'a, B: AsRef<[u8]>> AdvisoryRef<'a, B> {
    /// Its id.
    pub fn id(self) -> &'a str {
        self.database.text(self.row, 0)
    }

    /// Its place, which tells records with the same id apart.
    pub fn index(self) -> u32 {
        self.index
    }

    /// The feed it came from.
    pub fn source(self) -> &'a str {
        let row = self
            .database
            .row(Section::Sources, format::SOURCE, self.row.number(3));
        row.map_or("", |row| self.database.text(row, 0))
    }

    /// `YYYY-MM-DD`, or nothing.
    pub fn published(self) -> String {
        format::date(self.row.number(4))
    }

    /// `YYYY-MM-DD`, or nothing.
    pub fn modified(self) -> String {
        format::date(self.row.number(5))
    }

    /// What its publisher calls it, else by its score.
    pub fn severity(self) -> Severity {
        severity(self.row.number(6))
    }

    /// The best of its CVSS scores.
    pub fn score(self) -> Option<f64> {
        score(self.row.number(6))
    }

    /// Whether it was withdrawn, and affects nothing.
    pub fn is_withdrawn(self) -> bool {
        self.row.number(6) >> 24 & 1 == 1
    }

    /// The group of ids of the same flaw.
    pub fn group(self) -> Option<Group<'a, B>> {
        self.database.group(self.row.number(2))
    }

    /// Its texts, decompressed.
    pub fn detail(self) -> Detail {
        self.database
            .frame(self.row.number(7))
            .map(|frame| self.detail_in(&frame))
            .unwrap_or_default()
    }

    fn detail_in<T: Default + DeserializeOwned>(self, frame: &[u8]) -> T {
        let start = self.row.number(8) as usize;
        let text = frame.get(start..start.saturating_add(self.row.number(9) as usize));
        text.and_then(|text| serde_json::from_slice(text).ok())
            .unwrap_or_default()
    }
}

/// Ids of one flaw.
#[derive(Debug)]
pub struct Group<'a, B> {
    pub(super) database: &'a Database<B>,
    pub(super) index: u32,
    pub(super) row: Row<'a>,
}

impl<B> Clone for Group<'_, B> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<B> Copy for Group<'_, B> {}

impl<'a, B: AsRef<[u8]>> Group<'a, B> {
    /// Its place.
    pub fn index(self) -> u32 {
        self.index
    }

    /// All its ids, in order.
    pub fn ids(self) -> impl Iterator<Item = &'a str> {
        self.database.group_ids(self.row)
    }

    /// The id that people know the flaw by: a CVE, else a GHSA, else the first.
    pub fn name(self) -> &'a str {
        let by = |prefix: &str| self.ids().find(|id| id.starts_with(prefix));
        by("CVE-")
            .or_else(|| by("GHSA-"))
            .or_else(|| self.ids().next())
            .unwrap_or_default()
    }

    /// The gravest word of its advisories.
    pub fn severity(self) -> Severity {
        severity(self.row.number(2))
    }

    /// The highest score of its advisories.
    pub fn score(self) -> Option<f64> {
        score(self.row.number(2))
    }

    /// The probability that it is exploited within 30 days (EPSS), from 0 to 1.
    pub fn epss(self) -> Option<f64> {
        probability(self.row.number(3))
    }

    /// The share of flaws that are less likely exploited, from 0 to 1.
    pub fn epss_percentile(self) -> Option<f64> {
        probability(self.row.number(4))
    }

    /// Whether it is known to be exploited (CISA's catalogue).
    pub fn is_exploited(self) -> bool {
        self.row.number(2) >> 24 & 1 == 1
    }

    /// The day by which US agencies fix it; empty if it is not known to be exploited.
    pub fn exploited_due(self) -> String {
        format::date(self.row.number(5))
    }

    /// Its advisories.
    pub fn advisories(self) -> impl Iterator<Item = AdvisoryRef<'a, B>> {
        let ids: BTreeSet<&str> = self.ids().collect();
        // Records of one id lie side by side; the index of ids knows the first.
        ids.into_iter().flat_map(move |id| {
            let first = self.database.id_row(id).map_or(NONE, |row| row.number(3));
            (first..NONE).map_while(move |index| {
                self.database
                    .advisory(index)
                    .filter(|advisory| advisory.id() == id)
            })
        })
    }
}

impl<B: AsRef<[u8]> + Sync> Database<B> {
    /// The one line of each of many advisories, by their places; each frame is decompressed once, in parallel.
    pub fn summaries(&self, indexes: &BTreeSet<u32>) -> BTreeMap<u32, String> {
        let mut by_frame: BTreeMap<u32, Vec<AdvisoryRef<'_, B>>> = BTreeMap::new();
        for advisory in indexes.iter().filter_map(|index| self.advisory(*index)) {
            by_frame
                .entry(advisory.row.number(7))
                .or_default()
                .push(advisory);
        }
        let summaries = by_frame
            .into_par_iter()
            .flat_map_iter(|(frame, advisories)| {
                let frame = self.frame(frame).unwrap_or_default();
                advisories.into_iter().map(move |advisory| {
                    let Summary { summary } = advisory.detail_in(&frame);
                    (advisory.index, summary)
                })
            });
        summaries.collect()
    }
}

impl<B: AsRef<[u8]>> Database<B> {
    /// Every advisory, in the order of the ids.
    pub fn advisories(&self) -> impl Iterator<Item = AdvisoryRef<'_, B>> {
        (0..NONE).map_while(|index| self.advisory(index))
    }

    /// How many ids are known, of advisories and of aliases.
    pub fn id_count(&self) -> usize {
        self.all(Section::Ids, ID).len()
    }
}

/// The part of a [`Detail`] that reports show.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Summary {
    summary: String,
}

fn severity(word: u32) -> Severity {
    Severity::from_number((word >> 16 & 0xff) as u8)
}

fn score(word: u32) -> Option<f64> {
    Some(f64::from(word & 0xffff) / 100.0).filter(|score| *score > 0.0)
}

fn probability(millionths: u32) -> Option<f64> {
    (millionths <= 1_000_000).then(|| f64::from(millionths) / 1e6)
}

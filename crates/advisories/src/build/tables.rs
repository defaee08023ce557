//! The sections of a database, from sorted records.

use std::collections::BTreeMap;

use rayon::prelude::{
    IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _,
};
use versions::{Scheme, key};

use super::group::Groups;
use super::pools::{Frames, Pool, Rows, size};
use super::{BuildError, Builder};
use crate::ecosystem::{normal_ecosystem, normal_name};
use crate::format::{
    self, AFFECTED, DIGEST, HEADER, INTERVAL, MAGIC, NONE, SECTION_TABLE, SECTIONS, Section, TEXT,
    VERSION, VERSION_ROW, bucket, day, hash, kind,
};
use crate::interval::{High, Interval, intervals};
use crate::record::{Advisory, Affected, Severity};
use crate::score;

/// Packages in one bucket, on average.
const BUCKET_LOAD: usize = 2;

#[derive(Default)]
struct Tables {
    texts: Pool,
    keys: Pool,
    affected: Rows,
    intervals: Rows,
    versions: Rows,
    sections: Vec<(Section, Vec<u8>)>,
}

/// A record's words on one package.
struct Entry<'a> {
    advisory: u32,
    affected: &'a Affected,
    intervals: Vec<(Interval, Scheme)>,
}

/// A package in its bucket: bucket, hash, ecosystem and name, what records say of it.
type Placed<'p, 'a> = (usize, u64, &'p (String, String), &'p Vec<Entry<'a>>);

pub(super) fn write(builder: &Builder, date: u32) -> Result<Vec<u8>, BuildError> {
    let advisories: Vec<&Advisory> = builder
        .advisories
        .iter()
        .map(|(advisory, _)| advisory)
        .collect();
    let others = builder
        .likelihoods
        .keys()
        .chain(builder.exploited.keys())
        .map(String::as_str);
    let groups = Groups::new(advisories.iter().copied(), others);
    let mut tables = Tables::default();
    tables.packages(&advisories)?;
    let scores: Vec<(f64, Severity)> = advisories
        .par_iter()
        .map(|advisory| graveness(advisory))
        .collect();
    tables.advisories(builder, &groups, &scores)?;
    tables.groups(builder, &groups, &scores)?;
    tables.sources(builder)?;
    tables.cycles(builder)?;
    tables.finish(date)
}

/// The score and severity of a record.
fn graveness(advisory: &Advisory) -> (f64, Severity) {
    match score::best(&advisory.detail.vectors) {
        Some(score) => (
            score,
            if advisory.label == Severity::Unknown {
                Severity::from_score(score)
            } else {
                advisory.label
            },
        ),
        None => (0.0, advisory.label),
    }
}

fn graveness_word((score, severity): (f64, Severity), flag: bool) -> u32 {
    #[expect(clippy::cast_sign_loss, reason = "scores are from 0 to 10")]
    let hundredths = (score * 100.0).round() as u32;
    hundredths | (severity as u32) << 16 | u32::from(flag) << 24
}

impl Tables {
    fn text(&mut self, text: &str) -> Result<super::pools::Slice, BuildError> {
        self.texts.add(text.as_bytes())
    }

    /// Ecosystems, packages, what is affected of each, and the index of names.
    fn packages(&mut self, advisories: &[&Advisory]) -> Result<(), BuildError> {
        let mut packages: BTreeMap<(String, String), Vec<Entry>> = BTreeMap::new();
        for (package, entry) in entries(advisories).into_iter().flatten() {
            packages.entry(package).or_default().push(entry);
        }
        let mut ecosystems: BTreeMap<&str, u32> = packages
            .keys()
            .map(|(ecosystem, _)| (ecosystem.as_str(), 0))
            .collect();
        let mut rows = Rows::default();
        for (number, (ecosystem, slot)) in (0..).zip(&mut ecosystems) {
            *slot = number;
            let name = self.texts.add(ecosystem.as_bytes())?;
            rows.slice(name)
                .number(u32::from(scheme_of(ecosystem).number()));
        }
        self.sections.push((Section::Ecosystems, rows.0));
        let buckets = (packages.len() / BUCKET_LOAD).next_power_of_two();
        let mut order: Vec<Placed<'_, '_>> = packages
            .iter()
            .map(|(package, entries)| {
                let hash = hash(ecosystems[package.0.as_str()], &package.1);
                (bucket(hash, buckets), hash, package, entries)
            })
            .collect();
        order.sort_by(|a, b| (a.0, a.1, a.2).cmp(&(b.0, b.1, b.2)));
        let mut starts = vec![0_u32; buckets + 1];
        let mut rows = Rows::default();
        for (bucket, hash, (ecosystem, name), entries) in &order {
            starts[bucket + 1] += 1;
            let first = self.affected.count(AFFECTED)?;
            for entry in *entries {
                self.entry(entry, scheme_of(ecosystem))?;
            }
            let name = self.texts.add(name.as_bytes())?;
            rows.0.extend_from_slice(&hash.to_le_bytes());
            rows.slice(name)
                .number(ecosystems[ecosystem.as_str()])
                .number(first)
                .number(self.affected.count(AFFECTED)? - first);
        }
        self.sections.push((Section::Packages, rows.0));
        let mut rows = Rows::default();
        let mut sum = 0;
        for count in starts {
            sum += count;
            rows.number(sum);
        }
        self.sections.push((Section::Buckets, rows.0));
        Ok(())
    }

    fn entry(&mut self, entry: &Entry, scheme: Scheme) -> Result<(), BuildError> {
        let first_interval = self.intervals.count(INTERVAL)?;
        for (interval, scheme) in &entry.intervals {
            self.interval(interval, *scheme)?;
        }
        let first_version = self.versions.count(VERSION_ROW)?;
        // In the order of the keys, those without one first.
        let mut versions: Vec<(Vec<u8>, &str)> = entry
            .affected
            .versions
            .iter()
            .map(|version| (key(scheme, version).unwrap_or_default(), version.as_str()))
            .collect();
        versions.sort();
        versions.dedup();
        for (key, version) in &versions {
            let (key, version) = (self.keys.add(key)?, self.texts.add(version.as_bytes())?);
            self.versions.slice(key).slice(version);
        }
        self.affected
            .number(entry.advisory)
            .number(first_interval)
            .number(size(entry.intervals.len())?)
            .number(first_version)
            .number(size(versions.len())?)
            .number(entry.affected.status as u32);
        Ok(())
    }

    fn interval(&mut self, interval: &Interval, scheme: Scheme) -> Result<(), BuildError> {
        let low = interval.low.as_deref();
        let (high, end) = match &interval.high {
            High::Open => (None, kind::OPEN),
            High::Fixed(version) => (Some(version.as_str()), kind::FIXED),
            High::Last(version) => (Some(version.as_str()), kind::LAST),
            High::Limit(version) => (Some(version.as_str()), kind::LIMIT),
        };
        let keys = [low, high].map(|version| version.map(|version| key(scheme, version)));
        let keyless = keys.iter().any(|key| matches!(key, Some(None)));
        for (version, key) in [low, high].into_iter().zip(keys) {
            let key = self
                .keys
                .add(&key.flatten().filter(|_| !keyless).unwrap_or_default())?;
            let version = self.texts.add(version.unwrap_or_default().as_bytes())?;
            self.intervals.slice(key).slice(version);
        }
        let start = if low.is_some() {
            kind::FROM_LOW
        } else {
            kind::FROM_START
        };
        self.intervals.number(
            u32::from(scheme.number()) | start | end | if keyless { kind::KEYLESS } else { 0 },
        );
        Ok(())
    }

    fn advisories(
        &mut self,
        builder: &Builder,
        groups: &Groups,
        scores: &[(f64, Severity)],
    ) -> Result<(), BuildError> {
        let sources: BTreeMap<&str, u32> = source_names(builder).into_iter().zip(0..).collect();
        let details: Vec<Vec<u8>> = builder
            .advisories
            .par_iter()
            .map(|(advisory, _)| serde_json::to_vec(&advisory.detail).unwrap_or_default())
            .collect();
        let frames = Frames::new(&details)?;
        let mut rows = Rows::default();
        let mut ids = Rows::default();
        let mut first: BTreeMap<&str, u32> = BTreeMap::new();
        for (index, ((advisory, source), place)) in
            builder.advisories.iter().zip(&frames.places).enumerate()
        {
            let id = self.text(&advisory.id)?;
            first.entry(advisory.id.as_str()).or_insert(size(index)?);
            rows.slice(id)
                .number(groups.of[advisory.id.as_str()])
                .number(sources[source.as_str()]);
            rows.number(day(&advisory.published))
                .number(day(&advisory.modified));
            rows.number(graveness_word(
                scores[index],
                advisory.detail.withdrawn.is_some(),
            ));
            rows.number(place[0]).number(place[1]).number(place[2]);
        }
        for (&id, &group) in &groups.of {
            let text = self.text(id)?;
            ids.slice(text)
                .number(group)
                .number(first.get(id).copied().unwrap_or(NONE));
        }
        self.sections.push((Section::Advisories, rows.0));
        self.sections.push((Section::Ids, ids.0));
        self.sections.push((Section::Frames, frames.rows.0));
        self.sections.push((Section::Details, frames.bytes));
        Ok(())
    }

    fn groups(
        &mut self,
        builder: &Builder,
        groups: &Groups,
        scores: &[(f64, Severity)],
    ) -> Result<(), BuildError> {
        let mut graveness = vec![(0.0_f64, Severity::Unknown); groups.groups.len()];
        for ((advisory, _), (score, severity)) in builder.advisories.iter().zip(scores) {
            if advisory.detail.withdrawn.is_none() {
                let group = &mut graveness[groups.of[advisory.id.as_str()] as usize];
                *group = (group.0.max(*score), group.1.max(*severity));
            }
        }
        let (mut rows, mut ids) = (Rows::default(), Rows::default());
        for (members, graveness) in groups.groups.iter().zip(graveness) {
            let first = ids.count(TEXT)?;
            for id in members {
                let id = self.text(id)?;
                ids.slice(id);
            }
            let likelihoods = members.iter().filter_map(|id| builder.likelihoods.get(*id));
            let likelihood = likelihoods.max_by_key(|likelihood| likelihood.millionths);
            let exploited = members.iter().find_map(|id| builder.exploited.get(*id));
            rows.number(first)
                .number(size(members.len())?)
                .number(graveness_word(graveness, exploited.is_some()));
            rows.number(likelihood.map_or(NONE, |l| l.millionths))
                .number(likelihood.map_or(NONE, |l| l.percentile_millionths));
            rows.number(exploited.map_or(0, |exploited| day(&exploited.due)));
        }
        self.sections.push((Section::Groups, rows.0));
        self.sections.push((Section::GroupIds, ids.0));
        Ok(())
    }

    fn sources(&mut self, builder: &Builder) -> Result<(), BuildError> {
        let mut rows = Rows::default();
        for name in source_names(builder) {
            let own = builder
                .advisories
                .iter()
                .filter(|(_, source)| source == name);
            let records =
                size(own.clone().count())? + builder.other.get(name).copied().unwrap_or_default();
            let newest = own
                .map(|(advisory, _)| day(&advisory.modified))
                .max()
                .unwrap_or_default();
            let name = self.text(name)?;
            rows.slice(name).number(records).number(newest);
        }
        self.sections.push((Section::Sources, rows.0));
        Ok(())
    }

    fn cycles(&mut self, builder: &Builder) -> Result<(), BuildError> {
        let mut rows = Rows::default();
        for cycle in &builder.cycles {
            let (product, name) = (self.text(&cycle.product)?, self.text(&cycle.cycle)?);
            rows.slice(product)
                .slice(name)
                .number(day(&cycle.end))
                .number(u32::from(cycle.has_ended));
        }
        self.sections.push((Section::Cycles, rows.0));
        Ok(())
    }

    /// Puts the sections behind the header.
    fn finish(mut self, date: u32) -> Result<Vec<u8>, BuildError> {
        for (section, bytes) in [
            (Section::Texts, self.texts.bytes),
            (Section::Keys, self.keys.bytes),
            (Section::Affected, self.affected.0),
            (Section::Intervals, self.intervals.0),
            (Section::Versions, self.versions.0),
        ] {
            self.sections.push((section, bytes));
        }
        self.sections.sort_by_key(|(section, _)| *section as usize);
        debug_assert_eq!(self.sections.len(), SECTIONS, "each section once");
        let mut file = vec![0; HEADER];
        for (section, bytes) in &self.sections {
            size(bytes.len())?;
            let entry = SECTION_TABLE + *section as usize * 16;
            let place = [file.len() as u64, bytes.len() as u64];
            for (index, number) in place.into_iter().enumerate() {
                file[entry + index * 8..entry + index * 8 + 8]
                    .copy_from_slice(&number.to_le_bytes());
            }
            file.extend_from_slice(bytes);
        }
        file[..8].copy_from_slice(&MAGIC);
        file[8..12].copy_from_slice(&VERSION.to_le_bytes());
        file[12..16].copy_from_slice(&date.to_le_bytes());
        let length = file.len() as u64;
        file[16..24].copy_from_slice(&length.to_le_bytes());
        let digest = format::digest(&file);
        file[DIGEST].copy_from_slice(&digest);
        Ok(file)
    }
}

/// The words of each record on each package, with the ranges evaluated. Withdrawn records affect nothing.
fn entries<'a>(advisories: &[&'a Advisory]) -> Vec<Vec<((String, String), Entry<'a>)>> {
    advisories
        .par_iter()
        .enumerate()
        .map(|(index, advisory)| {
            let affected = advisory
                .affected
                .iter()
                .filter(|_| advisory.detail.withdrawn.is_none());
            affected
                .map(|affected| entry(index as u32, affected))
                .collect()
        })
        .collect()
}

fn entry(advisory: u32, affected: &Affected) -> ((String, String), Entry<'_>) {
    let ecosystem = normal_ecosystem(&affected.ecosystem);
    let name = normal_name(&ecosystem, &affected.name);
    let own = scheme_of(&ecosystem);
    let scheme = |is_semver: bool| {
        if is_semver && own != Scheme::Go {
            Scheme::Semver
        } else {
            own
        }
    };
    let intervals = affected
        .ranges
        .iter()
        .flat_map(|range| {
            let scheme = scheme(range.is_semver);
            intervals(range, scheme)
                .into_iter()
                .map(move |interval| (interval, scheme))
        })
        .collect();
    (
        (ecosystem, name),
        Entry {
            advisory,
            affected,
            intervals,
        },
    )
}

pub(crate) fn scheme_of(ecosystem: &str) -> Scheme {
    Scheme::from_ecosystem(ecosystem).unwrap_or(Scheme::Generic)
}

fn source_names(builder: &Builder) -> Vec<&str> {
    let names = builder
        .advisories
        .iter()
        .map(|(_, source)| source)
        .chain(builder.other.keys());
    let names: std::collections::BTreeSet<&str> = names.map(String::as_str).collect();
    names.into_iter().collect()
}

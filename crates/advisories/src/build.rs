//! Records in, the bytes of a database out. The same records give the same bytes, in whatever order they come.

mod group;
mod pools;
mod tables;

use std::collections::BTreeMap;

use rayon::prelude::{IntoParallelRefMutIterator as _, ParallelIterator as _};

use crate::feed::{Exploited, Fact, Likelihood, ProductCycle};
use crate::format::day;
use crate::record::Advisory;

/// Why no database could be made of the records.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// More than a file can point into.
    #[error("the records need more than 4 GiB in one section")]
    TooLarge,
    /// A text of a record could not be compressed or written.
    #[error("cannot compress the details of the records")]
    Compress(#[source] std::io::Error),
}

/// Collects what feeds say, and makes a database of it.
#[derive(Debug, Default)]
pub struct Builder {
    advisories: Vec<(Advisory, String)>,
    likelihoods: BTreeMap<String, Likelihood>,
    exploited: BTreeMap<String, Exploited>,
    cycles: Vec<ProductCycle>,
    /// Facts that belong to no advisory of the source, by source.
    other: BTreeMap<String, u32>,
}

impl Builder {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds what a feed said. `source` is the feed's name in `db status`.
    pub fn add(&mut self, source: &str, facts: impl IntoIterator<Item = Fact>) {
        for fact in facts {
            match fact {
                Fact::Advisory(advisory) => {
                    self.advisories.push((*advisory, source.to_owned()));
                    continue;
                }
                Fact::Likelihood(id, likelihood) => {
                    self.likelihoods.insert(id, likelihood);
                }
                Fact::Exploited(id, exploited) => {
                    self.exploited.insert(id, exploited);
                }
                Fact::Cycle(cycle) => self.cycles.push(cycle),
            }
            *self.other.entry(source.to_owned()).or_default() += 1;
        }
    }

    /// How many advisories were added.
    pub fn len(&self) -> usize {
        self.advisories.len()
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.advisories.is_empty() && self.other.is_empty()
    }

    /// The bytes of the database. `date` (`YYYY-MM-DD`) is the day of the data, by which its age is told.
    pub fn build(mut self, date: &str) -> Result<Vec<u8>, BuildError> {
        self.advisories
            .par_iter_mut()
            .for_each(|(advisory, _)| tidy(advisory));
        // Records of one id from several files (releases of a distribution) stay apart: each affects its own packages.
        self.advisories.sort_by(|(a, a_source), (b, b_source)| {
            (&a.id, a_source, &a.modified)
                .cmp(&(&b.id, b_source, &b.modified))
                .then_with(|| a.detail.details.cmp(&b.detail.details))
                .then_with(|| first_name(a).cmp(&first_name(b)))
        });
        self.advisories.dedup();
        self.cycles.sort();
        self.cycles.dedup();
        tables::write(&self, day(date))
    }
}

fn first_name(advisory: &Advisory) -> Option<(&str, &str)> {
    advisory
        .affected
        .first()
        .map(|affected| (affected.ecosystem.as_str(), affected.name.as_str()))
}

/// What differs between equal records of different copies of a feed: the order of ids.
fn tidy(advisory: &mut Advisory) {
    let detail = &mut advisory.detail;
    for ids in [
        &mut detail.aliases,
        &mut detail.upstream,
        &mut detail.related,
        &mut detail.weaknesses,
    ] {
        ids.sort();
        ids.dedup();
    }
    let id = &advisory.id;
    detail
        .aliases
        .retain(|alias| alias != id && !alias.is_empty());
}

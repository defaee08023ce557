//! Events of a range as intervals of versions: the evaluation of the OSV specification, done once when the database is
//! built.
//!
//! The specification sorts the events and walks along them: `introduced` opens, `fixed` and what follows
//! `last_affected` closes, and a version is affected if it lies where the walk is open and before some `limit`.

use std::cmp::Ordering;

use versions::{Scheme, compare};

use crate::record::{Event, Range};

/// Versions from one to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// The first version; `None` is before all.
    pub low: Option<String>,
    /// Where it ends.
    pub high: High,
}

/// The end of an interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum High {
    /// It does not.
    Open,
    /// Before the version that is fixed.
    Fixed(String),
    /// With the last version that is affected.
    Last(String),
    /// Before a version of which the record says nothing.
    Limit(String),
}

/// The intervals in which a range is open.
pub fn intervals(range: &Range, scheme: Scheme) -> Vec<Interval> {
    let mut events: Vec<&Event> = range
        .events
        .iter()
        .filter(|event| !matches!(event, Event::Limit(_)))
        .collect();
    events.sort_by(|a, b| order(a, b, scheme));
    // A version before any limit is before the greatest.
    let limit = range.events.iter().filter_map(|event| match event {
        Event::Limit(version) if version != "*" => Some(version),
        _ => None,
    });
    let limit = limit.max_by(|a, b| compare(scheme, a, b));
    let mut intervals = Vec::new();
    let mut open: Option<Option<String>> = None;
    for event in events {
        match event {
            Event::Introduced(version) => {
                open.get_or_insert_with(|| (version != "0").then(|| version.clone()));
            }
            Event::Fixed(version) => {
                if let Some(low) = open.take() {
                    intervals.push(Interval {
                        low,
                        high: High::Fixed(version.clone()),
                    });
                }
            }
            Event::LastAffected(version) => {
                if let Some(low) = open.take() {
                    intervals.push(Interval {
                        low,
                        high: High::Last(version.clone()),
                    });
                }
            }
            Event::Limit(_) => {}
        }
    }
    if let Some(low) = open {
        intervals.push(Interval {
            low,
            high: High::Open,
        });
    }
    if let Some(limit) = limit {
        for interval in &mut intervals {
            let ends_later = match &interval.high {
                High::Open => true,
                High::Fixed(end) | High::Limit(end) => compare(scheme, end, limit).is_gt(),
                High::Last(end) => compare(scheme, end, limit).is_ge(),
            };
            if ends_later {
                interval.high = High::Limit(limit.clone());
            }
        }
    }
    intervals
}

/// By version, `0` first. Events at one version stay in the order of the record: `fixed: 2.0, introduced: 2.0` goes on.
fn order(a: &Event, b: &Event, scheme: Scheme) -> Ordering {
    match (version(a), version(b)) {
        ("0", "0") => Ordering::Equal,
        ("0", _) => Ordering::Less,
        (_, "0") => Ordering::Greater,
        (x, y) => compare(scheme, x, y),
    }
}

fn version(event: &Event) -> &str {
    match event {
        Event::Introduced(version)
        | Event::Fixed(version)
        | Event::LastAffected(version)
        | Event::Limit(version) => version,
    }
}

//! Records of the OSV schema.

use serde::Deserialize;
use serde_json::Value;

use super::{Fact, FeedError};
use crate::record::{Advisory, Affected, Detail, Event, Range, Severity};

const KIND: &str = "OSV record";

#[derive(Deserialize)]
struct Record {
    id: String,
    #[serde(default)]
    modified: String,
    #[serde(default)]
    published: String,
    withdrawn: Option<String>,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    details: String,
    #[serde(default, deserialize_with = "nullable")]
    aliases: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    upstream: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    related: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    severity: Vec<Score>,
    #[serde(default, deserialize_with = "nullable")]
    affected: Vec<AffectedPackage>,
    #[serde(default, deserialize_with = "nullable")]
    references: Vec<Reference>,
    #[serde(default)]
    database_specific: Value,
}

#[derive(Deserialize)]
struct Score {
    #[serde(default)]
    score: String,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    url: String,
}

#[derive(Deserialize)]
struct AffectedPackage {
    package: Option<Package>,
    #[serde(default, deserialize_with = "nullable")]
    ranges: Vec<EventRange>,
    #[serde(default, deserialize_with = "nullable")]
    versions: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    severity: Vec<Score>,
}

#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    ecosystem: String,
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct EventRange {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default, deserialize_with = "nullable")]
    events: Vec<RawEvent>,
}

#[derive(Deserialize)]
struct RawEvent {
    introduced: Option<String>,
    fixed: Option<String>,
    last_affected: Option<String>,
    limit: Option<String>,
}

/// A list that may be null.
fn nullable<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Option::<Vec<T>>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// One record.
pub(super) fn one(bytes: &[u8]) -> Result<Fact, FeedError> {
    serde_json::from_slice(bytes)
        .map(fact)
        .map_err(|source| FeedError::Json { kind: KIND, source })
}

/// A list of records.
pub(super) fn list(bytes: &[u8]) -> Result<Vec<Fact>, FeedError> {
    let records: Vec<Record> =
        serde_json::from_slice(bytes).map_err(|source| FeedError::Json { kind: KIND, source })?;
    Ok(records.into_iter().map(fact).collect())
}

/// A record that was YAML.
pub(super) fn value(value: Value) -> Result<Fact, FeedError> {
    serde_json::from_value(value)
        .map(fact)
        .map_err(|source| FeedError::Json { kind: KIND, source })
}

fn fact(record: Record) -> Fact {
    let label = record
        .database_specific
        .get("severity")
        .and_then(Value::as_str)
        .map_or(Severity::Unknown, Severity::from_label);
    let weaknesses = record
        .database_specific
        .get("cwe_ids")
        .or_else(|| record.database_specific.get("cwes"));
    let weaknesses = weaknesses
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|id| id.as_str().or_else(|| id.get("cweId")?.as_str()));
    let weaknesses = weaknesses.map(str::to_owned).collect();
    let mut vectors: Vec<String> = record
        .severity
        .into_iter()
        .map(|score| score.score)
        .collect();
    for score in record
        .affected
        .iter()
        .flat_map(|affected| &affected.severity)
    {
        if !vectors.contains(&score.score) {
            vectors.push(score.score.clone());
        }
    }
    Fact::Advisory(Box::new(Advisory {
        id: record.id,
        detail: Detail {
            summary: record.summary,
            details: record.details,
            aliases: record.aliases,
            upstream: record.upstream,
            related: record.related,
            vectors,
            weaknesses,
            references: record
                .references
                .into_iter()
                .map(|reference| reference.url)
                .filter(|url| !url.is_empty())
                .collect(),
            withdrawn: record.withdrawn.filter(|date| !date.is_empty()),
        },
        published: record.published,
        modified: record.modified,
        label,
        affected: record.affected.into_iter().filter_map(affected).collect(),
    }))
}

fn affected(affected: AffectedPackage) -> Option<Affected> {
    let package = affected.package?;
    Some(Affected {
        ecosystem: package.ecosystem,
        name: package.name,
        // Commits are no versions.
        ranges: affected
            .ranges
            .into_iter()
            .filter(|range| range.kind != "GIT")
            .map(range)
            .collect(),
        versions: affected.versions,
        ..Affected::default()
    })
}

fn range(range: EventRange) -> Range {
    let events = range.events.into_iter().flat_map(|event| {
        [
            event.introduced.map(Event::Introduced),
            event.fixed.map(Event::Fixed),
            event.last_affected.map(Event::LastAffected),
            event.limit.map(Event::Limit),
        ]
    });
    Range {
        is_semver: range.kind == "SEMVER",
        events: events.flatten().collect(),
    }
}

//! secdb: the fixes of Alpine, Wolfi and Chainguard, a file for each release and repository.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Fact, FeedError};
use crate::record::{Advisory, Affected};

const KIND: &str = "secdb file";

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    distroversion: String,
    #[serde(default)]
    urlprefix: String,
    packages: Option<Vec<Entry>>,
}

#[derive(Deserialize)]
struct Entry {
    pkg: Package,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    #[serde(default)]
    secfixes: Option<BTreeMap<String, Option<Vec<String>>>>,
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Fact>, FeedError> {
    serde_json::from_slice(bytes)
        .map(facts)
        .map_err(|source| FeedError::Json { kind: KIND, source })
}

pub(super) fn value(value: Value) -> Result<Vec<Fact>, FeedError> {
    serde_json::from_value(value)
        .map(facts)
        .map_err(|source| FeedError::Json { kind: KIND, source })
}

/// An advisory for each flaw, with the packages of the file that it affected.
fn facts(file: File) -> Vec<Fact> {
    let ecosystem = ecosystem(&file);
    let mut flaws: BTreeMap<String, Vec<Affected>> = BTreeMap::new();
    for Entry { pkg } in file.packages.unwrap_or_default() {
        for (fixed, ids) in pkg.secfixes.unwrap_or_default() {
            // A field may hold several ids; version 0 means that the package never was affected.
            for id in ids
                .iter()
                .flatten()
                .flat_map(|ids| ids.split_whitespace())
                .filter(|_| fixed != "0")
            {
                let affected =
                    Affected::before(ecosystem.as_str(), pkg.name.as_str(), Some(&fixed));
                flaws.entry(id.to_owned()).or_default().push(affected);
            }
        }
    }
    let advisory = |(id, affected)| {
        Fact::Advisory(Box::new(Advisory {
            id,
            affected,
            ..Advisory::default()
        }))
    };
    flaws.into_iter().map(advisory).collect()
}

fn ecosystem(file: &File) -> String {
    if file.urlprefix.contains("wolfi") {
        "Wolfi".to_owned()
    } else if file.urlprefix.contains("chainguard") || file.urlprefix.contains("cgr.dev") {
        "Chainguard".to_owned()
    } else if file.distroversion.is_empty() {
        "Alpine".to_owned()
    } else {
        format!("Alpine:{}", file.distroversion)
    }
}

//! Debian's security tracker: source package → flaw → release → state.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Fact, FeedError};
use crate::record::{Advisory, Affected, Detail, Severity, Status};

/// Releases by their names; what is not here has no number yet, or none any more.
const RELEASES: [(&str, &str); 9] = [
    ("wheezy", "7"),
    ("jessie", "8"),
    ("stretch", "9"),
    ("buster", "10"),
    ("bullseye", "11"),
    ("bookworm", "12"),
    ("trixie", "13"),
    ("forky", "14"),
    ("duke", "15"),
];

#[derive(Deserialize)]
struct Flaw {
    #[serde(default)]
    description: String,
    releases: BTreeMap<String, State>,
}

#[derive(Deserialize)]
struct State {
    status: String,
    fixed_version: Option<String>,
    #[serde(default)]
    urgency: String,
    #[serde(default)]
    nodsa_reason: Option<String>,
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Fact>, FeedError> {
    let packages: BTreeMap<String, BTreeMap<String, Flaw>> = serde_json::from_slice(bytes)
        .map_err(|source| FeedError::Json {
            kind: "security tracker",
            source,
        })?;
    let mut advisories: BTreeMap<String, Advisory> = BTreeMap::new();
    for (package, flaws) in &packages {
        for (id, flaw) in flaws {
            let advisory = advisories.entry(id.clone()).or_insert_with(|| Advisory {
                id: id.clone(),
                detail: Detail {
                    details: flaw.description.clone(),
                    ..Detail::default()
                },
                ..Advisory::default()
            });
            for (release, state) in &flaw.releases {
                advisory.label = advisory.label.max(label(&state.urgency));
                advisory.affected.extend(affected(package, release, state));
            }
        }
    }
    Ok(advisories
        .into_values()
        .map(|advisory| Fact::Advisory(Box::new(advisory)))
        .collect())
}

fn affected(package: &str, release: &str, state: &State) -> Option<Affected> {
    let (_, number) = RELEASES.iter().find(|(name, _)| *name == release)?;
    let fixed = state
        .fixed_version
        .as_deref()
        .filter(|_| state.status == "resolved");
    // Fixed in version 0: the release never had it.
    if fixed == Some("0") || state.status == "undetermined" {
        return None;
    }
    let mut affected = Affected::before(format!("Debian:{number}"), package, fixed);
    affected.status = match (fixed, state.nodsa_reason.as_deref(), state.urgency.as_str()) {
        (Some(_), ..) => Status::Affected,
        (_, _, "end-of-life") => Status::EndOfLife,
        (_, Some("ignored"), _) | (_, _, "unimportant") => Status::WillNotFix,
        (_, Some("postponed"), _) => Status::FixDeferred,
        _ => Status::Affected,
    };
    Some(affected)
}

fn label(urgency: &str) -> Severity {
    Severity::from_label(urgency.trim_end_matches('*'))
}

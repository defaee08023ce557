//! The Kubernetes project's official feed of CVEs, a JSON Feed. Which versions are affected stands in its texts, as a list
//! below a heading: `- kubelet v1.28.0 - v1.28.3`.

use serde::Deserialize;

use super::{Fact, FeedError};
use crate::record::{Advisory, Affected, Detail, Event, Range};

#[derive(Deserialize)]
struct Feed {
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    id: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    content_text: String,
    #[serde(default)]
    date_published: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    external_url: String,
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Fact>, FeedError> {
    let feed: Feed = serde_json::from_slice(bytes).map_err(|source| FeedError::Json {
        kind: "feed of Kubernetes",
        source,
    })?;
    Ok(feed.items.into_iter().map(fact).collect())
}

fn fact(item: Item) -> Fact {
    let vectors = item
        .content_text
        .split(|c: char| !(c.is_ascii_alphanumeric() || ":./".contains(c)));
    let vectors = vectors.filter(|word| word.starts_with("CVSS:") && word.contains('/'));
    Fact::Advisory(Box::new(Advisory {
        affected: affected(&item.content_text),
        detail: Detail {
            vectors: vectors.map(str::to_owned).take(1).collect(),
            summary: item.summary,
            details: item.content_text,
            references: [item.url, item.external_url]
                .into_iter()
                .filter(|url| !url.is_empty())
                .collect(),
            ..Detail::default()
        },
        modified: item.date_published.clone(),
        published: item.date_published,
        id: item.id,
        ..Advisory::default()
    }))
}

/// The lines of the list below the heading that names affected versions.
fn affected(text: &str) -> Vec<Affected> {
    let lines = text
        .lines()
        .map(str::trim)
        .skip_while(|line| !line.to_ascii_lowercase().contains("affected versions"))
        .skip(1);
    let is_heading = |line: &&str| {
        line.starts_with('#')
            || line.starts_with("**")
            || line.to_ascii_lowercase().contains("fixed version")
    };
    let items = lines
        .take_while(|line| !is_heading(line))
        .filter_map(|line| line.strip_prefix(['-', '*']));
    items.filter_map(|item| item_range(item.trim())).collect()
}

/// `NAME[:] v1 - v2`, `NAME <= v1`, `NAME < v1`, `NAME >= v1`, `NAME v1`.
fn item_range(item: &str) -> Option<Affected> {
    let mut words = item
        .split_whitespace()
        .map(|word| word.trim_matches([',', ':', '`']))
        .filter(|word| !word.is_empty());
    let mut name = "kubernetes";
    let mut sign = "";
    let mut events: Vec<Event> = Vec::new();
    for word in words.by_ref() {
        let (own_sign, version) = word.split_at(
            word.find(|c| !matches!(c, '<' | '>' | '=' | '≤'))
                .unwrap_or(word.len()),
        );
        let number = version.trim_start_matches('v');
        let is_version = number.starts_with(|c: char| c.is_ascii_digit()) && number.contains('.');
        match (own_sign, is_version) {
            ("", false) if word == "-" || word == "to" => sign = "-",
            ("", false) if events.is_empty() => name = word,
            ("", false) => {}
            (own, false) => sign = own,
            (own, true) => {
                let sign = std::mem::take(&mut sign);
                match if own.is_empty() { sign } else { own } {
                    "<" => events.push(Event::Fixed(number.to_owned())),
                    "<=" | "≤" => events.push(Event::LastAffected(number.to_owned())),
                    ">=" | ">" => events.push(Event::Introduced(number.to_owned())),
                    "-" => {
                        // The version before the dash was no single one.
                        if let Some(Event::LastAffected(_)) = events.last() {
                            events.pop();
                        }
                        events.push(Event::LastAffected(number.to_owned()));
                    }
                    _ => events.extend([
                        Event::Introduced(number.to_owned()),
                        Event::LastAffected(number.to_owned()),
                    ]),
                }
            }
        }
    }
    if events.is_empty() {
        return None;
    }
    if !events
        .iter()
        .any(|event| matches!(event, Event::Introduced(_)))
    {
        events.insert(0, Event::Introduced("0".to_owned()));
    }
    Some(Affected {
        ecosystem: "Kubernetes".to_owned(),
        name: name.to_owned(),
        ranges: vec![Range {
            is_semver: true,
            events,
        }],
        ..Affected::default()
    })
}

//! `seawall explain CVE-…`: what the database knows of a flaw, for people and as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use advisories::{AdvisoryRef, AffectedPackage, Bytes, Group, Mapped, RangeEnd};
use serde_json::{Map, Value, json};

use super::vector;
use crate::args::{ExplainArgs, ExplainFormat};
use crate::db;
use crate::errors::Hinted;
use crate::prose::{Page, wrapped};

/// Packages of one ecosystem that a page lists.
const SHOWN: usize = 40;

/// Pages that it lists.
const PAGES: usize = 20;

/// Whether a word has the form of an advisory's id: `CVE-2026-0001`, `GHSA-…`, `DSA-1-1`.
pub(super) fn is_id(word: &str) -> bool {
    let Some((prefix, rest)) = word.split_once('-') else {
        return false;
    };
    let is_prefix =
        (2..=16).contains(&prefix.len()) && prefix.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_upper = prefix.bytes().any(|byte| byte.is_ascii_uppercase());
    let is_lower = ["cve", "ghsa"].contains(&prefix);
    is_prefix && (is_upper || is_lower) && !rest.is_empty() && !rest.contains('/')
}

/// The page or document on a flaw; an error where the database does not know it.
pub(super) fn explain(args: &ExplainArgs, page: &mut Page) -> anyhow::Result<()> {
    let path = db::path(&args.database)?;
    let database = db::open(&path)?;
    let word = args.what.as_str();
    let group = database
        .group_of(word)
        .ok_or_else(|| unknown(word, &path))?;
    let indexes: BTreeSet<u32> = group.advisories().map(AdvisoryRef::index).collect();
    let affected = database.affected_by(&indexes);
    match args.format {
        ExplainFormat::Text => text(group, &affected, &database, page),
        ExplainFormat::Json => {
            let document = document(group, &affected, &database);
            page.line(&serde_json::to_string_pretty(&document)?);
        }
    }
    Ok(())
}

fn unknown(word: &str, path: &Path) -> Hinted {
    let hint = "`seawall db update` fetches newer ones";
    let message = format!("the advisories in {} do not tell of {word}", path.display());
    Hinted::new(message, hint)
}

type Affected<'a> = AffectedPackage<'a, Bytes>;

fn text(group: Group<'_, Bytes>, affected: &[Affected<'_>], database: &Mapped, page: &mut Page) {
    let summary = group.advisories().map(|advisory| advisory.detail().summary);
    let summary = summary
        .filter(|text| !text.trim().is_empty())
        .min_by_key(String::len);
    let title = summary.map_or(String::new(), |text| format!(": {}", text.trim()));
    page.title(&format!("{}{title}", group.name()));
    page.line(&facts(group));
    let others: Vec<&str> = group.ids().filter(|id| *id != group.name()).collect();
    page.section("Also called", &wrapped(&others.join(", ")));
    page.section("Severity", &vectors(group).join("\n"));
    let details = group.advisories().map(|advisory| advisory.detail().details);
    let details = details
        .max_by_key(|text| text.len().min(4000))
        .unwrap_or_default();
    let details: Vec<String> = details.trim().split("\n\n").take(6).map(wrapped).collect();
    page.section("What is published", details.join("\n\n").trim());
    page.section("Affected", &packages(affected).join("\n"));
    let advisories: Vec<String> = group.advisories().map(line).collect();
    page.section("Advisories", &advisories.join("\n"));
    page.section(
        "References",
        &references(group)
            .into_iter()
            .take(PAGES)
            .collect::<Vec<_>>()
            .join("\n"),
    );
    page.section("Data", &format!("advisories of {}", database.date()));
}

fn facts(group: Group<'_, Bytes>) -> String {
    let score = group
        .score()
        .map_or(String::new(), |score| format!(" (CVSS {score:.1})"));
    let mut facts = vec![format!("severity {}{score}", group.severity().as_str())];
    if let Some(epss) = group.epss() {
        let percentile = group.epss_percentile();
        let more = percentile.map_or(String::new(), |it| {
            format!(", more than {:.0} % of all", it * 100.0)
        });
        facts.push(format!(
            "exploited within 30 days with a probability of {:.2} % (EPSS{more})",
            epss * 100.0
        ));
    }
    if group.is_exploited() {
        facts.push(format!(
            "known to be exploited, to be fixed by {} (CISA)",
            group.exploited_due()
        ));
    }
    facts.join("\n")
}

/// Each vector once, with what it says.
fn vectors(group: Group<'_, Bytes>) -> Vec<String> {
    let mut lines = Vec::new();
    for vector in all_vectors(group) {
        let score =
            advisories::score(&vector).map_or(String::new(), |score| format!("  {score:.1}"));
        lines.push(format!("{vector}{score}"));
        let words = vector::words(&vector);
        let words = words.iter().map(|(name, value)| format!("{name}: {value}"));
        lines.extend(
            wrapped(&words.collect::<Vec<_>>().join("; "))
                .lines()
                .map(|line| format!("  {line}")),
        );
    }
    lines
}

fn all_vectors(group: Group<'_, Bytes>) -> BTreeSet<String> {
    group
        .advisories()
        .flat_map(|advisory| advisory.detail().vectors)
        .collect()
}

fn references(group: Group<'_, Bytes>) -> BTreeSet<String> {
    group
        .advisories()
        .flat_map(|advisory| advisory.detail().references)
        .collect()
}

/// Package by package, in each ecosystem.
fn packages(affected: &[Affected<'_>]) -> Vec<String> {
    let mut by_ecosystem: BTreeMap<&str, Vec<&Affected<'_>>> = BTreeMap::new();
    for one in affected {
        by_ecosystem
            .entry(one.package.ecosystem())
            .or_default()
            .push(one);
    }
    let mut lines = Vec::new();
    for (ecosystem, packages) in by_ecosystem {
        lines.push(ecosystem.to_owned());
        for one in packages.iter().take(SHOWN) {
            lines.push(format!("  {} {}", one.package.name(), ranges(one)));
        }
        if packages.len() > SHOWN {
            lines.push(format!("  and {} more", packages.len() - SHOWN));
        }
    }
    lines
}

fn ranges(one: &Affected<'_>) -> String {
    if one.advisory.is_withdrawn() {
        return format!("none: {} is withdrawn", one.advisory.id());
    }
    let mut parts: Vec<String> = one.ranges.iter().map(ToString::to_string).collect();
    match one.versions.as_slice() {
        [one] => parts.push(format!("= {one}")),
        [first, .., last] if parts.is_empty() => {
            parts.push(format!(
                "{} versions from {first} to {last}",
                one.versions.len()
            ));
        }
        _ => {}
    }
    let fixed = fixed(one);
    let fixed = if fixed.is_empty() {
        format!(
            "; {}",
            if one.status == advisories::Status::Affected {
                "no fix is known"
            } else {
                one.status.as_str()
            }
        )
    } else {
        format!("; fixed in {}", fixed.join(", "))
    };
    format!("{}{fixed} ({})", parts.join(" or "), one.advisory.id())
}

fn fixed<'a>(one: &AffectedPackage<'a, Bytes>) -> Vec<&'a str> {
    let fixed = one.ranges.iter().filter_map(|range| match range.end {
        RangeEnd::Fixed(version) => Some(version),
        _ => None,
    });
    fixed.collect()
}

fn line(advisory: AdvisoryRef<'_, Bytes>) -> String {
    let withdrawn = if advisory.is_withdrawn() {
        ", withdrawn"
    } else {
        ""
    };
    let day = |word: &str, date: String| {
        if date.is_empty() {
            String::new()
        } else {
            format!(", {word} {date}")
        }
    };
    format!(
        "{} of {}{}{}{withdrawn}",
        advisory.id(),
        advisory.source(),
        day("published", advisory.published()),
        day("changed", advisory.modified())
    )
}

fn document(group: Group<'_, Bytes>, affected: &[Affected<'_>], database: &Mapped) -> Value {
    let vectors = all_vectors(group).into_iter().map(|vector| {
        let metrics = vector::words(&vector).into_iter();
        let metrics: Map<String, Value> = metrics
            .map(|(name, word)| (name.to_owned(), json!(word)))
            .collect();
        json!({ "vector": vector, "score": advisories::score(&vector), "metrics": metrics })
    });
    let weaknesses: BTreeSet<String> = group
        .advisories()
        .flat_map(|it| it.detail().weaknesses)
        .collect();
    let advisories = group.advisories().map(|advisory| {
        let detail = advisory.detail();
        json!({
            "id": advisory.id(),
            "source": advisory.source(),
            "published": advisory.published(),
            "modified": advisory.modified(),
            "withdrawn": advisory.is_withdrawn(),
            "severity": advisory.severity().as_str(),
            "summary": detail.summary,
            "details": detail.details,
        })
    });
    let affected = affected
        .iter()
        .filter(|one| !one.advisory.is_withdrawn())
        .map(|one| {
            let ranges = one.ranges.iter().map(|range| {
                let (key, end) = match range.end {
                    RangeEnd::Open => return json!({ "introduced": range.first.unwrap_or("0") }),
                    RangeEnd::Fixed(version) => ("fixed", version),
                    RangeEnd::Last(version) => ("lastAffected", version),
                    RangeEnd::Limit(version) => ("limit", version),
                };
                json!({ "introduced": range.first.unwrap_or("0"), key: end })
            });
            json!({
                "ecosystem": one.package.ecosystem(),
                "package": one.package.name(),
                "advisory": one.advisory.id(),
                "status": one.status.as_str(),
                "ranges": ranges.collect::<Vec<_>>(),
                "versions": one.versions,
                "fixed": fixed(one),
            })
        });
    json!({
        "schema": "seawall.dev/advisory/v1",
        "id": group.name(),
        "aliases": group.ids().filter(|id| *id != group.name()).collect::<Vec<_>>(),
        "severity": group.severity().as_str(),
        "cvss": group.score(),
        "vectors": vectors.collect::<Vec<_>>(),
        "epss": group.epss().map(|epss| json!({ "probability": epss, "percentile": group.epss_percentile() })),
        "kev": group.is_exploited().then(|| json!({ "due": group.exploited_due() })),
        "weaknesses": weaknesses,
        "affected": affected.collect::<Vec<_>>(),
        "advisories": advisories.collect::<Vec<_>>(),
        "references": references(group),
        "database": { "date": database.date() },
    })
}

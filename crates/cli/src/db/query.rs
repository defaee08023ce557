//! `seawall db query`: what the database knows of an advisory or a package.

use std::process::ExitCode;

use advisories::{AdvisoryRef, Bytes, Group, Mapped, Query, Severity};
use versions::Purl;

use crate::errors::Hinted;
use crate::output;
use crate::prose;

pub(super) fn run(database: &Mapped, what: &str) -> anyhow::Result<ExitCode> {
    let text = if what.starts_with("pkg:") {
        package_url(database, what)?
    } else if let Some(group) = database.group_of(what) {
        flaw(group)
    } else {
        package(database, what)?
    };
    output::print(text.as_bytes())
}

fn flaw(group: Group<'_, Bytes>) -> String {
    let mut text = format!("{}\n", group.name());
    let others: Vec<&str> = group.ids().filter(|id| *id != group.name()).collect();
    if !others.is_empty() {
        text += &format!("also       {}\n", others.join(", "));
    }
    text += &format!(
        "severity   {}{}\n",
        group.severity().as_str(),
        group
            .score()
            .map_or_else(String::new, |score| format!(" (CVSS {score})"))
    );
    if let Some(epss) = group.epss() {
        text += &format!("likelihood {:.2} % in 30 days (EPSS)\n", epss * 100.0);
    }
    if group.is_exploited() {
        text += &format!(
            "exploited  yes, to be fixed by {} (CISA)\n",
            group.exploited_due()
        );
    }
    for advisory in group.advisories() {
        text += &format!(
            "\n{} of {}, changed {}{}\n",
            advisory.id(),
            advisory.source(),
            or_unknown(advisory.modified()),
            if advisory.is_withdrawn() {
                ", withdrawn"
            } else {
                ""
            }
        );
        let detail = advisory.detail();
        for part in [&detail.summary, &detail.details] {
            if !part.trim().is_empty() {
                text += &format!("{}\n", prose::wrapped(part.trim()));
            }
        }
        for reference in detail.references.iter().take(5) {
            text += &format!("  {reference}\n");
        }
    }
    text
}

fn or_unknown(date: String) -> String {
    if date.is_empty() {
        "on an unknown day".to_owned()
    } else {
        date
    }
}

/// What affects the version of a package URL, or, without one, the package.
fn package_url(database: &Mapped, url: &str) -> anyhow::Result<String> {
    let purl = Purl::parse(url)?;
    let query = Query::from_purl(&purl).ok_or_else(|| {
        Hinted::new(
            format!("no advisories are known for packages of type {}", purl.kind),
            "types are npm, pypi, golang, deb, apk, rpm and the like",
        )
    })?;
    if query.version.is_empty() {
        return package(database, &query.name);
    }
    let mut text = String::new();
    for found in database.matches(&query) {
        let fixed = if found.fixed.is_empty() {
            found.status.as_str().to_owned()
        } else {
            format!("fixed in {}", found.fixed.join(", "))
        };
        text += &line(found.advisory, &fixed);
    }
    Ok(if text.is_empty() {
        format!(
            "nothing is known to affect {} {} ({})\n",
            query.name, query.version, query.ecosystem
        )
    } else {
        text
    })
}

fn package(database: &Mapped, name: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    for package in database.packages_named(name) {
        text += &format!("{} ({})\n", package.name(), package.ecosystem());
        for advisory in package.advisories() {
            text += &line(advisory, "");
        }
    }
    if text.is_empty() {
        return Err(Hinted::new(
            format!("the database knows no advisory or package '{name}'"),
            "packages have the names of their ecosystem: `org.apache.logging.log4j:log4j-core`",
        )
        .into());
    }
    Ok(text)
}

fn line(advisory: AdvisoryRef<'_, Bytes>, note: &str) -> String {
    let name = advisory.group().map_or("", |group| group.name());
    let severity = if advisory.severity() == Severity::Unknown {
        advisory.group().map_or(Severity::Unknown, Group::severity)
    } else {
        advisory.severity()
    };
    format!(
        "  {:8} {:20} {}  {note}",
        severity.as_str(),
        name,
        advisory.id()
    )
    .trim_end()
    .to_owned()
        + "\n"
}

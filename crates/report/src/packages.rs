//! Reports on packages: the JSON report with findings of kind `vulnerability`, a table, and counts.

mod cyclonedx;
mod json;
mod junit;
mod openvex;
mod sarif;
mod spdx;
mod spdx3;

use std::io::{self, Write};

use model::{
    BuildFinding, ExposedSecret, ListedPackage, PackageReport, Problem, ProblemLevel, Severity,
    State, System, Vulnerability,
};

use crate::summary::escaped;

/// A way to write a report on packages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PackageFormat {
    /// One line a finding, and the counts.
    Table,
    /// Counts alone.
    Summary,
    /// The versioned JSON report.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// `JUnit` XML.
    Junit,
    /// A bill of materials with its vulnerabilities: `CycloneDX` 1.6.
    CycloneDx,
    /// A bill of materials: SPDX 2.3.
    Spdx,
    /// A bill of materials: SPDX 3.0 in JSON-LD.
    Spdx3,
    /// What is decided of the flaws: `OpenVEX` 0.2.0.
    OpenVex,
}

impl PackageFormat {
    /// Whether it says something of every package, so that the report has to list them.
    pub fn lists_packages(self) -> bool {
        matches!(
            self,
            PackageFormat::CycloneDx | PackageFormat::Spdx | PackageFormat::Spdx3
        )
    }
}

/// How to write it.
#[derive(Clone, Copy, Debug)]
pub struct PackageOptions<'a> {
    /// The version of this program.
    pub tool_version: &'a str,
    /// Every package is listed, not only those with findings.
    pub lists_packages: bool,
}

/// Writes the report.
pub fn render_packages(
    format: PackageFormat,
    report: &PackageReport,
    options: &PackageOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        PackageFormat::Json => {
            let mut text = serde_json::to_vec_pretty(&json::Document::new(report, options))?;
            text.push(b'\n');
            out.write_all(&text)
        }
        PackageFormat::Table => {
            if options.lists_packages {
                list(&report.listed, out)?;
            }
            table(report, out)?;
            secrets(report, out)?;
            built(report, out)?;
            summary(report, out)
        }
        PackageFormat::Summary => summary(report, out),
        PackageFormat::Sarif => sarif::render(report, options, out),
        PackageFormat::Junit => junit::render(report, out),
        PackageFormat::CycloneDx => cyclonedx::render(report, options, out),
        PackageFormat::Spdx => spdx::render(report, options, out),
        PackageFormat::Spdx3 => spdx3::render(report, options, out),
        PackageFormat::OpenVex => openvex::render(report, options, out),
    }
}

fn list(packages: &[ListedPackage], out: &mut dyn Write) -> io::Result<()> {
    let width = packages
        .iter()
        .map(|package| package.purl.chars().count())
        .max();
    let width = width.unwrap_or_default();
    for package in packages {
        let path = package.path.as_deref().unwrap_or_default();
        let line = format!("{:width$}  {}", escaped(&package.purl), escaped(path));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn table(report: &PackageReport, out: &mut dyn Write) -> io::Result<()> {
    rows(
        &counting(&report.vulnerabilities, |finding| finding.state)
            .map(row)
            .collect::<Vec<_>>(),
        out,
    )
}

/// Cells below each other.
fn rows<const COLUMNS: usize>(rows: &[[String; COLUMNS]], out: &mut dyn Write) -> io::Result<()> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..COLUMNS)
        .map(|column| width(column).unwrap_or_default())
        .collect();
    for row in rows {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A credential in words, without it.
fn exposed(secret: &ExposedSecret) -> String {
    let hidden = if secret.is_hidden {
        ", in a file that a later layer deletes or replaces"
    } else {
        ""
    };
    format!("{}{hidden}: {}", secret.title, secret.shown)
}

/// What a finding says in one sentence.
fn sentence(finding: &Vulnerability) -> String {
    let package = &finding.package;
    let fixed = if package.fixed.is_empty() {
        package
            .status
            .map_or("no fix is known", |status| status)
            .to_owned()
    } else {
        format!("fixed in {}", package.fixed.join(", "))
    };
    let exploited = if finding.risk.is_exploited {
        "; known to be exploited"
    } else {
        ""
    };
    format!(
        "{} affects {}; {fixed}{exploited}",
        finding.advisory, package.purl
    )
}

fn row(finding: &Vulnerability) -> [String; 5] {
    let fixed = match (finding.package.fixed.as_slice(), finding.package.status) {
        ([], Some(status)) => status.to_owned(),
        ([], None) => "no fix".to_owned(),
        (fixed, _) => format!("fixed in {}", fixed.join(", ")),
    };
    let exploited = finding.risk.is_exploited.then(|| "exploited".to_owned());
    let stated = finding
        .vex
        .as_ref()
        .map(|note| note.status.as_str().replace('_', " "));
    let likely = finding
        .risk
        .epss
        .filter(|epss| *epss >= 0.01)
        .map(|epss| format!("EPSS {:.0} %", epss * 100.0));
    let notes: Vec<String> = exploited.into_iter().chain(likely).chain(stated).collect();
    [
        finding
            .severity
            .map_or("unknown", Severity::as_str)
            .to_owned(),
        escaped(&finding.advisory),
        escaped(&finding.package.purl),
        escaped(&fixed),
        notes.join(", "),
    ]
}

/// A line for each secret: how grave, what, where, and the line that has it.
fn secrets(report: &PackageReport, out: &mut dyn Write) -> io::Result<()> {
    let row = |secret: &ExposedSecret| {
        let hidden = if secret.is_hidden {
            " (deleted or replaced by a later layer)"
        } else {
            ""
        };
        [
            secret.severity.as_str().to_owned(),
            secret.pattern.clone(),
            escaped(&format!("{}:{}{hidden}", secret.path, secret.line)),
            escaped(&secret.shown),
        ]
    };
    let secrets = counting(&report.secrets, |secret| secret.state);
    rows(&secrets.map(row).collect::<Vec<_>>(), out)
}

/// Those that count.
fn counting<T>(all: &[T], state: impl Fn(&T) -> State) -> impl Iterator<Item = &T> {
    all.iter().filter(move |one| state(one) == State::New)
}

/// Where something is built: a line of a file, or a step in the history of an image.
fn build_place(report: &PackageReport, built: &BuildFinding) -> String {
    let place = &built.finding.place;
    if report.kind != "image" {
        return format!("{}:{}", place.file, place.line);
    }
    match built.step {
        Some(step) if built.is_in_base => format!("step {step}, of the base image"),
        Some(step) => format!("step {step}"),
        None => "configuration".to_owned(),
    }
}

/// A line for each finding in how images are built: how grave, which control, where, and what.
fn built(report: &PackageReport, out: &mut dyn Write) -> io::Result<()> {
    let row = |built: &BuildFinding| {
        [
            built.finding.severity.as_str().to_owned(),
            built.finding.control.clone(),
            escaped(&build_place(report, built)),
            escaped(&built.finding.message),
        ]
    };
    let all = counting(&report.built, |built| built.finding.state);
    rows(&all.map(row).collect::<Vec<_>>(), out)
}

fn summary(report: &PackageReport, out: &mut dyn Write) -> io::Result<()> {
    let words = Severity::ALL
        .into_iter()
        .map(|severity| (severity.as_str(), report.count(Some(severity))))
        .chain([("of unknown severity", report.count(None))]);
    let counts: Vec<String> = words
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    let counts = if counts.is_empty() {
        "no known vulnerabilities".to_owned()
    } else {
        counts.join(", ")
    };
    writeln!(
        out,
        "{} packages: {counts}; advisories of {}",
        report.packages, report.database.date
    )?;
    let secrets = Severity::ALL.map(|severity| (severity, report.count_secrets(severity)));
    let built = Severity::ALL.map(|severity| (severity, report.count_built(severity)));
    for (what, counts) in [("secrets", secrets), ("controls", built)] {
        let counts = counts.iter().filter(|(_, count)| *count > 0);
        let counts: Vec<String> = counts
            .map(|(severity, count)| format!("{count} {severity}"))
            .collect();
        if !counts.is_empty() {
            writeln!(out, "{what}: {}", counts.join(", "))?;
        }
    }
    let excepted = report
        .states()
        .filter(|state| *state == State::Excepted)
        .count();
    let baselined = report
        .states()
        .filter(|state| *state == State::Baselined)
        .count();
    let words = [(excepted, "excepted"), (baselined, "in the baseline")];
    let words = words.iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = words
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if !words.is_empty() {
        writeln!(out, "{}", words.join(", "))?;
    }
    if let Some(system) = &report.system {
        writeln!(out, "{}", support(system))?;
    }
    problems(report, out)
}

/// The operating system, and whether anybody still mends it.
fn support(system: &System) -> String {
    let name = if system.name.is_empty() {
        format!("{} {}", system.id, system.version)
    } else {
        system.name.clone()
    };
    let support = match (&system.support_ends, system.has_ended) {
        (Some(end), true) => format!(": its support ended on {end}"),
        (Some(end), false) => format!(", supported until {end}"),
        (None, true) => ": its support has ended".to_owned(),
        (None, false) => String::new(),
    };
    escaped(&format!("{}{support}", name.trim()))
}

/// Problems that a table shows of those that have no level of an error, by their kind.
const SHOWN: usize = 5;

fn problems(report: &PackageReport, out: &mut dyn Write) -> io::Result<()> {
    let is_error = |problem: &&Problem| problem.level == ProblemLevel::Error;
    for problem in report.problems.iter().filter(is_error) {
        let place = if problem.file.is_empty() {
            String::new()
        } else {
            format!("{}: ", problem.file)
        };
        writeln!(
            out,
            "error: {}",
            escaped(&format!("{place}{}", problem.message))
        )?;
    }
    let others: Vec<&Problem> = report
        .problems
        .iter()
        .filter(|problem| !is_error(problem))
        .collect();
    for problem in others.iter().take(SHOWN) {
        let place = if problem.file.is_empty() || !problem.kind.is_about_exception() {
            String::new()
        } else {
            format!("{}: ", problem.file)
        };
        let word = if problem.kind.is_about_exception() {
            "note"
        } else {
            "unknown"
        };
        writeln!(
            out,
            "{word}: {}",
            escaped(&format!("{place}{}", problem.message))
        )?;
    }
    if others.len() > SHOWN {
        writeln!(
            out,
            "{} more could not be looked up; --format json lists them",
            others.len() - SHOWN
        )?;
    }
    Ok(())
}

//! Counts by severity, control and file: what a large scan prints first, and how every
//! human-readable output ends. Needs no detail.

use std::collections::BTreeMap;
use std::io::{self, Write};

use model::{ClusterFacts, Finding, ProblemLevel, Report, Severity, State};

use crate::style::Paint;
use crate::view::{Counts, plural, severity_index};
use crate::{Options, frameworks};

/// How many controls and files are listed; `--verbose` lists all.
const TOP: usize = 15;

/// Writes the tables and the closing lines.
pub(crate) fn render(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint {
        color: options.color,
    };
    if report
        .findings
        .iter()
        .any(|finding| finding.state == State::New)
    {
        controls(report, options, paint, out)?;
        files(report, options, paint, out)?;
    }
    frameworks::render(report, options, out)?;
    problems(report, paint, out)?;
    closing(report, options, out)
}

fn new_findings(report: &Report) -> impl Iterator<Item = &Finding> {
    report
        .findings
        .iter()
        .filter(|finding| finding.state == State::New)
}

fn controls(
    report: &Report,
    options: &Options,
    paint: Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut counts: BTreeMap<(usize, u32), (Severity, usize)> = BTreeMap::new();
    for finding in new_findings(report) {
        let key = (severity_index(finding.severity), finding.control);
        counts.entry(key).or_insert((finding.severity, 0)).1 += 1;
    }
    let mut rows: Vec<(Severity, usize, &str, &str)> = counts
        .into_iter()
        .map(|((_, control), (severity, count))| {
            let info = &report.controls[control as usize].info;
            (severity, count, info.id.as_str(), info.title.as_str())
        })
        .collect();
    rows.sort_by(|a, b| (b.0, b.1, a.2).cmp(&(a.0, a.1, b.2)));
    let limit = limit(rows.len(), options);
    writeln!(out, "{}", paint.bold("Controls"))?;
    let width = rows
        .iter()
        .take(limit)
        .map(|row| row.2.len())
        .max()
        .unwrap_or(0);
    for (severity, count, id, title) in rows.iter().take(limit) {
        let word = paint.severity(*severity, &format!("{severity:<8}"));
        writeln!(out, "  {count:>6}  {word}  {id:<width$}  {title}")?;
    }
    more(rows.len(), limit, "controls", out)
}

fn files(report: &Report, options: &Options, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for finding in new_findings(report) {
        let resource = &report.inventory.resources[finding.resource as usize];
        let node = resource.document.at(finding.node);
        let file = resource.document.place(node.origin()).source.name();
        counts.entry(file).or_default()[severity_index(finding.severity)] += 1;
    }
    let mut rows: Vec<(&str, [usize; 4])> = counts.into_iter().collect();
    rows.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
    let limit = limit(rows.len(), options);
    writeln!(out, "\n{}", paint.bold("Files"))?;
    writeln!(out, "  critical    high  medium     low  file")?;
    for (file, [critical, high, medium, low]) in rows.iter().take(limit) {
        writeln!(out, "  {critical:>8}{high:>8}{medium:>8}{low:>8}  {file}")?;
    }
    more(rows.len(), limit, "files", out)
}

fn limit(rows: usize, options: &Options) -> usize {
    // One row more costs no more than the line that says that there is one.
    if options.verbose || rows <= TOP + 1 {
        rows
    } else {
        TOP
    }
}

fn more(rows: usize, limit: usize, what: &str, out: &mut dyn Write) -> io::Result<()> {
    if rows > limit {
        writeln!(
            out,
            "          … and {} more {what} (--verbose lists them)",
            rows - limit
        )?;
    }
    Ok(())
}

/// Every problem with its place and what to do.
pub(crate) fn problems(report: &Report, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    if report.problems.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", paint.bold("Could not evaluate"))?;
    for problem in &report.problems {
        let level = match problem.level {
            ProblemLevel::Error => paint.severity(Severity::High, "error  "),
            ProblemLevel::Unknown => paint.severity(Severity::Medium, "unknown"),
        };
        let place = problem
            .location
            .as_ref()
            .map_or_else(|| problem.file.clone(), model::Location::words);
        let separator = if place.is_empty() { "" } else { ": " };
        writeln!(
            out,
            "  {level}  {place}{separator}{} [{}]",
            problem.message, problem.kind
        )?;
        if let Some(hint) = &problem.hint {
            writeln!(out, "           {}", paint.dim(&format!("hint: {hint}")))?;
        }
    }
    Ok(())
}

/// A foreign text on one line: nothing in it moves the cursor.
pub(crate) fn escaped(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

/// What was seen of a cluster as a whole.
fn cluster(facts: &ClusterFacts, out: &mut dyn Write) -> io::Result<()> {
    if let Some(published) = &facts.vulnerabilities {
        let count = match published.len() {
            0 => "no published vulnerability".to_owned(),
            1 => "1 published vulnerability".to_owned(),
            count => format!("{count} published vulnerabilities"),
        };
        writeln!(
            out,
            "Kubernetes {}: {count}",
            escaped(&facts.server_version)
        )?;
        for one in published {
            let severity = one.severity.map_or("unknown", Severity::as_str);
            let fixed = match one.fixed.as_slice() {
                [] => String::new(),
                fixed => format!("; fixed in {}", fixed.join(", ")),
            };
            let text = format!(
                "{} {severity} {} {}: {}{fixed}",
                one.id, one.component, one.version, one.summary
            );
            writeln!(out, "  {}", escaped(&text))?;
        }
    }
    let admission = &facts.admission;
    let levels = admission.pod_security.iter();
    let levels: Vec<String> = levels
        .map(|(level, count)| format!("{count} {level}"))
        .collect();
    writeln!(
        out,
        "Admission: {}, {}; Pod Security of namespaces: {}",
        plural(
            admission.mutating_webhooks + admission.validating_webhooks,
            "webhook"
        ),
        match admission.mutating_policies + admission.validating_policies {
            1 => "1 policy".to_owned(),
            count => format!("{count} policies"),
        },
        if levels.is_empty() {
            "none read".to_owned()
        } else {
            levels.join(", ")
        }
    )
}

/// What was scanned and what it came to, in one or two lines.
pub(crate) fn closing(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint {
        color: options.color,
    };
    let counts = Counts::of(report);
    let total = counts.new_findings();
    let mut line = match total {
        0 => paint.bold("No findings"),
        _ => format!(
            "{} ({})",
            paint.bold(&plural(total, "finding")),
            counts.words()
        ),
    };
    line.push_str(&format!(
        " in {} with {} for Kubernetes {}",
        plural(report.inventory.resources.len(), "resource"),
        plural(report.controls.len(), "control"),
        report.target.kubernetes_version
    ));
    for (count, word) in [
        (
            counts.folded,
            "of them folded under another at the same place",
        ),
        (counts.baselined, "baselined"),
        (counts.excepted, "excepted"),
    ] {
        if count > 0 {
            line.push_str(&format!("; {count} {word}"));
        }
    }
    let errors = report
        .problems
        .iter()
        .filter(|problem| problem.level == ProblemLevel::Error)
        .count();
    if errors > 0 {
        line.push_str(&format!(
            "; {} could not be evaluated",
            plural(errors, "input")
        ));
    }
    writeln!(out, "\n{line}")?;
    if let Some(facts) = &report.target.cluster {
        cluster(facts, out)?;
    }
    if options.verbose {
        for file in &report.skipped_files {
            writeln!(out, "skipped, not Kubernetes: {file}")?;
        }
    }
    Ok(())
}

//! What it came to, on one screen: who was looked at, how many findings, where they are.

use std::collections::BTreeMap;

use maud::{Markup, html};
use model::{FindingRecord, ProblemLevel, Report, Status, hexadecimal};

use super::foreign::Foreign;
use super::{Findings, chart, counted, grouped};
use crate::Options;
use crate::view::{Counts, severity_index};

/// How many files, namespaces and controls are listed.
const TOP: usize = 8;

/// The name of the page.
pub(super) fn title(report: &Report) -> String {
    format!("{} · {}", subject(report), report.date)
}

/// What was scanned, in few words.
fn subject(report: &Report) -> String {
    let paths = &report.target.paths;
    match paths.as_slice() {
        [] => report.target.root.clone(),
        [one] if one == "." => "Files of this folder".to_owned(),
        [one] if one == "-" => "Standard input".to_owned(),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} and {}", counted(rest.len(), "other path")),
    }
}

/// The section.
pub(super) fn section(report: &Report, findings: &Findings<'_>, options: &Options) -> Markup {
    let counts = Counts::of(report);
    html! {
        section #summary aria-labelledby="title" {
            p.eyebrow { "Seawall report" }
            h1 #title { (Foreign(&subject(report))) }
            (facts(report, options))
            (verdict(report, &counts))
            div.panels {
                (outcomes(report))
                @if counts.new_findings() > 0 { (rankings(findings)) }
            }
        }
    }
}

/// When, what, with what: the facts that make two reports comparable.
fn facts(report: &Report, options: &Options) -> Markup {
    let target = &report.target;
    html! {
        dl.facts {
            div { dt { "Date" } dd { time datetime=(Foreign(&report.date)) { (Foreign(&report.date)) } } }
            div { dt { "Target" } dd {
                (target.kind) ": "
                @for (position, path) in target.paths.iter().enumerate() {
                    @if position > 0 { ", " }
                    code { (Foreign(path)) }
                }
            } }
            div { dt { "Resources" } dd { (grouped(report.inventory.resources.len())) } }
            div { dt { "Kubernetes" } dd { (target.kubernetes_version.to_string()) } }
            div { dt { "Controls" } dd { (grouped(report.controls.len())) } }
            div { dt { "Tool" } dd { "Seawall " (options.tool_version) } }
            @if let Some(input) = &target.input {
                div.wide { dt { "Input" } dd {
                    (counted(input.files.len(), "file")) ", SHA-256 "
                    a.digest href="#about-input" { code { (hexadecimal(&input.sha256)) } }
                } }
            }
        }
    }
}

/// The number that people look for first, and whether it is the whole truth.
fn verdict(report: &Report, counts: &Counts) -> Markup {
    let total = counts.new_findings();
    let lost = report.problems.iter();
    let lost = lost
        .filter(|problem| problem.level == ProblemLevel::Error)
        .count();
    let parts = parts(counts.by_severity);
    html! {
        div.verdict {
            p.total {
                strong { (grouped(total)) } " " (if total == 1 { "finding" } else { "findings" })
            }
            div.share {
                (chart::stacked(&parts, total))
                ul.legend {
                    @for (severity, count) in parts {
                        li {
                            a href="#findings" data-query={ "severity=" (severity) } {
                                span class={ "key " (severity) } {}
                                b { (grouped(count)) } " " (severity)
                            }
                        }
                    }
                    @for (state, count) in [("baselined", counts.baselined), ("excepted", counts.excepted)] {
                        @if count > 0 {
                            li { a href="#findings" data-query={ "state=" (state) } { b { (grouped(count)) } " " (state) } }
                        }
                    }
                }
            }
            @if lost > 0 {
                p.warning {
                    b { "Not complete. " }
                    (counted(lost, "input")) " could not be evaluated. "
                    a href="#open" { "See which, and why" } "."
                }
            }
        }
    }
}

/// How the controls fared.
fn outcomes(report: &Report) -> Markup {
    let count = |status| {
        let controls = report.controls.iter();
        controls
            .filter(|control| control.status() == status)
            .count()
    };
    let rows = [
        ("failed", "failed", count(Status::Failed)),
        ("open", "not evaluated", count(Status::NotEvaluated)),
        ("passed", "passed", count(Status::Passed)),
        ("none", "not applicable", count(Status::NotApplicable)),
    ];
    let parts = rows.map(|(class, _, count)| (class, count));
    html! {
        div.panel {
            h3 { "Controls" }
            (chart::stacked(&parts, report.controls.len()))
            ul.legend.column {
                @for (class, word, count) in rows {
                    @if count > 0 {
                        li { a href={ "#controls-" (class) } { span class={ "key " (class) } {} b { (grouped(count)) } " " (word) } }
                    }
                }
            }
        }
    }
}

/// Where the findings that count are: by control, namespace and file.
pub(super) fn rankings(findings: &Findings<'_>) -> Markup {
    html! {
        (ranking(findings, "By control", "control", &|finding| (&finding.control, &finding.control)))
        (ranking(findings, "By namespace", "namespace", &namespace))
        (ranking(findings, "By file", "file", &|finding| (&finding.place.file, &finding.place.file)))
    }
}

/// What findings are ranked by: what a filter takes, and what people read.
type Key<'r> = (&'r str, &'r str);

/// The things with the most findings, each with a bar by severity.
fn ranking<'r>(
    findings: &Findings<'r>,
    title: &str,
    facet: &str,
    key: &dyn Fn(&'r FindingRecord) -> Key<'r>,
) -> Markup {
    let mut counts: BTreeMap<Key<'_>, [usize; 4]> = BTreeMap::new();
    for finding in findings.counting() {
        counts.entry(key(finding)).or_default()[severity_index(finding.severity)] += 1;
    }
    let mut rows: Vec<(Key<'_>, [usize; 4])> = counts.into_iter().collect();
    let sum = |counts: &[usize; 4]| counts.iter().sum::<usize>();
    rows.sort_by(|left, right| sum(&right.1).cmp(&sum(&left.1)).then(left.cmp(right)));
    let most = rows.first().map_or(0, |row| sum(&row.1));
    let others = rows.len().saturating_sub(TOP);
    html! {
        div.panel {
            h3 { (title) }
            ol.ranking {
                @for ((value, name), counts) in rows.iter().take(TOP) {
                    li {
                        a href="#findings" data-query={ (facet) "=" (Foreign(value)) } { bdi { (Foreign(name)) } }
                        b { (grouped(sum(counts))) }
                        (chart::stacked(&parts(*counts), most))
                    }
                }
            }
            @if others > 0 { p.more { "and " (grouped(others)) " more" } }
        }
    }
}

/// Counts with the classes of their severities.
pub(super) fn parts(counts: [usize; 4]) -> [(&'static str, usize); 4] {
    let [critical, high, medium, low] = counts;
    [
        ("critical", critical),
        ("high", high),
        ("medium", medium),
        ("low", low),
    ]
}

fn namespace(finding: &FindingRecord) -> Key<'_> {
    match finding.resource.namespace.as_deref() {
        Some(namespace) => (namespace, namespace),
        None => ("", "no namespace named"),
    }
}

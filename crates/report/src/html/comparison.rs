//! The page of a comparison: what is new, fixed and unchanged, with the same list of findings.

use std::io::{self, Write};

use maud::{Markup, html};
use model::{Change, Comparison, FrameworkResult, Side};

use super::foreign::Foreign;
use super::page::{self, Page};
use super::summary::{parts, rankings};
use super::{Findings, chart, counted, grouped, open};
use crate::Options;
use crate::tally::Tally;

/// The states of a comparison's list; `excepted` are those that were and are.
const STATES: [&str; 6] = [
    "new",
    "fixed",
    "unchanged",
    "not-evaluated",
    "accepted",
    "excepted",
];

const NO_FRAMEWORKS: &[FrameworkResult] = &[];

/// Writes the page.
pub(crate) fn render(
    comparison: &Comparison,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows = comparison.findings.iter().map(|compared| {
        let state = match compared.change {
            _ if compared.is_accepted_now() => 4,
            _ if !compared.counts() => 5,
            Change::New => 0,
            Change::Fixed => 1,
            Change::Unchanged => 2,
            Change::NotEvaluated => 3,
        };
        (state, &compared.finding)
    });
    let findings = Findings {
        states: &STATES,
        rows: rows.collect(),
        controls: &comparison.controls,
        frameworks: NO_FRAMEWORKS,
    };
    let mut sections = vec![
        (
            "summary",
            "Summary",
            summary(comparison, &findings, options),
        ),
        ("findings", "Findings", page::findings(&findings)),
    ];
    if !comparison.head.problems.is_empty() || !comparison.base.problems.is_empty() {
        sections.push(("open", "Not evaluated", not_evaluated(comparison)));
    }
    let page = Page {
        title: format!("{} against {}", comparison.head.name, comparison.base.name),
        tool_version: options.tool_version,
        sections,
        findings: &findings,
    };
    page::write(&page, out)
}

fn summary(comparison: &Comparison, findings: &Findings<'_>, options: &Options) -> Markup {
    let tally = Tally::of(comparison);
    let worse: usize = tally.new.iter().sum();
    let others = [
        ("fixed", tally.fixed),
        ("unchanged", tally.unchanged),
        ("not-evaluated", tally.not_evaluated),
        ("accepted", tally.accepted),
    ];
    html! {
        section #summary aria-labelledby="title" {
            p.eyebrow { "Seawall comparison" }
            h1 #title { (Foreign(&comparison.head.name)) " " span.against { "against " (Foreign(&comparison.base.name)) } }
            dl.facts {
                (side("Base", &comparison.base))
                (side("Head", &comparison.head))
                div { dt { "Tool" } dd { "Seawall " (options.tool_version) } }
            }
            div.verdict {
                p.total { strong { (grouped(worse)) } " new " (if worse == 1 { "finding" } else { "findings" }) }
                div.share {
                    (chart::stacked(&parts(tally.new), worse))
                    ul.legend {
                        @for (severity, count) in parts(tally.new) {
                            li { a href="#findings" data-query={ "severity=" (severity) } {
                                span class={ "key " (severity) } {} b { (grouped(count)) } " " (severity)
                            } }
                        }
                    }
                    ul.legend {
                        @for (state, count) in others {
                            @if count > 0 {
                                li { a href="#findings" data-query={ "state=" (state) } { b { (grouped(count)) } " " (state.replace('-', " ")) } }
                            }
                        }
                    }
                }
                @for note in &comparison.notes { p.warning { b { "Compared in part. " } (Foreign(note)) } }
            }
            @if worse > 0 { div.panels { (rankings(findings)) } }
        }
    }
}

fn side(label: &str, side: &Side) -> Markup {
    html! {
        div {
            dt { (label) }
            dd {
                code { (Foreign(&side.name)) } ", " (counted(side.resources, "resource")) ", Kubernetes "
                (Foreign(&side.kubernetes_version)) ", " (Foreign(&side.date))
            }
        }
    }
}

fn not_evaluated(comparison: &Comparison) -> Markup {
    html! {
        section #open aria-labelledby="open-title" {
            h2 #open-title { "Not evaluated" }
            @for (label, side) in [("In the head", &comparison.head), ("In the base", &comparison.base)] {
                @if !side.problems.is_empty() { h3 { (label) } (open::problem_tables(&side.problems)) }
            }
        }
    }
}

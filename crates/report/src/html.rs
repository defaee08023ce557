//! One page for a browser and for paper: self-contained, readable without its script, and silent: its content
//! security policy lets nothing load and nothing run but the script and the style that are in it.

mod about;
mod accepted;
mod chart;
mod comparison;
mod controls;
mod data;
mod foreign;
mod frameworks;
mod island;
mod listing;
mod open;
mod page;
mod summary;

use std::io::{self, Write};

use maud::{Markup, html};
use model::{ControlRecord, FindingRecord, FrameworkResult, Report, State, Status};

use crate::Options;
use crate::record::record;
use foreign::Foreign;
use page::Page;

pub(crate) use comparison::render as render_comparison;

/// What the list of findings is made of.
struct Findings<'r> {
    /// Words for the states; those of the first count, and are what the list begins with.
    states: &'static [&'static str],
    /// Each finding with the position of its state.
    rows: Vec<(usize, &'r FindingRecord)>,
    /// In order of their ids.
    controls: &'r [ControlRecord],
    frameworks: &'r [FrameworkResult],
}

impl<'r> Findings<'r> {
    fn control(&self, id: &str) -> Option<&'r ControlRecord> {
        let by_id = |control: &ControlRecord| control.id.as_str().cmp(id);
        let index = self.controls.binary_search_by(by_id).ok()?;
        self.controls.get(index)
    }

    /// Those that count.
    fn counting(&self) -> impl Iterator<Item = &'r FindingRecord> {
        let rows = self.rows.iter().filter(|(state, _)| *state == 0);
        rows.map(|(_, finding)| *finding)
    }
}

/// Writes the page of a report.
pub(crate) fn render(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let record = record(report, options.tool_version, true);
    let rows = record.findings.iter().map(|finding| {
        let state = match finding.state {
            State::New => 0,
            State::Baselined => 1,
            State::Excepted => 2,
        };
        (state, finding)
    });
    let findings = Findings {
        states: &["new", "baselined", "excepted"],
        rows: rows.collect(),
        controls: &record.controls,
        frameworks: &report.frameworks,
    };
    let summary = summary::section(report, &findings, options);
    let mut sections = vec![("summary", "Summary", summary)];
    if !report.frameworks.is_empty() {
        sections.push(("frameworks", "Frameworks", frameworks::section(report)));
    }
    sections.push(("findings", "Findings", page::findings(&findings)));
    if accepted::is_needed(report) {
        sections.push(("accepted", "Accepted", accepted::section(report)));
    }
    if open::is_needed(report) {
        sections.push((
            "open",
            "Not evaluated",
            open::section(report, &record.problems),
        ));
    }
    sections.push(("controls", "Controls", controls::section(report)));
    sections.push(("about", "About", about::section(report, options)));
    let page = Page {
        title: summary::title(report),
        tool_version: options.tool_version,
        sections,
        findings: &findings,
    };
    page::write(&page, out)
}

/// A word with a mark of its own, so that colour is not all that tells one from another.
fn chip(class: &str, word: &str) -> Markup {
    html! { span class={ "chip " (class) } { (word) } }
}

/// The class for a status.
fn status_class(status: Status) -> &'static str {
    match status {
        Status::Failed => "failed",
        Status::NotEvaluated => "open",
        Status::Passed => "passed",
        Status::NotApplicable | Status::Manual => "none",
    }
}

/// `1 finding`, `10,000 findings`.
fn counted(count: usize, word: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {word}{plural}", grouped(count))
}

/// A number with commas between groups of three digits.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A link out of the page, where the address is one of the web; else the text alone.
fn link(address: &str) -> Markup {
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    html! {
        @if is_web {
            a href=(Foreign(address)) rel="noopener noreferrer" { (Foreign(address)) }
        } @else {
            (Foreign(address))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn large_numbers_are_grouped() {
        let check = |count, expected: &str| assert_eq!(grouped(count), expected);
        check(0, "0");
        check(999, "999");
        check(1_000, "1,000");
        check(1_234_567, "1,234,567");
    }
}

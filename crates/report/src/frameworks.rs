//! Frameworks for people: score and counts, then requirement by requirement, what failed first in each
//! group.

use std::collections::BTreeSet;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use model::{FrameworkResult, LeftOpen, Report, RequirementResult, Status};

use crate::Options;
use crate::style::Paint;

/// Columns of the longest status word.
const STATUS_WIDTH: usize = 14;

/// How many failing controls are named behind a requirement.
const MAX_FAILING: usize = 3;

/// How many controls that left something open are named there; of more, the number.
const MAX_OPEN: usize = 2;

/// More manual requirements of a group than these share a line, without their titles.
const MAX_MANUAL: usize = 3;

/// Longer ids push their titles out of the column.
const MAX_ID_WIDTH: usize = 28;

/// Writes every framework of a report.
pub(crate) fn render(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint {
        color: options.color,
    };
    for framework in &report.frameworks {
        heading(framework, paint, out)?;
        let writer = Rows {
            report,
            options,
            paint,
            id_width: id_width(framework),
        };
        for (group, items) in framework.groups() {
            writeln!(out)?;
            if let Some(group) = group {
                writeln!(out, "  {}", paint.bold(group))?;
            }
            writer.group(items, out)?;
        }
        if framework
            .groups()
            .iter()
            .any(|(_, items)| writer.shares_lines(items))
        {
            let hint = "--verbose shows the manual requirements, and how to check them";
            writeln!(out, "\n  {}", paint.dim(hint))?;
        }
    }
    Ok(())
}

/// Title, score, counts, and what the file leaves out.
fn heading(framework: &FrameworkResult, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("{} {}", framework.title, framework.version);
    writeln!(out, "\n{} ({})", paint.bold(&title), framework.id)?;
    writeln!(
        out,
        "  {}, {} of {} requirements evaluated: {}",
        score(framework),
        framework.evaluated(),
        framework.requirements.len(),
        counts(framework)
    )?;
    match &framework.partial {
        Some(partial) => writeln!(out, "  {}", paint.dim(&format!("partial: {partial}"))),
        None => Ok(()),
    }
}

/// `score 81.5 %`.
pub(crate) fn score(framework: &FrameworkResult) -> String {
    let score = framework.score();
    score.map_or_else(
        || "no score".to_owned(),
        |score| format!("score {score:.1} %"),
    )
}

/// `2 failed, 10 passed (1 in part), 3 manual`; only what there is.
pub(crate) fn counts(framework: &FrameworkResult) -> String {
    let count = |word| {
        let requirements = framework.requirements.iter();
        requirements.filter(|item| status(item) == word).count()
    };
    let in_part = count(IN_PART);
    let passed = count(PASSED) + in_part;
    let parts = [
        (count(FAILED), FAILED, String::new()),
        (passed, PASSED, format!(" ({in_part} in part)")),
        (count(NOT_EVALUATED), NOT_EVALUATED, String::new()),
        (count(MANUAL), MANUAL, String::new()),
        (count(NOT_APPLICABLE), NOT_APPLICABLE, String::new()),
    ];
    let told: Vec<String> = parts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, word, more)| {
            let more = if word == PASSED && in_part > 0 {
                more
            } else {
                String::new()
            };
            format!("{count} {word}{more}")
        })
        .collect();
    told.join(", ")
}

const FAILED: &str = "failed";
const NOT_EVALUATED: &str = "not evaluated";
const PASSED: &str = "passed";
const IN_PART: &str = "passed in part";
const MANUAL: &str = "manual";
const NOT_APPLICABLE: &str = "not applicable";

/// The word for a requirement. `passed` alone is only for those that leave nothing open, and what met
/// nothing in the scan counts as not evaluated.
pub(crate) fn status(item: &RequirementResult) -> &'static str {
    match item.status {
        Status::Failed => FAILED,
        Status::Passed if item.is_passed_in_part() => IN_PART,
        Status::Passed => PASSED,
        Status::NotEvaluated => NOT_EVALUATED,
        Status::NotApplicable if item.applies => NOT_EVALUATED,
        Status::NotApplicable => NOT_APPLICABLE,
        Status::Manual => MANUAL,
    }
}

fn order(item: &RequirementResult) -> usize {
    let words = [FAILED, NOT_EVALUATED, IN_PART, PASSED, MANUAL];
    let word = status(item);
    let position = words.iter().position(|&known| known == word);
    position.unwrap_or(words.len())
}

/// What is said behind the title: how many things passed or failed, and what was left open.
pub(crate) fn note(item: &RequirementResult, report: &Report) -> String {
    let tally = item.tally;
    let mut parts = Vec::new();
    if item.status == Status::Failed {
        parts.push(format!(
            "{} of {} failed: {}",
            tally.failed,
            tally.evaluated(),
            listed(&failing(item, report))
        ));
    } else if item.status == Status::Passed {
        parts.push(format!("{} passed", tally.passed));
    }
    if tally.excepted > 0 && item.is_evaluated() {
        parts.push(format!("{} excepted", tally.excepted));
    }
    parts.extend(item.left_open.iter().map(|part| left_open(part, item)));
    if item.is_partly_evidenced() {
        parts.push("the rest is manual".to_owned());
    }
    parts.join("; ")
}

/// `a, b, c and 2 more`.
fn listed(ids: &[&str]) -> String {
    // One more costs no more than the words that say that there is one.
    if ids.len() <= MAX_FAILING + 1 {
        return ids.join(", ");
    }
    let (first, others) = ids.split_at(MAX_FAILING);
    format!("{} and {} more", first.join(", "), others.len())
}

fn left_open(part: &LeftOpen, item: &RequirementResult) -> String {
    match part.controls.len() {
        0 => part.why.clone(),
        few if few <= MAX_OPEN => format!("{}: {}", part.controls.join(", "), part.why),
        many => format!("{many} of {} controls: {}", item.controls.len(), part.why),
    }
}

/// The ids of a requirement's controls that failed.
fn failing<'r>(item: &'r RequirementResult, report: &Report) -> Vec<&'r str> {
    let ids: BTreeSet<&str> = item.controls.iter().map(String::as_str).collect();
    let failed = |id: &&str| control_status(id, report) == Some(Status::Failed);
    ids.into_iter().filter(failed).collect()
}

fn control_status(id: &str, report: &Report) -> Option<Status> {
    let by_id = |control: &model::ControlResult| control.info.id.as_str().cmp(id);
    let index = report.controls.binary_search_by(by_id).ok()?;
    Some(report.controls[index].status())
}

fn id_width(framework: &FrameworkResult) -> usize {
    let ids = framework.requirements.iter().map(|item| item.id.len());
    ids.max().unwrap_or_default().min(MAX_ID_WIDTH)
}

/// Writes the rows of a framework.
struct Rows<'r> {
    report: &'r Report,
    options: &'r Options,
    paint: Paint,
    id_width: usize,
}

impl Rows<'_> {
    fn group(&self, mut items: Vec<&RequirementResult>, out: &mut dyn Write) -> io::Result<()> {
        items.sort_by_key(|item| order(item));
        if !self.shares_lines(&items) {
            return items.into_iter().try_for_each(|item| self.row(item, out));
        }
        let (manual, others): (Vec<_>, Vec<_>) = items
            .into_iter()
            .partition(|item| item.status == Status::Manual);
        for item in others {
            self.row(item, out)?;
        }
        self.manual(&manual, out)
    }

    /// Whether the manual requirements of a group are so many that only their ids are written.
    fn shares_lines(&self, items: &[&RequirementResult]) -> bool {
        let manual = items.iter().filter(|item| item.status == Status::Manual);
        !self.options.verbose && manual.count() > MAX_MANUAL
    }

    /// The ids of manual requirements, in as few lines as they take.
    fn manual(&self, items: &[&RequirementResult], out: &mut dyn Write) -> io::Result<()> {
        let indent = STATUS_WIDTH + 6;
        let mut line = String::new();
        let mut word = MANUAL;
        for (position, item) in items.iter().enumerate() {
            let comma = if position + 1 < items.len() { "," } else { "" };
            if !line.is_empty() && indent + line.len() + item.id.len() + 2 > self.options.width {
                self.manual_line(word, &line, out)?;
                line.clear();
                word = "";
            }
            let space = if line.is_empty() { "" } else { " " };
            line.push_str(&format!("{space}{}{comma}", item.id));
        }
        self.manual_line(word, &line, out)
    }

    fn manual_line(&self, word: &str, ids: &str, out: &mut dyn Write) -> io::Result<()> {
        let word = self
            .paint
            .style(style(MANUAL), &format!("{word:STATUS_WIDTH$}"));
        writeln!(out, "    {word}  {ids}")
    }

    fn row(&self, item: &RequirementResult, out: &mut dyn Write) -> io::Result<()> {
        let word = status(item);
        let width = self.id_width;
        let note = match note(item, self.report) {
            note if note.is_empty() => note,
            note => format!(" {}", self.paint.dim(&format!("({note})"))),
        };
        writeln!(
            out,
            "    {}  {:width$}  {}{note}",
            self.paint
                .style(style(word), &format!("{word:STATUS_WIDTH$}")),
            item.id,
            item.title,
        )?;
        if self.options.verbose {
            self.more(item, out)?;
        }
        Ok(())
    }

    /// Each control with its outcome, and what an auditor does.
    fn more(&self, item: &RequirementResult, out: &mut dyn Write) -> io::Result<()> {
        for id in &item.controls {
            let status = control_status(id, self.report);
            let word = status.map_or("did not run", Status::as_str);
            writeln!(out, "{:20}{word:STATUS_WIDTH$}  {id}", "")?;
        }
        match &item.manual {
            Some(manual) => writeln!(out, "{:20}manual: {manual}", ""),
            None => Ok(()),
        }
    }
}

fn style(word: &str) -> Style {
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match word {
        FAILED => color(AnsiColor::Red).bold(),
        NOT_EVALUATED | IN_PART => color(AnsiColor::Yellow),
        PASSED => color(AnsiColor::Green),
        _ => Style::new().dimmed(),
    }
}

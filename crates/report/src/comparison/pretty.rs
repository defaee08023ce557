//! New findings drawn at their lines, fixed ones named: what a person reads on a terminal.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use model::{Change, ComparedFinding, Comparison, Excerpt, FindingRecord};

use super::{accepted, lines, owner, remediation, told};
use crate::Options;
use crate::pretty::level;
use crate::style::Paint;

/// Writes the snippets and the lists.
pub(super) fn render(
    comparison: &Comparison,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let paint = Paint {
        color: options.color,
    };
    let renderer = if options.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
    .term_width(options.width);
    let mut heading = Some("New");
    for compared in told(comparison, Change::New) {
        if let Some(heading) = heading.take() {
            writeln!(out, "{}\n", paint.bold(heading))?;
        }
        let drawn = draw(comparison, compared);
        writeln!(out, "{}\n", renderer.render(&[drawn]))?;
    }
    let accepted: Vec<_> = accepted(comparison).collect();
    list("Accepted since the base", &accepted, paint, out)?;
    let fixed: Vec<_> = told(comparison, Change::Fixed).collect();
    list("Fixed", &fixed, paint, out)?;
    let lost: Vec<_> = told(comparison, Change::NotEvaluated).collect();
    list("Not looked for again", &lost, paint, out)?;
    if options.verbose {
        let same: Vec<_> = told(comparison, Change::Unchanged).collect();
        list("Unchanged", &same, paint, out)?;
    }
    lines::summary(comparison, options, out)
}

fn list(
    title: &str,
    findings: &[&ComparedFinding],
    paint: Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", paint.bold(title))?;
    for compared in findings {
        let finding = &compared.finding;
        let severity = format!("{:<8}", finding.severity);
        writeln!(
            out,
            "  {}  {}:{}: {} [{}] in {}",
            paint.severity(finding.severity, &severity),
            finding.place.file,
            finding.place.line,
            finding.message,
            finding.control,
            owner(compared)
        )?;
        if let Some(exception) = &finding.exception {
            let told = format!("accepted: {} ({})", exception.reason, exception.at);
            writeln!(out, "            {}", paint.dim(&told))?;
        }
    }
    writeln!(out)
}

/// The title, the lines where they are at hand, whose it is, and what to change.
fn draw<'c>(comparison: &'c Comparison, compared: &'c ComparedFinding) -> Group<'c> {
    let finding = &compared.finding;
    let place = &finding.place;
    let title = level(finding.severity)
        .primary_title(finding.message.as_str())
        .id(finding.control.as_str());
    let is_part = finding.excerpt.as_ref().is_some_and(|it| it.part.is_some());
    let origin = || {
        Origin::path(place.file.as_str())
            .line(place.line as usize)
            .char_column(place.column as usize)
    };
    let lines = finding
        .excerpt
        .as_ref()
        .and_then(|it| lines_of(it, finding));
    let mut group = if let Some((text, marked)) = lines {
        let snippet = Snippet::source(text)
            .line_start(place.line as usize)
            .fold(false)
            .annotation(AnnotationKind::Primary.span(marked));
        if is_part {
            title.element(origin()).element(snippet)
        } else {
            title.element(snippet.path(place.file.as_str()))
        }
    } else {
        let group = title.element(origin());
        match &finding.evidence {
            Some(evidence) => group.element(Level::NOTE.with_name("evidence").message(evidence)),
            None => group,
        }
    };
    group = group.element(Level::NOTE.with_name("in").message(owner(compared)));
    match remediation(comparison, &finding.control) {
        "" => group,
        text => group.element(Level::HELP.with_name("fix").message(text)),
    }
}

/// The lines of the place, and the bytes of them that are meant.
fn lines_of(excerpt: &Excerpt, finding: &FindingRecord) -> Option<(String, Range<usize>)> {
    if let Some(part) = &excerpt.part {
        let text = excerpt.lines.first()?;
        return Some((text.clone(), byte(text, part.start)..byte(text, part.end)));
    }
    let place = &finding.place;
    let before = place.line.checked_sub(excerpt.first_line)? as usize;
    let count = (place.end_line - place.line) as usize + 1;
    let lines: Vec<&str> = excerpt
        .lines
        .iter()
        .skip(before)
        .take(count)
        .map(String::as_str)
        .collect();
    let last = lines.last()?;
    let text = lines.join("\n");
    let start = byte(lines[0], (place.column as usize).saturating_sub(1));
    let is_whole = lines.len() == count;
    let in_last = if is_whole {
        byte(last, (place.end_column as usize).saturating_sub(1))
    } else {
        last.len()
    };
    let end = text.len() - last.len() + in_last;
    Some((text, start..end.max(start)))
}

/// The byte at which a character begins.
fn byte(text: &str, character: usize) -> usize {
    let mut positions = text.char_indices().map(|(at, _)| at);
    positions.nth(character).unwrap_or(text.len())
}

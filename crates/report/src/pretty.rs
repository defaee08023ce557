//! Findings drawn at their source line, grouped by file: what a person reads on a terminal.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use document::Role;
use model::{Report, Severity};

use crate::style::Paint;
use crate::view::{View, entry_names, folded, shown};
use crate::{Options, excerpt, frameworks, mask, summary};

/// How many lines of a long place are drawn.
const MAX_LINES: u32 = 4;

/// Writes the snippets, frameworks, problems, and the closing lines.
pub(crate) fn render(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint {
        color: options.color,
    };
    let renderer = if options.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
    .term_width(options.width);
    let folded = folded(report);
    let views: Vec<View<'_>> = shown(report).collect();
    let mut file = "";
    for place in views.chunk_by(|a, b| same_place(a, b)) {
        if place[0].detail.location.file() != file {
            file = place[0].detail.location.file();
            writeln!(out, "{}\n", paint.bold(file))?;
        }
        let group = Place {
            views: place,
            folded: &folded,
        };
        writeln!(out, "{}\n", renderer.render(&[group.draw()]))?;
    }
    if !views.is_empty() && !options.verbose {
        writeln!(
            out,
            "{}",
            paint.dim("`seawall explain CONTROL` says why, and shows before and after.")
        )?;
    }
    frameworks::render(report, options, out)?;
    summary::problems(report, paint, out)?;
    summary::closing(report, options, out)
}

/// Findings at one place are one drawing.
fn same_place(a: &View<'_>, b: &View<'_>) -> bool {
    let (a_at, b_at) = (&a.detail.location, &b.detail.location);
    a.finding.resource == b.finding.resource
        && a_at.span == b_at.span
        && a_at.file() == b_at.file()
        && (!a_at.is_live() || a.detail.path == b.detail.path)
        && a.detail.instances.len() == b.detail.instances.len()
}

/// All the findings at one place.
struct Place<'a> {
    views: &'a [View<'a>],
    folded: &'a BTreeMap<u32, Vec<&'a str>>,
}

impl<'a> Place<'a> {
    fn draw(&self) -> Group<'a> {
        // The worst leads; among equals the first of the report, so that the order is stable.
        let lead = self
            .views
            .iter()
            .rev()
            .max_by_key(|view| view.finding.severity)
            .unwrap_or(&self.views[0]);
        let mut group = drawn(lead);
        if let Some(value) = decided_by(lead) {
            group = group.element(value_snippet(value));
        }
        group = group.element(Level::NOTE.with_name("in").message(owner(lead)));
        if let Some(words) = made_by(lead) {
            group = group.element(Level::NOTE.with_name("by").message(words));
        }
        if let Some(names) = entry_names(&lead.entries()) {
            group = group.element(Level::NOTE.with_name("rendered").message(names));
        }
        let mut told = BTreeSet::from([told_of(lead)]);
        for other in self.views {
            if told.insert(told_of(other)) {
                let text = format!("{} [{}]", other.detail.message, other.id());
                group = group.element(level(other.finding.severity).message(text));
            }
        }
        let fix = Level::HELP
            .with_name("fix")
            .message(lead.control.info.remediation.as_str());
        group = group.element(fix);
        let also = self.also();
        if also.is_empty() {
            group
        } else {
            group.element(Level::NOTE.with_name("also").message(also.join(", ")))
        }
    }

    /// Controls whose findings are folded under the ones here.
    fn also(&self) -> Vec<&'a str> {
        let mut ids: Vec<&str> = self
            .views
            .iter()
            .filter_map(|view| self.folded.get(&view.index))
            .flat_map(|ids| ids.iter().copied())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// What tells one finding at a place from another: containers that share an anchor differ in the message.
fn told_of<'a>(view: &View<'a>) -> (&'a str, &'a str) {
    (view.id(), view.detail.message.as_str())
}

fn owner(view: &View<'_>) -> String {
    match &view.detail.container {
        Some(container) => format!("{}, container {container}", view.resource_name()),
        None => view.resource_name(),
    }
}

/// The nearest value that decided what stands there: it is drawn as well.
fn decided_by<'a>(view: &View<'a>) -> Option<&'a model::Origin> {
    let origins = &view.detail.origins;
    origins.iter().find(|origin| origin.role == Role::Value)
}

/// The other places that had a part in it. The bases are known from the renderings.
fn made_by(view: &View<'_>) -> Option<String> {
    let drawn = decided_by(view).map(std::ptr::from_ref);
    let others = view.detail.origins.iter();
    let others = others.filter(|origin| origin.role != Role::Base);
    let others = others.filter(|origin| Some(std::ptr::from_ref(*origin)) != drawn);
    let words: Vec<String> = others.map(model::Origin::words).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// The first line of a value.
fn value_snippet(origin: &model::Origin) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    let location = &origin.location;
    let start = location.start();
    let mut lines = excerpt::lines(&location.source, start.line, start.line);
    if lines.end - lines.start > excerpt::MAX_BYTES {
        lines = excerpt::window_around(location, &lines);
    }
    let path = origin.path.as_deref();
    let label = path.map_or("value".to_owned(), |path| format!("value {path}"));
    let marked = excerpt::marked_in(location, &lines);
    Snippet::source(mask::masked_origin(origin, &lines))
        .line_start(start.line as usize)
        .fold(false)
        .path(location.file())
        .annotation(AnnotationKind::Context.span(marked).label(label))
}

pub(crate) fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Critical | Severity::High => Level::ERROR.with_name(severity.as_str()),
        Severity::Medium => Level::WARNING.with_name(severity.as_str()),
        Severity::Low => Level::INFO.with_name(severity.as_str()),
    }
}

/// The title and the source.
fn drawn<'a>(view: &View<'a>) -> Group<'a> {
    let location = &view.detail.location;
    if location.is_live() {
        return live(view);
    }
    let start = location.start();
    let last = location
        .end()
        .line
        .clamp(start.line, start.line + MAX_LINES - 1);
    let lines = excerpt::lines(&location.source, start.line, last);
    let title = level(view.finding.severity)
        .primary_title(view.detail.message.as_str())
        .id(view.id());
    if lines.end - lines.start <= excerpt::MAX_BYTES {
        return title.element(snippet(view, &lines).path(location.file()));
    }
    let origin = Origin::path(location.file())
        .line(start.line as usize)
        .char_column(start.column as usize);
    title
        .element(origin)
        .element(snippet(view, &excerpt::window(view, &lines)))
}

/// An object of a cluster: there are no lines to draw, so the path and what stands there are told.
fn live<'a>(view: &View<'a>) -> Group<'a> {
    let title = level(view.finding.severity)
        .primary_title(view.detail.message.as_str())
        .id(view.id());
    let group = title.element(Origin::path(view.detail.location.file()));
    let at = match (view.detail.path.as_str(), &view.detail.evidence) {
        ("", None) => return group,
        (path, None) => path.to_owned(),
        (path, Some(evidence)) => format!("{path}: {evidence}"),
    };
    group.element(Level::NOTE.with_name("at").message(at))
}

fn snippet<'a>(
    view: &View<'a>,
    lines: &Range<u32>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let marked = excerpt::marked(view, lines);
    let text = mask::masked(view, lines);
    Snippet::source(text)
        .line_start(view.detail.location.start().line as usize)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(marked))
}

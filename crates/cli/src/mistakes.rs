//! Mistakes in what the user wrote, drawn at their place.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use catalog::Diagnostic;

/// Mistakes with places, as an error.
#[derive(Debug)]
pub(crate) struct Mistakes(pub(crate) Vec<Diagnostic>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}

impl Mistakes {
    /// All mistakes as pictures of the source.
    pub(crate) fn draw(&self, color: bool) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let pictures: Vec<String> = self
            .0
            .iter()
            .map(|mistake| renderer.render(&[picture(mistake)]))
            .collect();
        pictures.join("\n\n")
    }
}

fn picture(mistake: &Diagnostic) -> Group<'_> {
    let text = mistake.source.text();
    let snippet = Snippet::source(text)
        .path(mistake.source.name())
        .annotation(AnnotationKind::Primary.span(first_line(text, mistake)));
    let group = Level::ERROR
        .primary_title(mistake.message.as_str())
        .element(snippet);
    match &mistake.hint {
        Some(hint) => group.element(Level::HELP.message(hint.as_str())),
        None => group,
    }
}

/// The part of a span on its first line: a caret under a whole mapping helps nobody.
fn first_line(text: &str, mistake: &Diagnostic) -> Range<usize> {
    let start = (mistake.span.start as usize).min(text.len());
    let end = (mistake.span.end as usize).clamp(start, text.len());
    let line = text
        .get(start..end)
        .and_then(|span| span.lines().next())
        .unwrap_or_default();
    start..start + line.len()
}

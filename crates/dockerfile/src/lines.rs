//! The lines of a Dockerfile: directives, comments, and instructions over several lines, as `BuildKit` puts them together.

use document::Span;

use crate::text::Text;

/// A directive of the parser: `# syntax=docker/dockerfile:1`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Directive {
    /// In lower case.
    pub name: String,
    /// Its value.
    pub value: String,
    /// From its `#` to the end of its line.
    pub span: Span,
}

/// What is wrong at a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// Where.
    pub span: Span,
    /// One sentence, lower case, without a full stop.
    pub message: String,
}

/// The lines that make one instruction.
pub(crate) struct Logical {
    pub(crate) text: Text,
    /// First and last line, from 1.
    pub(crate) lines: (u32, u32),
    /// From the first character to the end of the last line.
    pub(crate) span: Span,
}

/// One line with its place.
#[derive(Clone, Copy)]
pub(crate) struct Line<'t> {
    /// Without its line break.
    pub(crate) text: &'t str,
    /// With it.
    pub(crate) whole: &'t str,
    pub(crate) start: u32,
    pub(crate) number: u32,
}

impl Line<'_> {
    pub(crate) fn end(&self) -> u32 {
        self.start + self.text.len() as u32
    }

    fn is_comment(&self) -> bool {
        self.text.trim_start().starts_with('#')
    }

    /// From its `#` to its end.
    fn comment(&self) -> Span {
        let indent = self.text.len() - self.text.trim_start().len();
        self.start + indent as u32..self.end()
    }
}

/// Reads a Dockerfile line by line.
pub(crate) struct Reader<'t> {
    rest: &'t str,
    at: u32,
    number: u32,
    pub(crate) escape: char,
    /// No directives come any more.
    is_past_directives: bool,
    pub(crate) directives: Vec<Directive>,
    pub(crate) comments: Vec<Span>,
    pub(crate) mistakes: Vec<Mistake>,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let rest = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        Reader {
            rest,
            at: (text.len() - rest.len()) as u32,
            number: 0,
            escape: '\\',
            is_past_directives: false,
            directives: Vec::new(),
            comments: Vec::new(),
            mistakes: Vec::new(),
        }
    }

    /// The next line as it is.
    pub(crate) fn line(&mut self) -> Option<Line<'t>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
        let (whole, rest) = self.rest.split_at(end);
        let start = self.at;
        self.rest = rest;
        self.at += end as u32;
        self.number += 1;
        Some(Line {
            text: whole.trim_end_matches(['\r', '\n']),
            whole,
            start,
            number: self.number,
        })
    }

    /// The next instruction.
    pub(crate) fn logical(&mut self) -> Option<Logical> {
        loop {
            let line = self.line()?;
            self.directive(&line);
            if line.is_comment() {
                self.comments.push(line.comment());
                continue;
            }
            let indent = line.text.len() - line.text.trim_start().len();
            let start = line.start + indent as u32;
            let (own, mut goes_on) = continued(&line.text[indent..], self.escape);
            if own.is_empty() && !goes_on {
                continue;
            }
            let mut logical = Logical {
                text: Text::plain(own, start),
                lines: (line.number, line.number),
                span: start..line.end(),
            };
            while goes_on && let Some(line) = self.line() {
                logical.lines.1 = line.number;
                logical.span.end = line.end();
                if line.is_comment() {
                    self.comments.push(line.comment());
                    continue;
                }
                if line.text.trim_start().is_empty() {
                    continue;
                }
                let (own, more) = continued(line.text, self.escape);
                logical.text.push(own, line.start);
                goes_on = more;
            }
            return Some(logical);
        }
    }

    /// Takes a line that may be a directive; the first one that is none ends them.
    fn directive(&mut self, line: &Line<'_>) {
        if self.is_past_directives {
            return;
        }
        let Some((name, value)) = directive(line.text.trim_start()) else {
            self.is_past_directives = true;
            return;
        };
        let span = line.comment();
        if self.directives.iter().any(|known| known.name == name) {
            let message = format!("the directive `{name}` is repeated");
            self.mistakes.push(Mistake { span, message });
            return;
        }
        if name == "escape" {
            match value {
                "`" => self.escape = '`',
                "\\" => {}
                _ => {
                    let message =
                        format!("`{value}` is no escape character: it is `\\` or a backtick");
                    let span = span.clone();
                    self.mistakes.push(Mistake { span, message });
                }
            }
        }
        self.directives.push(Directive {
            name,
            value: value.to_owned(),
            span,
        });
    }
}

/// Name and value of a line such as `# syntax=docker/dockerfile:1`.
fn directive(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.strip_prefix('#')?.trim_start().split_once('=')?;
    let name = name.trim_end().to_ascii_lowercase();
    let value = value.trim();
    let is_known = matches!(name.as_str(), "syntax" | "escape" | "check");
    (is_known && !value.is_empty()).then_some((name, value))
}

/// A line without the character that goes on with the next one, and whether it has it. One that is itself escaped ends the line.
fn continued(line: &str, escape: char) -> (&str, bool) {
    let trimmed = line.trim_end_matches([' ', '\t']);
    match trimmed.strip_suffix(escape) {
        Some(before) if !before.ends_with(escape) => (before, true),
        _ => (line, false),
    }
}

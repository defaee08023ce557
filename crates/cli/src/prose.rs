//! Text for people: wrapped, indented, under headings.

use std::fmt::Write as _;

/// Columns of prose.
const COLUMNS: usize = 78;

/// A page that grows.
pub(crate) struct Page {
    pub(crate) text: String,
    bold: bool,
}

impl Page {
    /// An empty page; `bold` headings are for terminals.
    pub(crate) fn new(bold: bool) -> Self {
        Page {
            text: String::new(),
            bold,
        }
    }

    /// The first line of what is explained.
    pub(crate) fn title(&mut self, title: &str) {
        let _ = writeln!(self.text, "{}", self.heading(title));
    }

    /// A line of facts.
    pub(crate) fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
    }

    /// Lines under a heading; nothing where there are none.
    pub(crate) fn section(&mut self, heading: &str, lines: &str) {
        if !lines.is_empty() {
            let heading = self.heading(heading);
            let _ = writeln!(self.text, "\n{heading}\n{}", indented(lines));
        }
    }

    fn heading(&self, text: &str) -> String {
        if self.bold {
            format!("\u{1b}[1m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Prose in lines that are easy to read.
pub(crate) fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 0 && line + 1 + word.chars().count() > COLUMNS {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            let space = if line.is_empty() { "" } else { " " };
            line.extend([space, word]);
        }
    }
    lines.join("\n")
}

/// Lines two columns to the right.
pub(crate) fn indented(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            if line.is_empty() {
                String::new()
            } else {
                format!("  {line}")
            }
        })
        .collect();
    lines.join("\n")
}

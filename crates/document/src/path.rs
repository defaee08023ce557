//! Paths inside a document: `spec.containers[0].image`, `metadata.labels["app.kubernetes.io/name"]`.

use std::fmt::{self, Write as _};
use std::str::FromStr;

/// One step of a path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Step {
    /// Into a mapping.
    Key(Box<str>),
    /// Into a sequence, from 0.
    Index(usize),
}

/// One step of a path, its key borrowed from the document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StepRef<'a> {
    /// Into a mapping.
    Key(&'a str),
    /// Into a sequence, from 0.
    Index(usize),
}

impl From<StepRef<'_>> for Step {
    fn from(step: StepRef<'_>) -> Self {
        match step {
            StepRef::Key(key) => Step::Key(key.into()),
            StepRef::Index(index) => Step::Index(index),
        }
    }
}

/// The way from one node down to another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Path(pub Vec<Step>);

/// Where a text stops being a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message} at byte {offset} of the path")]
pub struct PathError {
    /// In bytes of the text.
    pub offset: usize,
    message: &'static str,
}

impl Path {
    /// The path one step further.
    #[must_use]
    pub fn join(&self, step: Step) -> Path {
        let mut steps = self.0.clone();
        steps.push(step);
        Path(steps)
    }

    /// The path with another one behind it.
    #[must_use]
    pub fn concat(&self, rest: &Path) -> Path {
        Path(self.0.iter().chain(&rest.0).cloned().collect())
    }
}

impl Step {
    /// The same, borrowed.
    pub fn as_step_ref(&self) -> StepRef<'_> {
        match self {
            Step::Key(key) => StepRef::Key(key),
            Step::Index(index) => StepRef::Index(*index),
        }
    }
}

impl StepRef<'_> {
    /// Writes the step behind the text of a path, which may be empty.
    pub fn push_to(self, path: &mut String) {
        match self {
            // Writing to a string does not fail.
            StepRef::Index(index) => drop(write!(path, "[{index}]")),
            StepRef::Key(key) if is_plain(key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key);
            }
            StepRef::Key(key) => drop(write_quoted(key, path)),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for step in &self.0 {
            step.as_step_ref().push_to(&mut text);
        }
        f.write_str(&text)
    }
}

/// Whether a key can stand in a path without quotes.
fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(is_plain_byte)
}

fn is_plain_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$' | b'/')
}

fn write_quoted(key: &str, f: &mut impl fmt::Write) -> fmt::Result {
    f.write_str("[\"")?;
    for character in key.chars() {
        match character {
            '"' | '\\' => write!(f, "\\{character}")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            _ if character.is_control() => write!(f, "\\u{{{:x}}}", u32::from(character))?,
            _ => f.write_char(character)?,
        }
    }
    f.write_str("\"]")
}

impl FromStr for Path {
    type Err = PathError;

    /// Reads what `Display` writes; quotes may also be single.
    fn from_str(text: &str) -> Result<Self, PathError> {
        let mut reader = Reader { text, at: 0 };
        let mut steps = Vec::new();
        while reader.at < text.len() {
            steps.push(reader.step()?);
        }
        Ok(Path(steps))
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn fail<T>(&self, message: &'static str) -> Result<T, PathError> {
        let offset = self.at;
        Err(PathError { offset, message })
    }

    fn eat(&mut self, expected: char) -> bool {
        let is_there = self.rest().starts_with(expected);
        self.at += if is_there { expected.len_utf8() } else { 0 };
        is_there
    }

    fn step(&mut self) -> Result<Step, PathError> {
        if self.eat('[') {
            let step = match self.rest().chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    self.at += 1;
                    Step::Key(self.quoted(quote)?)
                }
                _ => Step::Index(self.index()?),
            };
            return if self.eat(']') {
                Ok(step)
            } else {
                self.fail("expected `]`")
            };
        }
        if self.at > 0 && !self.eat('.') {
            return self.fail("expected `.` or `[`");
        }
        let length = self
            .rest()
            .bytes()
            .take_while(|&byte| is_plain_byte(byte))
            .count();
        if length == 0 {
            return self.fail("expected a key");
        }
        let key = &self.rest()[..length];
        self.at += length;
        Ok(Step::Key(key.into()))
    }

    fn index(&mut self) -> Result<usize, PathError> {
        let length = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        match self.rest()[..length].parse() {
            Ok(index) => {
                self.at += length;
                Ok(index)
            }
            Err(_) => self.fail("expected an index or a quoted key"),
        }
    }

    fn quoted(&mut self, quote: char) -> Result<Box<str>, PathError> {
        let mut key = String::new();
        while let Some(character) = self.rest().chars().next() {
            self.at += character.len_utf8();
            match character {
                _ if character == quote => return Ok(key.into()),
                '\\' => key.push(self.escape()?),
                _ => key.push(character),
            }
        }
        self.fail("the quote is not closed")
    }

    fn escape(&mut self) -> Result<char, PathError> {
        let Some(letter) = self.rest().chars().next() else {
            return self.fail("the quote is not closed");
        };
        let character = match letter {
            '"' | '\'' | '\\' => letter,
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.code_point(),
            _ => return self.fail("unknown escape"),
        };
        self.at += 1;
        Ok(character)
    }

    fn code_point(&mut self) -> Result<char, PathError> {
        let digits = self
            .rest()
            .strip_prefix("u{")
            .and_then(|rest| rest.split_once('}'));
        let character = digits
            .and_then(|(digits, _)| u32::from_str_radix(digits, 16).ok())
            .and_then(char::from_u32);
        match (digits, character) {
            (Some((digits, _)), Some(character)) => {
                self.at += digits.len() + 3;
                Ok(character)
            }
            _ => self.fail("expected `u{…}` with the number of a character"),
        }
    }
}

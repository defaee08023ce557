//! How the arguments of instructions fall into words: each kind of instruction has its own way.

use std::ops::Range;

use document::Span;

use crate::text::Text;

/// A word with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// What it says.
    pub text: String,
    /// Where it is written; over continuation lines, from its first byte to behind its last.
    pub span: Span,
}

/// A part of a [`Text`].
#[derive(Clone, Copy)]
pub(crate) struct Slice<'t> {
    whole: &'t Text,
    start: usize,
    end: usize,
}

impl<'t> Slice<'t> {
    pub(crate) fn of(whole: &'t Text) -> Self {
        Slice {
            whole,
            start: 0,
            end: whole.as_str().len(),
        }
    }

    pub(crate) fn as_str(self) -> &'t str {
        &self.whole.as_str()[self.start..self.end]
    }

    pub(crate) fn span(self) -> Span {
        self.whole.span(&(self.start..self.end))
    }

    /// A part of it.
    pub(crate) fn part(self, range: &Range<usize>) -> Self {
        Slice {
            whole: self.whole,
            start: self.start + range.start,
            end: self.start + range.end,
        }
    }

    /// The same with its places.
    pub(crate) fn text(self) -> Text {
        self.whole.part(&(self.start..self.end))
    }

    pub(crate) fn from(self, at: usize) -> Self {
        self.part(&(at..self.as_str().len()))
    }

    pub(crate) fn trimmed(self) -> Self {
        let text = self.as_str();
        let start = text.len() - text.trim_start().len();
        self.part(&(start..start + text.trim().len()))
    }

    pub(crate) fn word(self) -> Word {
        self.word_of(self.as_str().to_owned())
    }

    /// A word that says something else than what is written.
    pub(crate) fn word_of(self, text: String) -> Word {
        Word {
            text,
            span: self.span(),
        }
    }
}

/// What separates words that are no quoted ones.
pub(crate) fn is_blank(character: char) -> bool {
    matches!(character, '\t' | '\u{b}' | '\u{c}' | '\r' | ' ')
}

/// The first word, and what comes behind the blanks after it.
pub(crate) fn split_first(slice: Slice<'_>) -> (Slice<'_>, Option<Slice<'_>>) {
    let text = slice.as_str();
    let Some(end) = text.find(is_blank) else {
        return (slice, None);
    };
    let rest = text[end..].trim_start_matches(is_blank);
    (
        slice.part(&(0..end)),
        Some(slice.from(text.len() - rest.len())),
    )
}

/// Words between blanks, quotes being nothing special.
pub(crate) fn by_blanks(slice: Slice<'_>) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = Some(slice).filter(|slice| !slice.as_str().is_empty());
    while let Some(slice) = rest {
        let (word, after) = split_first(slice);
        words.push(word.word());
        rest = after;
    }
    words
}

/// Words between spaces, where quotes hold together and stay.
pub(crate) fn by_quotes(slice: Slice<'_>, escape: char) -> Vec<Word> {
    let mut words = Vec::new();
    let mut open: Option<(usize, String)> = None;
    let mut quote = None;
    let text = slice.as_str();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        if quote.is_none() && character.is_whitespace() {
            if let Some((start, word)) = open.take() {
                words.push(slice.part(&(start..at)).word_of(word));
            }
            continue;
        }
        let (_, word) = open.get_or_insert_with(|| (at, String::new()));
        match quote {
            None if matches!(character, '\'' | '"') => quote = Some(character),
            Some(open) if open == character => quote = None,
            _ => {}
        }
        if character == escape && quote != Some('\'') {
            // At the end of the line it is left out.
            if let Some((_, escaped)) = characters.next() {
                word.extend([character, escaped]);
            }
            continue;
        }
        word.push(character);
    }
    if let Some((start, word)) = open.filter(|(_, word)| !word.is_empty()) {
        words.push(slice.part(&(start..text.len())).word_of(word));
    }
    words
}

/// The flags that an instruction begins with, and what comes after them.
pub(crate) fn flags(slice: Slice<'_>, escape: char) -> (Vec<Word>, Slice<'_>) {
    let mut flags = Vec::new();
    let mut rest = slice.trimmed();
    while rest.as_str().starts_with("--") {
        let (length, word) = flag(rest.as_str(), escape);
        let own = rest.part(&(0..length));
        rest = rest.from(length);
        if word == "--" {
            break;
        }
        if !word.is_empty() {
            flags.push(own.word_of(word));
        }
        rest = rest.trimmed();
    }
    (flags, rest.trimmed())
}

/// Length and text of the flag that a text begins with, its quotes taken away.
fn flag(text: &str, escape: char) -> (usize, String) {
    let mut word = String::new();
    let mut quote = None;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match quote {
            None if character.is_whitespace() => return (at, word),
            None if matches!(character, '\'' | '"') => quote = Some(character),
            Some(open) if open == character => quote = None,
            _ if character == escape => word.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => word.push(character),
        }
    }
    (text.len(), word)
}

/// What an argument that begins with a bracket is.
pub(crate) enum Json {
    /// A list of texts.
    Texts(Vec<Word>),
    /// A list that holds something else.
    Other,
    /// No list.
    No,
}

/// Reads a JSON list of texts.
pub(crate) fn json(slice: Slice<'_>) -> Json {
    let text = slice.as_str();
    if !text.trim_start().starts_with('[') {
        return Json::No;
    }
    let Ok(values) = serde_json::from_str::<Vec<serde_json::Value>>(text) else {
        return Json::No;
    };
    let mut words = Vec::new();
    let mut at = 0;
    for value in values {
        let serde_json::Value::String(value) = value else {
            return Json::Other;
        };
        let range = quoted(text, at);
        at = range.end;
        words.push(slice.part(&range).word_of(value));
    }
    Json::Texts(words)
}

/// Where the next text of a list that is well formed stands, with its quotes.
fn quoted(text: &str, from: usize) -> Range<usize> {
    let Some(start) = text[from..].find('"').map(|at| from + at) else {
        return from..from;
    };
    let mut bytes = text.bytes().enumerate().skip(start + 1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return start..at + 1,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    start..text.len()
}

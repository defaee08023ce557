//! What credentials look like.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use globset::GlobSet;
use model::Severity;
use regex::bytes::{Regex, RegexBuilder};

/// One kind of credential.
#[derive(Debug)]
pub struct Pattern {
    /// What it is called in reports and exceptions: `github-token`.
    pub id: Box<str>,
    /// The same for people.
    pub title: Box<str>,
    /// How grave it is when somebody else has it.
    pub severity: Severity,
    /// Whether a name that means a secret stands before it; such a find gives way to any other one.
    pub is_generic: bool,
    /// Bits a byte that it has at least.
    pub(crate) least_entropy: f64,
    /// What is none though it looks like one, with the file's own.
    pub(crate) allowed: Vec<Regex>,
    pub(crate) text: Box<str>,
    /// Made when the first word is met: most files have few words, and to compile all takes milliseconds.
    pub(crate) regex: OnceLock<Option<Regex>>,
}

/// Kinds of credentials that are looked for.
#[derive(Debug)]
pub struct Patterns {
    pub(crate) list: Vec<Pattern>,
    /// Words of all patterns, in any case.
    pub(crate) words: AhoCorasick,
    /// The pattern of each word.
    pub(crate) of_words: Vec<usize>,
    /// Files that are not looked into.
    pub(crate) left_out: GlobSet,
    /// What is no credential whatever the pattern.
    pub(crate) allowed: Vec<Regex>,
}

impl Patterns {
    /// All of them, in the order in which they are asked.
    pub fn list(&self) -> &[Pattern] {
        &self.list
    }

    /// Whether a file is looked into, by its path with `/`.
    pub fn looks_into(&self, path: &str) -> bool {
        !self.left_out.is_match(path)
    }
}

impl Pattern {
    pub(crate) fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| regex(&self.text).ok()).as_ref()
    }
}

/// An expression over bytes: files need not be UTF-8.
pub(crate) fn regex(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).unicode(false).build()
}

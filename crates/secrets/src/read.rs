//! Patterns from text.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use globset::{Glob, GlobSetBuilder};
use model::Severity;
use serde::Deserialize;
use toml::Spanned;

use crate::pattern::{Pattern, Patterns, regex};

/// Why a text gives no patterns.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// It is not TOML, or has other fields.
    #[error("{}", .0.message())]
    Toml(#[from] toml::de::Error),
    /// A pattern that nothing can be found with.
    #[error("pattern '{id}': {message}")]
    Pattern {
        /// Its id.
        id: String,
        /// What is wrong with it.
        message: String,
        /// Where that is written.
        span: Option<Range<usize>>,
    },
}

impl PatternError {
    /// Where it is wrong, in bytes of the text.
    pub fn span(&self) -> Option<Range<usize>> {
        match self {
            PatternError::Toml(error) => error.span(),
            PatternError::Pattern { span, .. } => span.clone(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    /// Globs of files that are not looked into.
    #[serde(default)]
    skip: Vec<Spanned<String>>,
    /// Expressions of what is no credential.
    #[serde(default)]
    allow: Vec<Spanned<String>>,
    #[serde(default)]
    pattern: Vec<Given>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    id: Spanned<String>,
    title: String,
    severity: Spanned<String>,
    /// Words of which a file has one, in any case.
    words: Spanned<Vec<String>>,
    /// The group `secret` is the credential; without one all of it.
    regex: Spanned<String>,
    #[serde(default)]
    entropy: f64,
    #[serde(default)]
    allow: Vec<Spanned<String>>,
    #[serde(default)]
    generic: bool,
}

impl Patterns {
    /// Those that come with the program.
    ///
    /// # Panics
    /// Never: a test reads them.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Patterns> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            read(&[include_str!("../patterns.toml")])
                .unwrap_or_else(|error| unreachable!("{error}"))
        })
    }

    /// The built-in ones with those of a text in the same format, which may also allow more.
    pub fn with(text: &str) -> Result<Self, PatternError> {
        read(&[include_str!("../patterns.toml"), text])
    }
}

/// Reads texts as one; what gives way comes last.
fn read(texts: &[&str]) -> Result<Patterns, PatternError> {
    let (mut list, mut words, mut of_words) = (Vec::new(), Vec::new(), Vec::new());
    let (mut left_out, mut allowed) = (GlobSetBuilder::new(), Vec::new());
    let mut given = Vec::new();
    for text in texts {
        let text: Text = toml::from_str(text)?;
        for glob in text.skip {
            let compiled = Glob::new(glob.get_ref());
            left_out.add(compiled.map_err(|error| wrong("skip", &error, &glob))?);
        }
        for allow in text.allow {
            let compiled = regex(allow.get_ref());
            allowed.push(compiled.map_err(|error| wrong("allow", &error, &allow))?);
        }
        given.extend(text.pattern);
    }
    given.sort_by_key(|pattern| pattern.generic);
    let mut ids = BTreeSet::new();
    for pattern in given {
        let id = pattern.id.get_ref();
        if !ids.insert(id.clone()) {
            return Err(wrong(id, &"there is another one of this id", &pattern.id));
        }
        let own = pattern.words.get_ref();
        if own.is_empty() || own.iter().any(|word| word.len() < 2) {
            let message = "it needs words of two letters or more, of which a file with it has one";
            return Err(wrong(id, &message, &pattern.words));
        }
        of_words.extend(own.iter().map(|_| list.len()));
        words.extend(own.iter().cloned());
        list.push(compiled(&pattern)?);
    }
    let words = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(&words);
    Ok(Patterns {
        list,
        words: words.map_err(|error| whole("words", &error))?,
        of_words,
        left_out: left_out.build().map_err(|error| whole("skip", &error))?,
        allowed,
    })
}

fn compiled(given: &Given) -> Result<Pattern, PatternError> {
    let id = given.id.get_ref();
    let severity: Severity = given
        .severity
        .get_ref()
        .parse()
        .map_err(|error| wrong(id, &error, &given.severity))?;
    // Compiled when it is needed; here only whether it can be.
    let mut syntax = regex_syntax::ParserBuilder::new();
    let parsed = syntax
        .unicode(false)
        .utf8(false)
        .build()
        .parse(given.regex.get_ref());
    parsed.map_err(|error| wrong(id, &error, &given.regex))?;
    let allowed = given
        .allow
        .iter()
        .map(|allow| regex(allow.get_ref()).map_err(|error| wrong(id, &error, allow)))
        .collect::<Result<_, _>>();
    Ok(Pattern {
        id: id.as_str().into(),
        title: given.title.as_str().into(),
        severity,
        is_generic: given.generic,
        least_entropy: given.entropy,
        allowed: allowed?,
        text: given.regex.get_ref().as_str().into(),
        regex: OnceLock::new(),
    })
}

fn wrong<T>(id: &str, message: &dyn std::fmt::Display, at: &Spanned<T>) -> PatternError {
    PatternError::Pattern {
        id: id.to_owned(),
        message: message.to_string(),
        span: Some(at.span()),
    }
}

/// The same where it is about all patterns together.
fn whole(id: &str, message: &dyn std::fmt::Display) -> PatternError {
    PatternError::Pattern {
        id: id.to_owned(),
        message: message.to_string(),
        span: None,
    }
}

//! Patterns from text.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use globset::{Glob, GlobSetBuilder};
use model::Severity;
use serde::Deserialize;

use crate::pattern::{Pattern, Patterns, regex};

/// Why a text gives no patterns.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// It is not TOML, or has other fields.
    #[error("{0}")]
    Toml(#[from] toml::de::Error),
    /// A pattern that nothing can be found with.
    #[error("pattern '{id}': {message}")]
    Pattern {
        /// Its id.
        id: String,
        /// What is wrong with it.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    /// Globs of files that are not looked into.
    #[serde(default)]
    skip: Vec<String>,
    /// Expressions of what is no credential.
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    pattern: Vec<Given>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    id: String,
    title: String,
    severity: String,
    /// Words of which a file has one, in any case.
    words: Vec<String>,
    /// The group `secret` is the credential; without one all of it.
    regex: String,
    #[serde(default)]
    entropy: f64,
    #[serde(default)]
    allow: Vec<String>,
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
            left_out.add(Glob::new(&glob).map_err(|error| wrong("skip", &error))?);
        }
        for allow in text.allow {
            allowed.push(regex(&allow).map_err(|error| wrong("allow", &error))?);
        }
        given.extend(text.pattern);
    }
    given.sort_by_key(|pattern| pattern.generic);
    let mut ids = BTreeSet::new();
    for pattern in given {
        if !ids.insert(pattern.id.clone()) {
            return Err(wrong(&pattern.id, &"there is another one of this id"));
        }
        if pattern.words.is_empty() || pattern.words.iter().any(|word| word.len() < 2) {
            let message = "it needs words of two letters or more, of which a file with it has one";
            return Err(wrong(&pattern.id, &message));
        }
        of_words.extend(pattern.words.iter().map(|_| list.len()));
        words.extend(pattern.words.iter().cloned());
        list.push(compiled(&pattern)?);
    }
    let words = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(&words);
    Ok(Patterns {
        list,
        words: words.map_err(|error| wrong("words", &error))?,
        of_words,
        left_out: left_out.build().map_err(|error| wrong("skip", &error))?,
        allowed,
    })
}

fn compiled(given: &Given) -> Result<Pattern, PatternError> {
    let wrong = |message: &dyn std::fmt::Display| wrong(&given.id, message);
    let severity: Severity = given.severity.parse().map_err(|error| wrong(&error))?;
    // Compiled when it is needed; here only whether it can be.
    let mut syntax = regex_syntax::ParserBuilder::new();
    let parsed = syntax
        .unicode(false)
        .utf8(false)
        .build()
        .parse(&given.regex);
    parsed.map_err(|error| wrong(&error))?;
    let allowed = given
        .allow
        .iter()
        .map(|allow| regex(allow))
        .collect::<Result<_, _>>();
    Ok(Pattern {
        id: given.id.as_str().into(),
        title: given.title.as_str().into(),
        severity,
        is_generic: given.generic,
        least_entropy: given.entropy,
        allowed: allowed.map_err(|error| wrong(&error))?,
        text: given.regex.as_str().into(),
        regex: OnceLock::new(),
    })
}

fn wrong(id: &str, message: &dyn std::fmt::Display) -> PatternError {
    PatternError::Pattern {
        id: id.to_owned(),
        message: message.to_string(),
    }
}

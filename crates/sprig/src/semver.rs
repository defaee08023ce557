//! Versions and constraints on them, as Masterminds' `semver` 3 reads them: loosely, with its errors.

mod constraint;

pub use constraint::Constraint;

use std::cmp::Ordering;
use std::fmt;

use gotemplate::quoted;

/// A version.
#[derive(Clone, Debug)]
pub struct Version {
    pub(crate) numbers: [u64; 3],
    pub(crate) pre: String,
    pub(crate) metadata: String,
    /// As it was written.
    pub(crate) original: String,
}

const MAX_LENGTH: usize = 256;

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(formatter, "{major}.{minor}.{patch}")?;
        if !self.pre.is_empty() {
            write!(formatter, "-{}", self.pre)?;
        }
        if !self.metadata.is_empty() {
            write!(formatter, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

impl Version {
    /// Reads a version. Minor and patch may be missing, a `v` may stand before it.
    ///
    /// # Errors
    /// What is wrong with it, in the words of Masterminds' library.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_LENGTH {
            return Err(format!(
                "version string is too long (max {MAX_LENGTH} bytes)"
            ));
        }
        let parts = Parts::read(text, |byte| byte.is_ascii_digit())
            .filter(|parts| parts.rest.is_empty())
            .ok_or("invalid semantic version")?;
        let mut numbers = [0; 3];
        for (number, text) in numbers.iter_mut().zip(parts.numbers) {
            if text.is_empty() {
                continue;
            }
            *number = text.parse().map_err(|_| {
                format!(
                    "error parsing version segment: strconv.ParseUint: parsing {}: value out of range",
                    quoted(text)
                )
            })?;
        }
        let starts_zero = |part: &str| {
            part.len() > 1
                && part.starts_with('0')
                && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if parts.pre.split('.').any(starts_zero) {
            return Err("version segment starts with 0".to_owned());
        }
        Ok(Self {
            numbers,
            pre: parts.pre.to_owned(),
            metadata: parts.metadata.to_owned(),
            original: text.to_owned(),
        })
    }

    /// The order of versions. Metadata does not count.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let numbers = self.numbers.cmp(&other.numbers);
        numbers.then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare_pre(&self.pre, &other.pre),
        })
    }
}

fn compare_pre(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let (one, other) = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(one), Some(other)) => (one, other),
        };
        if one == other {
            continue;
        }
        return match (one.parse::<u64>(), other.parse::<u64>()) {
            (Err(_), Err(_)) => one.cmp(other),
            (Err(_), Ok(_)) => Ordering::Greater,
            (Ok(one), Ok(other)) if one > other => Ordering::Greater,
            // The same number, written in two ways, is less than itself.
            (Ok(_), _) => Ordering::Less,
        };
    }
}

/// What a text begins with that has the form of a version.
struct Parts<'t> {
    /// Without the dots; empty where there is none.
    numbers: [&'t str; 3],
    pre: &'t str,
    metadata: &'t str,
    rest: &'t str,
}

impl<'t> Parts<'t> {
    /// Takes as much as possible; `is_digit` says what numbers are written with.
    fn read(text: &'t str, is_digit: fn(u8) -> bool) -> Option<Self> {
        let rest = text.strip_prefix('v').unwrap_or(text);
        let (first, mut rest) = span(rest, is_digit)?;
        let mut numbers = [first, "", ""];
        for number in &mut numbers[1..] {
            let Some((found, after)) = rest.strip_prefix('.').and_then(|rest| span(rest, is_digit))
            else {
                break;
            };
            (*number, rest) = (found, after);
        }
        let mut part = |sign: char| {
            let found = rest.strip_prefix(sign).and_then(identifiers);
            let (found, after) = found.unwrap_or(("", rest));
            rest = after;
            found
        };
        let (pre, metadata) = (part('-'), part('+'));
        Some(Self {
            numbers,
            pre,
            metadata,
            rest,
        })
    }
}

/// The bytes at the beginning that are of a kind, if there are any, and the rest.
fn span(text: &str, is_part: impl Fn(u8) -> bool) -> Option<(&str, &str)> {
    let end = text
        .bytes()
        .position(|byte| !is_part(byte))
        .unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// Identifiers with dots between them, and the rest.
fn identifiers(text: &str) -> Option<(&str, &str)> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let (_, mut rest) = span(text, is_part)?;
    while let Some((_, after)) = rest.strip_prefix('.').and_then(|rest| span(rest, is_part)) {
        rest = after;
    }
    Some(text.split_at(text.len() - rest.len()))
}

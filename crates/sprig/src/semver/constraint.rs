//! Constraints: comparisons with versions, all of which hold (`,` or space) in one of several groups (`||`).

use std::cmp::Ordering;

use gotemplate::quoted;

use super::{Parts, Version};

const MAX_LENGTH: usize = 512;
const MAX_GROUPS: usize = 32;

/// Groups of comparisons.
pub struct Constraint {
    groups: Vec<Vec<Comparison>>,
}

impl Constraint {
    /// Reads constraints such as `>= 1.2, < 3 || ^4.1.x`.
    ///
    /// # Errors
    /// What is wrong with them, in the words of Masterminds' library.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > MAX_LENGTH {
            return Err(format!(
                "constraint string is too long (max {MAX_LENGTH} bytes)"
            ));
        }
        let text = without_ranges(text);
        let parts: Vec<&str> = text.split("||").collect();
        if parts.len() > MAX_GROUPS {
            return Err(format!("too many constraint groups (max {MAX_GROUPS})"));
        }
        let groups = parts.into_iter().map(group).collect::<Result<_, _>>()?;
        Ok(Self { groups })
    }

    /// Whether a version fulfils them.
    pub fn holds(&self, version: &Version) -> bool {
        self.groups.iter().any(|group| {
            // A prerelease is only looked at where the group speaks of one.
            let takes_pre = group.iter().any(|one| !one.version.pre.is_empty());
            (takes_pre || version.pre.is_empty()) && group.iter().all(|one| one.holds(version))
        })
    }
}

/// One comparison.
struct Comparison {
    operator: &'static str,
    version: Version,
    is_dirty: bool,
    /// Minor and patch are missing or `x`.
    minor_dirty: bool,
    /// The patch alone is.
    patch_dirty: bool,
}

/// In the order in which they are tried: the first one behind which a version stands.
const OPERATORS: [&str; 12] = [
    "=", "", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^",
];

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

fn skip_space(text: &str) -> &str {
    text.trim_start_matches(|found: char| found.is_ascii() && is_space(found as u8))
}

/// A version as constraints write it: its numbers may be wild.
fn wild(text: &str) -> Option<Parts<'_>> {
    Parts::read(text, |byte| {
        byte.is_ascii_digit() || matches!(byte, b'|' | b'x' | b'X' | b'*')
    })
}

fn group(text: &str) -> Result<Vec<Comparison>, String> {
    let improper = || format!("improper constraint: {}", quoted(text));
    let mut comparisons = Vec::new();
    let mut rest = skip_space(text);
    loop {
        let (comparison, after) = comparison(rest).ok_or_else(improper)?;
        comparisons.push(comparison);
        rest = skip_space(after);
        if rest.is_empty() {
            break;
        }
        match rest.strip_prefix(',') {
            Some(next) => rest = skip_space(next),
            None if rest.len() < after.len() => {}
            None => return Err(improper()),
        }
    }
    comparisons.into_iter().collect()
}

/// The comparison that a text begins with, and the rest.
fn comparison(text: &str) -> Option<(Result<Comparison, String>, &str)> {
    OPERATORS.iter().find_map(|operator| {
        let after = skip_space(text.strip_prefix(operator)?);
        let parts = wild(after)?;
        let written = &after[..after.len() - parts.rest.len()];
        Some((Comparison::new(operator, written, &parts), parts.rest))
    })
}

fn is_wild(number: &str) -> bool {
    matches!(number, "" | "x" | "X" | "*")
}

impl Comparison {
    fn new(operator: &'static str, written: &str, parts: &Parts<'_>) -> Result<Self, String> {
        let [major, minor, patch] = parts.numbers;
        let pre = if parts.pre.is_empty() {
            String::new()
        } else {
            format!("-{}", parts.pre)
        };
        let (mut minor_dirty, mut patch_dirty, mut is_dirty) = (false, false, true);
        let text = if is_wild(major) {
            format!("0.0.0{pre}")
        } else if is_wild(minor) {
            minor_dirty = true;
            format!("{major}.0.0{pre}")
        } else if is_wild(patch) {
            patch_dirty = true;
            format!("{major}.{minor}.0{pre}")
        } else {
            is_dirty = false;
            written.to_owned()
        };
        let version = Version::parse(&text).map_err(|_| "constraint parser error".to_owned())?;
        Ok(Self {
            operator,
            version,
            is_dirty,
            minor_dirty,
            patch_dirty,
        })
    }

    fn holds(&self, version: &Version) -> bool {
        let order = version.compare(&self.version);
        match self.operator {
            "!=" => self.differs(version),
            ">" => self.is_exceeded(version),
            "<" => order == Ordering::Less,
            ">=" | "=>" => order != Ordering::Less,
            "<=" | "=<" => self.is_not_exceeded(version),
            "~" | "~>" => self.is_near(version),
            "^" => self.is_compatible(version),
            _ if self.is_dirty => self.is_near(version),
            _ => order == Ordering::Equal,
        }
    }

    fn differs(&self, version: &Version) -> bool {
        let ([major, minor, _], [other_major, other_minor, _]) =
            (self.version.numbers, version.numbers);
        if self.is_dirty {
            if major != other_major {
                return true;
            }
            if minor != other_minor && !self.minor_dirty {
                return true;
            }
            if self.minor_dirty {
                return false;
            }
            if self.patch_dirty {
                return version.pre != self.version.pre
                    && super::compare_pre(&version.pre, &self.version.pre) != Ordering::Equal;
            }
            if self.version.numbers[2] != version.numbers[2] {
                return true;
            }
        }
        version.compare(&self.version) != Ordering::Equal
    }

    fn is_exceeded(&self, version: &Version) -> bool {
        let order = version.compare(&self.version);
        if !self.is_dirty || version.numbers[0] != self.version.numbers[0] {
            return if self.is_dirty {
                version.numbers[0] > self.version.numbers[0]
            } else {
                order == Ordering::Greater
            };
        }
        if self.minor_dirty {
            return false;
        }
        if self.patch_dirty {
            return version.numbers[1] > self.version.numbers[1];
        }
        order == Ordering::Greater
    }

    fn is_not_exceeded(&self, version: &Version) -> bool {
        if !self.is_dirty {
            return version.compare(&self.version) != Ordering::Greater;
        }
        let ([major, minor, _], [other_major, other_minor, _]) =
            (self.version.numbers, version.numbers);
        other_major < major || other_major == major && (other_minor <= minor || self.minor_dirty)
    }

    /// `~1.2`: the same major and minor.
    fn is_near(&self, version: &Version) -> bool {
        if version.compare(&self.version) == Ordering::Less {
            return false;
        }
        if self.version.numbers == [0; 3] && !self.minor_dirty && !self.patch_dirty {
            return true;
        }
        version.numbers[0] == self.version.numbers[0]
            && (version.numbers[1] == self.version.numbers[1] || self.minor_dirty)
    }

    /// `^1.2`: the same first number that is not 0.
    fn is_compatible(&self, version: &Version) -> bool {
        if version.compare(&self.version) == Ordering::Less {
            return false;
        }
        let ([major, minor, patch], [other_major, other_minor, other_patch]) =
            (self.version.numbers, version.numbers);
        if major > 0 || self.minor_dirty {
            return other_major == major;
        }
        if other_major > 0 {
            return false;
        }
        if minor > 0 || self.patch_dirty {
            return other_minor == minor;
        }
        other_minor == 0 && other_patch == patch
    }
}

/// `1.2 - 1.4` as `>= 1.2, <= 1.4 `.
fn without_ranges(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if let Some((low, high, after)) = range(rest) {
            out.push_str(&format!(">= {low}, <= {high} "));
            rest = after;
        } else {
            out.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out
}

/// The range that a text begins with, and the rest.
fn range(text: &str) -> Option<(&str, &str, &str)> {
    let start = skip_space(text);
    let low = wild(start)?;
    let dash = skip_space(low.rest);
    let after = dash.strip_prefix('-')?;
    let end = skip_space(after);
    let has_spaces = dash.len() < low.rest.len() && end.len() < after.len();
    let high = wild(end).filter(|_| has_spaces)?;
    Some((
        &start[..start.len() - low.rest.len()],
        &end[..end.len() - high.rest.len()],
        skip_space(high.rest),
    ))
}

//! Regular expressions as Go's `regexp` has them, run by the `regex` crate: both find the leftmost match, and of
//! several there the one that is tried first, in linear time.
//!
//! A pattern of Go's is read here, and written anew for the crate. What differs between the two:
//!
//! - `\d`, `\s`, `\w`, `\b` and `[[:word:]]` mean ASCII to Go, and `\s` has no vertical tab.
//! - `^` and `$` without `m` are the ends of the text, and `$` is not before a last line feed.
//! - Go knows the flags `i`, `m`, `s` and `U`; the crate's `x`, `u` and `R` are errors.
//! - Go knows `\Q…\E`, octal escapes, names of groups that begin with a digit or are given twice.
//! - The crate's set operations in classes (`&&`, `--`, `~~`) and properties beyond categories and scripts are
//!   plain text or errors to Go.
//! - Groups may lie 200 deep here, 1,000 deep in Go.

mod class;
mod machine;
mod parse;
mod piece;
mod repeat;

use std::ops::Range;

use machine::Machine;
pub(crate) use piece::ParseError;

/// A compiled pattern of Go's `regexp`.
pub struct Regexp {
    machine: Machine,
    /// Names of groups from the first one on; empty where there is none.
    names: Vec<String>,
    /// About how many instructions it has.
    pub(crate) size: u64,
    is_empty: bool,
}

/// Why a pattern could not be compiled.
pub(crate) enum CompileError {
    Parse(ParseError),
    /// It is a valid one, but larger than what is allowed here.
    TooLarge,
}

/// Bytes that a compiled pattern may have.
const MAX_SIZE: usize = 1 << 20;

/// A match: the whole, and the groups from the first one on.
pub(crate) struct Match {
    pub(crate) range: Range<usize>,
    groups: Vec<Option<Range<usize>>>,
}

/// A piece of a template of a replacement.
pub(crate) enum Expanded<'t> {
    Written(&'t str),
    /// A range of the text that was searched.
    Group(Range<usize>),
}

impl Regexp {
    /// Whether Go could compile a pattern.
    pub fn is_valid(pattern: &str) -> bool {
        parse::parse(pattern).is_ok()
    }

    /// A pattern, if it is valid and not too large.
    pub fn new(pattern: &str) -> Option<Self> {
        Self::compile(pattern).ok()
    }

    pub(crate) fn compile(pattern: &str) -> Result<Self, CompileError> {
        let parsed = parse::parse(pattern).map_err(CompileError::Parse)?;
        let machine = Machine::new(parsed.text, parsed.size).ok_or(CompileError::TooLarge)?;
        Ok(Self {
            machine,
            names: parsed.names,
            size: parsed.size,
            is_empty: pattern.is_empty(),
        })
    }

    /// Whether a text has a match.
    pub fn is_match(&self, text: &str) -> bool {
        self.machine.on(text).is_match()
    }

    pub(crate) fn find(&self, text: &str) -> Option<Range<usize>> {
        self.machine.on(text).find_at(0)
    }

    /// Whether it is the empty pattern.
    pub(crate) fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// The next place where Go looks for a match.
    fn after(text: &str, at: usize) -> usize {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    }

    /// All matches, at most so many. `spend` is told how far each search went; it may have looked further for a
    /// longer match, which nobody says.
    pub(crate) fn find_all<E>(
        &self,
        text: &str,
        most: usize,
        mut spend: impl FnMut(usize) -> Result<(), E>,
    ) -> Result<Vec<Range<usize>>, E> {
        let search = self.machine.on(text);
        let mut found = Vec::new();
        let mut at = 0;
        let mut before = None;
        while found.len() < most && at <= text.len() {
            let Some(next) = search.find_at(at) else {
                spend(text.len() - at)?;
                break;
            };
            spend(next.end - at + (text.len() - at) / 64)?;
            // An empty match right behind another one does not count.
            let counts = next.end != at || before != Some(next.start);
            at = if next.end == at {
                Self::after(text, at)
            } else {
                next.end
            };
            before = Some(next.end);
            if counts {
                found.push(next);
            }
        }
        Ok(found)
    }

    /// All matches that are replaced, with their groups.
    pub(crate) fn find_replaced<E>(
        &self,
        text: &str,
        mut spend: impl FnMut(usize) -> Result<(), E>,
    ) -> Result<Vec<Match>, E> {
        let search = self.machine.on(text);
        let mut found = Vec::new();
        let (mut at, mut last_end) = (0, 0);
        while at <= text.len() {
            let Some(groups) = search.groups_at(at) else {
                spend(text.len() - at)?;
                break;
            };
            let count = groups.len();
            let mut groups = groups.into_iter();
            let range = groups.next().flatten().unwrap_or(at..at);
            spend(range.end - at + (text.len() - at) / 64 + count)?;
            let next = Self::after(text, at);
            at = if next > range.end { next } else { range.end };
            let counts = range.end > last_end || range.start == 0;
            last_end = range.end;
            if counts {
                let groups = groups.collect();
                found.push(Match { range, groups });
            }
        }
        Ok(found)
    }

    /// The pieces of a template in which `$1`, `${name}` and `$$` stand for something, without empty ones.
    pub(crate) fn expand<'t>(&self, template: &'t str, found: &Match) -> Vec<Expanded<'t>> {
        let mut out = Vec::new();
        let mut push = |piece| match piece {
            Expanded::Written("") => {}
            Expanded::Group(range) if range.is_empty() => {}
            _ => out.push(piece),
        };
        let mut rest = template;
        while let Some(at) = rest.find('$') {
            push(Expanded::Written(&rest[..at]));
            let after = &rest[at + 1..];
            if let Some(after) = after.strip_prefix('$') {
                push(Expanded::Written("$"));
                rest = after;
                continue;
            }
            let Some((name, after)) = reference(after) else {
                push(Expanded::Written("$"));
                rest = after;
                continue;
            };
            rest = after;
            if let Some(range) = self.group(name, found) {
                push(Expanded::Group(range));
            }
        }
        push(Expanded::Written(rest));
        out
    }

    fn group(&self, name: &str, found: &Match) -> Option<Range<usize>> {
        let is_number = name.bytes().all(|byte| byte.is_ascii_digit())
            && (name.len() == 1 || !name.starts_with('0'));
        if is_number && name.len() <= 9 {
            return match name.parse::<usize>().ok()?.checked_sub(1) {
                None => Some(found.range.clone()),
                Some(index) => found.groups.get(index)?.clone(),
            };
        }
        let named = self.names.iter().zip(&found.groups);
        named
            .filter(|(known, _)| *known == name)
            .find_map(|(_, group)| group.clone())
    }
}

/// The name that stands behind a dollar sign, and the rest.
fn reference(text: &str) -> Option<(&str, &str)> {
    let (inner, is_braced) = match text.strip_prefix('{') {
        Some(inner) => (inner, true),
        None => (text, false),
    };
    let is_part = |found: char| found.is_alphanumeric() || found == '_';
    let end = inner.find(|found| !is_part(found)).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    if name.is_empty() {
        return None;
    }
    let rest = if is_braced {
        rest.strip_prefix('}')?
    } else {
        rest
    };
    Some((name, rest))
}

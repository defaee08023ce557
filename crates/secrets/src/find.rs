//! Finding credentials in a file.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memrchr};

use crate::entropy::entropy;
use crate::pattern::{Pattern, Patterns};

/// What stands where a credential was.
const MASK: &str = "********";

/// Bytes of a line that are shown, around the credential.
const SHOWN: usize = 120;

/// Credentials in one file that are told; a file with more is a list of them.
const MOST: usize = 1_000;

/// Bytes at the beginning of a file by which text is told from what is none.
const HEAD: usize = 8_000;

/// A credential in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'p> {
    /// The id of its pattern.
    pub id: &'p str,
    /// The pattern's place in the list.
    pub pattern: usize,
    /// Its bytes in the file.
    pub range: Range<usize>,
    /// Line of its first byte, from 1.
    pub line: u32,
    /// The first byte in the line, from 1.
    pub column: u32,
    /// Line of its last byte.
    pub end_line: u32,
    /// Its first line, with this credential and all others in it masked.
    pub shown: String,
}

impl Patterns {
    /// The credentials in a file, in their order; none in what is no text. Nothing is told twice: where patterns overlap, a
    /// generic one gives way, then the later one.
    pub fn find<'p>(&'p self, bytes: &[u8]) -> Vec<Found<'p>> {
        if memchr(0, &bytes[..bytes.len().min(HEAD)]).is_some() {
            return Vec::new();
        }
        let mut wanted = vec![false; self.list.len()];
        let mut left = self.list.len();
        for word in self.words.find_overlapping_iter(bytes) {
            let pattern = self.of_words[word.pattern().as_usize()];
            if !std::mem::replace(&mut wanted[pattern], true) {
                left -= 1;
                if left == 0 {
                    break;
                }
            }
        }
        let mut taken: Vec<(usize, Range<usize>)> = Vec::new();
        for (number, pattern) in self
            .list
            .iter()
            .enumerate()
            .filter(|(number, _)| wanted[*number])
        {
            for range in self.places(pattern, bytes) {
                if taken.len() < MOST && !taken.iter().any(|(_, other)| overlap(other, &range)) {
                    taken.push((number, range));
                }
            }
        }
        taken.sort_by_key(|(_, range)| range.start);
        self.described(bytes, &taken)
    }

    /// Where a pattern's credentials are.
    fn places(&self, pattern: &Pattern, bytes: &[u8]) -> Vec<Range<usize>> {
        let Some(regex) = pattern.regex() else {
            return Vec::new();
        };
        let found = regex.captures_iter(bytes).take(MOST);
        let found = found.filter_map(|groups| groups.name("secret").or_else(|| groups.get(0)));
        found
            .filter(|secret| self.is_secret(pattern, secret.as_bytes()))
            .map(|secret| secret.range())
            .collect()
    }

    fn is_secret(&self, pattern: &Pattern, secret: &[u8]) -> bool {
        let mut allowed = self.allowed.iter().chain(&pattern.allowed);
        !secret.is_empty()
            && entropy(secret) >= pattern.least_entropy
            && !allowed.any(|allow| allow.is_match(secret))
    }

    fn described<'p>(&'p self, bytes: &[u8], taken: &[(usize, Range<usize>)]) -> Vec<Found<'p>> {
        let (mut line, mut counted) = (1, 0);
        let mut found = Vec::with_capacity(taken.len());
        for (number, range) in taken {
            line += memchr_iter(b'\n', &bytes[counted..range.start]).count() as u32;
            counted = range.start;
            let start = memrchr(b'\n', &bytes[..range.start]).map_or(0, |at| at + 1);
            found.push(Found {
                id: &self.list[*number].id,
                pattern: *number,
                range: range.clone(),
                line,
                column: (range.start - start) as u32 + 1,
                end_line: line + memchr_iter(b'\n', &bytes[range.clone()]).count() as u32,
                shown: shown(bytes, start, range, taken),
            });
        }
        found
    }
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// The line that begins at an offset, around a credential in it, with all that are in it masked.
fn shown(
    bytes: &[u8],
    start: usize,
    range: &Range<usize>,
    taken: &[(usize, Range<usize>)],
) -> String {
    let end = memchr(b'\n', &bytes[range.start..]).map_or(bytes.len(), |at| range.start + at);
    let from = start.max(range.start.saturating_sub(SHOWN / 2));
    let to = end.min(range.end.saturating_add(SHOWN / 2));
    let (mut text, mut at) = (String::new(), from);
    let first = taken.partition_point(|(_, other)| other.end <= from);
    for (_, secret) in taken[first..]
        .iter()
        .take_while(|(_, other)| other.start < to)
    {
        if secret.start >= at {
            text.push_str(&String::from_utf8_lossy(&bytes[at..secret.start]));
        }
        text.push_str(MASK);
        at = secret.end.min(to).max(at);
    }
    text.push_str(&String::from_utf8_lossy(&bytes[at..to]));
    text.trim().to_owned()
}

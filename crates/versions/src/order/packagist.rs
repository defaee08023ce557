//! PHP's `version_compare`, by which advisories for Packagist order versions, with numbers of any size.
//!
//! A version is numbers and words; a word counts by how it begins: anything, `dev`, alpha, beta, RC, a number or the
//! end, and `p`. `#` stands for any number, so it is equal to different ones: a version with it has no key.

use std::cmp::Ordering;

use crate::bytes::{compare_numbers, number, take_digits};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    Number(&'a [u8]),
    /// By rank, see [`rank`].
    Word(u8),
}

/// What stands after a separator at the end: less than the end.
const EMPTY: u8 = 0;
const UNKNOWN: u8 = 1;
const DEV: u8 = 2;
/// `#`, and what a number or the end counts as beside a word.
const ANY_NUMBER: u8 = 6;
const PATCH: u8 = 7;

pub(super) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    let (a, b) = (canonical(a), canonical(b));
    compare_parts(&parts(&a), &parts(&b))
}

pub(super) fn key(version: &[u8], out: &mut Vec<u8>) -> bool {
    let canonical = canonical(version);
    let parts = parts(&canonical);
    for part in &parts {
        match part {
            Part::Number(digits) => {
                out.push(ANY_NUMBER + 1);
                number(out, digits);
            }
            Part::Word(PATCH) => out.push(PATCH + 1),
            Part::Word(rank) => out.push(*rank),
        }
    }
    out.push(ANY_NUMBER);
    !parts.contains(&Part::Word(ANY_NUMBER))
}

fn compare_parts(a: &[Part], b: &[Part]) -> Ordering {
    let beside_word = |part: &Part| match part {
        Part::Number(_) => ANY_NUMBER,
        Part::Word(rank) => *rank,
    };
    for (x, y) in a.iter().zip(b) {
        let order = match (x, y) {
            (Part::Number(x), Part::Number(y)) => compare_numbers(x, y),
            _ => beside_word(x).cmp(&beside_word(y)),
        };
        if order.is_ne() {
            return order;
        }
    }
    let common = a.len().min(b.len());
    above_end(&a[common..]).cmp(&above_end(&b[common..]))
}

/// What a rest means beside a version that has ended: negative if it comes before.
fn above_end(rest: &[Part]) -> i8 {
    rest.iter()
        .find_map(|part| match part {
            Part::Number(_) => Some(1),
            Part::Word(ANY_NUMBER) => None,
            Part::Word(rank) => Some(if *rank < ANY_NUMBER { -1 } else { 1 }),
        })
        .unwrap_or(0)
}

/// Dots between what differs in kind, and for everything that is neither letter nor digit.
fn canonical(version: &[u8]) -> Vec<u8> {
    let version = version
        .strip_prefix(b"v")
        .or_else(|| version.strip_prefix(b"V"))
        .unwrap_or(version);
    let mut out = Vec::with_capacity(version.len() + 8);
    let mut last = 0;
    for &byte in version {
        let is_word = byte.is_ascii_alphanumeric() || byte == b'#' || !byte.is_ascii();
        let last_is_word = last != 0 && last != b'.';
        if last_is_word && (!is_word || last.is_ascii_digit() != byte.is_ascii_digit()) {
            out.push(b'.');
            last = b'.';
        }
        if is_word {
            out.push(byte);
            last = byte;
        }
    }
    out
}

fn parts(canonical: &[u8]) -> Vec<Part<'_>> {
    canonical
        .split(|&b| b == b'.')
        .map(|part| {
            let mut rest = part;
            let digits = take_digits(&mut rest);
            if digits.is_empty() {
                Part::Word(rank(part))
            } else {
                Part::Number(digits)
            }
        })
        .collect()
}

fn rank(word: &[u8]) -> u8 {
    const FORMS: [(&[u8], u8); 7] = [
        (b"dev", DEV),
        (b"a", 3),
        (b"b", 4),
        (b"RC", 5),
        (b"rc", 5),
        (b"#", ANY_NUMBER),
        (b"p", PATCH),
    ];
    let form = FORMS.iter().find(|(form, _)| word.starts_with(form));
    form.map_or(
        if word.is_empty() { EMPTY } else { UNKNOWN },
        |(_, rank)| *rank,
    )
}

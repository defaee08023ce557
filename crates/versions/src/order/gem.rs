//! Ruby's `Gem::Version`: numbers and words, where a word makes a prerelease and a missing part is zero.
//!
//! `-` reads as `.pre.`. Zeros before the first word and at the end do not count. Characters that Ruby refuses only
//! part what stands around them.

use crate::bytes::{count, count_down, is_zero, number, take_digits, take_while, text};

/// A word after zeros: the fewer zeros, the earlier it is.
const WORD: u8 = 1;
/// Zeros for ever.
const END: u8 = 2;
/// A number above zero after zeros: the fewer zeros, the later.
const NUMBER: u8 = 3;

pub(super) fn key(version: &[u8], out: &mut Vec<u8>) {
    let parts = parts(version);
    let first_word = parts
        .iter()
        .position(|part| !part[0].is_ascii_digit())
        .unwrap_or(parts.len());
    let (numbers, words) = parts.split_at(first_word);
    let numbers = &numbers[..numbers
        .iter()
        .rposition(|n| !is_zero(n))
        .map_or(0, |last| last + 1)];
    let mut zeros = 0;
    for part in numbers.iter().chain(words) {
        if !part[0].is_ascii_digit() {
            out.push(WORD);
            count(out, zeros);
            text(out, part);
        } else if is_zero(part) {
            zeros += 1;
            continue;
        } else {
            out.push(NUMBER);
            count_down(out, zeros);
            number(out, part);
        }
        zeros = 0;
    }
    out.push(END);
}

/// Runs of digits and runs of letters; none is empty.
fn parts(mut rest: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    while let Some(&byte) = rest.first() {
        if byte.is_ascii_digit() {
            parts.push(take_digits(&mut rest));
        } else if byte.is_ascii_alphabetic() {
            parts.push(take_while(&mut rest, |b| b.is_ascii_alphabetic()));
        } else {
            if byte == b'-' {
                parts.push(b"pre");
            }
            rest = &rest[1..];
        }
    }
    parts
}

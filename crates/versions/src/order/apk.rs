//! Alpine's versions, as apk-tools 3 orders them: `number{.number}…{letter}{_suffix{number}}…{~hash}{-r#}`.
//!
//! A version is a row of tokens; two versions are ordered by the first that differs. Of two tokens of one kind the
//! value decides; of two kinds the one that may come later in a version is the lesser, and what is no version at all
//! is less than one that has ended. What follows the invalid place is compared as text.

use crate::bytes::{number, take_digits, take_prefix, take_while, text};

const PRE_SUFFIX: u8 = 1;
const INVALID: u8 = 2;
const END: u8 = 3;
const REVISION: u8 = 4;
const HASH: u8 = 5;
const SUFFIX_NUMBER: u8 = 6;
const POST_SUFFIX: u8 = 7;
const LETTER: u8 = 8;
const DIGITS: u8 = 9;

/// Suffixes in their order; those before the position of [`RELEASE`] come before the version without any.
const SUFFIXES: [&[u8]; 9] = [
    b"alpha", b"beta", b"pre", b"rc", b"cvs", b"svn", b"git", b"hg", b"p",
];
const RELEASE: usize = 4;

pub(super) fn key(version: &[u8], out: &mut Vec<u8>) {
    let mut rest = version;
    // The first number has no special case for zeros in front.
    number(out, take_digits(&mut rest));
    let mut last = DIGITS;
    while let Some(&byte) = rest.first() {
        let before = rest;
        let Some(token) = token(byte, last, &mut rest, out) else {
            out.push(INVALID);
            // From a hyphen on the text is ignored: it is no part of the version, but of how it was built.
            text(
                out,
                if last == REVISION || byte == b'-' {
                    b""
                } else {
                    before
                },
            );
            return;
        };
        last = token;
    }
    out.push(END);
}

/// Reads and writes one token; `None` where none may stand.
fn token(byte: u8, last: u8, rest: &mut &[u8], out: &mut Vec<u8>) -> Option<u8> {
    match byte {
        b'a'..=b'z' if last == DIGITS => {
            out.extend_from_slice(&[LETTER, byte]);
            *rest = &rest[1..];
            Some(LETTER)
        }
        b'.' if last == DIGITS && rest.get(1).is_none_or(|b| b.is_ascii_digit() || *b == b'.') => {
            *rest = &rest[1..];
            out.push(DIGITS);
            component(take_digits(rest), out);
            Some(DIGITS)
        }
        b'0'..=b'9' if last == POST_SUFFIX => {
            out.push(SUFFIX_NUMBER);
            number(out, take_digits(rest));
            Some(SUFFIX_NUMBER)
        }
        b'_' if last >= SUFFIX_NUMBER => {
            let mut after = &rest[1..];
            let name = take_while(&mut after, |b| b.is_ascii_lowercase());
            let rank = SUFFIXES.iter().position(|&suffix| suffix == name)?;
            out.extend_from_slice(&[
                if rank < RELEASE {
                    PRE_SUFFIX
                } else {
                    POST_SUFFIX
                },
                rank as u8,
            ]);
            *rest = after;
            Some(POST_SUFFIX)
        }
        b'~' if last > HASH => {
            let mut after = &rest[1..];
            let hash = take_while(&mut after, |b| {
                b.is_ascii_digit() || (b'a'..=b'f').contains(&b)
            });
            if hash.is_empty() {
                return None;
            }
            out.push(HASH);
            text(out, hash);
            *rest = after;
            Some(HASH)
        }
        b'-' if last > REVISION => {
            let mut after = *rest;
            if !take_prefix(&mut after, b"-r")
                || after
                    .first()
                    .is_some_and(|b| !b.is_ascii_digit() && *b != b'-')
            {
                return None;
            }
            out.push(REVISION);
            number(out, take_digits(&mut after));
            *rest = after;
            Some(REVISION)
        }
        _ => None,
    }
}

/// A number after the first: if either of two begins with a zero they are compared as texts, as in Gentoo.
fn component(digits: &[u8], out: &mut Vec<u8>) {
    if digits.first().is_none_or(|&d| d == b'0') {
        out.push(1);
        text(out, digits);
    } else {
        out.push(2);
        number(out, digits);
    }
}

//! Gentoo's versions, from the Package Manager Specification: `number{.number}…{letter}{_suffix{number}}…{-r#}`.
//!
//! A number after the first that begins with a zero is compared as a fraction. What is not of that form comes before
//! all that are, by its text.

use crate::bytes::{number, take_digits, take_prefix, take_while, text};

/// Suffixes with their rank; the end ranks 5.
const SUFFIXES: [(&[u8], u8); 5] = [
    (b"alpha", 1),
    (b"beta", 2),
    (b"pre", 3),
    (b"rc", 4),
    (b"p", 6),
];
const NO_SUFFIX: u8 = 5;

pub(super) fn key(version: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.push(1);
    if write(version, out).is_none() {
        out.truncate(start);
        out.push(0);
        text(out, version);
    }
}

fn write(version: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut rest = version;
    number(out, digits(&mut rest)?);
    while take_prefix(&mut rest, b".") {
        let component = digits(&mut rest)?;
        if component[0] == b'0' {
            let end = component
                .iter()
                .rposition(|&d| d != b'0')
                .map_or(0, |last| last + 1);
            out.push(2);
            text(out, &component[..end]);
        } else {
            out.push(3);
            number(out, component);
        }
    }
    out.push(1);
    let letter = rest.first().copied().filter(u8::is_ascii_lowercase);
    if letter.is_some() {
        rest = &rest[1..];
    }
    out.push(letter.unwrap_or(0));
    while take_prefix(&mut rest, b"_") {
        let name = take_while(&mut rest, |b| b.is_ascii_lowercase());
        out.push(SUFFIXES.iter().find(|(suffix, _)| *suffix == name)?.1);
        number(out, take_digits(&mut rest));
    }
    out.push(NO_SUFFIX);
    let revision = if take_prefix(&mut rest, b"-r") {
        digits(&mut rest)?
    } else {
        b""
    };
    number(out, revision);
    rest.is_empty().then_some(())
}

fn digits<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    Some(take_digits(rest)).filter(|digits| !digits.is_empty())
}

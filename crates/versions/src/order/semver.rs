//! Semantic Versioning 2.0, read as leniently as its ecosystems write it, and the variants of Go and Dart.
//!
//! A `v` in front is ignored, missing numbers are zero, numbers after the third count as more of them; a prerelease
//! without its hyphen (`1.2.0rc1`) is one. Build metadata has no order, except in Dart's.

use crate::bytes::{is_number, is_zero, number, split_first, take_digits, take_prefix, text};

const PRERELEASE: u8 = 1;
const RELEASE: u8 = 2;
const MORE_NUMBERS: u8 = 3;

pub(super) fn key(version: &[u8], out: &mut Vec<u8>) {
    let (version, _build) = split_first(without_v(version), b'+');
    core(version, out);
}

/// Go's: `go1.21rc2` of toolchains is `1.21.0-rc.2`; pseudo-versions are prereleases, `+incompatible` is metadata.
pub(super) fn go_key(version: &[u8], out: &mut Vec<u8>) {
    let mut rest = version;
    if !take_prefix(&mut rest, b"go") {
        return key(version, out);
    }
    // `go1.21.3 X:nocoverageredesign` and `go1.22.1-bigcorp` are their release.
    let (rest, _) = split_first(rest, b' ');
    let end = rest
        .iter()
        .position(|b| !b.is_ascii_digit() && *b != b'.')
        .unwrap_or(rest.len());
    let (numbers, kind) = rest.split_at(end);
    let mut semver = numbers.to_vec();
    let letters = kind.iter().take_while(|b| b.is_ascii_lowercase()).count();
    if let ("beta" | "rc", number) = (
        std::str::from_utf8(&kind[..letters]).unwrap_or_default(),
        &kind[letters..],
    ) {
        semver.push(b'-');
        semver.extend_from_slice(&kind[..letters]);
        semver.push(b'.');
        semver.extend_from_slice(number);
    }
    key(&semver, out);
}

/// Dart's: no build comes before any build, and builds are ordered as prereleases are.
pub(super) fn pub_key(version: &[u8], out: &mut Vec<u8>) {
    let (version, build) = split_first(without_v(version), b'+');
    core(version, out);
    match build {
        None => out.push(0),
        Some(build) => {
            out.push(1);
            identifiers(build, out);
        }
    }
}

fn without_v(version: &[u8]) -> &[u8] {
    match version {
        [b'v' | b'V' | b'=', rest @ ..] => rest,
        _ => version,
    }
}

/// Numbers and prerelease.
fn core(version: &[u8], out: &mut Vec<u8>) {
    let mut rest = version;
    let mut more: Vec<&[u8]> = Vec::new();
    for index in 0_usize.. {
        let mut after = rest;
        let dot = index == 0 || take_prefix(&mut after, b".");
        let digits = if dot { take_digits(&mut after) } else { b"" };
        if !digits.is_empty() {
            rest = after;
        } else if index >= 3 {
            break;
        }
        if index < 3 {
            number(out, digits);
        } else {
            more.push(digits);
        }
    }
    while more.last().is_some_and(|digits| is_zero(digits)) {
        more.pop();
    }
    for digits in more {
        out.push(MORE_NUMBERS);
        number(out, digits);
    }
    if rest.is_empty() {
        out.push(RELEASE);
    } else {
        out.push(PRERELEASE);
        take_prefix(&mut rest, b"-");
        identifiers(rest, out);
    }
}

/// Identifiers between dots: fewer before more, numbers before texts.
pub(super) fn identifiers(text_of_all: &[u8], out: &mut Vec<u8>) {
    for identifier in text_of_all.split(|&b| b == b'.') {
        if is_number(identifier) {
            out.push(2);
            number(out, identifier);
        } else {
            out.push(3);
            text(out, identifier);
        }
    }
    out.push(1);
}

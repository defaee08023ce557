//! Conan's versions: parts between dots, then `-prerelease` and `+build`, which are versions themselves.
//!
//! Numbers are compared as numbers, words as texts, and a number with a word as texts too, which is no order when the
//! word begins with a digit (`10` < `1a` < `2` < `10`): such versions have no key. Zeros at the end do not count.

use std::cmp::Ordering;

use crate::bytes::{compare_numbers, is_number, is_zero, number, text};

struct Version<'a> {
    parts: Vec<&'a [u8]>,
    pre: Option<Vec<&'a [u8]>>,
    build: Option<Vec<&'a [u8]>>,
}

impl<'a> Version<'a> {
    fn parse(version: &'a str) -> Self {
        let (rest, build) = version
            .rsplit_once('+')
            .map_or((version, None), |(rest, build)| (rest, Some(build)));
        let (main, pre) = rest
            .split_once('-')
            .map_or((rest, None), |(main, pre)| (main, Some(pre)));
        Self {
            parts: parts(main),
            pre: pre.map(parts),
            build: build.map(parts),
        }
    }
}

fn parts(text: &str) -> Vec<&[u8]> {
    let mut parts: Vec<&[u8]> = text.split('.').map(str::as_bytes).collect();
    while parts
        .last()
        .is_some_and(|part| is_number(part) && is_zero(part))
    {
        parts.pop();
    }
    parts
}

pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (Version::parse(a), Version::parse(b));
    compare_parts(&a.parts, &b.parts).then_with(|| match (&a.pre, &b.pre) {
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (Some(x), Some(y)) => compare_parts(x, y).then_with(|| compare_builds(&a, &b)),
        (None, None) => compare_builds(&a, &b),
    })
}

fn compare_builds(a: &Version, b: &Version) -> Ordering {
    match (&a.build, &b.build) {
        (Some(x), Some(y)) => compare_parts(x, y),
        (x, y) => x.is_some().cmp(&y.is_some()),
    }
}

fn compare_parts(a: &[&[u8]], b: &[&[u8]]) -> Ordering {
    for (x, y) in a.iter().zip(b) {
        let order = match (is_number(x), is_number(y)) {
            (true, true) => compare_numbers(x, y),
            (true, false) => plain(x).cmp(y),
            (false, true) => (*x).cmp(plain(y)),
            (false, false) => x.cmp(y),
        };
        if order.is_ne() {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

/// A number as it prints: without zeros in front.
fn plain(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|&&d| d == b'0').count();
    &digits[zeros.min(digits.len() - 1)..]
}

pub(super) fn key(version: &str, out: &mut Vec<u8>) -> bool {
    let version = Version::parse(version);
    let mut ordered = write(&version.parts, out);
    match &version.pre {
        Some(pre) => {
            out.push(0);
            ordered &= write(pre, out);
        }
        None => out.push(1),
    }
    match &version.build {
        Some(build) => {
            out.push(1);
            ordered &= write(build, out);
        }
        None => out.push(0),
    }
    ordered
}

/// False if a word is among the parts that is not after all numbers.
fn write(parts: &[&[u8]], out: &mut Vec<u8>) -> bool {
    let mut ordered = true;
    for part in parts {
        if is_number(part) {
            out.push(2);
            number(out, part);
        } else {
            ordered &= part.first().is_some_and(|&b| b > b'9');
            out.push(3);
            text(out, part);
        }
    }
    out.push(1);
    ordered
}

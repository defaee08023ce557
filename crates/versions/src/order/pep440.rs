//! Python's versions, PEP 440, as the `packaging` library orders them.
//!
//! What PEP 440 refuses comes before all versions and is ordered among its like as setuptools did before, and
//! `packaging` until release 22.

use crate::bytes::{is_number, is_zero, number, take_digits, take_prefix, take_while, text};

pub(super) fn key(version: &str, out: &mut Vec<u8>) {
    let version = version.to_ascii_lowercase();
    if let Some(parsed) = parse(version.as_bytes()) {
        out.push(1);
        parsed.write(out);
    } else {
        out.push(0);
        legacy(version.as_bytes(), out);
    }
}

/// A version in parts; numbers are their digits, none at all being zero.
struct Parsed<'a> {
    epoch: &'a [u8],
    release: Vec<&'a [u8]>,
    /// `a`, `b` or `r` (candidate), and its number.
    pre: Option<(u8, &'a [u8])>,
    post: Option<&'a [u8]>,
    dev: Option<&'a [u8]>,
    local: Option<&'a [u8]>,
}

fn parse(version: &[u8]) -> Option<Parsed<'_>> {
    let mut rest = version;
    take_prefix(&mut rest, b"v");
    let mut first = take_digits(&mut rest);
    let mut epoch: &[u8] = b"";
    if !first.is_empty() && take_prefix(&mut rest, b"!") {
        epoch = first;
        first = take_digits(&mut rest);
    }
    if first.is_empty() {
        return None;
    }
    let mut release = vec![first];
    while let [b'.', b'0'..=b'9', ..] = rest {
        rest = &rest[1..];
        release.push(take_digits(&mut rest));
    }
    let pre = segment(
        &mut rest,
        &[
            (b"alpha", b'a'),
            (b"a", b'a'),
            (b"beta", b'b'),
            (b"b", b'b'),
            (b"preview", b'r'),
            (b"pre", b'r'),
            (b"rc", b'r'),
            (b"c", b'r'),
        ],
    );
    let post = if let [b'-', b'0'..=b'9', ..] = rest {
        rest = &rest[1..];
        Some(take_digits(&mut rest))
    } else {
        segment(&mut rest, &[(b"post", 0), (b"rev", 0), (b"r", 0)]).map(|(_, number)| number)
    };
    let dev = segment(&mut rest, &[(b"dev", 0)]).map(|(_, number)| number);
    let local = take_prefix(&mut rest, b"+").then_some(rest);
    let complete = match local {
        Some(local) => local
            .split(|b| is_separator(*b))
            .all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_alphanumeric)),
        None => rest.is_empty(),
    };
    complete.then_some(Parsed {
        epoch,
        release,
        pre,
        post,
        dev,
        local,
    })
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'.')
}

/// One of the words, with separators around it and its number.
fn segment<'a>(rest: &mut &'a [u8], words: &[(&[u8], u8)]) -> Option<(u8, &'a [u8])> {
    let mut after = *rest;
    if after.first().is_some_and(|b| is_separator(*b)) {
        after = &after[1..];
    }
    let (_, kind) = words
        .iter()
        .find(|(word, _)| take_prefix(&mut after, word))?;
    if after.first().is_some_and(|b| is_separator(*b)) {
        after = &after[1..];
    }
    let number = take_digits(&mut after);
    *rest = after;
    Some((*kind, number))
}

impl Parsed<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        number(out, self.epoch);
        let significant = self
            .release
            .iter()
            .rposition(|n| !is_zero(n))
            .map_or(0, |last| last + 1);
        for part in &self.release[..significant] {
            out.push(1);
            number(out, part);
        }
        out.push(0);
        match self.pre {
            // `1.0.dev1` comes before `1.0a1`.
            None if self.post.is_none() && self.dev.is_some() => out.push(0),
            Some((kind, digits)) => {
                out.push(kind);
                number(out, digits);
            }
            None => out.push(u8::MAX),
        }
        match self.post {
            None => out.push(0),
            Some(digits) => {
                out.push(1);
                number(out, digits);
            }
        }
        match self.dev {
            Some(digits) => {
                out.push(0);
                number(out, digits);
            }
            None => out.push(1),
        }
        let Some(local) = self.local else {
            return out.push(0);
        };
        out.push(1);
        for part in local.split(|b| is_separator(*b)) {
            if is_number(part) {
                out.push(2);
                number(out, part);
            } else {
                out.push(1);
                text(out, part);
            }
        }
        out.push(0);
    }
}

/// Setuptools' order: words and numbers of eight places, where `final` stands at the end.
fn legacy(version: &[u8], out: &mut Vec<u8>) {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for part in legacy_parts(version)
        .into_iter()
        .chain([b"*final".to_vec()])
    {
        if part.starts_with(b"*") {
            while part.as_slice() < b"*final" && parts.last().is_some_and(|last| last == b"*final-")
            {
                parts.pop();
            }
            while parts.last().is_some_and(|last| last == b"00000000") {
                parts.pop();
            }
        }
        parts.push(part);
    }
    for part in parts {
        out.push(1);
        text(out, &part);
    }
    out.push(0);
}

fn legacy_parts(version: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = version;
    let mut parts = Vec::new();
    while let Some(&byte) = rest.first() {
        let part = if byte.is_ascii_digit() {
            let digits = take_digits(&mut rest);
            let mut padded = vec![b'0'; 8_usize.saturating_sub(digits.len())];
            padded.extend_from_slice(digits);
            parts.push(padded);
            continue;
        } else if byte.is_ascii_lowercase() {
            take_while(&mut rest, |b| b.is_ascii_lowercase())
        } else if byte == b'.' || byte == b'-' {
            let (one, after) = rest.split_at(1);
            rest = after;
            one
        } else {
            take_while(&mut rest, |b| {
                !b.is_ascii_digit() && !b.is_ascii_lowercase() && b != b'.' && b != b'-'
            })
        };
        let word: &[u8] = match part {
            b"." => continue,
            b"pre" | b"preview" | b"rc" => b"c",
            b"-" => b"final-",
            b"dev" => b"@",
            other => other,
        };
        parts.push([b"*", word].concat());
    }
    parts
}

//! Semantic versions, as `blang/semver` and with it Kubernetes reads them.

use std::cmp::Ordering;

/// A semantic version. Build metadata has no part in its order, and is not kept.
#[derive(Clone, Copy, Debug)]
pub struct Semver<'a> {
    /// Major, minor and patch number.
    pub numbers: [u64; 3],
    /// What follows `-`; empty when there is none.
    pre_release: &'a str,
}

impl<'a> Semver<'a> {
    /// Reads a version: three numbers, and perhaps pre-release and build identifiers.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (text, build) = match text.split_once('+') {
            Some((text, build)) => (text, Some(build)),
            None => (text, None),
        };
        let (numbers, pre_release) = match text.split_once('-') {
            Some((numbers, pre_release)) => (numbers, Some(pre_release)),
            None => (text, None),
        };
        let mut parts = numbers.split('.');
        let numbers = [
            number(parts.next()?)?,
            number(parts.next()?)?,
            number(parts.next()?)?,
        ];
        let identifiers = |text: &str, valid: fn(&str) -> bool| text.split('.').all(valid);
        let valid = parts.next().is_none()
            && pre_release.is_none_or(|text| identifiers(text, is_pre_release))
            && build.is_none_or(|text| identifiers(text, is_identifier));
        valid.then_some(Semver {
            numbers,
            pre_release: pre_release.unwrap_or(""),
        })
    }

    /// The text that a lenient reading makes of one: no `v` in front, no leading zeros, missing
    /// numbers as 0.
    pub fn normalize(text: &str) -> Option<String> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let mut parts: Vec<String> = text.splitn(3, '.').map(without_zeros).collect();
        if parts.len() < 3 && parts.last().is_some_and(|last| last.contains(['+', '-'])) {
            return None;
        }
        parts.resize(3, "0".to_owned());
        Some(parts.join("."))
    }

    /// The order of versions; a pre-release comes before its release.
    pub fn order(&self, other: &Semver<'_>) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| {
            match (self.pre_release.is_empty(), other.pre_release.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => pre_release_order(self.pre_release, other.pre_release),
            }
        })
    }
}

/// Without leading zeros, but with a digit in front.
fn without_zeros(part: &str) -> String {
    if part.len() < 2 {
        return part.to_owned();
    }
    let stripped = part.trim_start_matches('0');
    if stripped.starts_with(|first: char| first.is_ascii_digit()) {
        stripped.to_owned()
    } else {
        format!("0{stripped}")
    }
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let padded = text.len() > 1 && text.starts_with('0');
    (digits && !padded).then(|| text.parse().ok()).flatten()
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// An identifier that is a number has no leading zeros.
fn is_pre_release(text: &str) -> bool {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_identifier(text) && (!is_number || number(text).is_some())
}

/// Identifier by identifier: numbers by value and before words; the longer list is the later one.
fn pre_release_order(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(left), Some(right)) => match (number(left), number(right)) {
                (Some(left), Some(right)) => left.cmp(&right),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => left.cmp(right),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

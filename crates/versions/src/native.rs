//! Version ranges in the notation of each ecosystem, as constraints of `vers:`.

mod bracket;
mod conan;
mod listed;
mod npm;

use crate::constraint::{Comparator, Constraint};

/// Reads a range; the error is the part that is not understood.
pub(crate) fn parse<'a>(kind: &str, range: &'a str) -> Result<Vec<Constraint>, &'a str> {
    match kind {
        "npm" => npm::parse(range),
        "cargo" | "pub" => listed::caret(range),
        "composer" => listed::composer(range),
        "conan" => conan::parse(range),
        "gem" | "hex" => listed::gem(range),
        "pypi" => listed::pypi(range),
        "nginx" => listed::nginx(range),
        "openssl" => listed::openssl(range),
        "nuget" => bracket::parse(range, Comparator::GreaterOrEqual),
        "maven" => bracket::parse(range, Comparator::Equal),
        _ => listed::plain(range),
    }
}

/// `>= low` and `< high`.
fn between(low: impl Into<String>, high: impl Into<String>) -> [Constraint; 2] {
    [
        Constraint::new(Comparator::GreaterOrEqual, low),
        Constraint::new(Comparator::Less, high),
    ]
}

/// The first `index + 1` numbers of a version with the last of them raised by one, followed by nothing.
///
/// `None` where there is no such number, or it is too great.
fn raised(version: &str, index: usize) -> Option<String> {
    let mut parts: Vec<&str> = version
        .split(['-', '+'])
        .next()?
        .split('.')
        .take(index + 1)
        .collect();
    if parts.len() <= index {
        return None;
    }
    let last = parts
        .pop()?
        .parse::<u64>()
        .ok()?
        .checked_add(1)?
        .to_string();
    parts.push(&last);
    Some(parts.join("."))
}

/// A version as three numbers and the rest: `1.2` is `1.2.0`, `v` is dropped.
fn three_numbers(version: &str) -> String {
    let version = version.trim_start_matches(['v', 'V', '=']).trim_start();
    let end = version.find(['-', '+']).unwrap_or(version.len());
    let (numbers, rest) = version.split_at(end);
    let missing = 2_usize.saturating_sub(numbers.matches('.').count());
    format!("{numbers}{}{rest}", ".0".repeat(missing))
}

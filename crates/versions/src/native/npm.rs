//! npm's ranges: `^1.2.3 || ~2.0 || 3.x || 1.0.0 - 2.0.0`.

use super::{between, raised, three_numbers};
use crate::constraint::{Comparator, Constraint};

pub(super) fn parse(range: &str) -> Result<Vec<Constraint>, &str> {
    if matches!(range.trim(), "*" | "" | "x" | "X" | "latest") {
        return Ok(vec![Constraint::new(Comparator::Any, "")]);
    }
    let mut constraints = Vec::new();
    for alternative in range.split("||") {
        if let Some((low, high)) = alternative.split_once(" - ") {
            constraints.push(Constraint::new(
                Comparator::GreaterOrEqual,
                three_numbers(low.trim()),
            ));
            constraints.extend(upper_of_hyphen(high.trim()).ok_or(alternative)?);
            continue;
        }
        // A comparator may stand apart from its version.
        let mut comparator = "";
        for word in alternative.split_whitespace() {
            if matches!(word, "<" | "<=" | ">" | ">=" | "=" | "==" | "~" | "^") {
                comparator = word;
                continue;
            }
            constraints.extend(one(comparator, word).ok_or(alternative)?);
            comparator = "";
        }
        if !comparator.is_empty() {
            return Err(alternative);
        }
    }
    Ok(constraints)
}

fn one(apart: &str, word: &str) -> Option<Vec<Constraint>> {
    let (sign, version) = match apart {
        "" => word.split_at(
            word.find(|c| !matches!(c, '<' | '>' | '=' | '~' | '^'))
                .unwrap_or(word.len()),
        ),
        _ => (apart, word),
    };
    if version.is_empty() {
        return None;
    }
    if let Some(wild) = wildcard(version) {
        return wild_range(wild);
    }
    match sign {
        "^" => {
            let low = three_numbers(version);
            let first = low
                .split(['.', '-', '+'])
                .take(3)
                .position(|n| !n.trim_start_matches('0').is_empty())
                .unwrap_or(2);
            Some(between(low.clone(), padded(&raised(&low, first)?)).into())
        }
        "~" | "~>" => tilde(version),
        _ => Some(vec![Constraint::new(
            Comparator::split(sign).0,
            three_numbers(version),
        )]),
    }
}

/// The numbers before an `x`, if there is one.
fn wildcard(version: &str) -> Option<&str> {
    let end = version.find(['x', 'X', '*'])?;
    let numbers = version[..end]
        .trim_end_matches('.')
        .trim_start_matches(['v', 'V']);
    numbers
        .bytes()
        .all(|b| b.is_ascii_digit() || b == b'.')
        .then_some(numbers)
}

fn wild_range(numbers: &str) -> Option<Vec<Constraint>> {
    if numbers.is_empty() {
        return Some(vec![Constraint::new(Comparator::GreaterOrEqual, "0.0.0")]);
    }
    let last = numbers.matches('.').count();
    Some(between(three_numbers(numbers), padded(&raised(numbers, last)?)).into())
}

/// `~1.2.3` stays below the next minor version. With a prerelease, the interval of prereleases of that version is
/// given beside the one of releases.
fn tilde(version: &str) -> Option<Vec<Constraint>> {
    let low = three_numbers(version);
    let part = version.matches('.').count().min(1);
    let Some((release, _)) = low.split_once('-') else {
        return Some(between(low.clone(), padded(&raised(&low, part)?)).into());
    };
    let high = if release.ends_with(".0") {
        release.to_owned()
    } else {
        padded(&raised(release, 1)?)
    };
    let mut constraints = Vec::from(between(low.clone(), padded(&raised(release, 2)?)));
    constraints.extend(between(release, high));
    Some(constraints)
}

/// The upper end of `a - b` includes all that `b` leaves open.
fn upper_of_hyphen(high: &str) -> Option<Vec<Constraint>> {
    let dots = high.split(['-', '+']).next()?.matches('.').count();
    Some(vec![if dots < 2 {
        Constraint::new(
            Comparator::Less,
            padded(&raised(high.trim_start_matches(['v', 'V']), dots)?),
        )
    } else {
        Constraint::new(Comparator::LessOrEqual, three_numbers(high))
    }])
}

fn padded(numbers: &str) -> String {
    three_numbers(numbers)
}

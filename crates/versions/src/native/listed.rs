//! Ranges that are lists of a sign and a version, with the signs that each ecosystem adds.

use super::{between, raised, three_numbers};
use crate::constraint::{Comparator, Constraint};

/// Signs and versions parted by commas or spaces; `<<` and `>>` are Debian's, `~` alone has no meaning.
pub(super) fn plain(range: &str) -> Result<Vec<Constraint>, &str> {
    words(range, &[',', ' ', '|'], |word| {
        let word = word
            .strip_prefix("<<")
            .map_or_else(
                || word.strip_prefix(">>").map(|v| format!(">{v}")),
                |v| Some(format!("<{v}")),
            )
            .unwrap_or(word.to_owned());
        let (comparator, version) = Comparator::split(&word);
        Some(vec![Constraint::new(comparator, version)])
    })
}

/// PEP 440: `>=1.0, !=1.5, ~=2.2, ==3.*`.
pub(super) fn pypi(range: &str) -> Result<Vec<Constraint>, &str> {
    words(range, &[','], |word| {
        if let Some(version) = word.strip_prefix("~=") {
            let version = version.trim();
            return Some(
                between(
                    version,
                    raised(version, version.matches('.').count().checked_sub(1)?)?,
                )
                .into(),
            );
        }
        let word = word.strip_prefix("===").unwrap_or(word);
        let (comparator, version) = Comparator::split(word);
        match (version.trim().strip_suffix(".*"), comparator) {
            (Some(numbers), Comparator::Equal) => {
                Some(between(numbers, raised(numbers, numbers.matches('.').count())?).into())
            }
            (Some(_), _) => None,
            (None, _) => Some(vec![Constraint::new(comparator, version.trim())]),
        }
    })
}

/// Ruby's and Elixir's: `~> 2.0.8` stays below `2.1`.
pub(super) fn gem(range: &str) -> Result<Vec<Constraint>, &str> {
    words(range, &[','], |word| {
        if let Some(version) = word.strip_prefix("~>") {
            let version = version.trim();
            let numbers = version
                .split('.')
                .take_while(|part| part.bytes().all(|b| b.is_ascii_digit()))
                .count();
            Some(between(version, raised(version, numbers.saturating_sub(2))?).into())
        } else {
            let (comparator, version) = Comparator::split(word);
            Some(vec![Constraint::new(comparator, version.trim())])
        }
    })
}

/// Rust's and Dart's: a bare version is `^version`, `~1.2` stays below the next minor version, `1.*` below the next.
pub(super) fn caret(range: &str) -> Result<Vec<Constraint>, &str> {
    if matches!(range.trim(), "*" | "any") {
        return Ok(vec![Constraint::new(Comparator::Any, "")]);
    }
    words(range, &[','], caret_or_tilde)
}

fn caret_or_tilde(word: &str) -> Option<Vec<Constraint>> {
    if let Some(numbers) = word
        .strip_suffix(".*")
        .map(|numbers| numbers.trim_start_matches('=').trim())
    {
        return Some(
            between(
                three_numbers(numbers),
                three_numbers(&raised(numbers, numbers.matches('.').count())?),
            )
            .into(),
        );
    }
    if let Some(version) = word.strip_prefix('~') {
        let version = version.trim();
        let part = version
            .split(['-', '+'])
            .next()?
            .matches('.')
            .count()
            .min(1);
        return Some(
            between(
                three_numbers(version),
                three_numbers(&raised(version, part)?),
            )
            .into(),
        );
    }
    if word.starts_with(['<', '>', '=', '!']) {
        let (comparator, version) = Comparator::split(word);
        return Some(vec![Constraint::new(
            comparator,
            three_numbers(version.trim()),
        )]);
    }
    let version = word.trim_start_matches('^').trim();
    let numbers: Vec<&str> = version.split(['-', '+']).next()?.split('.').collect();
    let part = numbers
        .iter()
        .position(|n| !n.trim_start_matches('0').is_empty())
        .unwrap_or(numbers.len() - 1);
    Some(
        between(
            three_numbers(version),
            three_numbers(&raised(version, part)?),
        )
        .into(),
    )
}

/// Composer's: commas or spaces for and, `||` for or; `^` and `~` where `~1.2` stays below `2`.
pub(super) fn composer(range: &str) -> Result<Vec<Constraint>, &str> {
    let mut constraints = Vec::new();
    for alternative in range
        .split('|')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        if let Some((low, high)) = alternative.split_once(" - ") {
            constraints.push(Constraint::new(Comparator::GreaterOrEqual, low.trim()));
            constraints.push(Constraint::new(Comparator::LessOrEqual, high.trim()));
            continue;
        }
        constraints.extend(words(alternative, &[',', ' '], |word| {
            // A stability behind `@` says nothing of versions.
            let word = word.split('@').next()?;
            if word == "*" {
                return Some(vec![Constraint::new(Comparator::Any, "")]);
            }
            if let Some(numbers) = word.strip_suffix(".*").or_else(|| word.strip_suffix(".x")) {
                return Some(
                    between(numbers, raised(numbers, numbers.matches('.').count())?).into(),
                );
            }
            if let Some(version) = word.strip_prefix('~') {
                let parts = version.split('-').next()?.matches('.').count();
                return Some(between(version, raised(version, parts.saturating_sub(1))?).into());
            }
            if let Some(version) = word.strip_prefix('^') {
                let part = version
                    .split('.')
                    .position(|n| !n.trim_start_matches('0').is_empty())
                    .unwrap_or(version.matches('.').count());
                return Some(between(version, raised(version, part)?).into());
            }
            let (comparator, version) = Comparator::split(word);
            Some(vec![Constraint::new(comparator, version)])
        })?);
    }
    Ok(constraints)
}

/// nginx' advisories: `0.8.40+` is all of that branch from there on, and of all later ones where the minor version is
/// odd, which are the mainline; `0.7.52-0.8.39` includes both ends.
pub(super) fn nginx(range: &str) -> Result<Vec<Constraint>, &str> {
    if range.trim().eq_ignore_ascii_case("all") {
        return Ok(vec![Constraint::new(Comparator::Any, "")]);
    }
    words(range, &[','], |word| {
        if let Some((low, high)) = word.split_once('-') {
            return Some(vec![
                Constraint::new(Comparator::GreaterOrEqual, low.trim()),
                Constraint::new(Comparator::LessOrEqual, high.trim()),
            ]);
        }
        let Some(version) = word.strip_suffix('+') else {
            return Some(vec![Constraint::new(Comparator::Equal, word)]);
        };
        let minor: u64 = version.split('.').nth(1)?.parse().ok()?;
        let mut constraints = vec![Constraint::new(Comparator::GreaterOrEqual, version)];
        if minor.is_multiple_of(2) {
            constraints.push(Constraint::new(
                Comparator::Less,
                three_numbers(&raised(version, 1)?),
            ));
        }
        Some(constraints)
    })
}

/// OpenSSL's advisories list versions.
pub(super) fn openssl(range: &str) -> Result<Vec<Constraint>, &str> {
    words(range, &[','], |word| {
        Some(vec![Constraint::new(Comparator::Equal, word)])
    })
}

/// Reads each word, with a sign that stands apart put to the word after it.
fn words<'a>(
    range: &'a str,
    separators: &[char],
    read: impl Fn(&str) -> Option<Vec<Constraint>>,
) -> Result<Vec<Constraint>, &'a str> {
    let mut constraints = Vec::new();
    let mut sign = "";
    for word in range
        .split(separators)
        .map(str::trim)
        .filter(|word| !word.is_empty())
    {
        if word.bytes().all(|b| b"<>=!~^".contains(&b)) {
            sign = word;
            continue;
        }
        let read = read(&format!("{sign}{word}")).ok_or(word)?;
        if read
            .iter()
            .any(|c| c.version.is_empty() && c.comparator != Comparator::Any)
        {
            return Err(word);
        }
        constraints.extend(read);
        sign = "";
    }
    if sign.is_empty() {
        Ok(constraints)
    } else {
        Err(range)
    }
}

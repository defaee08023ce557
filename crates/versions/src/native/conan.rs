//! Conan's ranges: `>=1.0 <2.0 || ~3.1`. The end of `~` and `^` leaves prereleases out: `<2.6-`.

use super::raised;
use crate::constraint::{Comparator, Constraint};

pub(super) fn parse(range: &str) -> Result<Vec<Constraint>, &str> {
    // What follows a comma are options, such as `include_prerelease`.
    let expression = range.split(',').next().unwrap_or(range);
    let mut constraints = Vec::new();
    for alternative in expression.split("||") {
        for word in alternative.split_whitespace() {
            constraints.extend(one(word.strip_suffix('-').unwrap_or(word)).ok_or(alternative)?);
        }
    }
    Ok(constraints)
}

fn one(word: &str) -> Option<Vec<Constraint>> {
    if word.is_empty() || word == "*" {
        return Some(vec![Constraint::new(Comparator::GreaterOrEqual, "0.0.0")]);
    }
    let (sign, version) = word.split_at(usize::from(word.starts_with(['~', '^'])));
    if sign.is_empty() {
        let (comparator, version) = Comparator::split(word);
        return (!version.is_empty()).then(|| vec![Constraint::new(comparator, version)]);
    }
    let part = if sign == "~" {
        usize::from(version.contains('.'))
    } else {
        version
            .split('.')
            .position(|part| !part.trim_start_matches('0').is_empty())?
    };
    let end = format!("{}-", raised(version, part)?);
    Some(vec![
        Constraint::new(Comparator::GreaterOrEqual, version),
        Constraint::new(Comparator::Less, end),
    ])
}

//! Intervals in brackets, as `NuGet` and Maven write them: `[1.0,2.0)`, `(,1.0]`, `[1.2]`, several parted by commas.

use crate::constraint::{Comparator, Constraint};

/// Reads intervals; `bare` is what a version without brackets means.
pub(super) fn parse(range: &str, bare: Comparator) -> Result<Vec<Constraint>, &str> {
    let mut rest = range.trim();
    if !rest.starts_with(['[', '(']) {
        return if rest.is_empty() {
            Err(range)
        } else {
            Ok(vec![Constraint::new(bare, rest)])
        };
    }
    let mut constraints = Vec::new();
    while !rest.is_empty() {
        let end = rest.find([']', ')']).ok_or(rest)?;
        let inside = rest.get(1..end).ok_or(rest)?;
        let (open, close) = (rest.starts_with('['), rest[end..].starts_with(']'));
        match inside.split_once(',') {
            None if open && close => {
                constraints.push(Constraint::new(Comparator::Equal, inside.trim()));
            }
            None => return Err(rest),
            Some((low, high)) => {
                let ends = [
                    (
                        low.trim(),
                        if open {
                            Comparator::GreaterOrEqual
                        } else {
                            Comparator::Greater
                        },
                    ),
                    (
                        high.trim(),
                        if close {
                            Comparator::LessOrEqual
                        } else {
                            Comparator::Less
                        },
                    ),
                ];
                constraints.extend(
                    ends.into_iter()
                        .filter(|(v, _)| !v.is_empty())
                        .map(|(v, c)| Constraint::new(c, v)),
                );
            }
        }
        rest = rest[end + 1..].trim_start_matches([',', ' ']);
        if !rest.is_empty() && !rest.starts_with(['[', '(']) {
            return Err(rest);
        }
    }
    if constraints.is_empty() {
        constraints.push(Constraint::new(Comparator::Any, ""));
    }
    Ok(constraints)
}

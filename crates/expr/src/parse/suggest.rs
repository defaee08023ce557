//! "Did you mean": the nearest known name.

/// A suggestion to put behind a message, or nothing.
pub(super) fn hint<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let most = 1 + name.chars().count() / 4;
    let near = known
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|&(distance, _)| distance <= most);
    near.min().map_or_else(String::new, |(_, candidate)| {
        format!(", did you mean '{candidate}'?")
    })
}

/// Number of characters to insert, remove, replace or swap with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, from) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, to) in right.iter().enumerate() {
            let replaced = last[column] + usize::from(!from.eq_ignore_ascii_case(to));
            let mut best = replaced.min(last[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && *from == right[column - 1] && left[row - 1] == *to {
                best = best.min(before_last[column - 1] + 1);
            }
            current.push(best);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last[right.len()]
}

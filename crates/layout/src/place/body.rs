//! What lies at one height: a box, the top or bottom of a frame in all its columns, and the longest straight pieces
//! of lines.
//!
//! Where pieces of lines cross each other or pass a frame, some have to bend. Between two columns those stay straight that
//! make the longest sequence without a crossing. What is straight then never changes sides with anything that is straight
//! as well, and so "lies above" has no cycle among bodies.

use super::item::{Item, Items, What};

/// For each item the number of its body. Numbers have no gap.
pub(super) fn bodies(items: &Items, order: &[Vec<usize>]) -> Vec<usize> {
    let mut place = vec![0; items.list.len()];
    for column in order {
        for (index, &item) in column.iter().enumerate() {
            place[item] = index;
        }
    }
    let mut joined: Vec<usize> = (0..items.list.len()).collect();
    for column in order {
        for (left, right) in straight(items, column, &place) {
            joined[right] = left;
        }
    }
    numbered(&joined, order)
}

/// Follows each item to the leftmost that it is joined to; columns come from left to right.
fn numbered(joined: &[usize], order: &[Vec<usize>]) -> Vec<usize> {
    let mut body = vec![usize::MAX; joined.len()];
    let mut count = 0;
    for &item in order.iter().flatten() {
        if joined[item] == item {
            body[item] = count;
            count += 1;
        } else {
            body[item] = body[joined[item]];
        }
    }
    body
}

/// The segments from a column to the next that stay straight.
fn straight(items: &Items, column: &[usize], place: &[usize]) -> Vec<(usize, usize)> {
    let mut straight = Vec::new();
    let mut run = Vec::new();
    let mut least = 0;
    for &left in column {
        let &[right] = items.right.of(left) else {
            continue;
        };
        let (one, other) = (&items.list[left], &items.list[right]);
        if one.is_border() {
            // Tops and bottoms are straight whatever happens. What goes to their other side is not.
            let limit = place[right];
            longest_ascent(&mut run, least, limit, place, &mut straight);
            straight.push((left, right));
            least = limit;
        } else if is_passing(one) && is_passing(other) && one.frame == other.frame {
            run.push((left, right));
        }
    }
    longest_ascent(&mut run, least, usize::MAX, place, &mut straight);
    straight
}

fn is_passing(item: &Item) -> bool {
    matches!(item.what, What::Bend | What::Label)
}

/// Of the segments that end between two limits, the longest sequence in which they ascend.
fn longest_ascent(
    run: &mut Vec<(usize, usize)>,
    least: usize,
    limit: usize,
    place: &[usize],
    straight: &mut Vec<(usize, usize)>,
) {
    let inside = |&(_, right): &(usize, usize)| (least..limit).contains(&place[right]);
    run.retain(inside);
    // For each length the last segment of the sequence of that length that ends highest up.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; run.len()];
    for index in 0..run.len() {
        let own = place[run[index].1];
        let length = ends.partition_point(|&end| place[run[end].1] < own);
        before[index] = length.checked_sub(1).map(|last| ends[last]);
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let chosen = std::iter::successors(ends.last().copied(), |&index| before[index]);
    straight.extend(chosen.map(|index| run[index]));
    run.clear();
}

//! Where lines meet the sides of boxes: side by side in the order of their other ends.

use super::item::{Items, What};
use super::lists::Lists;

/// Room between two lines at a side, at most, and what stays free above and below them.
const PITCH: i32 = 8;
const MARGIN: i32 = 7;

/// How far from the middle of a box the only line of a side may be so that it is straight.
const STRAIGHT: i32 = 12;

/// For each segment how much lower than the middle of its items it begins and ends.
pub(super) struct Ports {
    pub(super) of_segment: Vec<(i32, i32)>,
}

impl Ports {
    pub(super) fn new(items: &Items, order: &[Vec<usize>]) -> Self {
        let mut place = vec![0; items.list.len()];
        for column in order {
            for (index, &item) in column.iter().enumerate() {
                place[item] = index;
            }
        }
        let count = items.list.len();
        let segments = items.segments.iter().enumerate();
        let leaving = segments
            .clone()
            .map(|(index, segment)| (segment.left, (place[segment.right], index)));
        let entering =
            segments.map(|(index, segment)| (segment.right, (place[segment.left], index)));
        let mut of_segment = vec![(0, 0); items.segments.len()];
        let sides = [
            (Lists::new(count, leaving), true),
            (Lists::new(count, entering), false),
        ];
        for (mut lists, is_start) in sides {
            for (item, own) in items.list.iter().enumerate() {
                let list = lists.of_mut(item);
                list.sort_unstable();
                for (index, &(_, segment)) in (0..).zip(list.iter()) {
                    let offset = match own.what {
                        What::Box(_) => offset(index, list.len(), own.height),
                        What::Turn | What::Label => offset(index, list.len(), 2 * MARGIN + 6),
                        _ => 0,
                    };
                    let ends = &mut of_segment[segment];
                    *(if is_start { &mut ends.0 } else { &mut ends.1 }) = offset;
                }
            }
        }
        Ports { of_segment }
    }

    /// Makes lines straight that climb a little, by where they meet a box that has no other line on that side.
    pub(super) fn straighten(&mut self, items: &Items, heights: &[i32]) {
        for (segment, (out, into)) in items.segments.iter().zip(&mut self.of_segment) {
            let (left, right) = (segment.left, segment.right);
            let climb = (heights[right] + *into) - (heights[left] + *out);
            if is_only_at_box(items, left, &items.right) && climb.abs() <= room(items, left) {
                *out += climb;
            } else if is_only_at_box(items, right, &items.left) && climb.abs() <= room(items, right)
            {
                *into -= climb;
            }
        }
    }
}

fn is_only_at_box(items: &Items, item: usize, side: &Lists<usize>) -> bool {
    matches!(items.list[item].what, What::Box(_)) && side.of(item).len() == 1
}

/// How far from its middle a line may meet a box.
fn room(items: &Items, item: usize) -> i32 {
    (items.list[item].height / 2 - MARGIN).clamp(0, STRAIGHT)
}

/// How much below the middle one of several lines is.
fn offset(index: i32, count: usize, height: i32) -> i32 {
    let last = i32::try_from(count).unwrap_or(i32::MAX) - 1;
    let room = (height - 2 * MARGIN).clamp(0, PITCH.saturating_mul(last).max(0));
    if last == 0 {
        0
    } else {
        // Many lines share few pixels.
        let twice = 2 * i64::from(index) - i64::from(last);
        (twice * i64::from(room) / (2 * i64::from(last))) as i32
    }
}

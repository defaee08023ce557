//! Boxes without lines, spread over the columns of their frame.

use std::collections::BTreeMap;

use crate::place::sketch::Sketch;

/// How many rows more than columns a frame may get before it grows to the right.
const HIGH: usize = 2;

/// Gives each box without lines that is in a frame, and in no layer, a rank in which its frame holds the fewest.
pub(super) fn fill(sketch: &Sketch, of_box: &[usize], rank: &mut [i32]) {
    let mut has_line = vec![false; sketch.boxes.len()];
    for line in &sketch.lines {
        has_line[line.from] = true;
        has_line[line.to] = true;
    }
    // By frame: how many boxes each rank has, and who is without lines.
    let mut counts: BTreeMap<usize, BTreeMap<i32, usize>> = BTreeMap::new();
    let mut lone: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, one) in sketch.boxes.iter().enumerate() {
        if !has_line[index] && one.layer.is_none() && !one.is_rigid {
            lone.entry(one.frame.unwrap_or(usize::MAX))
                .or_default()
                .push(index);
            continue;
        }
        for frame in sketch.around(index) {
            *counts
                .entry(frame)
                .or_default()
                .entry(rank[of_box[index]])
                .or_default() += 1;
        }
    }
    for (frame, boxes) in lone {
        let Some(counts) = counts.get_mut(&frame) else {
            continue;
        };
        let (Some((&first, _)), Some((&last, _))) =
            (counts.first_key_value(), counts.last_key_value())
        else {
            continue;
        };
        let all = boxes.len() + counts.values().sum::<usize>();
        let square = i32::try_from((all / HIGH).isqrt()).unwrap_or_default();
        let columns = (last - first + 1).max(square);
        for index in boxes {
            let emptiest = (first..first + columns)
                .min_by_key(|rank| counts.get(rank).copied().unwrap_or_default());
            let emptiest = emptiest.unwrap_or(first);
            *counts.entry(emptiest).or_default() += 1;
            rank[of_box[index]] = emptiest;
        }
    }
}

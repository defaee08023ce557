//! Where columns lie from left to right, and how wide they and the channels between them are.

use super::item::{Items, What};
use super::sketch::Sketch;

/// From what a frame holds to its side, and from there to the next frame around it.
const FRAME_SIDE: i32 = 14;

/// The level piece of a line beside a box, where its arrow is; and beside a column of texts.
const STUB: i32 = 14;
const STUB_OF_TEXT: i32 = 3;

/// The width of the channel that lines cross in: the higher they climb, the wider, between limits.
const CHANNEL: i32 = 26;
const CHANNEL_OF_TEXT: i32 = 18;
const CLIMB: i32 = 7;
const WIDEST: i32 = 130;

/// One column.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Column {
    pub(super) left: i32,
    pub(super) right: i32,
    /// Where lines may leave their height to the left and to the right of it.
    pub(super) channel_left: i32,
    pub(super) channel_right: i32,
    /// The common width of its boxes.
    pub(super) boxes: i32,
}

/// The columns, and how far the sides of each frame are from the columns that it begins and ends with.
pub(super) struct Columns {
    pub(super) list: Vec<Column>,
    sides: Vec<(i32, i32)>,
}

impl Columns {
    pub(super) fn new(sketch: &Sketch, items: &Items, heights: &[i32]) -> Self {
        let sides = sides(sketch, items);
        let mut columns = Columns {
            list: vec![Column::default(); items.columns],
            sides,
        };
        let mut widths = vec![0; items.columns];
        let mut has_boxes = vec![false; items.columns];
        for item in &items.list {
            widths[item.column] = item.width.max(widths[item.column]);
            if let What::Box(index) = item.what {
                has_boxes[item.column] = true;
                if !sketch.boxes[index].is_rigid {
                    let boxes = &mut columns.list[item.column].boxes;
                    *boxes = item.width.max(*boxes);
                }
            }
        }
        let climbs = climbs(items, heights);
        columns.arrange(items, &widths, &has_boxes, &climbs);
        // A heading stays within the first column: further to the right lines may climb through it.
        for (frame, one) in sketch.frames.iter().enumerate() {
            let Some((first, _)) = items.spans[frame] else {
                continue;
            };
            let room = columns.list[first].right - columns.frame(items, frame).0;
            let lack = one.heading.0 - room;
            if lack > 0 {
                widths[first] += lack;
                columns.arrange(items, &widths, &has_boxes, &climbs);
            }
        }
        columns
    }

    fn arrange(&mut self, items: &Items, widths: &[i32], has_boxes: &[bool], climbs: &[i32]) {
        let (mut before, mut after) = (vec![0; items.columns], vec![0; items.columns]);
        for (frame, &(left, right)) in self.sides.iter().enumerate() {
            if let Some((first, last)) = items.spans[frame] {
                before[first] = left.max(before[first]);
                after[last] = right.max(after[last]);
            }
        }
        let mut x = 0;
        for (index, column) in self.list.iter_mut().enumerate() {
            let stub = if has_boxes[index] { STUB } else { STUB_OF_TEXT };
            column.channel_left = x;
            column.left = x + stub + before[index];
            column.right = column.left + widths[index];
            column.channel_right = column.right + after[index] + stub;
            let is_text = !has_boxes[index] || has_boxes.get(index + 1) == Some(&false);
            let least = if is_text { CHANNEL_OF_TEXT } else { CHANNEL };
            x = column.channel_right + (least + climbs[index] / CLIMB).min(WIDEST);
        }
    }

    /// The left and right side of a frame.
    pub(super) fn frame(&self, items: &Items, frame: usize) -> (i32, i32) {
        let Some((first, last)) = items.spans[frame] else {
            return (0, 0);
        };
        let (left, right) = self.sides[frame];
        (self.list[first].left - left, self.list[last].right + right)
    }
}

/// For each frame how far its sides are from its columns: frames inside that end in the same column need room.
fn sides(sketch: &Sketch, items: &Items) -> Vec<(i32, i32)> {
    let mut sides = vec![(FRAME_SIDE, FRAME_SIDE); sketch.frames.len()];
    for (frame, one) in sketch.frames.iter().enumerate().rev() {
        let (Some(parent), Some(own)) = (one.parent, items.spans[frame]) else {
            continue;
        };
        let Some(around) = items.spans[parent] else {
            continue;
        };
        let (left, right) = sides[frame];
        let side = &mut sides[parent];
        if around.0 == own.0 {
            side.0 = side.0.max(left + FRAME_SIDE);
        }
        if around.1 == own.1 {
            side.1 = side.1.max(right + FRAME_SIDE);
        }
    }
    sides
}

/// The greatest difference of height that lines have to the right of each column.
fn climbs(items: &Items, heights: &[i32]) -> Vec<i32> {
    let mut climbs = vec![0; items.columns];
    for segment in &items.segments {
        let climb = (heights[segment.left] - heights[segment.right]).abs();
        let own = &mut climbs[items.list[segment.left].column];
        *own = climb.max(*own);
    }
    climbs
}

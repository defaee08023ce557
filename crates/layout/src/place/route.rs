//! The way of each line: level through columns, and from one height to another only in the channels between them, where no
//! box, text or frame is.

use super::columns::Columns;
use super::item::{Items, What};
use super::ports::Ports;
use super::sketch::{Rect, Route};

/// What stays free of a line before and after its text.
const BESIDE_TEXT: i32 = 3;

/// Everything that ways depend on.
pub(super) struct Routing<'a> {
    pub(super) items: &'a Items,
    pub(super) columns: &'a Columns,
    pub(super) ports: &'a Ports,
    /// The middle of each item.
    pub(super) heights: &'a [i32],
    pub(super) boxes: &'a [Rect],
}

impl Routing<'_> {
    pub(super) fn route(&self, line: usize) -> Route {
        let way = &self.items.of_line[line];
        let mut pen = Pen::default();
        let segment = self.items.segment_of_line[line];
        if self.items.list[way[0]].column == self.items.list[way[way.len() - 1]].column {
            self.there(segment, &mut pen);
            self.turn(way[1], segment, &mut pen);
            let mut back = Pen::default();
            self.there(segment + 1, &mut back);
            back.points.reverse();
            pen.points.extend(back.points);
            return pen.finish(false);
        }
        let is_turned = self.items.list[way[0]].column > self.items.list[way[1]].column;
        for segment in segment..segment + way.len() - 1 {
            self.there(segment, &mut pen);
            self.through(self.items.segments[segment].right, &mut pen);
        }
        pen.finish(is_turned)
    }

    /// Along a segment, from the side of its left item to that of its right one.
    fn there(&self, segment: usize, pen: &mut Pen) {
        let (out, into) = self.ports.of_segment[segment];
        let segment = self.items.segments[segment];
        let [left, right] = [segment.left, segment.right].map(|end| self.items.list[end].column);
        let [left, right] = [&self.columns.list[left], &self.columns.list[right]];
        let start = self.heights[segment.left] + out;
        let end = self.heights[segment.right] + into;
        if let What::Box(index) = self.items.list[segment.left].what {
            pen.points.push((self.boxes[index].right(), start));
        }
        pen.points.push((left.channel_right, start));
        pen.points.push((right.channel_left, end));
        pen.points.push((right.left, end));
    }

    /// Through the text of a line: its rectangle is left out.
    fn through(&self, item: usize, pen: &mut Pen) {
        let own = &self.items.list[item];
        if own.what == What::Label {
            let text = self.text(item);
            pen.lift(text);
            let y = self.heights[item];
            pen.points.push((text.right() + BESIDE_TEXT, y));
        }
    }

    fn text(&self, item: usize) -> Rect {
        let own = &self.items.list[item];
        let column = &self.columns.list[own.column];
        Rect {
            x: column.left + BESIDE_TEXT,
            y: self.heights[item] - own.height / 2,
            width: own.width - 2 * BESIDE_TEXT,
            height: own.height,
        }
    }

    /// Round to the column that the line came from; a text stands to the right of where it would turn.
    fn turn(&self, item: usize, segment: usize, pen: &mut Pen) {
        if self.items.list[item].what == What::Label {
            pen.lift(self.text(item));
        } else {
            let column = &self.columns.list[self.items.list[item].column];
            for segment in [segment, segment + 1] {
                let y = self.heights[item] + self.ports.of_segment[segment].1;
                pen.points.push((column.left, y));
            }
        }
    }
}

/// Collects points.
#[derive(Default)]
struct Pen {
    points: Vec<(i32, i32)>,
    strokes: Vec<Vec<(i32, i32)>>,
    label: Option<Rect>,
}

impl Pen {
    fn lift(&mut self, label: Rect) {
        self.strokes.push(std::mem::take(&mut self.points));
        self.label = Some(label);
    }

    fn finish(mut self, is_turned: bool) -> Route {
        self.strokes.push(self.points);
        let mut strokes: Vec<_> = self.strokes.into_iter().map(simplified).collect();
        if is_turned {
            strokes.reverse();
            for stroke in &mut strokes {
                stroke.reverse();
            }
        }
        Route {
            strokes,
            label: self.label,
        }
    }
}

/// Without points in the middle of level pieces.
fn simplified(points: Vec<(i32, i32)>) -> Vec<(i32, i32)> {
    let mut simple: Vec<(i32, i32)> = Vec::with_capacity(points.len());
    for point in points {
        if let [.., before, last] = simple[..]
            && before.1 == last.1
            && last.1 == point.1
        {
            simple.pop();
        }
        if simple.last() != Some(&point) {
            simple.push(point);
        }
    }
    simple
}

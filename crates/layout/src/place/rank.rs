//! The column that each box is in.
//!
//! Boxes with a layer are in the column of that layer, the layers in order. The others lie so that lines are short and
//! go forward, and what shares a frame lies close together. Boxes without lines fill the columns of their frame.

mod fill;
mod simplex;

use super::direct::turned;
use super::sketch::Sketch;

use self::fill::fill;
use self::simplex::{Arc, ranks};

/// How strongly a line draws its two boxes together, one between boxes of the same frame, and a frame what is in it.
const LINE: i64 = 4;
const LINE_INSIDE: i64 = 8;
const FRAME: i64 = 1;

/// The columns of the boxes, without gaps, and which lines point to the left.
pub(super) struct Ranks {
    pub(super) column: Vec<usize>,
    /// Lines drawn from their second box to their first.
    pub(super) is_turned: Vec<bool>,
}

impl Ranks {
    pub(super) fn new(sketch: &Sketch) -> Self {
        let things = Things::new(sketch);
        let arcs: Vec<(usize, usize)> = sketch
            .lines
            .iter()
            .map(|line| (things.of_box[line.from], things.of_box[line.to]))
            .collect();
        let is_turned = turned(things.count, &arcs, things.layers);
        let mut rank = things.ranks(sketch, &arcs, &is_turned);
        fill(sketch, &things.of_box, &mut rank);
        let mut used: Vec<i32> = things.of_box.iter().map(|&thing| rank[thing]).collect();
        used.sort_unstable();
        used.dedup();
        let column = things.of_box.iter().map(|&thing| {
            // Every rank of a box is among those that are used.
            used.partition_point(|&other| other < rank[thing])
        });
        Ranks {
            column: column.collect(),
            is_turned,
        }
    }
}

/// What gets a rank: first the layers that have boxes, then the boxes without a layer.
struct Things {
    of_box: Vec<usize>,
    layers: usize,
    count: usize,
}

impl Things {
    fn new(sketch: &Sketch) -> Self {
        let mut layers: Vec<usize> = sketch.boxes.iter().filter_map(|one| one.layer).collect();
        layers.sort_unstable();
        layers.dedup();
        let mut count = layers.len();
        let of_box = sketch.boxes.iter().map(|one| {
            if let Some(layer) = one.layer {
                return layers.partition_point(|&other| other < layer);
            }
            count += 1;
            count - 1
        });
        let of_box = of_box.collect();
        Things {
            of_box,
            layers: layers.len(),
            count,
        }
    }

    fn ranks(&self, sketch: &Sketch, ends: &[(usize, usize)], is_turned: &[bool]) -> Vec<i32> {
        let mut arcs = Vec::new();
        for ((line, &(from, to)), &is_turned) in sketch.lines.iter().zip(ends).zip(is_turned) {
            let (tail, head) = if is_turned { (to, from) } else { (from, to) };
            let frames = [line.from, line.to].map(|end| sketch.boxes[end].frame);
            let is_inside = frames[0].is_some() && frames[0] == frames[1];
            if tail != head {
                arcs.push(Arc {
                    tail,
                    head,
                    length: 1,
                    weight: if is_inside { LINE_INSIDE } else { LINE },
                });
            }
        }
        arcs.extend((1..self.layers).map(|head| Arc {
            tail: head - 1,
            head,
            length: 1,
            weight: FRAME,
        }));
        self.add_frames(sketch, &mut arcs);
        // One more thing to the left of all, so that everything is connected.
        let first = self.count + sketch.frames.len();
        arcs.extend((0..first).map(|head| Arc {
            tail: first,
            head,
            length: 0,
            weight: 0,
        }));
        ranks(first + 1, &arcs)
    }

    /// The left side of a frame is a thing of its own, which draws to it what the frame holds.
    fn add_frames(&self, sketch: &Sketch, arcs: &mut Vec<Arc>) {
        let left = |frame: usize| self.count + frame;
        let mut hold = |frame: usize, head: usize| {
            arcs.push(Arc {
                tail: left(frame),
                head,
                length: 0,
                weight: FRAME,
            });
        };
        for (index, frame) in sketch.frames.iter().enumerate() {
            if let Some(parent) = frame.parent {
                hold(parent, left(index));
            }
        }
        for (one, &thing) in sketch.boxes.iter().zip(&self.of_box) {
            if let Some(frame) = one.frame {
                hold(frame, thing);
            }
        }
    }
}

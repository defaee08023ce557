//! What does not hang together is placed by itself and packed.
//!
//! A frame that no line leaves is placed on its own, and then is one box to what is around it. Boxes without lines stand in
//! a grid. With fixed layers nothing is taken apart: columns are read from top to bottom.

use std::collections::BTreeMap;

use super::pack::{grid, pack};
use super::single;
use super::sketch::{BoxSketch, FrameSketch, LineSketch, Placement, Rect, Route, Sketch};

/// From the sides of a frame to what it holds, when that is placed on its own.
const IN_FRAME: i32 = 14;

/// Places a sketch; its least x and y are 0.
pub(crate) fn place(sketch: &Sketch) -> Placement {
    if sketch.boxes.iter().any(|one| one.layer.is_some()) {
        return single::place(sketch);
    }
    let whole = Contents::new(sketch).region(None);
    let mut placement = Placement {
        boxes: vec![Rect::default(); sketch.boxes.len()],
        lines: vec![Route::default(); sketch.lines.len()],
        frames: vec![Rect::default(); sketch.frames.len()],
        layers: Vec::new(),
        width: whole.width,
        height: whole.height,
    };
    for (index, rect) in whole.boxes {
        placement.boxes[index] = rect;
    }
    for (index, rect) in whole.frames {
        placement.frames[index] = rect;
    }
    for (index, route) in whole.lines {
        placement.lines[index] = route;
    }
    placement
}

/// What is placed and keeps its places to each other, by position in the whole sketch.
#[derive(Clone, Default)]
struct Piece {
    boxes: Vec<(usize, Rect)>,
    frames: Vec<(usize, Rect)>,
    lines: Vec<(usize, Route)>,
    width: i32,
    height: i32,
}

impl Piece {
    /// Takes up another, moved.
    fn absorb(&mut self, other: Piece, x: i32, y: i32) {
        let moved = |(index, rect): (usize, Rect)| (index, rect.moved(x, y));
        self.boxes.extend(other.boxes.into_iter().map(moved));
        self.frames.extend(other.frames.into_iter().map(moved));
        let lines = other.lines.into_iter();
        self.lines
            .extend(lines.map(|(index, route)| (index, route.moved(x, y))));
    }

    fn packed(pieces: Vec<Piece>) -> Piece {
        let sizes: Vec<_> = pieces
            .iter()
            .map(|piece| (piece.width, piece.height))
            .collect();
        let packing = pack(&sizes);
        let mut whole = Piece {
            width: packing.width,
            height: packing.height,
            ..Piece::default()
        };
        for (piece, (x, y)) in pieces.into_iter().zip(packing.places) {
            whole.absorb(piece, x, y);
        }
        whole
    }
}

/// What a frame, or the whole, holds.
struct Contents<'a> {
    sketch: &'a Sketch,
    /// Frames that lines leave.
    is_open: Vec<bool>,
    has_line: Vec<bool>,
    /// By frame, last outside of all: what is directly inside.
    boxes: Vec<Vec<usize>>,
    frames: Vec<Vec<usize>>,
    /// By closed frame, last outside of all: lines that are in no closed frame inside of it.
    lines: Vec<Vec<usize>>,
}

impl<'a> Contents<'a> {
    fn new(sketch: &'a Sketch) -> Self {
        let outside = sketch.frames.len();
        let mut contents = Contents {
            sketch,
            is_open: vec![false; outside],
            has_line: vec![false; sketch.boxes.len()],
            boxes: vec![Vec::new(); outside + 1],
            frames: vec![Vec::new(); outside + 1],
            lines: vec![Vec::new(); outside + 1],
        };
        for line in &sketch.lines {
            for (end, other) in [(line.from, line.to), (line.to, line.from)] {
                contents.has_line[end] = true;
                for frame in sketch.around(end) {
                    contents.is_open[frame] |= !sketch.around(other).any(|one| one == frame);
                }
            }
        }
        for (index, one) in sketch.boxes.iter().enumerate() {
            contents.boxes[one.frame.unwrap_or(outside)].push(index);
        }
        for (index, frame) in sketch.frames.iter().enumerate() {
            contents.frames[frame.parent.unwrap_or(outside)].push(index);
        }
        for (index, line) in sketch.lines.iter().enumerate() {
            let closed = sketch
                .around(line.from)
                .find(|&frame| !contents.is_open[frame]);
            contents.lines[closed.unwrap_or(outside)].push(index);
        }
        contents
    }

    /// Everything that is in a closed frame, or outside of all.
    fn region(&self, frame: Option<usize>) -> Piece {
        let own = frame.unwrap_or(self.sketch.frames.len());
        let mut draft = Draft::default();
        let lone = self.gather(own, None, &mut draft);
        let mut pieces = draft.components(self.sketch, &self.lines[own]);
        pieces.extend(lone.pieces);
        // The grid takes the width that the others have.
        let widest = pieces.iter().map(|piece| piece.width).max();
        if !lone.boxes.is_empty() {
            pieces.push(self.in_grid(&lone.boxes, widest.unwrap_or_default()));
        }
        Piece::packed(pieces)
    }

    /// Adds to a draft what has lines; gives what has none.
    fn gather(&self, own: usize, inside: Option<usize>, draft: &mut Draft) -> Lone {
        let (tied, lone): (Vec<usize>, Vec<usize>) = self.boxes[own]
            .iter()
            .partition(|&&index| self.has_line[index]);
        for index in tied {
            draft.unit_of_box.insert(index, draft.units.len());
            draft.units.push((Unit::Box(index), inside));
        }
        let mut found = Lone {
            boxes: lone,
            pieces: Vec::new(),
        };
        if inside.is_some() {
            // They find a place among the others of their frame.
            let units = found
                .boxes
                .drain(..)
                .map(|index| (Unit::Box(index), inside));
            draft.units.extend(units);
        }
        for &frame in &self.frames[own] {
            if self.is_open[frame] {
                let index = draft.frames.len();
                draft.frames.push((frame, inside));
                let lone = self.gather(frame, Some(index), draft);
                if !lone.pieces.is_empty() {
                    let piece = Piece::packed(lone.pieces);
                    draft.units.push((Unit::Piece(piece), Some(index)));
                }
            } else {
                found.pieces.push(self.framed(frame));
            }
        }
        found
    }

    fn in_grid(&self, lone: &[usize], least: i32) -> Piece {
        let sizes: Vec<_> = lone
            .iter()
            .map(|&index| {
                (
                    self.sketch.boxes[index].width,
                    self.sketch.boxes[index].height,
                )
            })
            .collect();
        let (rects, width, height) = grid(&sizes, least);
        Piece {
            boxes: lone.iter().copied().zip(rects).collect(),
            width,
            height,
            ..Piece::default()
        }
    }

    /// A closed frame with what is in it.
    fn framed(&self, frame: usize) -> Piece {
        let inner = self.region(Some(frame));
        let heading = self.sketch.frames[frame].heading;
        let is_empty = inner.width == 0;
        let below = if is_empty { 0 } else { IN_FRAME };
        let mut piece = Piece {
            width: heading.0.max(inner.width + 2 * IN_FRAME),
            height: heading.1 + 2 * below + inner.height,
            ..Piece::default()
        };
        let rect = Rect {
            x: 0,
            y: 0,
            width: piece.width,
            height: piece.height,
        };
        piece.frames.push((frame, rect));
        piece.absorb(inner, IN_FRAME, heading.1 + below);
        piece
    }
}

/// What has no line to anything around it.
struct Lone {
    boxes: Vec<usize>,
    pieces: Vec<Piece>,
}

/// What single sketches are made of: boxes, and pieces that are placed already.
enum Unit {
    Box(usize),
    Piece(Piece),
}

#[derive(Default)]
struct Draft {
    /// Each with its frame in the draft.
    units: Vec<(Unit, Option<usize>)>,
    unit_of_box: BTreeMap<usize, usize>,
    /// Frames of the whole sketch, each with its parent in the draft.
    frames: Vec<(usize, Option<usize>)>,
}

impl Draft {
    /// Places each part that hangs together by lines or frames.
    fn components(self, whole: &Sketch, lines: &[usize]) -> Vec<Piece> {
        let unit = |index: usize| self.unit_of_box[&index];
        let count = self.units.len();
        let mut sets = Sets::new(count + self.frames.len());
        for &line in lines {
            sets.join(unit(whole.lines[line].from), unit(whole.lines[line].to));
        }
        for (index, (_, parent)) in self.frames.iter().enumerate() {
            if let Some(parent) = parent {
                sets.join(count + index, count + parent);
            }
        }
        for (index, (_, frame)) in self.units.iter().enumerate() {
            if let Some(frame) = frame {
                sets.join(index, count + frame);
            }
        }
        let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
        let mut place_of_frame = vec![0; self.frames.len()];
        for (index, &(frame, parent)) in self.frames.iter().enumerate() {
            let part = parts.entry(sets.find(count + index)).or_default();
            place_of_frame[index] = part.frames.len();
            part.frames.push(frame);
            part.sketch.frames.push(FrameSketch {
                parent: parent.map(|parent| place_of_frame[parent]),
                ..whole.frames[frame]
            });
        }
        let mut place_of_unit = vec![0; count];
        let unit_of_box = self.unit_of_box;
        for (index, (unit, frame)) in self.units.into_iter().enumerate() {
            let part = parts.entry(sets.find(index)).or_default();
            place_of_unit[index] = part.units.len();
            part.sketch
                .boxes
                .push(unit.sketch(whole, frame.map(|frame| place_of_frame[frame])));
            part.units.push(unit);
        }
        for &index in lines {
            let line = whole.lines[index];
            let [from, to] = [line.from, line.to].map(|end| unit_of_box[&end]);
            let part = parts.entry(sets.find(from)).or_default();
            part.lines.push(index);
            part.sketch.lines.push(LineSketch {
                from: place_of_unit[from],
                to: place_of_unit[to],
                ..line
            });
        }
        parts.into_values().map(Part::placed).collect()
    }
}

impl Unit {
    fn sketch(&self, whole: &Sketch, frame: Option<usize>) -> BoxSketch {
        match self {
            Unit::Box(index) => BoxSketch {
                frame,
                ..whole.boxes[*index]
            },
            Unit::Piece(piece) => BoxSketch {
                width: piece.width,
                height: piece.height,
                frame,
                layer: None,
                is_rigid: true,
            },
        }
    }
}

/// A sketch of its own, and what its parts are in the whole.
#[derive(Default)]
struct Part {
    sketch: Sketch,
    units: Vec<Unit>,
    frames: Vec<usize>,
    lines: Vec<usize>,
}

impl Part {
    fn placed(self) -> Piece {
        let placement = single::place(&self.sketch);
        let mut piece = Piece {
            width: placement.width,
            height: placement.height,
            frames: self.frames.into_iter().zip(placement.frames).collect(),
            lines: self.lines.into_iter().zip(placement.lines).collect(),
            ..Piece::default()
        };
        for (unit, rect) in self.units.into_iter().zip(placement.boxes) {
            match unit {
                Unit::Box(index) => piece.boxes.push((index, rect)),
                Unit::Piece(inner) => piece.absorb(inner, rect.x, rect.y),
            }
        }
        piece
    }
}

/// Disjoint sets; the least member names a set.
struct Sets {
    parent: Vec<usize>,
}

impl Sets {
    fn new(count: usize) -> Self {
        Sets {
            parent: (0..count).collect(),
        }
    }

    fn find(&mut self, mut one: usize) -> usize {
        while self.parent[one] != one {
            self.parent[one] = self.parent[self.parent[one]];
            one = self.parent[one];
        }
        one
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.find(one), self.find(other));
        self.parent[one.max(other)] = one.min(other);
    }
}

//! Boxes, and every piece of lines and frames, as items in columns: from here on lines connect neighbouring columns only.
//!
//! A line that spans more columns passes each through a bend. A text is an item in a column of its own kind between
//! two columns of boxes, and so is the place where a line that stays in its column turns round. A frame has a top and a
//! bottom in each column that it spans.

use super::lists::Lists;
use super::rank::Ranks;
use super::sketch::Sketch;

/// What an item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum What {
    Box(usize),
    /// A line on its way through a column.
    Bend,
    /// The text of a line.
    Label,
    /// Where a line turns round to the column that it came from.
    Turn,
    /// The top of a frame.
    Top(usize),
    /// The bottom of a frame.
    Bottom(usize),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) what: What,
    pub(super) column: usize,
    /// The innermost frame around it; for a top or bottom that around its frame.
    pub(super) frame: Option<usize>,
    pub(super) width: i32,
    /// Whole height, the same above and below of where lines meet it.
    pub(super) height: i32,
}

impl Item {
    pub(super) fn is_border(&self) -> bool {
        matches!(self.what, What::Top(_) | What::Bottom(_))
    }
}

/// A piece of a line, or of the top or bottom of a frame, from an item to one of the next column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) left: usize,
    pub(super) right: usize,
}

/// Items and segments of one sketch.
#[derive(Debug, Default)]
pub(super) struct Items {
    pub(super) list: Vec<Item>,
    pub(super) segments: Vec<Segment>,
    pub(super) columns: usize,
    /// The items that each line passes, from its first box to its second.
    pub(super) of_line: Vec<Vec<usize>>,
    /// The first segment of each line; the others follow, from left to right.
    pub(super) segment_of_line: Vec<usize>,
    /// The frame around each frame.
    pub(super) parents: Vec<Option<usize>>,
    /// The first and last column of each frame; `None` for a frame without boxes.
    pub(super) spans: Vec<Option<(usize, usize)>>,
    /// The first item of the top of each frame; the rest of it follows, then the bottom.
    border_of: Vec<usize>,
    /// For each item its neighbours in the columns beside it.
    pub(super) left: Lists<usize>,
    pub(super) right: Lists<usize>,
}

/// A column between those of boxes is needed by lines that do this.
fn needs_room(sketch: &Sketch, line: usize, ranks: &Ranks) -> bool {
    let line = sketch.lines[line];
    line.label.is_some() || ranks.column[line.from] == ranks.column[line.to]
}

impl Items {
    pub(super) fn new(sketch: &Sketch, ranks: &Ranks) -> Self {
        let plan = Plan::new(sketch, ranks);
        let mut items = Items {
            columns: plan.columns,
            parents: sketch.frames.iter().map(|frame| frame.parent).collect(),
            spans: plan.spans(),
            ..Items::default()
        };
        for (index, one) in sketch.boxes.iter().enumerate() {
            items.list.push(Item {
                what: What::Box(index),
                column: plan.of_rank[ranks.column[index]],
                frame: one.frame,
                width: one.width,
                height: one.height,
            });
        }
        for index in 0..sketch.lines.len() {
            items.add_line(&plan, index);
        }
        items.add_frames(sketch);
        items.connect();
        items
    }

    fn add_line(&mut self, plan: &Plan<'_>, index: usize) {
        let line = plan.sketch.lines[index];
        let (start, end) = plan.ends(index);
        let (first, last) = (self.list[start].column, self.list[end].column);
        let (label_at, label) = (plan.label_at[index], line.label);
        let mut passed = vec![start];
        let until = if first == last { first + 2 } else { last };
        for column in first + 1..until {
            let (what, (width, height)) = match label {
                Some(size) if label_at == Some(column) => (What::Label, size),
                _ if first == last => (What::Turn, (TURN, TURN)),
                _ => (What::Bend, (0, 0)),
            };
            passed.push(self.list.len());
            self.list.push(Item {
                what,
                column,
                frame: plan.frame_at(start, end, column, &self.spans),
                width,
                height,
            });
        }
        passed.push(end);
        self.segment_of_line.push(self.segments.len());
        if first == last {
            for &end in &[passed[0], passed[2]] {
                self.segments.push(Segment {
                    left: end,
                    right: passed[1],
                });
            }
        } else {
            let pairs = passed.windows(2).map(|pair| Segment {
                left: pair[0],
                right: pair[1],
            });
            self.segments.extend(pairs);
        }
        if plan.ranks.is_turned[index] {
            passed.reverse();
        }
        self.of_line.push(passed);
    }

    /// Tops and bottoms.
    fn add_frames(&mut self, sketch: &Sketch) {
        for (index, frame) in sketch.frames.iter().enumerate() {
            self.border_of.push(self.list.len());
            let Some((first, last)) = self.spans[index] else {
                continue;
            };
            for what in [What::Top(index), What::Bottom(index)] {
                for column in first..=last {
                    if column > first {
                        self.segments.push(Segment {
                            left: self.list.len() - 1,
                            right: self.list.len(),
                        });
                    }
                    self.list.push(Item {
                        what,
                        column,
                        frame: frame.parent,
                        width: 0,
                        height: 0,
                    });
                }
            }
        }
    }

    /// The top or bottom of a frame in a column that it spans.
    pub(super) fn border(&self, frame: usize, column: usize, is_top: bool) -> usize {
        let (first, last) = self.spans[frame].unwrap_or_default();
        let start = self.border_of[frame] + if is_top { 0 } else { last + 1 - first };
        start + column - first
    }

    /// The innermost frame that an item counts to; for a top or bottom its own.
    pub(super) fn around(&self, item: usize) -> Option<usize> {
        match self.list[item].what {
            What::Top(frame) | What::Bottom(frame) => Some(frame),
            _ => self.list[item].frame,
        }
    }

    /// A frame and those around it, innermost first.
    pub(super) fn frames(&self, innermost: Option<usize>) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(innermost, |&frame| self.parents[frame])
    }

    fn connect(&mut self) {
        let count = self.list.len();
        let segments = self.segments.iter();
        self.right = Lists::new(count, segments.clone().map(|one| (one.left, one.right)));
        self.left = Lists::new(count, segments.map(|one| (one.right, one.left)));
    }
}

/// Size of the place where a line turns round.
const TURN: i32 = 12;

/// Where columns lie.
struct Plan<'a> {
    sketch: &'a Sketch,
    ranks: &'a Ranks,
    /// The column of the boxes of a rank.
    of_rank: Vec<usize>,
    columns: usize,
    /// The column of each line's text or turn.
    label_at: Vec<Option<usize>>,
}

impl<'a> Plan<'a> {
    fn new(sketch: &'a Sketch, ranks: &'a Ranks) -> Self {
        let count = ranks.column.iter().max().map_or(0, |last| last + 1);
        let (mut gives, mut takes) = (
            vec![0_usize; sketch.boxes.len()],
            vec![0_usize; sketch.boxes.len()],
        );
        for line in &sketch.lines {
            gives[line.from] += 1;
            takes[line.to] += 1;
        }
        // The rank to the right of which the text stands: beside the end with fewer lines, where it is read sooner.
        let rank_of: Vec<Option<usize>> = (0..sketch.lines.len())
            .map(|index| {
                let line = sketch.lines[index];
                let (from, to) = (ranks.column[line.from], ranks.column[line.to]);
                let (first, last) = (from.min(to), from.max(to));
                let near = if gives[line.from] > takes[line.to] {
                    to
                } else {
                    from
                };
                needs_room(sketch, index, ranks)
                    .then(|| if near == first { first } else { last - 1 })
            })
            .collect();
        let mut has_room = vec![false; count];
        rank_of
            .iter()
            .flatten()
            .for_each(|&rank| has_room[rank] = true);
        let mut columns = 0;
        let of_rank: Vec<usize> = has_room
            .iter()
            .map(|&has_room| {
                let own = columns;
                columns += 1 + usize::from(has_room);
                own
            })
            .collect();
        let label_at = rank_of
            .iter()
            .map(|rank| rank.map(|rank| of_rank[rank] + 1));
        Plan {
            sketch,
            ranks,
            label_at: label_at.collect(),
            of_rank,
            columns,
        }
    }

    fn column(&self, one: usize) -> usize {
        self.of_rank[self.ranks.column[one]]
    }

    /// The boxes of a line, the left one first.
    fn ends(&self, line: usize) -> (usize, usize) {
        let line = self.sketch.lines[line];
        if self.column(line.to) < self.column(line.from) {
            (line.to, line.from)
        } else {
            (line.from, line.to)
        }
    }

    /// The innermost frame around both boxes.
    fn common_frame(&self, one: usize, other: usize) -> Option<usize> {
        self.sketch
            .around(one)
            .find(|&frame| self.sketch.around(other).any(|around| around == frame))
    }

    /// The first and last column of each frame.
    fn spans(&self) -> Vec<Option<(usize, usize)>> {
        let mut spans: Vec<Option<(usize, usize)>> = vec![None; self.sketch.frames.len()];
        let mut widen = |frame: usize, column: usize| {
            let span = spans[frame].get_or_insert((column, column));
            *span = (span.0.min(column), span.1.max(column));
        };
        for one in 0..self.sketch.boxes.len() {
            for frame in self.sketch.around(one) {
                widen(frame, self.column(one));
            }
        }
        for (line, label_at) in self.sketch.lines.iter().zip(&self.label_at) {
            let Some(column) = *label_at else { continue };
            let common = self.common_frame(line.from, line.to);
            let around = std::iter::successors(common, |&frame| self.sketch.frames[frame].parent);
            around.for_each(|frame| widen(frame, column));
        }
        spans
    }

    /// The frame that a line is in on its way through a column: that of its left box as far as it goes, then
    /// that of its right one.
    fn frame_at(
        &self,
        start: usize,
        end: usize,
        column: usize,
        spans: &[Option<(usize, usize)>],
    ) -> Option<usize> {
        let common = self.common_frame(start, end);
        let spanning = |one: usize| {
            let own = self
                .sketch
                .around(one)
                .take_while(|&frame| Some(frame) != common);
            own.into_iter().find(|&frame| {
                spans[frame].is_some_and(|(first, last)| (first..=last).contains(&column))
            })
        };
        spanning(start).or_else(|| spanning(end)).or(common)
    }
}

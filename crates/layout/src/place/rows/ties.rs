//! What draws bodies to each other, and where they would like to be.

use crate::place::item::{Items, Segment, What};
use crate::place::lists::Lists;
use crate::place::ports::Ports;

/// Which neighbours draw a body.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pull {
    Left,
    Right,
    Both,
}

impl Pull {
    pub(super) fn of(round: usize) -> Self {
        match round % 4 {
            0 => Pull::Left,
            2 => Pull::Right,
            _ => Pull::Both,
        }
    }
}

/// What draws bodies to each other: the pieces of lines that are not straight by themselves.
///
/// What leaves a frame draws the frame as a whole: drawing only the body, it would stretch the frame.
pub(super) struct Ties {
    left: Lists<Tie>,
    right: Lists<Tie>,
    /// The innermost frame of each body, and the frame around each frame.
    frame_of: Vec<Option<usize>>,
    parents: Vec<Option<usize>>,
}

/// Whether a segment that begins or ends at a box is the only one on that side of it.
fn is_only_of_box(items: &Items, segment: &Segment) -> bool {
    let is_box = |item: usize| matches!(items.list[item].what, What::Box(_));
    let (left, right) = (segment.left, segment.right);
    (is_box(left) && items.right.of(left).len() == 1)
        || (is_box(right) && items.left.of(right).len() == 1)
}

/// The other body is wanted `offset` lower than this one.
#[derive(Clone, Copy)]
struct Tie {
    other: usize,
    offset: f64,
    weight: f64,
    /// The outermost frame of this body that the other is not in.
    leaves: Option<usize>,
}

impl Ties {
    pub(super) fn new(items: &Items, body: &[usize], ports: &Ports, count: usize) -> Self {
        let mut ties = Vec::new();
        for (segment, &(out, into)) in items.segments.iter().zip(&ports.of_segment) {
            let (one, other) = (body[segment.left], body[segment.right]);
            if one == other || items.list[segment.left].is_border() {
                continue;
            }
            let ends = [segment.left, segment.right].map(|end| items.list[end].what);
            let boxes = ends.iter().filter(|what| matches!(what, What::Box(_)));
            // Bends are worst within a line, and beside a box that has no other line on that side.
            let weight = match boxes.count() {
                0 => 8.0,
                1 if is_only_of_box(items, segment) => 4.0,
                1 => 2.0,
                _ => 1.0,
            };
            let [start, end] = [segment.left, segment.right];
            let left = |own: usize, far: usize| {
                let around = |item: usize| items.frames(items.list[item].frame);
                around(own)
                    .take_while(|frame| around(far).all(|other| other != *frame))
                    .last()
            };
            let leaves = (left(start, end), left(end, start));
            ties.push((one, other, f64::from(out - into), weight, leaves));
        }
        let right = ties
            .iter()
            .map(|&(one, other, offset, weight, (leaves, _))| {
                let tie = Tie {
                    other,
                    offset,
                    weight,
                    leaves,
                };
                (one, tie)
            });
        let left = ties
            .iter()
            .map(|&(one, other, offset, weight, (_, leaves))| {
                let tie = Tie {
                    other: one,
                    offset: -offset,
                    weight,
                    leaves,
                };
                (other, tie)
            });
        let mut frame_of = vec![None; count];
        for (item, &body) in body.iter().enumerate() {
            frame_of[body] = items.around(item);
        }
        Ties {
            left: Lists::new(count, left),
            right: Lists::new(count, right),
            frame_of,
            parents: items.parents.clone(),
        }
    }

    /// Whether anything draws the body itself.
    pub(super) fn has(&self, body: usize) -> bool {
        self.inner(body, Pull::Both).next().is_some()
    }

    /// The neighbours that draw a body itself.
    fn inner(&self, body: usize, pull: Pull) -> impl Iterator<Item = &Tie> {
        self.of(body, pull).filter(|tie| tie.leaves.is_none())
    }

    /// The neighbours that draw a body.
    fn of(&self, body: usize, pull: Pull) -> impl Iterator<Item = &Tie> {
        let none: &[Tie] = &[];
        let left = if pull == Pull::Right {
            none
        } else {
            self.left.of(body)
        };
        let right = if pull == Pull::Left {
            none
        } else {
            self.right.of(body)
        };
        left.iter().chain(right)
    }

    /// The mean of where the ties would have each body; without any, where it is. Both move with their frames.
    pub(super) fn wanted(&self, heights: &[f64], pull: Pull) -> Vec<f64> {
        let moves = self.moves(heights, pull);
        (0..heights.len())
            .map(|body| {
                let mut mean = Mean::default();
                for tie in self.inner(body, pull) {
                    mean.add(heights[tie.other] - tie.offset, tie.weight);
                }
                let own = mean.value().unwrap_or(heights[body]);
                own + self.frame_of[body].map_or(0.0, |frame| moves[frame])
            })
            .collect()
    }

    /// How far the ties that leave each frame would have it move, with the frames around it.
    fn moves(&self, heights: &[f64], pull: Pull) -> Vec<f64> {
        let mut means = vec![Mean::default(); self.parents.len()];
        for (body, &height) in heights.iter().enumerate() {
            for tie in self.of(body, pull) {
                if let Some(frame) = tie.leaves {
                    means[frame].add(heights[tie.other] - tie.offset - height, tie.weight);
                }
            }
        }
        let mut moves: Vec<f64> = Vec::with_capacity(means.len());
        for (mean, parent) in means.into_iter().zip(&self.parents) {
            let around = parent.map_or(0.0, |parent| moves[parent]);
            moves.push(around + mean.value().unwrap_or_default());
        }
        moves
    }

    /// The height at which the ties of a body are shortest.
    pub(super) fn median(&self, heights: &[f64], body: usize) -> Option<f64> {
        let ties = self.inner(body, Pull::Both);
        let mut wanted: Vec<(f64, f64)> = ties
            .map(|tie| (heights[tie.other] - tie.offset, tie.weight))
            .collect();
        wanted.sort_by(|one, other| one.0.total_cmp(&other.0));
        let half = wanted.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
        let mut sum = 0.0;
        let mut reached = wanted
            .iter()
            .enumerate()
            .filter_map(|(index, &(height, weight))| {
                sum += weight;
                (sum >= half).then_some((index, height, sum > half))
            });
        let (index, height, is_clear) = reached.next()?;
        let next = wanted.get(index + 1).filter(|_| !is_clear);
        Some(next.map_or(height, |next| f64::midpoint(height, next.0)))
    }

    /// How far from straight all ties are.
    pub(super) fn length(&self, heights: &[f64]) -> f64 {
        let bodies = 0..self.right.count();
        let ties = bodies.flat_map(|body| self.right.of(body).iter().map(move |tie| (body, tie)));
        ties.map(|(body, tie)| (heights[tie.other] - heights[body] - tie.offset).abs() * tie.weight)
            .sum()
    }
}

/// A weighted mean.
#[derive(Clone, Copy, Default)]
struct Mean {
    sum: f64,
    weight: f64,
}

impl Mean {
    fn add(&mut self, value: f64, weight: f64) {
        self.sum += value * weight;
        self.weight += weight;
    }

    fn value(self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}

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
pub(super) struct Ties {
    left: Lists<Tie>,
    right: Lists<Tie>,
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
            // What leaves a frame may climb outside: else it would stretch the frame.
            let weight_for = |end: usize, far: usize| {
                let (own, far) = (items.list[end].frame, items.list[far].frame);
                let is_inside = own.is_none_or(|own| items.frames(far).any(|frame| frame == own));
                if is_inside { weight } else { weight / 8.0 }
            };
            let weights = (
                weight_for(segment.left, segment.right),
                weight_for(segment.right, segment.left),
            );
            ties.push((one, other, f64::from(out - into), weights));
        }
        let right = ties.iter().map(|&(one, other, offset, (weight, _))| {
            let tie = Tie {
                other,
                offset,
                weight,
            };
            (one, tie)
        });
        let left = ties.iter().map(|&(one, other, offset, (_, weight))| {
            let tie = Tie {
                other: one,
                offset: -offset,
                weight,
            };
            (other, tie)
        });
        Ties {
            left: Lists::new(count, left),
            right: Lists::new(count, right),
        }
    }

    pub(super) fn has(&self, body: usize) -> bool {
        !self.left.of(body).is_empty() || !self.right.of(body).is_empty()
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

    /// The mean of where the ties would have each body; without any, where it is.
    pub(super) fn wanted(&self, heights: &[f64], pull: Pull) -> Vec<f64> {
        (0..heights.len())
            .map(|body| {
                let (sum, weight) = self.of(body, pull).fold((0.0, 0.0), |(sum, weight), tie| {
                    let wanted = heights[tie.other] - tie.offset;
                    (sum + wanted * tie.weight, weight + tie.weight)
                });
                if weight > 0.0 {
                    sum / weight
                } else {
                    heights[body]
                }
            })
            .collect()
    }

    /// The height at which the ties of a body are shortest.
    pub(super) fn median(&self, heights: &[f64], body: usize) -> Option<f64> {
        let ties = self.of(body, Pull::Both);
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

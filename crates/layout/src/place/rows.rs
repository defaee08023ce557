//! The height of every body: lines short and straight, everything at its distance.
//!
//! Each column says who is above whom, and how far at least. Bodies are drawn to the mean of what they are tied to, then
//! made to keep their distances: pushed down only, pushed up only, and in the end the mean of both, which keeps them as well
//! because distances are linear. Last, bodies slide to the exact height of their neighbours where there is room.

mod squeeze;
mod ties;

use super::item::{Items, What};
use super::lists::Lists;
use super::ports::Ports;

use self::squeeze::squeeze;
use self::ties::{Pull, Ties};

/// Rounds of drawing and pushing, and of sliding.
const ROUNDS: usize = 24;
const SLIDES: usize = 12;

/// Distances from the edge of one item to the next.
const BETWEEN_BOXES: i32 = 12;
const BETWEEN_LINES: i32 = 9;
const BESIDE_LINE: i32 = 10;
const IN_FRAME: i32 = 12;
const BETWEEN_FRAMES: i32 = 18;

/// Where the middle of each item is, in whole pixels; the least is not 0.
pub(super) fn rows(
    items: &Items,
    order: &[Vec<usize>],
    body: &[usize],
    ports: &Ports,
    headings: &[i32],
) -> Vec<i32> {
    let stack = Stack::new(items, order, body, headings);
    let ties = Ties::new(items, body, ports, stack.count());
    let mut heights = stack.pushed(&vec![0.0; stack.count()]);
    let mut best = (ties.length(&heights), heights.clone());
    for round in 0..ROUNDS {
        let mut wanted = ties.wanted(&heights, Pull::of(round));
        stack.follow(&ties, &mut wanted);
        heights = stack.pushed(&wanted);
        let length = ties.length(&heights);
        if length < best.0 {
            best = (length, heights.clone());
        }
    }
    let mut heights = best.1;
    for round in 0..SLIDES {
        stack.slide(&ties, &mut heights, round % 2 == 0);
    }
    stack.close_frames(&mut heights);
    // Distances are whole numbers, and so rounding down keeps them.
    let mut heights: Vec<i32> = body
        .iter()
        .map(|&body| heights[body].floor() as i32)
        .collect();
    squeeze(items, &mut heights);
    heights
}

/// Bodies above bodies.
struct Stack {
    /// For each body those below it, with their distance; and those above it.
    below: Lists<(usize, f64)>,
    above: Lists<(usize, f64)>,
    /// All bodies, each after those above it.
    order: Vec<usize>,
    border: Vec<Option<Border>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Border {
    Top,
    Bottom,
}

impl Stack {
    fn new(items: &Items, order: &[Vec<usize>], body: &[usize], headings: &[i32]) -> Self {
        let count = body.iter().max().map_or(0, |last| last + 1);
        let mut border = vec![None; count];
        for (item, &body) in items.list.iter().zip(body) {
            border[body] = match item.what {
                What::Top(_) => Some(Border::Top),
                What::Bottom(_) => Some(Border::Bottom),
                _ => None,
            };
        }
        let pairs = order
            .iter()
            .flat_map(|column| column.windows(2))
            .map(|pair| {
                let distance = f64::from(distance(items, pair[0], pair[1], headings));
                (body[pair[0]], body[pair[1]], distance)
            });
        let mut stack = Stack {
            below: Lists::new(
                count,
                pairs
                    .clone()
                    .map(|(one, other, distance)| (one, (other, distance))),
            ),
            above: Lists::new(
                count,
                pairs.map(|(one, other, distance)| (other, (one, distance))),
            ),
            order: Vec::with_capacity(count),
            border,
        };
        stack.sort();
        stack
    }

    fn count(&self) -> usize {
        self.border.len()
    }

    fn sort(&mut self) {
        let mut waits: Vec<usize> = (0..self.count())
            .map(|body| self.above.of(body).len())
            .collect();
        let mut open: Vec<usize> = (0..waits.len()).filter(|&body| waits[body] == 0).collect();
        while let Some(body) = open.pop() {
            self.order.push(body);
            for &(other, _) in self.below.of(body) {
                waits[other] -= 1;
                if waits[other] == 0 {
                    open.push(other);
                }
            }
        }
        debug_assert_eq!(
            self.order.len(),
            waits.len(),
            "what lies above has no cycle"
        );
    }

    /// Bodies without ties want to be right below what is above them.
    fn follow(&self, ties: &Ties, wanted: &mut [f64]) {
        for &body in &self.order {
            if self.border[body].is_none() && !ties.has(body) {
                let least = self.least(body, wanted);
                if least.is_finite() {
                    wanted[body] = least;
                }
            }
        }
    }

    /// The highest place that what is above a body leaves to it.
    fn least(&self, body: usize, heights: &[f64]) -> f64 {
        let above = self.above.of(body).iter();
        above.fold(f64::NEG_INFINITY, |least, &(other, distance)| {
            least.max(heights[other] + distance)
        })
    }

    /// Heights near those wanted that keep all distances. Frames want nothing.
    fn pushed(&self, wanted: &[f64]) -> Vec<f64> {
        let mut down: Vec<f64> = self.wishes(wanted, f64::NEG_INFINITY);
        for &body in &self.order {
            let own = down[body];
            for &(other, distance) in self.below.of(body) {
                down[other] = down[other].max(own + distance);
            }
        }
        let mut up: Vec<f64> = self.wishes(wanted, f64::INFINITY);
        for &body in self.order.iter().rev() {
            let own = up[body];
            for &(other, distance) in self.above.of(body) {
                up[other] = up[other].min(own - distance);
            }
        }
        let mut mean: Vec<f64> = down
            .iter()
            .zip(&up)
            .map(|(down, up)| f64::midpoint(*down, *up))
            .collect();
        self.close_frames(&mut mean);
        mean
    }

    fn wishes(&self, wanted: &[f64], of_border: f64) -> Vec<f64> {
        let wishes = wanted.iter().zip(&self.border);
        wishes
            .map(|(&wanted, border)| border.map_or(wanted, |_| of_border))
            .collect()
    }

    /// Draws the tops and bottoms of frames to what is inside.
    fn close_frames(&self, heights: &mut [f64]) {
        for &body in self.order.iter().rev() {
            if self.border[body] == Some(Border::Top) {
                let below = self.below.of(body).iter();
                let limits = below.map(|&(other, distance)| heights[other] - distance);
                heights[body] = limits.fold(f64::INFINITY, f64::min);
            }
        }
        for &body in &self.order {
            if self.border[body] == Some(Border::Bottom) {
                let above = self.above.of(body).iter();
                let limits = above.map(|&(other, distance)| heights[other] + distance);
                heights[body] = limits.fold(f64::NEG_INFINITY, f64::max);
            }
        }
    }

    /// Moves each body to where its ties are shortest, as far as there is room.
    fn slide(&self, ties: &Ties, heights: &mut [f64], is_downwards: bool) {
        let mut one = |body: usize| {
            if self.border[body].is_some() {
                return;
            }
            let least = self.least(body, heights);
            let wanted = ties.median(heights, body);
            let Some(wanted) = wanted.or(Some(least).filter(|least| least.is_finite())) else {
                return;
            };
            let below = self.below.of(body).iter();
            let most = below.fold(f64::INFINITY, |most, &(other, distance)| {
                most.min(heights[other] - distance)
            });
            heights[body] = wanted.max(least).min(most);
        };
        if is_downwards {
            self.order.iter().for_each(|&body| one(body));
        } else {
            self.order.iter().rev().for_each(|&body| one(body));
        }
    }
}

/// From the middle of an item to that of the one below it.
fn distance(items: &Items, upper: usize, lower: usize, headings: &[i32]) -> i32 {
    let (one, other) = (&items.list[upper], &items.list[lower]);
    let gap = match (one.what, other.what) {
        (What::Top(frame), _) => headings[frame] + IN_FRAME,
        (What::Bottom(_), What::Top(_)) => BETWEEN_FRAMES,
        (_, What::Bottom(_)) => IN_FRAME,
        (What::Bottom(_), _) | (_, What::Top(_)) | (What::Box(_), What::Box(_)) => BETWEEN_BOXES,
        (What::Bend, What::Bend) => BETWEEN_LINES,
        _ => BESIDE_LINE,
    };
    // Odd heights: the lower half is the larger.
    gap + one.height - one.height / 2 + other.height / 2
}

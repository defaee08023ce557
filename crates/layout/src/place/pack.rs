//! Packing: boxes into a grid, pieces onto shelves.

use super::sketch::Rect;

/// Room between the boxes of a grid, and between pieces.
const IN_GRID: i32 = 12;
const BETWEEN_PIECES: i32 = 30;

/// How much wider than high a packing is wanted, in hundredths.
const WIDE: i64 = 160;

/// Boxes of one width in rows, which may be as long as a given width; gives their places and the size of the whole.
pub(super) fn grid(sizes: &[(i32, i32)], least: i32) -> (Vec<Rect>, i32, i32) {
    let width = sizes.iter().map(|size| size.0).max().unwrap_or_default();
    let area: i64 = sizes
        .iter()
        .map(|size| i64::from(width + IN_GRID) * i64::from(size.1 + IN_GRID))
        .sum();
    let wanted = (area * WIDE / 100).isqrt().max(i64::from(least + IN_GRID));
    let columns = usize::try_from(wanted / i64::from(width + IN_GRID).max(1));
    let columns = columns.unwrap_or_default().max(1);
    let mut rects = Vec::with_capacity(sizes.len());
    let mut y = 0;
    for row in sizes.chunks(columns) {
        for (column, size) in (0..).zip(row) {
            rects.push(Rect {
                x: column * (width + IN_GRID),
                y,
                width,
                height: size.1,
            });
        }
        y += row.iter().map(|size| size.1).max().unwrap_or_default() + IN_GRID;
    }
    let right = rects.iter().map(|rect| rect.right()).max();
    (rects, right.unwrap_or_default(), (y - IN_GRID).max(0))
}

/// Where pieces lie, and the size of the whole.
pub(super) struct Packing {
    pub(super) places: Vec<(i32, i32)>,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// A stack of pieces on a shelf.
struct Stack {
    x: i32,
    width: i32,
    /// Where the next piece would begin.
    y: i32,
    /// The bottom of the shelf.
    limit: i32,
}

/// Puts pieces onto shelves, the highest first: under another where there is room, else beside the last one.
pub(super) fn pack(sizes: &[(i32, i32)]) -> Packing {
    let gap = BETWEEN_PIECES;
    let area: i64 = sizes
        .iter()
        .map(|size| i64::from(size.0 + gap) * i64::from(size.1 + gap))
        .sum();
    let widest = sizes.iter().map(|size| size.0).max().unwrap_or_default();
    let limit = widest.max((area * WIDE / 100).isqrt() as i32);
    let mut by_height: Vec<usize> = (0..sizes.len()).collect();
    by_height.sort_by_key(|&index| (-sizes[index].1, index));
    let mut packing = Packing {
        places: vec![(0, 0); sizes.len()],
        width: 0,
        height: 0,
    };
    let mut stacks: Vec<Stack> = Vec::new();
    // The top of the last shelf, and how far it is filled.
    let (mut top, mut filled) = (0, 0);
    for index in by_height {
        let (width, height) = sizes[index];
        let has_room = |stack: &&mut Stack| width <= stack.width && stack.y + height <= stack.limit;
        if let Some(stack) = stacks.iter_mut().find(has_room) {
            packing.places[index] = (stack.x, stack.y);
            stack.y += height + gap;
            continue;
        }
        // Beside the last one, unless that makes the whole larger than a new shelf would.
        let wider = i64::from((filled + width - packing.width).max(0)) * i64::from(packing.height);
        let higher = i64::from(height + gap) * i64::from(packing.width);
        if filled > 0 && (filled + width > limit || wider > higher) {
            (top, filled) = (packing.height + gap, 0);
        }
        // The first piece of a shelf is its highest.
        let limit = if filled == 0 {
            top + height
        } else {
            packing.height
        };
        packing.places[index] = (filled, top);
        stacks.push(Stack {
            x: filled,
            width,
            y: top + height + gap,
            limit,
        });
        packing.width = packing.width.max(filled + width);
        packing.height = packing.height.max(top + height);
        filled += width + gap;
    }
    packing
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, prop_assert, proptest};

    use super::{grid, pack};
    use crate::place::sketch::Rect;

    fn are_apart(rects: &[Rect]) -> bool {
        rects.iter().enumerate().all(|(index, one)| {
            rects[..index].iter().all(|other| {
                one.right() <= other.x
                    || other.right() <= one.x
                    || one.bottom() <= other.y
                    || other.bottom() <= one.y
            })
        })
    }

    proptest! {
        #[test]
        fn nothing_overlaps(sizes in prop::collection::vec((1i32..300, 1i32..300), 0..40)) {
            let (rects, width, height) = grid(&sizes, 0);
            prop_assert!(are_apart(&rects));
            prop_assert!(rects.iter().all(|rect| rect.right() <= width && rect.bottom() <= height));
            let packing = pack(&sizes);
            let rects: Vec<Rect> = packing.places.iter().zip(&sizes).map(|(place, size)| Rect {
                x: place.0, y: place.1, width: size.0, height: size.1,
            }).collect();
            prop_assert!(are_apart(&rects));
            prop_assert!(rects.iter().all(|rect| rect.right() <= packing.width && rect.bottom() <= packing.height));
        }
    }
}

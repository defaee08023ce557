//! Taking out what is empty from one side to the other.

use crate::place::item::{Item, Items};

/// What stays of an empty strip: more than any distance that has to be kept.
const STRIP: i32 = 30;

/// Makes strips in which there is no box, line or frame as narrow as the distance between frames.
pub(super) fn squeeze(items: &Items, heights: &mut [i32]) {
    let mut extents: Vec<(i32, i32)> = items.list.iter().zip(&*heights).map(extent).collect();
    for (frame, span) in items.spans.iter().enumerate() {
        if let Some((first, _)) = *span {
            let [top, bottom] =
                [true, false].map(|is_top| heights[items.border(frame, first, is_top)]);
            extents.push((top, bottom));
        }
    }
    extents.sort_unstable();
    // From where on how much is taken out, all strips above included.
    let mut cuts: Vec<(i32, i32)> = Vec::new();
    let mut taken = 0;
    let mut end = extents.first().map_or(0, |extent| extent.0);
    for (top, bottom) in extents {
        if top - end > STRIP {
            taken += top - end - STRIP;
            cuts.push((top, taken));
        }
        end = end.max(bottom);
    }
    for (height, item) in heights.iter_mut().zip(&items.list) {
        let top = extent((item, &*height)).0;
        let index = cuts.partition_point(|cut| cut.0 <= top);
        *height -= index.checked_sub(1).map_or(0, |last| cuts[last].1);
    }
}

fn extent((item, &middle): (&Item, &i32)) -> (i32, i32) {
    let top = middle - item.height / 2;
    (top, top + item.height)
}

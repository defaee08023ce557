//! One sketch that hangs together, placed.

use super::body::bodies;
use super::columns::Columns;
use super::item::{Items, What};
use super::order::order;
use super::ports::Ports;
use super::rank::Ranks;
use super::route::Routing;
use super::rows::rows;
use super::sketch::{Placement, Rect, Sketch};

/// Places a sketch; its least x and y are 0.
pub(super) fn place(sketch: &Sketch) -> Placement {
    let ranks = Ranks::new(sketch);
    let items = Items::new(sketch, &ranks);
    let order = order(&items);
    let body = bodies(&items, &order);
    let mut ports = Ports::new(&items, &order);
    let headings: Vec<i32> = sketch.frames.iter().map(|frame| frame.heading.1).collect();
    let heights = rows(&items, &order, &body, &ports, &headings);
    ports.straighten(&items, &heights);
    let columns = Columns::new(sketch, &items, &heights);
    let mut placement = Placement {
        boxes: boxes(sketch, &items, &columns, &heights),
        frames: frames(sketch, &items, &columns, &heights),
        layers: layers(sketch, &items, &columns),
        ..Placement::default()
    };
    let routing = Routing {
        items: &items,
        columns: &columns,
        ports: &ports,
        heights: &heights,
        boxes: &placement.boxes,
    };
    placement.lines = (0..sketch.lines.len())
        .map(|line| routing.route(line))
        .collect();
    placement.fit();
    placement
}

fn boxes(sketch: &Sketch, items: &Items, columns: &Columns, heights: &[i32]) -> Vec<Rect> {
    let all = items.list.iter().zip(heights);
    all.filter_map(|(item, &middle)| {
        let What::Box(index) = item.what else {
            return None;
        };
        let column = &columns.list[item.column];
        let own = &sketch.boxes[index];
        Some(Rect {
            x: column.left,
            y: middle - own.height / 2,
            width: if own.is_rigid {
                own.width
            } else {
                column.boxes
            },
            height: own.height,
        })
    })
    .collect()
}

fn frames(sketch: &Sketch, items: &Items, columns: &Columns, heights: &[i32]) -> Vec<Rect> {
    (0..sketch.frames.len())
        .map(|frame| {
            let Some((first, _)) = items.spans[frame] else {
                return Rect::default();
            };
            let (left, right) = columns.frame(items, frame);
            let [top, bottom] =
                [true, false].map(|is_top| heights[items.border(frame, first, is_top)]);
            Rect {
                x: left,
                y: top,
                width: right - left,
                height: bottom - top,
            }
        })
        .collect()
}

fn layers(sketch: &Sketch, items: &Items, columns: &Columns) -> Vec<Option<(i32, i32)>> {
    let mut layers = Vec::new();
    for item in &items.list {
        if let What::Box(index) = item.what
            && let Some(layer) = sketch.boxes[index].layer
        {
            if layers.len() <= layer {
                layers.resize(layer + 1, None);
            }
            let column = &columns.list[item.column];
            layers[layer] = Some((column.left, column.right));
        }
    }
    layers
}

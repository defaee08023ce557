//! Layered placement of boxes, lines and frames, after Sugiyama, Tagawa and Toda (1981).
//!
//! Layers go from left to right, because texts are wide. The steps, one module each:
//!
//! 1. what does not hang together is placed by itself (`parts`) and packed (`pack`);
//! 2. some lines of cycles are turned (`direct`), and every box gets a column (`rank`);
//! 3. lines and frames are cut into items of columns (`item`), and these are ordered (`order`);
//! 4. what can be straight is (`body`), and gets its height (`rows`, `ports`);
//! 5. columns get their widths (`columns`), and lines their ways (`route`).
//!
//! What holds for every result, by construction: boxes, texts and frames do not overlap, and lines run through neither boxes
//! nor texts. Lines pass frames that they have nothing to do with at a side, wherever the order allows it.

mod body;
mod columns;
mod direct;
mod item;
mod lists;
mod order;
mod pack;
mod parts;
mod ports;
mod rank;
mod route;
mod rows;
mod single;
mod sketch;

pub(crate) use self::parts::place;
pub(crate) use self::sketch::{BoxSketch, FrameSketch, LineSketch, Placement, Rect, Route, Sketch};

//! Graphs for people to look at: layered drawings as standalone SVG, and the same graphs as DOT and Mermaid.
//!
//! - [`summary::fit`] and [`summary::around`] make a graph small enough to be read.
//! - [`svg`] draws it, [`dot`] and [`mermaid`] hand it to other programs.
//!
//! All of it is a pure function of the graph: the same graph gives the same bytes. Texts of others are escaped, shortened to
//! fit, and there in full in tooltips.

mod dot;
mod mermaid;
mod place;
pub mod summary;
mod svg;
mod text;
mod words;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;

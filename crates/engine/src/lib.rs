//! Loads controls and frameworks, evaluates them over an inventory, and makes the report.
//!
//! No I/O, no clock, no environment.

mod cells;
mod chosen;
mod compare;
mod compiled;
mod control_test;
mod detail;
mod embedded;
mod engine;
mod evaluate;
mod evidence;
mod export;
pub mod funnel;
mod host;
mod index;
mod location;
mod native;
mod near;
mod owned;
mod params;
mod place;
mod relations;
mod scene;
mod selection;
mod text;
mod tie;
mod worlds;

pub use chosen::IsChanged;
pub use compare::compare;
pub use compiled::CompileControlError;
pub use control_test::{TestFailure, TestReport, test_control};
pub use embedded::embedded_catalog;
pub use engine::{Engine, EngineError, Settings};
pub use evaluate::{Anchor, Counts, Evaluation};
pub use export::{ExportSettings, Policy, export};
pub use near::{Near, NearOptions, Surroundings};
pub use owned::AtOnce;
pub use params::ParamOverride;
pub use place::location_of;
pub use relations::Relations;
pub use selection::{Selection, SelectionError, split_framework};
pub use worlds::{Survey, Worlds, alternatives};

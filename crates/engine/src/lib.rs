//! Loads controls and frameworks, evaluates them over an inventory, and makes the report.
//!
//! No I/O, no clock, no environment.

pub mod funnel;

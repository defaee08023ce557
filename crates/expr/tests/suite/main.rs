//! Expressions and what they give, through every stage: text, checked, bytes, compiled.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

#[path = "../../../../fuzz/checks/cel.rs"]
mod cel_checks;
mod differential;
mod folding;
mod harness;
mod hosts;
mod kubernetes;
mod language;
mod limits;
mod plain;
mod replay;
mod sharing;

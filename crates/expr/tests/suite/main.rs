//! Expressions and what they give, through every stage: text, checked, bytes, compiled.

mod differential;
mod harness;
mod hosts;
mod kubernetes;
mod language;
mod limits;

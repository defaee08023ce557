//! Expressions and what they give, through every stage: text, checked, bytes, compiled.

mod harness;
mod language;

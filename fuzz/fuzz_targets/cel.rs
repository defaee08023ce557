//! Any bytes as an expression.

#![no_main]

#[path = "../checks/cel.rs"]
mod cel;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cel::check(data));

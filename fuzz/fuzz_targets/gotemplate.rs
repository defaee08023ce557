//! Any bytes as a template.

#![no_main]

#[path = "../checks/gotemplate.rs"]
mod gotemplate;

libfuzzer_sys::fuzz_target!(|data: &[u8]| gotemplate::check(data));

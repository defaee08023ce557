//! Any bytes as the files of a chart.

#![no_main]

#[path = "../checks/helm.rs"]
mod helm;

libfuzzer_sys::fuzz_target!(|data: &[u8]| helm::check(data));

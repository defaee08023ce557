//! Any bytes as a file of another scanner.

#![no_main]

#[path = "../checks/migrate.rs"]
mod migrate;

libfuzzer_sys::fuzz_target!(|data: &[u8]| migrate::check(data));

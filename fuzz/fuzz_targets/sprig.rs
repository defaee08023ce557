//! Any texts in the functions that read foreign ones.

#![no_main]

#[path = "../checks/sprig.rs"]
mod sprig;

libfuzzer_sys::fuzz_target!(|data: &[u8]| sprig::check(data));

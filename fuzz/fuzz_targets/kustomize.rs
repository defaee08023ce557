//! Any bytes as the files of a kustomization.

#![no_main]

#[path = "../checks/kustomize.rs"]
mod kustomize;

libfuzzer_sys::fuzz_target!(|data: &[u8]| kustomize::check(data));

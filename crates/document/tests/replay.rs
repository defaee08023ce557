//! The saved inputs of the fuzz targets, through the same checks, without libFuzzer.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../../fuzz/checks/json.rs"]
mod json;
#[path = "../../../fuzz/checks/yaml.rs"]
mod yaml;

use std::path::Path;

fn replay(target: &str, check: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target);
    let mut count = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        check(&std::fs::read(entry.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count >= 20);
}

#[test]
fn saved_yaml_holds() {
    replay("yaml", yaml::check);
}

#[test]
fn saved_json_holds() {
    replay("json", json::check);
}

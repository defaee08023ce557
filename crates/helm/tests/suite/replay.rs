//! The saved inputs of the fuzz target, through the same checks, without libFuzzer.

use std::path::Path;

use crate::checks::check;

#[test]
fn saved_inputs_hold() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/helm");
    let mut count = 0;
    for entry in std::fs::read_dir(corpus).unwrap() {
        check(&std::fs::read(entry.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count >= 20);
}

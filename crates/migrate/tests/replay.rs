//! The saved inputs of the fuzz target, without a fuzzer.

#[path = "../../../fuzz/checks/migrate.rs"]
mod check;

use std::path::Path;

#[test]
fn saved_inputs_pass() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/migrate");
    let mut count = 0;
    for entry in fs_err::read_dir(folder).unwrap() {
        check::check(&fs_err::read(entry.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count > 10);
}

#[test]
fn every_way_to_cut_a_saved_input_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/migrate");
    for entry in fs_err::read_dir(folder).unwrap() {
        let bytes = fs_err::read(entry.unwrap().path()).unwrap();
        for end in (1..bytes.len()).step_by(7) {
            check::check(&bytes[..end]);
        }
    }
}

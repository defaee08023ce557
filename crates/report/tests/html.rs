//! The part of the page's script that needs no page.

use std::process::{Command, Stdio};

#[test]
#[ignore = "needs Node.js"]
fn the_script_of_the_page_finds_what_is_asked_for() {
    let status = Command::new("node")
        .args(["--test", "tests/html/query.test.mjs"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}

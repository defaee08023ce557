//! Every control of the repository does on its own test files what they say.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::path::Path;

use catalog::ControlTexts;
use document::Source;

use common::folders;

#[test]
fn every_control_does_what_its_test_files_say() {
    let controls = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../controls");
    let mut mistakes = Vec::new();
    let mut count = 0;
    for group in folders(&controls) {
        for folder in folders(&group) {
            count += 1;
            mistakes.extend(run(&folder));
        }
    }
    assert!(count > 0, "no control in {}", controls.display());
    assert!(
        mistakes.is_empty(),
        "{count} controls\n{}",
        mistakes.join("\n")
    );
}

fn run(folder: &Path) -> Vec<String> {
    let read = |name: &str| fs_err::read_to_string(folder.join(name)).ok();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let name = folder.strip_prefix(&root).unwrap().join("control.yaml");
    let Some(control) = read("control.yaml") else {
        return vec![format!("{}: the file is missing", name.display())];
    };
    let control = Source::new(name.display().to_string(), control);
    let read = |name: &str| Ok::<_, std::convert::Infallible>(read(name));
    let Ok(texts) = ControlTexts::read(control, read);
    match engine::test_control(&texts) {
        Err(diagnostics) => diagnostics.iter().map(ToString::to_string).collect(),
        Ok(report) => report.failures.iter().map(ToString::to_string).collect(),
    }
}

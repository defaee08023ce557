//! Runs the test files of control folders, loaded from disk: `control_test controls/workload/x …`;
//! without arguments all folders below `controls/`. With `-v` it prints the messages.
#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use catalog::ControlTexts;
use document::Source;

fn main() -> ExitCode {
    let mut folders: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    let verbose = folders.iter().any(|folder| folder == Path::new("-v"));
    folders.retain(|folder| folder != Path::new("-v"));
    if folders.is_empty() {
        folders.push(PathBuf::from("controls"));
    }
    let mut controls = Vec::new();
    for folder in &folders {
        find(folder, &mut controls);
    }
    controls.sort();
    let failed = controls
        .iter()
        .filter(|folder| !run(folder, verbose))
        .count();
    println!("{} controls, {failed} failed", controls.len());
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    if folder.join("control.yaml").is_file() {
        found.push(folder.to_owned());
        return;
    }
    let Ok(entries) = fs_err::read_dir(folder) else {
        println!("{}: cannot be read", folder.display());
        return;
    };
    for entry in entries.flatten() {
        if entry.path().is_dir() {
            find(&entry.path(), found);
        }
    }
}

fn run(folder: &Path, verbose: bool) -> bool {
    let read = |name: &str| fs_err::read_to_string(folder.join(name)).ok();
    let name = folder.join("control.yaml").display().to_string();
    let control = Source::new(name, read("control.yaml").unwrap_or_default());
    let read = |name: &str| Ok::<_, std::convert::Infallible>(read(name));
    let Ok(texts) = ControlTexts::read(control, read);
    match engine::test_control(&texts) {
        Err(diagnostics) => {
            for diagnostic in &diagnostics {
                println!("{diagnostic}");
            }
            false
        }
        Ok(report) => {
            for failure in &report.failures {
                println!("{failure}");
            }
            for message in report.messages.iter().filter(|_| verbose) {
                println!("  {message}");
            }
            report.failures.is_empty()
        }
    }
}

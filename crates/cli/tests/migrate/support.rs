//! Fixtures in a folder of their own, the program run in it, and what a scan says of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use fs_err as fs;
use serde_json::Value;

/// A copy of a fixture.
pub(crate) struct Place {
    path: PathBuf,
}

/// What came of a run.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    /// An empty folder; the name must be the test's own.
    pub(crate) fn empty(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("migrate-{name}"));
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Place { path }
    }

    /// A copy of a fixture under the name of a test.
    pub(crate) fn of(fixture: &str, name: &str) -> Self {
        let place = Place::empty(name);
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/migrate")
            .join(fixture);
        copy(&from, &place.path);
        place
    }

    /// With a file.
    pub(crate) fn file(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path.join(name)).unwrap()
    }

    pub(crate) fn seawall(&self, args: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_seawall"))
            .args(args)
            .current_dir(&self.path)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        Run {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What a migration prints, all of it.
    pub(crate) fn migrated(&self, peer: &str, files: &[&str]) -> String {
        let run = self.seawall(&[&["migrate", "--from", peer], files].concat());
        format!(
            "exit {}\n\n{}\n--- standard error\n{}",
            run.code, run.stdout, run.stderr
        )
    }

    /// The findings of a scan of everything, as control and place; of the state that is asked for.
    pub(crate) fn findings(&self, state: &str, args: &[&str]) -> BTreeSet<String> {
        let common = ["scan", ".", "--profile", "all", "--format", "json"];
        let run = self.seawall(&[&common, args].concat());
        let report: Value = serde_json::from_str(&run.stdout)
            .unwrap_or_else(|_| panic!("no report: {}", run.stderr));
        let findings = report["findings"].as_array().unwrap().iter();
        findings
            .filter(|finding| finding["state"] == state)
            .map(place_of)
            .collect()
    }
}

fn place_of(finding: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let resource = &finding["resource"];
    let mut place = format!(
        "{} {}/{}/{}",
        text(&finding["control"]),
        text(&resource["kind"]),
        text(&resource["namespace"]),
        text(&resource["name"]),
    );
    if let Some(container) = finding["container"].as_str() {
        place += " ";
        place += container;
    }
    place
}

/// Lines as a set.
pub(crate) fn set(lines: &str) -> BTreeSet<String> {
    let lines = lines.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

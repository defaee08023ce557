//! A release in a folder: an archive whose program starts the one that was built, and the sums.

use std::path::{Path, PathBuf};
use std::process::Command;

use fs_err as fs;

pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// An empty folder of a test's own.
pub(crate) fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ci-{name}"));
    if path.exists() {
        fs::remove_dir_all(&path).unwrap();
    }
    fs::create_dir_all(&path).unwrap();
    path
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// The address of a mirror below a folder.
pub(crate) fn mirror(folder: &Path) -> String {
    let release = folder.join("mirror").join(format!("v{VERSION}"));
    let name = format!("seawall-{VERSION}-{}", target());
    let inside = release.join(&name);
    fs::create_dir_all(&inside).unwrap();
    let program = inside.join("seawall");
    let text = format!("#!/bin/sh\nexec {} \"$@\"\n", env!("CARGO_BIN_EXE_seawall"));
    fs::write(&program, text).unwrap();
    let script = format!(
        "chmod +x {name}/seawall && tar -czf {name}.tar.gz {name} && rm -r {name} && \
         (sha256sum {name}.tar.gz || shasum -a 256 {name}.tar.gz) > SHA256SUMS"
    );
    let status = Command::new("sh")
        .args(["-c", &script])
        .current_dir(&release)
        .status()
        .unwrap();
    assert!(status.success());
    format!("file://{}", folder.join("mirror").display())
}

fn target() -> &'static str {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "x86_64-unknown-linux-musl",
        ("linux", "aarch64") => "aarch64-unknown-linux-musl",
        ("macos", "x86_64") => "x86_64-apple-darwin",
        ("macos", "aarch64") => "aarch64-apple-darwin",
        (system, machine) => panic!("no release for {system} on {machine}"),
    }
}

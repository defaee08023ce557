//! Builds the program so that neither the folder, nor the day, nor the user of the build can be seen in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::workspace::output;

/// The target that is built when none is named: on Linux the static one, which runs on every distribution and in an empty image.
pub(crate) fn host_target() -> Result<String> {
    let printed = output("rustc", &["-vV"])?;
    let host = printed.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc -vV names no host")?;
    Ok(host.replace("-linux-gnu", "-linux-musl"))
}

/// Seconds since 1970 of the commit that is checked out: what everything in a release is dated with.
pub(crate) fn commit_time() -> Result<u64> {
    let printed = output("git", &["log", "-1", "--format=%ct"])?;
    printed.trim().parse().context("git log printed no time")
}

/// Builds `seawall` of the sources at `root` into `target_dir`; the path of the program.
///
/// Targets of Linux are linked by `cargo zigbuild` where that is installed: it brings the C library of each target.
pub(crate) fn program(root: &Path, target: &str, target_dir: &Path) -> Result<PathBuf> {
    let zig = target.contains("-linux-") && has_zigbuild();
    let folders = renamed_folders(root, target_dir)?;
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let status = Command::new(cargo)
        .arg(if zig { "zigbuild" } else { "build" })
        .args(["--profile", "dist", "--locked", "--package", "cli"])
        .args(["--bin", "seawall", "--target", target])
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target_dir)
        .env("CARGO_INCREMENTAL", "0")
        .env(
            "CARGO_ENCODED_RUSTFLAGS",
            flags(&folders, "--remap-path-prefix", "\u{1f}"),
        )
        .env("CFLAGS", flags(&folders, "-ffile-prefix-map", " "))
        .env("SOURCE_DATE_EPOCH", commit_time()?.to_string())
        .env_remove("RUSTFLAGS")
        .status()
        .context("cannot start cargo")?;
    ensure!(
        status.success(),
        "the build for {target} failed; a target other than this machine's needs `rustup target add {target}`, \
         and `pip install cargo-zigbuild ziglang` to link it"
    );
    let name = if target.contains("-windows-") {
        "seawall.exe"
    } else {
        "seawall"
    };
    Ok(target_dir.join(target).join("dist").join(name))
}

fn has_zigbuild() -> bool {
    Command::new("cargo-zigbuild")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}

/// Folders of this machine, and what stands for them in the program.
fn renamed_folders(root: &Path, target_dir: &Path) -> Result<[(PathBuf, &'static str); 4]> {
    let home = std::env::var_os("CARGO_HOME").map_or_else(
        || std::env::home_dir().unwrap_or_default().join(".cargo"),
        PathBuf::from,
    );
    let sysroot = output("rustc", &["--print", "sysroot"])?;
    // The last one that fits wins, so the folder inside the root comes after the root.
    Ok([
        (PathBuf::from(sysroot.trim()), "/rust"),
        (home, "/cargo"),
        (root.to_owned(), "/seawall"),
        (target_dir.to_owned(), "/target"),
    ])
}

/// One flag for each renamed folder.
fn flags(folders: &[(PathBuf, &str)], flag: &str, between: &str) -> String {
    let flags = folders
        .iter()
        .map(|(folder, name)| format!("{flag}={}={name}", folder.display()));
    flags.collect::<Vec<_>>().join(between)
}

//! Wall times of the program as people start it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

use crate::workspace::root;

/// The median wall time of runs of the program, in milliseconds; one that ends above an exit code is an error.
pub(super) fn time(arguments: &[String], runs: usize, highest_code: i32) -> Result<f64> {
    let program = root().join("target/release/seawall");
    time_of(&program, arguments, runs, highest_code)
}

/// The same, of a program built in another way.
pub(super) fn time_of(
    program: &Path,
    arguments: &[String],
    runs: usize,
    highest_code: i32,
) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..runs.max(1) {
        let start = Instant::now();
        let status = Command::new(program)
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        ensure!(
            status.code().is_some_and(|code| code <= highest_code),
            "`seawall {}` ended with {status}",
            arguments.join(" ")
        );
    }
    median(times)
}

/// The middle of some times.
pub(super) fn median(mut times: Vec<f64>) -> Result<f64> {
    times.sort_by(f64::total_cmp);
    let middle = times.get(times.len() / 2);
    middle.copied().context("invariant: at least one run")
}

//! What one changed object costs `seawall cluster --watch` among 30,000: an API server that only lists and tells changes
//! stands in for a cluster, and what the program says of each look (`--verbose`) is read.

mod server;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::wall::median;
use crate::workspace::{root, say};
use server::Server;

/// Changes that are measured.
const CHANGES: usize = 9;

/// The least time between changes: each is looked at alone.
const PAUSE: Duration = Duration::from_millis(700);

pub(super) fn run(work: &Path) -> Result<()> {
    let server = Server::start(work)?;
    let mut program = Command::new(root().join("target/release/seawall"))
        .args(["cluster", "--watch", "--verbose", "--no-config"])
        .args(["--format", "summary", "--kubeconfig"])
        .arg(&server.kubeconfig)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start target/release/seawall")?;
    let errors = program.stderr.take().context("invariant: it is piped")?;
    let measured = measure(BufReader::new(errors), &server);
    // It never ends by itself.
    program.kill()?;
    program.wait()?;
    let (alone, whole) = measured?;
    say(&format!(
        "\none changed object among {} in a cluster\n  the object alone       {:>8.1} ms      (target ≤ 9)\n  \
         what relates to it     {:>8.1} ms",
        server.objects,
        median(alone)?,
        median(whole)?,
    ));
    Ok(())
}

/// The times of looks at an object alone, and at what relates to it.
fn measure(errors: impl BufRead, server: &Server) -> Result<(Vec<f64>, Vec<f64>)> {
    let (mut alone, mut whole) = (Vec::new(), Vec::new());
    let mut is_first = true;
    let mut changes = 0;
    for line in errors.lines() {
        let line = line?;
        let Some((_, time)) = line.split_once(" looked at") else {
            ensure!(!line.starts_with("error"), "{line}");
            continue;
        };
        let (is_alone, time) = match time.strip_prefix(" alone in ") {
            Some(time) => (true, time),
            None => (false, time.trim_start_matches(" in ")),
        };
        let time: f64 = time.trim_end_matches(" ms").parse()?;
        if is_alone {
            alone.push(time);
            continue;
        }
        if !is_first {
            whole.push(time);
        }
        is_first = false;
        if changes == CHANGES {
            break;
        }
        std::thread::sleep(PAUSE);
        server.change(changes)?;
        changes += 1;
    }
    ensure!(whole.len() == CHANGES, "{} of {CHANGES} looks", whole.len());
    Ok((alone, whole))
}

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
use server::{CHANGING, Server};

/// Changes that are measured: as many of each kind.
const CHANGES: usize = 5 * CHANGING.len();

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
    let [alone, touched, rest] = measured?;
    say(&format!(
        "\none changed object among {} in a cluster\n  the object alone       {:>8.1} ms      (target ≤ 9)",
        server.objects,
        median(alone)?,
    ));
    for (at, kind) in CHANGING.iter().enumerate() {
        let times = touched.iter().skip(at).step_by(CHANGING.len());
        say(&format!(
            "  and what it touches    {:>8.1} ms      (target ≤ 10; {kind})",
            median(times.copied().collect())?,
        ));
    }
    say(&format!(
        "  the permissions of all {:>8.1} ms      (afterwards)",
        median(rest)?
    ));
    Ok(())
}

/// The times of looks at an object alone, at what it touches, and at the permissions of all, in the order of the changes.
fn measure(errors: impl BufRead, server: &Server) -> Result<[Vec<f64>; 3]> {
    let mut times: [Vec<f64>; 3] = Default::default();
    let mut is_first = true;
    let mut changes = 0;
    for line in errors.lines() {
        let line = line?;
        let Some((_, what)) = line.split_once(" looked at") else {
            ensure!(!line.starts_with("error"), "{line}");
            continue;
        };
        let what = what.trim_end_matches(" ms");
        let (what, time) = what
            .rsplit_once(" in ")
            .unwrap_or(("", what.trim_start_matches(" in ")));
        let step = match what {
            " alone" => 0,
            "" => 2,
            _ => 1,
        };
        if !is_first {
            times[step].push(time.parse()?);
        }
        if step < 2 {
            continue;
        }
        is_first = false;
        if changes == CHANGES {
            break;
        }
        std::thread::sleep(PAUSE);
        server.change(changes)?;
        changes += 1;
    }
    let [alone, touched, rest] = &times;
    let counts = [alone.len(), touched.len(), rest.len()];
    ensure!(counts == [CHANGES; 3], "{counts:?} of {CHANGES} looks");
    Ok(times)
}

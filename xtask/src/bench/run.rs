//! One scan as a process, measured: wall time from outside, phases and peak memory from `--timings`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use fs_err as fs;
use serde_json::Value;

use crate::workspace::root;

/// A scan to measure.
#[derive(Clone)]
pub(super) struct Scan {
    corpus: PathBuf,
    format: &'static str,
    profile: &'static str,
    threads: usize,
    /// Controls that are left out.
    without: String,
}

impl Scan {
    pub(super) fn new(corpus: &Path) -> Self {
        Scan {
            corpus: corpus.to_owned(),
            format: "summary",
            profile: "all",
            threads: 2,
            without: String::new(),
        }
    }

    pub(super) fn without(mut self, controls: &[String]) -> Self {
        self.without = controls.join(",");
        self
    }

    pub(super) fn format(mut self, format: &'static str) -> Self {
        self.format = format;
        self
    }

    pub(super) fn profile(mut self, profile: &'static str) -> Self {
        self.profile = profile;
        self
    }

    pub(super) fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }
}

/// The medians of several runs.
pub(super) struct Measurement {
    pub(super) wall_ms: f64,
    pub(super) peak_kb: f64,
    pub(super) bytes: f64,
    pub(super) resources: f64,
    pub(super) containers: f64,
    pub(super) findings: f64,
    phases: Vec<(&'static str, f64)>,
}

/// The phases that `--timings` tells, in the order in which they run.
pub(super) const PHASES: [&str; 7] = [
    "startup", "read", "parse", "evaluate", "funnel", "render", "total",
];

impl Measurement {
    /// Milliseconds of a phase.
    pub(super) fn phase(&self, name: &str) -> f64 {
        self.phases
            .iter()
            .find(|(phase, _)| *phase == name)
            .map_or(0.0, |(_, ms)| *ms)
    }
}

/// Runs a scan several times, once more to warm up, and takes the median of each figure.
pub(super) fn median(scan: &Scan, runs: usize) -> Result<Measurement> {
    once(scan)?;
    let all = (0..runs).map(|_| once(scan)).collect::<Result<Vec<_>>>()?;
    let middle = |figure: &dyn Fn(&Measurement) -> f64| {
        let mut figures: Vec<f64> = all.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    Ok(Measurement {
        wall_ms: middle(&|one| one.wall_ms),
        peak_kb: middle(&|one| one.peak_kb),
        bytes: middle(&|one| one.bytes),
        resources: middle(&|one| one.resources),
        containers: middle(&|one| one.containers),
        findings: middle(&|one| one.findings),
        phases: PHASES
            .map(|name| (name, middle(&|one| one.phase(name))))
            .to_vec(),
    })
}

fn once(scan: &Scan) -> Result<Measurement> {
    let timings = root().join("target/bench/timings.json");
    let start = Instant::now();
    let status = Command::new(root().join("target/release/seawall"))
        .args([
            "scan",
            "--no-config",
            "--format",
            scan.format,
            "--profile",
            scan.profile,
        ])
        .args(["--threads", &scan.threads.to_string(), "--timings"])
        .arg(&timings)
        .args((!scan.without.is_empty()).then(|| format!("--exclude-control={}", scan.without)))
        .arg(&scan.corpus)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .context("cannot start target/release/seawall")?;
    let wall_ms = start.elapsed().as_secs_f64() * 1000.0;
    ensure!(
        status.code().is_some(),
        "the scan of {} was killed",
        scan.corpus.display()
    );
    let told: Value = serde_json::from_str(&fs::read_to_string(&timings)?)?;
    let figure = |name: &str| told[name].as_f64().unwrap_or_default();
    Ok(Measurement {
        wall_ms,
        peak_kb: figure("peak_rss_kb"),
        bytes: figure("bytes"),
        resources: figure("resources"),
        containers: figure("containers"),
        findings: figure("findings"),
        phases: PHASES.map(|name| (name, figure(name))).to_vec(),
    })
}

/// The phases of `seawall paths`.
const PATH_PHASES: [&str; 5] = ["load", "sources", "graph", "answer", "render"];

/// What attack paths took.
pub(super) struct PathsMeasurement {
    pub(super) wall_ms: f64,
    pub(super) peak_kb: f64,
    phases: Vec<(&'static str, f64)>,
}

impl PathsMeasurement {
    /// Where the time went: `load 400 ms, …`.
    pub(super) fn phases(&self) -> String {
        let phases = self.phases.iter();
        let told: Vec<String> = phases
            .map(|(name, ms)| format!("{name} {ms:.0} ms"))
            .collect();
        told.join(", ")
    }
}

/// Runs `seawall paths` several times, and takes the fastest: others only take time from it.
pub(super) fn paths(corpus: &Path, flags: &[&str], runs: usize) -> Result<PathsMeasurement> {
    let mut best: Option<PathsMeasurement> = None;
    for _ in 0..runs {
        let measured = paths_once(corpus, flags)?;
        let is_better = best
            .as_ref()
            .is_none_or(|best| measured.wall_ms < best.wall_ms);
        if is_better {
            best = Some(measured);
        }
    }
    best.context("no run was asked for")
}

fn paths_once(corpus: &Path, flags: &[&str]) -> Result<PathsMeasurement> {
    let timings = root().join("target/bench/timings.json");
    let start = Instant::now();
    let status = Command::new(root().join("target/release/seawall"))
        .args(["paths", "--complete", "--timings"])
        .arg(&timings)
        .args(flags)
        .arg(corpus)
        .stdout(Stdio::null())
        .status()?;
    let wall_ms = start.elapsed().as_secs_f64() * 1000.0;
    ensure!(
        matches!(status.code(), Some(0 | 1)),
        "seawall paths ended with {status}"
    );
    let figures: Value = serde_json::from_str(&fs::read_to_string(&timings)?)?;
    let figure = |name: &str| figures[name].as_f64().unwrap_or_default();
    Ok(PathsMeasurement {
        wall_ms,
        peak_kb: figure("peak_rss_kb"),
        phases: PATH_PHASES.map(|name| (name, figure(name))).to_vec(),
    })
}

//! `cargo xtask bench`: where the time and the memory of whole scans go.
//!
//! Machines are noisy: each row is the median of several runs, and what has a target is given as a
//! rate or a ratio within this run.

mod run;
mod table;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use fs_err as fs;

use crate::workspace::{output, root, say};
use run::{Measurement, Scan};

const ONE_POD: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: one
spec:
  containers:
    - name: main
      image: registry.example/app:1.2.3
      securityContext:
        privileged: true
";

/// Options: `--quick` (three runs instead of nine), `--corpus DIR` (repeatable; a folder of manifests).
pub(crate) fn run(options: &[&str]) -> Result<()> {
    let mut runs = 9;
    let mut corpora: Vec<PathBuf> = Vec::new();
    let mut words = options.iter();
    while let Some(word) = words.next() {
        match *word {
            "--quick" => runs = 3,
            "--corpus" => corpora.push(words.next().context("--corpus takes a folder")?.into()),
            other => anyhow::bail!("`{other}` is no option of bench"),
        }
    }
    output(
        "cargo",
        &["build", "--release", "--quiet", "--package", "cli"],
    )?;
    let work = root().join("target/bench");
    fs::create_dir_all(&work)?;
    let one = work.join("one-pod.yaml");
    fs::write(&one, ONE_POD)?;
    if corpora.is_empty() {
        corpora = default_corpora(&work)?;
    }
    start_up(&one, runs * 5)?;
    for corpus in &corpora {
        throughput(corpus, runs)?;
    }
    Ok(())
}

/// The shared corpora where they are, else the example application, repeated.
fn default_corpora(work: &Path) -> Result<Vec<PathBuf>> {
    let shared = root().join("../shared");
    if !shared.join("tools/gen_cluster.py").is_file() {
        return Ok(vec![repeated_examples(work)?]);
    }
    let generated = work.join("generated-10000");
    if !generated.is_dir() {
        let script = shared.join("tools/gen_cluster.py");
        let arguments = [
            &script.to_string_lossy(),
            &generated.to_string_lossy(),
            "10000",
        ];
        output("python3", &arguments.map(|word| word as &str))?;
    }
    Ok(vec![generated, shared.join("corpus/real")])
}

/// The example application two thousand times: a corpus that every checkout has.
fn repeated_examples(work: &Path) -> Result<PathBuf> {
    let folder = work.join("repeated-examples");
    fs::create_dir_all(&folder)?;
    let mut texts = Vec::new();
    for path in crate::workspace::files(&root().join("examples"), "yaml")? {
        texts.push(fs::read_to_string(path)?);
    }
    ensure!(!texts.is_empty(), "examples/ holds no manifests");
    let text = texts.join("---\n");
    for number in 0..100 {
        fs::write(
            folder.join(format!("part-{number:03}.yaml")),
            format!("{text}---\n").repeat(20),
        )?;
    }
    Ok(folder)
}

fn start_up(one: &Path, runs: usize) -> Result<()> {
    let scan = Scan::new(one).format("table").profile("all");
    let measured = run::median(&scan, runs)?;
    say(&format!(
        "start-up to first finding, one pod, all controls: {:.1} ms wall (target ≤ 10), {:.1} MB peak",
        measured.wall_ms,
        measured.peak_kb / 1024.0
    ));
    Ok(())
}

fn throughput(corpus: &Path, runs: usize) -> Result<()> {
    let all = Scan::new(corpus).format("summary").profile("all");
    let two = run::median(&all.clone().threads(2), runs)?;
    let one = run::median(&all.clone().threads(1), runs)?;
    let json = run::median(&all.clone().threads(2).format("json"), runs.min(3))?;
    let default = run::median(&all.clone().threads(2).profile("default"), runs.min(3))?;
    say(&format!("\n{}", corpus.display()));
    table::print(&[
        ("2 threads", &two),
        ("1 thread", &one),
        ("2 threads, json", &json),
    ]);
    say(&targets(&two, &one, &json, &default));
    Ok(())
}

fn targets(
    two: &Measurement,
    one: &Measurement,
    json: &Measurement,
    default: &Measurement,
) -> String {
    let megabytes = two.bytes / 1e6;
    let evaluate = one.phase("evaluate") * 1000.0 / one.resources;
    let memory = two.peak_kb * 1024.0;
    let allowed = 6.0 * two.bytes + 20e6;
    format!(
        "  YAML, two threads      {:>8.1} MB/s    (floor 40, goal 100)\n  \
           evaluation             {evaluate:>8.2} µs a resource and core (target ≤ 10)\n  \
           JSON against summary   {:>8.2} ×       (target ≤ 2.5), {} findings\n  \
           peak memory            {:>8.1} MB, {:.1} × the input (target ≤ {:.1} MB)\n  \
           noise, profile default {:>8.2} findings a container (budget 6)",
        megabytes / (two.wall_ms / 1000.0),
        json.wall_ms / two.wall_ms,
        json.findings,
        memory / 1e6,
        memory / two.bytes,
        allowed / 1e6,
        default.findings / default.containers.max(1.0),
    )
}

//! `cargo xtask bench`: where the time and the memory of whole scans go.
//!
//! Machines are noisy: each row is the median of several runs, and what has a target is given as a
//! rate or a ratio within this run.

mod cluster;
mod images;
mod packages;
mod renderings;
mod run;
mod table;
mod wall;
mod watch;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use fs_err as fs;

use crate::dist::build;
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

/// Options: `--quick` (three runs instead of nine), `--paths` (attack paths alone), `--renderings` (charts and kustomizations alone), `--watch` (one change in a cluster alone), `--released` (these with the static program that `cargo xtask dist` makes), `--corpus DIR` (repeatable; a folder of manifests).
pub(crate) fn run(options: &[&str]) -> Result<()> {
    let mut runs = 9;
    let mut corpora: Vec<PathBuf> = Vec::new();
    let mut only_paths = false;
    let mut only_renderings = false;
    let mut only_watch = false;
    let mut is_released = false;
    let mut words = options.iter();
    while let Some(word) = words.next() {
        match *word {
            "--quick" => runs = 3,
            "--paths" => only_paths = true,
            "--renderings" => only_renderings = true,
            "--watch" => only_watch = true,
            "--released" => (only_renderings, is_released) = (true, true),
            "--corpus" => corpora.push(words.next().context("--corpus takes a folder")?.into()),
            other => anyhow::bail!("`{other}` is no option of bench"),
        }
    }
    output(
        "cargo",
        &["build", "--release", "--quiet", "--package", "cli"],
    )?;
    let built = root().join("target/release/seawall");
    let work = root().join("target/bench");
    fs::create_dir_all(&work)?;
    if only_paths {
        return attack_paths(&work, runs.min(3));
    }
    if only_watch {
        return watch::run(&work);
    }
    if only_renderings {
        let program = if is_released {
            let target = build::host_target()?;
            build::program(&root(), &target, &root().join("target/dist-build"))?
        } else {
            built
        };
        return renderings::run(&work, &program, runs.min(5));
    }
    let one = work.join("one-pod.yaml");
    fs::write(&one, ONE_POD)?;
    if corpora.is_empty() {
        corpora = default_corpora(&work)?;
    }
    start_up(&one, runs * 5)?;
    let related = related()?;
    for corpus in &corpora {
        throughput(corpus, &related, runs)?;
    }
    if let Some(folder) = generated(&work, LARGE)? {
        large(&folder, runs)?;
    }
    renderings::run(&work, &built, runs.min(5))?;
    packages::run(&work, runs)?;
    images::run(&work, &built, runs.min(5))?;
    watch::run(&work)?;
    attack_paths(&work, runs.min(3))
}

/// Attack paths over clusters as they run, and the changes that cut most of them.
fn attack_paths(work: &Path, runs: usize) -> Result<()> {
    say("\nattack paths (targets: 10,000 pods ≤ 2 s, 30,000 pods ≤ 6 s, ≤ 500 MB)");
    for pods in [10_000, 30_000] {
        let folder = cluster::write(work, pods)?;
        for (what, flags) in [("paths", &[][..]), ("choke points", &["--choke-points"])] {
            let measured = run::paths(&folder, flags, runs)?;
            say(&format!(
                "  {pods} pods, {what:<13} {:>6.2} s, {:>4.0} MB peak, {}",
                measured.wall_ms / 1000.0,
                measured.peak_kb * 1024.0 / 1e6,
                measured.phases(),
            ));
        }
    }
    Ok(())
}

/// Resources of the large corpus.
const LARGE: u32 = 30_000;

/// The controls that ask how things relate to each other.
fn related() -> Result<Vec<String>> {
    let controls = crate::generate::controls()?.into_iter();
    let related = controls.filter(|control| control.condition.relates());
    Ok(related.map(|control| control.header.id).collect())
}

/// A generated cluster, where the generator is.
fn generated(work: &Path, resources: u32) -> Result<Option<PathBuf>> {
    let script = root().join("../shared/tools/gen_cluster.py");
    if !script.is_file() {
        return Ok(None);
    }
    let folder = work.join(format!("generated-{resources}"));
    if !folder.is_dir() {
        let (script, to) = (script.to_string_lossy(), folder.to_string_lossy());
        output("python3", &[&script, &to, &resources.to_string()])?;
    }
    Ok(Some(folder))
}

/// A whole cluster at once, all controls.
fn large(corpus: &Path, runs: usize) -> Result<()> {
    let measured = run::median(&Scan::new(corpus), runs.min(5))?;
    say(&format!(
        "\n{}: {:.2} s (target ≤ 1.5), {:.0} MB peak (target ≤ 300)",
        corpus.display(),
        measured.wall_ms / 1000.0,
        measured.peak_kb * 1024.0 / 1e6,
    ));
    Ok(())
}

/// The shared corpora where they are, else the example application, repeated.
fn default_corpora(work: &Path) -> Result<Vec<PathBuf>> {
    Ok(match generated(work, 10_000)? {
        Some(folder) => vec![folder, root().join("../shared/corpus/real")],
        None => vec![repeated_examples(work)?],
    })
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

fn throughput(corpus: &Path, related: &[String], runs: usize) -> Result<()> {
    let all = Scan::new(corpus).format("summary").profile("all");
    let two = run::median(&all.clone().threads(2), runs)?;
    let one = run::median(&all.clone().threads(1), runs)?;
    let alone = run::median(&all.clone().threads(1).without(related), runs)?;
    let plain = run::median(&all.clone().threads(2).without(related), runs)?;
    let json = run::median(&all.clone().threads(2).format("json"), runs.min(3))?;
    let default = run::median(&all.clone().threads(2).profile("default"), runs.min(3))?;
    say(&format!("\n{}", corpus.display()));
    table::print(&[
        ("2 threads", &two),
        ("1 thread", &one),
        ("1, no relations", &alone),
        ("2, no relations", &plain),
        ("2 threads, json", &json),
    ]);
    say(&targets([&two, &plain], [&one, &alone], &json, &default));
    Ok(())
}

fn targets(
    [two, plain]: [&Measurement; 2],
    [one, alone]: [&Measurement; 2],
    json: &Measurement,
    default: &Measurement,
) -> String {
    let megabytes = two.bytes / 1e6;
    let evaluate =
        |measured: &Measurement| measured.phase("evaluate") * 1000.0 / measured.resources;
    let (related, alone) = (evaluate(one), evaluate(alone));
    let (memory, plain) = (two.peak_kb * 1024.0, plain.peak_kb * 1024.0);
    let allowed = 6.0 * two.bytes + 20e6;
    format!(
        "  YAML, two threads      {:>8.1} MB/s    (floor 40, goal 100)\n  \
           evaluation             {alone:>8.2} µs a resource and core, controls of one object (target ≤ 10)\n  \
           with relations         {related:>8.2} µs a resource and core (target ≤ 25)\n  \
           JSON against summary   {:>8.2} ×       (target ≤ 2.5), {} findings\n  \
           peak memory            {:>8.1} MB, controls of one object (target ≤ {:.1} MB)\n  \
           with relations         {:>8.1} MB, {:.1} × the input\n  \
           noise, profile default {:>8.2} findings a container (budget 6)",
        megabytes / (two.wall_ms / 1000.0),
        json.wall_ms / two.wall_ms,
        json.findings,
        plain / 1e6,
        allowed / 1e6,
        memory / 1e6,
        memory / two.bytes,
        default.findings / default.containers.max(1.0),
    )
}

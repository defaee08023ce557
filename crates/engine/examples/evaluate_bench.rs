//! Measures the evaluation of all controls: `evaluate_bench DIR [threads] [rounds]`; with `BY_CONTROL`
//! in the environment, of each alone as well; `CONTROLS` and `EXCLUDE` choose controls.
#![expect(clippy::print_stdout, reason = "a program that prints")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use catalog::Catalog;
use document::{Limits, Source, parse_yaml};
use engine::{Engine, Selection, Settings, embedded_catalog};
use model::{Inventory, Profile, recognise};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_default());
    let threads = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let rounds = arguments.next().map_or(Ok(20), |text| text.parse())?;
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()?;

    let start = Instant::now();
    let catalog = embedded_catalog()?;
    let decoded = start.elapsed();
    let words = |name: &str| -> Vec<String> {
        let text = std::env::var(name).unwrap_or_default();
        text.split_whitespace().map(str::to_owned).collect()
    };
    let selection = Selection {
        profile: Profile::All,
        controls: words("CONTROLS"),
        exclude: words("EXCLUDE"),
        ..Selection::default()
    };
    let engine = Engine::new(&catalog, &selection, &Settings::default())?;
    let ready = start.elapsed();
    println!(
        "catalogue {decoded:?}, engine {ready:?}, {} controls",
        engine.headers().len()
    );

    let inventory = read(&folder, &engine)?;
    let resources = inventory.resources.len();
    let mut best = Duration::MAX;
    for _ in 0..rounds {
        let start = Instant::now();
        let relations = engine.relations(&inventory);
        let evaluation = engine.evaluate(&relations);
        best = best.min(start.elapsed());
        std::hint::black_box(&evaluation);
    }
    let relations = engine.relations(&inventory);
    let evaluation = engine.evaluate(&relations);
    println!(
        "{resources} resources: {best:?}, {:.2} µs a resource and core; {} findings, {} problems",
        best.as_secs_f64() * 1e6 * threads as f64 / resources as f64,
        evaluation.findings.len(),
        evaluation.problems.len(),
    );
    let counted = |counts: &engine::Counts| counts.passed + counts.failed + counts.unknown;
    let counted: usize = evaluation.counts.iter().map(counted).sum();
    println!(
        "{counted} things counted, {:.0} ns each",
        best.as_secs_f64() * 1e9 / counted as f64
    );
    for problem in evaluation.problems.iter().take(200) {
        println!("  {} {}: {}", problem.kind, problem.file, problem.message);
    }
    if std::env::var_os("BY_CONTROL").is_some() {
        by_control(&catalog, &inventory)?;
    }
    let start = Instant::now();
    let anchors = evaluation.anchors.iter().copied();
    let findings: Vec<_> = evaluation.findings.iter().copied().zip(anchors).collect();
    let details = engine.details(&relations, &findings);
    let bytes: usize = details.iter().map(|detail| detail.message.len()).sum();
    println!("texts: {:?}, {bytes} bytes of messages", start.elapsed());
    Ok(())
}

/// The controls that cost most, each evaluated alone.
fn by_control(catalog: &Catalog, inventory: &Inventory) -> anyhow::Result<()> {
    let mut costs = Vec::new();
    for control in catalog.controls() {
        let id = control.header.id.clone();
        let selection = Selection {
            controls: vec![id.clone()],
            ..Selection::default()
        };
        let engine = Engine::new(catalog, &selection, &Settings::default())?;
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let start = Instant::now();
            std::hint::black_box(engine.evaluate(&engine.relations(inventory)));
            best = best.min(start.elapsed());
        }
        costs.push((best, id));
    }
    costs.sort();
    let least = costs.first().map_or(Duration::ZERO, |(cost, _)| *cost);
    println!("one control costs at least {least:?}; beyond that:");
    for (cost, id) in costs.iter().rev().take(300) {
        println!("  {:?} {id}", cost.saturating_sub(least));
    }
    Ok(())
}

fn read(folder: &Path, engine: &Engine) -> anyhow::Result<Inventory> {
    let mut files = Vec::new();
    find(folder, &mut files)?;
    files.sort();
    let mut resources = Vec::new();
    for file in &files {
        let Ok(text) = fs_err::read_to_string(file) else {
            continue;
        };
        let source = Source::new(file.display().to_string(), text);
        let parsed = parse_yaml(source, engine.keys(), &Limits::default());
        let document = Arc::new(parsed.document);
        for root in document.roots() {
            resources.extend(recognise(&document, root, engine.views().fields()).resources);
        }
    }
    Ok(Inventory::new(resources))
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        let is_yaml = |extension: &OsStr| extension == "yaml" || extension == "yml";
        if path.is_dir() {
            find(&path, files)?;
        } else if path.extension().is_some_and(is_yaml) {
            files.push(path);
        }
    }
    Ok(())
}

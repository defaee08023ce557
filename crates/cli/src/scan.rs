//! `seawall scan`: the pieces in their order.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use catalog::{Catalog, Control, nearest};
use document::Limits;
use engine::funnel::{Evaluated, FunnelSettings, KnownControls, funnel};
use engine::{Engine, Evaluation, Survey, Worlds};
use manifests::Loaded;
use model::{ClusterFacts, ControlResult, Inventory, Problem, ProblemLevel, Report, State, Target};
use report::Options;

use crate::args::ScanArgs;
use crate::config::{self, Config};
use crate::errors::COULD_NOT_COMPLETE;
use crate::facts::{self, Gates};
use crate::origin::Origin;
use crate::output::{self, Destination};
use crate::progress::Progress;
use crate::settings::{self, ExitRules, Settings};
use crate::timings::Timings;
use crate::{baseline_file, control_folders, framework_files};

/// How much of the digest of a control is shown.
const CONTROL_DIGEST_BYTES: usize = 6;

/// Scans, reports, and says how it went.
pub(crate) fn run(args: &ScanArgs, start: Instant) -> anyhow::Result<ExitCode> {
    let origin = Origin::of_paths(&Scene::here().root, &args.paths)?;
    run_on(args, origin, start)
}

/// The same where it is known what is scanned.
fn run_on(args: &ScanArgs, origin: Origin, start: Instant) -> anyhow::Result<ExitCode> {
    run_with(args, origin, start, &mut |_, _| Ok(()))
}

/// The same for a command that has flags of its own.
pub(crate) fn run_with(
    args: &ScanArgs,
    origin: Origin,
    start: Instant,
    adjust: Adjust<'_>,
) -> anyhow::Result<ExitCode> {
    let mut timings = Timings::new(start, args.timings.is_some());
    limit_threads(args.threads)?;
    let prepared = prepare_on(args, &Scene::here(), origin, adjust)?;
    timings.lap("startup");
    let report = report(args, &prepared, &mut timings)?;
    let settings = &prepared.settings;

    if let Some(file) = &settings.write_baseline {
        baseline_file::write(file, &report)?;
    }
    let render = |format, options: &Options, out: &mut dyn Write| {
        report::render(format, &report, options, out)
    };
    output::write(&settings.outputs, &options(args), &render)?;
    timings.lap("render");
    tell_problems(settings, &report);
    if let Some(file) = &args.timings {
        timings.count("findings", report.findings.len() as u64);
        timings.write(file)?;
    }
    let code = exit_code(&report, &settings.exit);
    // The process ends here: returning all that memory piece by piece would only take time.
    std::mem::forget((report, prepared));
    Ok(ExitCode::from(code))
}

/// Where a scan looks.
pub(crate) struct Scene {
    /// What paths and names are relative to.
    pub(crate) root: PathBuf,
    /// Configurations outside of it are not looked for.
    pub(crate) is_closed: bool,
}

impl Scene {
    /// The current folder.
    pub(crate) fn here() -> Self {
        Scene {
            root: PathBuf::from("."),
            is_closed: false,
        }
    }

    /// The nearest configuration above the first path; an empty one where there is none.
    pub(crate) fn configuration(&self, paths: &[String]) -> anyhow::Result<Config> {
        let first = paths.first().map_or(".", String::as_str);
        let found = config::discover(&self.root, first);
        let file = found.filter(|file| !self.is_closed || file.starts_with(&self.root));
        file.map_or(Ok(Config::default()), |file| {
            config::load(&file, &self.root)
        })
    }
}

/// What a scan needs before it reads anything.
pub(crate) struct Prepared {
    pub(crate) settings: Settings,
    pub(crate) origin: Origin,
    catalog: Catalog,
    pub(crate) engine: Engine,
}

/// Reads the configuration and makes the controls ready.
pub(crate) fn prepare(args: &ScanArgs, scene: &Scene) -> anyhow::Result<Prepared> {
    prepare_with(args, scene, &mut |_, _| Ok(()))
}

/// What a command changes of the settings that its flags and the configuration make.
pub(crate) type Adjust<'a> = &'a mut dyn FnMut(&mut Settings, &Catalog) -> anyhow::Result<()>;

/// The same for a command that wants more of a scan.
pub(crate) fn prepare_with(
    args: &ScanArgs,
    scene: &Scene,
    adjust: Adjust<'_>,
) -> anyhow::Result<Prepared> {
    let origin = Origin::of_paths(&scene.root, &args.paths)?;
    prepare_on(args, scene, origin, adjust)
}

/// The same where it is known what is scanned.
pub(crate) fn prepare_on(
    args: &ScanArgs,
    scene: &Scene,
    origin: Origin,
    adjust: Adjust<'_>,
) -> anyhow::Result<Prepared> {
    let config = configuration(args, scene)?;
    let dirs = [config.controls_dirs.as_slice(), &args.controls_dirs].concat();
    let mut catalog = control_folders::catalog(&dirs)?;
    framework_files::add(&mut catalog, settings::framework_words(args, &config))?;
    let mut settings = settings::resolve(args, config, &catalog, (&scene.root, &origin))?;
    adjust(&mut settings, &catalog)?;
    let engine = Engine::new(&catalog, &settings.selection, &settings.engine)?;
    Ok(Prepared {
        settings,
        origin,
        catalog,
        engine,
    })
}

/// Reads, evaluates, and decides what counts.
pub(crate) fn report(
    args: &ScanArgs,
    prepared: &Prepared,
    timings: &mut Timings,
) -> anyhow::Result<Report> {
    let Prepared {
        settings,
        origin,
        engine,
        ..
    } = prepared;
    let progress = Progress::start(args.quiet, "reading resources");
    let (mut loaded, gates) = load(settings, origin, engine)?;
    tell_loading(timings, &loaded, engine);
    progress.phase("evaluating controls");
    loaded.inventory.is_complete |= args.complete;
    let inventory = Arc::new(std::mem::take(&mut loaded.inventory));
    let seen = facts::Seen {
        inventory: &inventory,
        engine,
        gates,
    };
    let cluster = match origin.server_version() {
        Some(version) => Some(seen.facts(version, settings.database.as_deref(), args.quiet)?),
        None => None,
    };
    let worlds = Worlds::new(&inventory);
    let mut survey = engine.survey(&worlds);
    if let Some(changes) = &settings.changes {
        survey.choose(&|name| changes.contain(name));
    }
    let survey = survey;
    let evaluation = match origin {
        Origin::Files => engine.evaluate_worlds(&survey),
        Origin::Snapshot(..) | Origin::Live(_) => engine.evaluate_owners(&survey),
    };
    timings.lap("evaluate");

    progress.phase("writing texts");
    let report = judged(
        prepared,
        Scanned {
            loaded,
            inventory: Arc::clone(&inventory),
            survey: &survey,
            evaluation,
            is_part: settings.changes.is_some(),
            cluster,
        },
    )?;
    timings.lap("funnel");
    drop(progress);
    if settings.is_only_scan {
        // Nothing else is done after it: returning all that memory piece by piece would only take time.
        std::mem::forget(survey);
        std::mem::forget(worlds);
    }
    Ok(report)
}

/// Reads all that there is.
fn load(settings: &Settings, origin: &Origin, engine: &Engine) -> anyhow::Result<(Loaded, Gates)> {
    let Some(collected) = origin.collect(engine.keys())? else {
        let loaded = manifests::load(&settings.inputs, engine.keys(), &Limits::default())?;
        return Ok((loaded, Gates::new()));
    };
    let loaded = Loaded {
        inventory: collected.inventory,
        problems: collected.problems,
        ..Loaded::default()
    };
    Ok((loaded, collected.feature_gates))
}

fn configuration(args: &ScanArgs, scene: &Scene) -> anyhow::Result<Config> {
    match &args.config {
        Some(file) => config::load(file, &scene.root),
        None if args.no_config => Ok(Config::default()),
        None => scene.configuration(&args.paths),
    }
}

/// Takes no more threads than asked for, from here on.
pub(crate) fn limit_threads(threads: Option<usize>) -> anyhow::Result<()> {
    if let Some(threads) = threads {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build_global()
            .context("cannot start the threads")?;
    }
    Ok(())
}

/// What was read, and what the controls said about it.
pub(crate) struct Scanned<'s, 'r> {
    /// Without its inventory.
    pub(crate) loaded: Loaded,
    pub(crate) inventory: Arc<Inventory>,
    pub(crate) survey: &'s Survey<'r>,
    pub(crate) evaluation: Evaluation,
    /// Whether only a part of the inventory was evaluated.
    pub(crate) is_part: bool,
    /// What was seen of the cluster as a whole.
    pub(crate) cluster: Option<ClusterFacts>,
}

/// The funnel's outcome.
pub(crate) fn judged<'r>(
    prepared: &'r Prepared,
    scanned: Scanned<'_, 'r>,
) -> anyhow::Result<Report> {
    let Prepared {
        settings,
        catalog,
        engine,
        ..
    } = prepared;
    let Scanned { loaded, survey, .. } = scanned;
    let Evaluation {
        findings,
        anchors,
        counts,
        problems,
    } = scanned.evaluation;
    let infos = engine
        .infos()
        .context("the embedded controls are damaged")?;
    let mut digests = settings.inputs.takes_digest.then(|| engine.digests());
    let mut digest = || {
        let sha256 = digests.as_mut()?.next()?;
        Some(model::hexadecimal(&sha256[..CONTROL_DIGEST_BYTES]))
    };
    let controls = infos
        .into_iter()
        .zip(counts)
        .map(|(info, counts)| ControlResult {
            digest: digest(),
            reason: (counts.unknown > 0 && counts.failed == 0)
                .then(|| format!("{} could not be decided", counts.unknown)),
            ..ControlResult::new(info, counts.passed, counts.failed, counts.unknown)
        });
    let evaluated = Evaluated {
        target: Target {
            kind: settings.target,
            root: ".".to_owned(),
            paths: settings.paths.clone(),
            kubernetes_version: engine.kubernetes_version(),
            input: loaded.digest,
            cluster: scanned.cluster,
        },
        controls: controls.collect(),
        findings,
        problems: [loaded.problems, problems, settings.problems.clone()].concat(),
        skipped_files: loaded.skipped,
        inventory: scanned.inventory,
    };
    let describe = |evaluated: &Evaluated, indices: &[usize]| {
        let pair = |&index: &usize| (evaluated.findings[index], anchors[index]);
        let findings: Vec<_> = indices.iter().map(pair).collect();
        engine.describe(survey, &findings)
    };
    let known = Known(catalog);
    let settings = funnel_settings(prepared, scanned.is_part, &known);
    Ok(funnel(evaluated, &settings, &describe))
}

fn funnel_settings<'s>(
    prepared: &Prepared,
    is_part: bool,
    known: &'s Known<'_>,
) -> FunnelSettings<'s> {
    let settings = &prepared.settings;
    FunnelSettings {
        date: settings.date.clone(),
        severities: settings.severities.clone(),
        exceptions: settings.exceptions.clone(),
        inline: settings.inline,
        locked: settings.inline_locked.clone(),
        baseline: settings.baseline.clone(),
        min_severity: settings.min_severity,
        needs_detail: settings.needs_detail,
        is_part,
        is_cluster: prepared.origin.context().is_some(),
        frameworks: settings.frameworks.clone(),
        known,
    }
}

/// The controls of a catalogue, run or not.
pub(crate) struct Known<'c>(pub(crate) &'c Catalog);

impl KnownControls for Known<'_> {
    fn named(&self, word: &str) -> Vec<String> {
        let id = |control: &Control| control.header.id.clone();
        match self.0.control(word) {
            Some(control) => vec![id(control)],
            None => self.0.by_alias(word).map(id).collect(),
        }
    }

    fn nearest(&self, id: &str) -> Option<String> {
        let ids = self
            .0
            .controls()
            .iter()
            .map(|control| control.header.id.as_str());
        nearest(id, ids).map(str::to_owned)
    }
}

/// How the flags want outputs to look.
pub(crate) fn options(args: &ScanArgs) -> Options {
    Options {
        tool_version: env!("CARGO_PKG_VERSION"),
        color: output::color(args.color),
        width: output::width(args.width),
        verbose: args.verbose,
    }
}

fn tell_loading(timings: &mut Timings, loaded: &Loaded, engine: &Engine) {
    timings.lap("load");
    timings.set("read", loaded.walking + loaded.reading);
    timings.set("parse", loaded.parsing);
    timings.count("files", loaded.files as u64);
    timings.count("bytes", loaded.bytes);
    timings.count("resources", loaded.inventory.resources.len() as u64);
    if timings.is_wanted() {
        let containers = loaded.inventory.resources.iter().map(|resource| {
            let pods = engine.views().pods_of(resource);
            pods.iter()
                .map(|pod| pod.containers().len() as u64)
                .sum::<u64>()
        });
        timings.count("containers", containers.sum());
    }
}

/// Says on standard error what was lost, where the report does not go before the user's eyes.
pub(crate) fn tell_problems(settings: &Settings, report: &Report) {
    let shown = settings
        .outputs
        .iter()
        .any(|output| output.to == Destination::Standard);
    if shown {
        return;
    }
    let lost = report
        .problems
        .iter()
        .filter(|problem| counts(problem, &settings.exit));
    for problem in lost {
        let line = problem
            .location
            .as_ref()
            .map_or(String::new(), |at| format!(":{}", at.start().line));
        anstream::eprintln!("problem: {}{line}: {}", problem.file, problem.message);
    }
}

/// The contract: 2 before 1 before 0.
fn exit_code(report: &Report, rules: &ExitRules) -> u8 {
    if report.problems.iter().any(|problem| counts(problem, rules)) {
        return COULD_NOT_COMPLETE;
    }
    let fails = report
        .findings
        .iter()
        .any(|finding| finding.state == State::New && rules.fail_on.reached_by(finding.severity));
    u8::from(fails)
}

/// Whether a problem makes the scan incomplete.
pub(crate) fn counts(problem: &Problem, rules: &ExitRules) -> bool {
    let allowed = rules
        .allowed
        .iter()
        .any(|allowed| allowed.include(problem.kind));
    // An exception that is worth a look leaves nothing undecided.
    let undecided = problem.level == ProblemLevel::Unknown && !problem.kind.is_about_exception();
    !allowed && (problem.level == ProblemLevel::Error || (rules.fail_on_unknown && undecided))
}

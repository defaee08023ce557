//! `seawall cluster --watch`: findings as they appear and go.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use cluster::{Changes, Watching};
use engine::{Survey, Worlds};
use manifests::Loaded;
use model::{Inventory, Problem, Report, State};
use report::Options;

use crate::answers;
use crate::args::ScanArgs;
use crate::errors::Hinted;
use crate::origin::Origin;
use crate::output;
use crate::progress::Progress;
use crate::scan::{self, Prepared, Scanned, Scene};

/// Changes come in swarms: a rollout touches a Deployment, its `ReplicaSet`s, Pods and Endpoints. What comes this soon after
/// another change is looked at together with it ...
const QUIET: Duration = Duration::from_millis(100);
/// ... but nothing waits for longer than this.
const LONGEST: Duration = Duration::from_secs(1);

/// What follows from changes by many steps, who could become whom for one, is looked for when nothing changed for this long ...
const SETTLED: Duration = Duration::from_secs(5);
/// ... or after this, and after so many times what the last such look took.
const LATEST: Duration = Duration::from_mins(1);
const SHARE: u32 = 10;

/// The findings of each object by what it is called: fingerprint → the line that tells it.
type Known = BTreeMap<String, BTreeMap<String, String>>;

/// What is to be looked at.
enum Part {
    /// Everything, for the first time; with what could not be read.
    All(Vec<Problem>),
    /// What changed, and what depended on it before the change.
    Changed {
        names: BTreeSet<String>,
        before: BTreeSet<String>,
    },
    /// Everything again.
    Again,
}

/// Scans once, then follows.
pub(crate) fn run(args: &ScanArgs, origin: Origin, start: Instant) -> anyhow::Result<ExitCode> {
    scan::limit_threads(args.threads)?;
    let prepared = scan::prepare_on(args, &Scene::here(), origin, &mut |settings, _| {
        settings.needs_detail = true;
        settings.is_only_scan = false;
        Ok(())
    })?;
    let Origin::Live(live) = &prepared.origin else {
        return Err(Hinted::new("a snapshot does not change", "`--watch` is for clusters").into());
    };
    let engine = &prepared.engine;
    let progress = Progress::start(args.quiet, "reading resources");
    let mut collected = live.collect(engine.keys())?;
    let mut watching = live
        .session
        .watch(&mut collected, &live.scope, engine.keys());
    drop(progress);
    let mut inventory = Arc::new(collected.inventory);
    let mut part = Part::All(collected.problems);
    let mut known = Known::new();
    let mut since = start;
    let mut whole = Whole::new();
    loop {
        let worlds = Worlds::new(&inventory);
        let mut survey = engine.survey(&worlds);
        whole.begins(&part);
        let looked_at = look(&prepared, args, &inventory, &mut survey, part, &mut known)?;
        whole.is_over();
        if args.verbose {
            let took = since.elapsed().as_millis();
            anstream::eprintln!("{looked_at} objects looked at in {took} ms");
        }
        let changes = next(&mut watching, &inventory, whole.patience())?;
        since = Instant::now();
        let Some(mut changes) = changes else {
            part = Part::Again;
            continue;
        };
        survey.choose(&|name| changes.names.contains(name));
        engine.choose_families(&mut survey);
        part = Part::Changed {
            names: changes.names.clone(),
            before: survey.chosen_names().map(str::to_owned).collect(),
        };
        drop(survey);
        drop(worlds);
        let own = Arc::get_mut(&mut inventory).context("the inventory is still in use")?;
        changes.apply(own);
    }
}

/// When everything is looked at again.
struct Whole {
    /// The first change since the last time.
    changed: Option<Instant>,
    started: Option<Instant>,
    took: Duration,
}

impl Whole {
    fn new() -> Self {
        Whole {
            changed: None,
            started: None,
            took: Duration::ZERO,
        }
    }

    fn begins(&mut self, part: &Part) {
        if let Part::Changed { .. } = part {
            self.changed = self.changed.or(Some(Instant::now()));
        } else {
            self.changed = None;
            self.started = Some(Instant::now());
        }
    }

    fn is_over(&mut self) {
        if let Some(started) = self.started.take() {
            self.took = started.elapsed();
        }
    }

    /// How long to wait for another change before it is time; `None` where nothing changed.
    fn patience(&self) -> Option<Duration> {
        let pause = self.took * SHARE;
        let latest = self.changed? + LATEST.max(pause);
        let left = latest.saturating_duration_since(Instant::now());
        Some(left.min(SETTLED.max(pause)))
    }
}

/// Evaluates a part and tells what it came to; gives the number of objects.
fn look<'r>(
    prepared: &'r Prepared,
    args: &ScanArgs,
    inventory: &Arc<Inventory>,
    survey: &mut Survey<'r>,
    part: Part,
    known: &mut Known,
) -> anyhow::Result<usize> {
    let engine = &prepared.engine;
    let (problems, mut changed) = match part {
        Part::All(problems) => (problems, None),
        Part::Again => (Vec::new(), Some(known.keys().cloned().collect())),
        Part::Changed { names, before } => {
            survey.choose(&|name| names.contains(name));
            survey.choose_also(&|name| before.contains(name));
            engine.choose_families(survey);
            (Vec::new(), Some(&names | &before))
        }
    };
    let scanned = Scanned {
        loaded: Loaded {
            problems,
            ..Loaded::default()
        },
        inventory: Arc::clone(inventory),
        evaluation: engine.evaluate_owners(survey),
        survey,
        is_part: changed.is_some(),
    };
    let report = scan::judged(prepared, scanned)?;
    if let Some(changed) = &mut changed {
        changed.extend(survey.chosen_names().map(str::to_owned));
        let lines = differences(&report, changed, known);
        output::print(lines.as_bytes())?;
        return Ok(changed.len());
    }
    let render = |format, options: &Options, out: &mut dyn Write| {
        report::render(format, &report, options, out)
    };
    output::write(&prepared.settings.outputs, &scan::options(args), &render)?;
    scan::tell_problems(&prepared.settings, &report);
    *known = told(&report);
    Ok(report.inventory.resources.len())
}

/// The next changes that are any; `None` when there are none for a while.
fn next(
    watching: &mut Watching<'_>,
    inventory: &Inventory,
    patience: Option<Duration>,
) -> anyhow::Result<Option<Changes>> {
    let end = patience.map(|patience| Instant::now() + patience);
    loop {
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        let Some(events) = watching.next(left, (QUIET, LONGEST)) else {
            return Ok(None);
        };
        if events.is_empty() {
            anyhow::bail!("nothing is watched any more");
        }
        let changes = Changes::of(inventory, events);
        for problem in &changes.problems {
            anstream::eprintln!("problem: {}: {}", problem.file, problem.message);
        }
        if !changes.names.is_empty() {
            return Ok(Some(changes));
        }
    }
}

/// The findings that count, by object.
fn told(report: &Report) -> Known {
    let mut known = Known::new();
    for finding in &report.findings {
        let Some(detail) = &finding.detail else {
            continue;
        };
        if finding.state != State::New || finding.superseded_by.is_some() {
            continue;
        }
        let resource = &report.inventory.resources[finding.resource as usize];
        let control = &report.controls[finding.control as usize].info;
        let name = detail.location.file();
        let namespace = resource
            .namespace
            .as_deref()
            .map_or(String::new(), |it| format!("{it}/"));
        let line = format!(
            "{name}: {} {}: {} ({} {namespace}{})",
            finding.severity.as_str(),
            control.id,
            detail.message,
            resource.kind,
            resource.name
        );
        let of_object = known.entry(name.to_owned()).or_default();
        of_object.insert(detail.fingerprint.clone(), answers::clean(&line));
    }
    known
}

/// What appeared and went, a line each; from then on that is known.
fn differences(report: &Report, changed: &BTreeSet<String>, known: &mut Known) -> String {
    let mut now = told(report);
    let mut lines = String::new();
    for name in changed {
        let before = known.remove(name).unwrap_or_default();
        let after = now.remove(name).unwrap_or_default();
        let gone = before.iter().filter(|(id, _)| !after.contains_key(*id));
        let new = after.iter().filter(|(id, _)| !before.contains_key(*id));
        gone.for_each(|(_, line)| lines += &format!("- {line}\n"));
        new.for_each(|(_, line)| lines += &format!("+ {line}\n"));
        if !after.is_empty() {
            known.insert(name.clone(), after);
        }
    }
    lines
}

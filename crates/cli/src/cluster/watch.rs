//! `seawall cluster --watch`: findings as they appear and go.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use cluster::{Changes, Watching};
use engine::{AtOnce, Survey, Worlds};
use manifests::Loaded;
use model::{Inventory, Problem, Report, Resource, State};
use report::Options;

use crate::answers;
use crate::args::ScanArgs;
use crate::errors::Hinted;
use crate::origin::Origin;
use crate::output;
use crate::progress::Progress;
use crate::scan::{self, Prepared, Scanned, Scene};

/// What controls say of an object alone is told at once. How it relates to others is looked at afterwards: changes come in
/// swarms, a rollout touches a Deployment, its `ReplicaSet`s, Pods and Endpoints. What comes this soon after another change is
/// looked at together with it ...
const QUIET: Duration = Duration::from_millis(100);
/// ... but nothing waits for longer than this.
const LONGEST: Duration = Duration::from_secs(1);

/// What follows from changes by many steps, who could become whom for one, is looked for when nothing changed for this long ...
const SETTLED: Duration = Duration::from_secs(5);
/// ... or after this, and after so many times what the last such look took.
const LATEST: Duration = Duration::from_mins(1);
const SHARE: u32 = 10;

/// The findings of each object by what it is called: by fingerprint.
type Known = BTreeMap<String, BTreeMap<String, Told>>;

/// A finding that was told.
struct Told {
    control: u32,
    line: String,
}

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
    let mut at_once = AtOnce::new(engine, named(&inventory));
    loop {
        let worlds = Worlds::new(&inventory);
        let mut survey = engine.survey(&worlds);
        whole.begins(&part);
        let looked_at = look(&prepared, args, &inventory, &mut survey, part, &mut known)?;
        whole.is_over();
        tell_time(args, since, looked_at, "");
        let changes = Follow {
            prepared: &prepared,
            args,
            inventory: &inventory,
            at_once: &mut at_once,
            known: &mut known,
        }
        .next(&mut watching, whole.patience())?;
        since = Instant::now();
        let Some(changes) = changes else {
            part = Part::Again;
            continue;
        };
        let names: BTreeSet<String> = changes.names().map(str::to_owned).collect();
        survey.choose(&|name| names.contains(name));
        engine.choose_families(&mut survey);
        let before = survey.chosen_names().map(str::to_owned).collect();
        part = Part::Changed { names, before };
        drop(survey);
        drop(worlds);
        let own = Arc::get_mut(&mut inventory).context("the inventory is still in use")?;
        changes.apply(own);
    }
}

fn tell_time(args: &ScanArgs, since: Instant, objects: usize, how: &str) {
    if args.verbose {
        let took = since.elapsed().as_secs_f64() * 1000.0;
        anstream::eprintln!("{objects} objects looked at{how} in {took:.1} ms");
    }
}

/// The objects of a cluster with what they are called.
fn named(inventory: &Inventory) -> impl Iterator<Item = (&str, &Resource)> {
    let resources = inventory.resources.iter();
    resources.map(|resource| (cluster::name_of(resource), resource))
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
        cluster: None,
    };
    let report = scan::judged(prepared, scanned)?;
    if let Some(changed) = &mut changed {
        changed.extend(survey.chosen_names().map(str::to_owned));
        let lines = differences(&report, changed, known, &|_| true);
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

/// What it takes to tell at once what can be told of an object alone.
struct Follow<'f> {
    prepared: &'f Prepared,
    args: &'f ScanArgs,
    inventory: &'f Inventory,
    at_once: &'f mut AtOnce,
    known: &'f mut Known,
}

impl Follow<'_> {
    /// The next changes that are any; `None` when there are none for a while.
    fn next(
        mut self,
        watching: &mut Watching<'_>,
        patience: Option<Duration>,
    ) -> anyhow::Result<Option<Changes>> {
        let mut until = patience.map(|patience| Instant::now() + patience);
        let mut latest: Option<Instant> = None;
        let mut changes = Changes::default();
        loop {
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            let Some(events) = watching.next(left, (Duration::ZERO, Duration::ZERO)) else {
                return Ok(Some(changes).filter(|changes| !changes.is_empty()));
            };
            if events.is_empty() {
                anyhow::bail!("nothing is watched any more");
            }
            let since = Instant::now();
            let names = changes.add(self.inventory, events);
            for problem in changes.problems.drain(..) {
                anstream::eprintln!("problem: {}: {}", problem.file, problem.message);
            }
            if names.is_empty() {
                continue;
            }
            let looked_at = self.tell(&changes, &names)?;
            tell_time(self.args, since, looked_at, " alone");
            let latest = *latest.get_or_insert(since + LONGEST);
            until = Some(latest.min(Instant::now() + QUIET));
        }
    }

    /// Tells what is said of some objects alone; gives their number.
    fn tell(&mut self, changes: &Changes, names: &BTreeSet<String>) -> anyhow::Result<usize> {
        let mut around = self.at_once.around(names);
        for name in names {
            let resource = changes.resource(self.inventory, name);
            self.at_once.set(name, resource);
        }
        around.append(&mut self.at_once.around(names));
        let resources = around.iter();
        let resources = resources.filter_map(|name| changes.resource(self.inventory, name));
        let part = Arc::new(Inventory {
            is_complete: self.inventory.is_complete,
            ..Inventory::new(resources.cloned().collect())
        });
        let worlds = Worlds::new(&part);
        let engine = &self.prepared.engine;
        let survey = engine.survey(&worlds);
        let scanned = Scanned {
            loaded: Loaded::default(),
            inventory: Arc::clone(&part),
            evaluation: self.at_once.evaluate(engine, &survey),
            survey: &survey,
            is_part: true,
            cluster: None,
        };
        let report = scan::judged(self.prepared, scanned)?;
        let is_told = |control| self.at_once.has(control);
        let lines = differences(&report, &around, self.known, &is_told);
        output::print(lines.as_bytes())?;
        Ok(around.len())
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
        let told = Told {
            control: finding.control,
            line: answers::clean(&line),
        };
        of_object.insert(detail.fingerprint.clone(), told);
    }
    known
}

/// What appeared and went of some controls, a line each; from then on that is known.
fn differences(
    report: &Report,
    changed: &BTreeSet<String>,
    known: &mut Known,
    is_told: &dyn Fn(u32) -> bool,
) -> String {
    let mut now = told(report);
    let mut lines = String::new();
    for name in changed {
        let (before, kept): (BTreeMap<String, Told>, BTreeMap<String, Told>) = known
            .remove(name)
            .unwrap_or_default()
            .into_iter()
            .partition(|(_, told)| is_told(told.control));
        let mut after = now.remove(name).unwrap_or_default();
        let gone = before.iter().filter(|(id, _)| !after.contains_key(*id));
        let new = after.iter().filter(|(id, _)| !before.contains_key(*id));
        gone.for_each(|(_, told)| lines += &format!("- {}\n", told.line));
        new.for_each(|(_, told)| lines += &format!("+ {}\n", told.line));
        after.extend(kept);
        if !after.is_empty() {
            known.insert(name.clone(), after);
        }
    }
    lines
}

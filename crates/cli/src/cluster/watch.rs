//! `seawall cluster --watch`: findings as they appear and go.
//!
//! A change is looked at in three steps: what controls say of the object alone; what they say of it and of whatever it touches,
//! among what it takes to say so; and what somebody could become, which takes the permissions of all.

mod told;

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use cluster::{Changes, Watching};
use engine::{AtOnce, Evaluation, Near, NearOptions, Survey, Worlds};
use manifests::Loaded;
use model::{Inventory, Problem, Resource};
use report::Options;

use crate::args::ScanArgs;
use crate::errors::Hinted;
use crate::origin::Origin;
use crate::output;
use crate::progress::Progress;
use crate::scan::{self, Prepared, Scanned, Scene};

use self::told::{Known, differences, told};

/// What takes the permissions of all is looked at afterwards: changes come in swarms, a rollout touches a Deployment, its
/// `ReplicaSet`s, Pods and Endpoints. What comes this soon after another change is looked at together with it ...
const QUIET: Duration = Duration::from_millis(100);
/// ... but nothing waits for longer than this.
const LONGEST: Duration = Duration::from_secs(1);

/// Who else could become somebody because of changes is looked for when nothing changed for this long ...
const SETTLED: Duration = Duration::from_secs(5);
/// ... or after this, and after so many times what the last such look took.
const LATEST: Duration = Duration::from_mins(1);
const SHARE: u32 = 10;

/// What is to be looked at.
enum Part {
    /// Everything, for the first time; with what could not be read.
    All(Vec<Problem>),
    /// What changed, and what that touches; of this, what was not looked at yet.
    Changed {
        touched: BTreeSet<String>,
        late: BTreeSet<String>,
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
    let mut since = start;
    let mut whole = Whole::new();
    let options = NearOptions {
        is_complete: inventory.is_complete,
        ..NearOptions::default()
    };
    let mut follow = Follow {
        prepared: &prepared,
        args,
        at_once: AtOnce::new(engine, named(&inventory)),
        near: Near::new(engine, named(&inventory), options),
        known: Known::new(),
        touched: BTreeSet::new(),
        late: BTreeSet::new(),
    };
    loop {
        let worlds = Worlds::new(&inventory);
        let mut survey = engine.survey(&worlds);
        whole.begins(&part);
        let looked_at = follow.look(&inventory, &mut survey, part)?;
        whole.is_over();
        tell_time(args, since, looked_at, "");
        let changes = follow.next(&inventory, &mut watching, whole.patience())?;
        since = Instant::now();
        let Some(changes) = changes else {
            part = Part::Again;
            continue;
        };
        part = Part::Changed {
            touched: std::mem::take(&mut follow.touched),
            late: std::mem::take(&mut follow.late),
        };
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

/// What is known while a cluster is followed.
struct Follow<'f> {
    prepared: &'f Prepared,
    args: &'f ScanArgs,
    at_once: AtOnce,
    near: Near,
    known: Known,
    /// What changed since the last look at all permissions, and what that touched.
    touched: BTreeSet<String>,
    /// Those of them that look at very many others, and were not looked at yet.
    late: BTreeSet<String>,
}

impl<'f> Follow<'f> {
    /// Looks at everything, or at what changed among everything; gives the number of objects.
    fn look<'s>(
        &mut self,
        inventory: &Arc<Inventory>,
        survey: &mut Survey<'s>,
        part: Part,
    ) -> anyhow::Result<usize>
    where
        'f: 's,
    {
        let engine = &self.prepared.engine;
        match part {
            Part::All(problems) => {
                survey.start_noting();
                let evaluation = engine.evaluate_owners(survey);
                let count = self.report(inventory, survey, (evaluation, problems))?;
                self.near.learn(survey);
                Ok(count)
            }
            Part::Again => {
                let evaluation = engine.evaluate_owners(survey);
                let all = self
                    .known
                    .keys()
                    .cloned()
                    .chain(names_of(inventory))
                    .collect();
                self.tell((inventory, survey), evaluation, &all, &|_, _| true)
            }
            Part::Changed { touched, late } => {
                if !late.is_empty() {
                    survey.choose_named(&late);
                    survey.start_noting();
                    let evaluation = engine.evaluate_owners(survey);
                    self.tell((inventory, survey), evaluation, &late, &|_, _| true)?;
                    self.near.learn(survey);
                }
                let rest = &touched - &late;
                survey.choose_named(&rest);
                let evaluation = self.near.evaluate_far(engine, survey);
                let is_told = |follow: &Self, control| !follow.near.has(control);
                self.tell((inventory, survey), evaluation, &rest, &is_told)?;
                Ok(touched.len())
            }
        }
    }

    /// Writes what a first look came to.
    fn report<'s>(
        &mut self,
        inventory: &Arc<Inventory>,
        survey: &Survey<'s>,
        (evaluation, problems): (Evaluation, Vec<Problem>),
    ) -> anyhow::Result<usize>
    where
        'f: 's,
    {
        let loaded = Loaded {
            problems,
            ..Loaded::default()
        };
        let report = scan::judged(
            self.prepared,
            scanned(inventory, survey, evaluation, loaded),
        )?;
        let render = |format, options: &Options, out: &mut dyn Write| {
            report::render(format, &report, options, out)
        };
        let settings = &self.prepared.settings;
        output::write(&settings.outputs, &scan::options(self.args), &render)?;
        scan::tell_problems(settings, &report);
        self.known = told(&report);
        Ok(report.inventory.resources.len())
    }

    /// Tells what appeared and went of some controls, at some objects.
    fn tell<'s>(
        &mut self,
        (inventory, survey): (&Arc<Inventory>, &Survey<'s>),
        evaluation: Evaluation,
        names: &BTreeSet<String>,
        is_told: &dyn Fn(&Self, u32) -> bool,
    ) -> anyhow::Result<usize>
    where
        'f: 's,
    {
        let mut known = std::mem::take(&mut self.known);
        let scanned = Scanned {
            is_part: true,
            ..scanned(inventory, survey, evaluation, Loaded::default())
        };
        let report = scan::judged(self.prepared, scanned)?;
        let is_told = |control| is_told(self, control);
        let lines = differences(&report, names, &mut known, &is_told);
        self.known = known;
        output::print(lines.as_bytes())?;
        Ok(names.len())
    }

    /// The next changes that are any; `None` when there are none for a while.
    fn next(
        &mut self,
        inventory: &Inventory,
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
            let names = changes.add(inventory, events);
            for problem in changes.problems.drain(..) {
                anstream::eprintln!("problem: {}: {}", problem.file, problem.message);
            }
            if names.is_empty() {
                continue;
            }
            self.changed(inventory, &changes, &names, since)?;
            let latest = *latest.get_or_insert(since + LONGEST);
            until = Some(latest.min(Instant::now() + QUIET));
        }
    }

    /// Tells what is said of some objects alone, then what is said of what they touch.
    fn changed(
        &mut self,
        inventory: &Inventory,
        changes: &Changes,
        names: &BTreeSet<String>,
        since: Instant,
    ) -> anyhow::Result<()> {
        let engine = &self.prepared.engine;
        let mut around = self.at_once.around(names);
        let mut touched = self.near.affected(names);
        touched.append(&mut self.at_once.around(&touched));
        for name in names {
            self.at_once.set(name, changes.resource(inventory, name));
        }
        around.append(&mut self.at_once.around(names));
        let resources = around.iter();
        let resources = resources.filter_map(|name| changes.resource(inventory, name));
        let part = Arc::new(Inventory {
            is_complete: inventory.is_complete,
            ..Inventory::new(resources.cloned().collect())
        });
        let worlds = Worlds::new(&part);
        let survey = engine.survey(&worlds);
        let evaluation = self.at_once.evaluate(engine, &survey);
        let is_told = |follow: &Self, control| follow.at_once.has(control);
        let looked_at = self.tell((&part, &survey), evaluation, &around, &is_told)?;
        tell_time(self.args, since, looked_at, " alone");

        for name in names {
            let resource = changes.resource(inventory, name);
            self.near.set(engine, name, resource);
        }
        touched.append(&mut self.near.affected(names));
        touched.append(&mut self.at_once.around(&touched));
        let part = self.near.around(engine, &touched, &self.at_once);
        let worlds = Worlds::new(part.inventory());
        let survey = part.survey(engine, &worlds);
        let evaluation = self.near.evaluate(engine, &survey);
        let is_told = |follow: &Self, control| follow.near.has(control);
        let told = &touched - part.late();
        let looked_at = self.tell((part.inventory(), &survey), evaluation, &told, &is_told)?;
        tell_time(self.args, since, looked_at, " with what they touch");
        self.late.extend(part.late().iter().cloned());
        self.touched.append(&mut touched);
        Ok(())
    }
}

fn names_of(inventory: &Inventory) -> impl Iterator<Item = String> {
    named(inventory).map(|(name, _)| name.to_owned())
}

fn scanned<'s, 'r>(
    inventory: &Arc<Inventory>,
    survey: &'s Survey<'r>,
    evaluation: Evaluation,
    loaded: Loaded,
) -> Scanned<'s, 'r> {
    Scanned {
        loaded,
        inventory: Arc::clone(inventory),
        evaluation,
        survey,
        is_part: false,
        cluster: None,
    }
}

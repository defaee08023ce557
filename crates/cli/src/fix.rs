//! `seawall fix`: applies the fixes of findings to the author's files, each proven by a scan before it is written.

mod ask;
mod files;
mod json;
mod text;
mod write;

use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use catalog::Catalog;
use engine::funnel::KnownControls as _;
use fix::{Choice, Outcome, Why};
use model::{ControlInfo, Fix, Report};

use self::files::OnDisk;
use crate::args::{FixArgs, ScanArgs, TextOrJson, UnsafeArg};
use crate::errors::{COULD_NOT_COMPLETE, Hinted};
use crate::output;
use crate::progress::Progress;
use crate::scan::{self, Known, Prepared, Scene};
use crate::settings::Settings;
use crate::timings::Timings;

/// Fixes, tells, and says how it went.
pub(crate) fn run(args: &FixArgs) -> anyhow::Result<ExitCode> {
    refuse(args)?;
    scan::limit_threads(args.scan.threads)?;
    let scene = Scene::here();
    let mut allowed = BTreeSet::new();
    let mut prepared = scan::prepare_with(&args.scan, &scene, &mut |settings, catalog| {
        settings.needs_detail = true;
        settings.is_only_scan = false;
        allowed = named_in(args, catalog)?;
        // Whatever the profile.
        settings.selection.more.extend(allowed.iter().cloned());
        Ok(())
    })?;
    if prepared.settings.target != "files" {
        let hint = "`seawall scan` reports on snapshots; fix the manifests that were applied";
        return Err(Hinted::new("in a snapshot of a cluster there is nothing to fix", hint).into());
    }
    let first = scan_of(&args.scan, &prepared)?;
    if args.unsafe_controls.contains(&UnsafeArg::Ask) {
        allowed.extend(ask::which(
            &first,
            &mut io::stdin().lock(),
            &mut io::stderr(),
        )?);
    }
    let files = OnDisk::new(&scene.root, &prepared.settings.inputs);
    let choice = Allowed(allowed);
    let progress = Progress::start(args.scan.quiet, "proving fixes");
    let outcome = fix::fix(first, &choice, &files, &mut |texts| {
        prepared.settings.inputs.texts.clone_from(texts);
        scan_of(&args.scan, &prepared)
    })?;
    drop(progress);
    if !args.dry_run {
        write::write(&scene.root, &outcome)?;
    }
    print(args, &outcome)?;
    scan::tell_problems(&prepared.settings, &outcome.report);
    Ok(ExitCode::from(exit_code(&outcome, &prepared.settings)))
}

/// Flags of a scan that have no meaning here, and questions that nobody could answer.
fn refuse(args: &FixArgs) -> anyhow::Result<()> {
    let given = [
        ("--write-baseline", args.scan.write_baseline.is_some()),
        ("--report-format", args.scan.format.is_some()),
        ("--output", !args.scan.outputs.is_empty()),
        ("--fail-on", args.scan.fail_on.is_some()),
    ];
    if let Some((flag, _)) = given.iter().find(|(_, is_given)| *is_given) {
        let hint =
            "`seawall scan` reports; `seawall fix --format json` tells programs what was done";
        return Err(Hinted::new(format!("`{flag}` is for `seawall scan`"), hint).into());
    }
    let asks = args.unsafe_controls.contains(&UnsafeArg::Ask);
    if asks && !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        let hint = "name controls: `--unsafe privileged-container,host-pid`; `seawall fix` lists those that it could fix";
        return Err(Hinted::new(
            "`--unsafe` without a control asks, and this is no terminal",
            hint,
        )
        .into());
    }
    Ok(())
}

/// The controls that `--unsafe` names.
fn named_in(args: &FixArgs, catalog: &Catalog) -> anyhow::Result<BTreeSet<String>> {
    let mut ids = BTreeSet::new();
    for arg in &args.unsafe_controls {
        if let UnsafeArg::Control(word) = arg {
            ids.extend(named(catalog, word)?);
        }
    }
    Ok(ids)
}

/// The controls that a word means.
fn named(catalog: &Catalog, word: &str) -> anyhow::Result<Vec<String>> {
    let known = Known(catalog);
    let ids = known.named(word);
    if !ids.is_empty() {
        return Ok(ids);
    }
    let message = format!("there is no control `{word}`");
    Err(match known.nearest(word) {
        _ if std::path::Path::new(word).exists() => {
            let hint = format!("`seawall fix {word} --unsafe` asks by control: paths go first");
            Hinted::new(message, hint).into()
        }
        Some(near) => Hinted::new(message, format!("did you mean `{near}`?")).into(),
        None => anyhow::anyhow!(message),
    })
}

fn scan_of(args: &ScanArgs, prepared: &Prepared) -> anyhow::Result<Report> {
    let quiet = ScanArgs {
        quiet: true,
        ..args.clone()
    };
    scan::report(&quiet, prepared, &mut Timings::unwanted())
}

/// The controls whose fixes may change behaviour.
struct Allowed(BTreeSet<String>);

impl Choice for Allowed {
    fn allows(&self, control: &ControlInfo, fix: &Fix) -> bool {
        fix.safe || self.0.contains(&control.id)
    }
}

fn print(args: &FixArgs, outcome: &Outcome) -> anyhow::Result<()> {
    let color = output::color(args.scan.color);
    if args.answer_format == TextOrJson::Json {
        output::print(json::render(outcome, args.dry_run)?.as_bytes())?;
        return Ok(());
    }
    if args.scan.quiet && !args.dry_run {
        return Ok(());
    }
    let told = text::told(outcome, args.dry_run, args.scan.verbose);
    if args.dry_run {
        // Only the diff goes to standard output: `git apply` takes it.
        output::print(text::diffs(outcome, color).as_bytes())?;
        if !args.scan.quiet {
            anstream::eprint!("{told}");
        }
        return Ok(());
    }
    output::print(told.as_bytes())?;
    Ok(())
}

/// The contract: 2 before 1 before 0.
fn exit_code(outcome: &Outcome, settings: &Settings) -> u8 {
    let problems = &outcome.report.problems;
    if problems
        .iter()
        .any(|problem| scan::counts(problem, &settings.exit))
    {
        return COULD_NOT_COMPLETE;
    }
    let is_refused = |left: &fix::Left| matches!(left.why, Why::Refused(_));
    u8::from(outcome.left.iter().any(is_refused))
}

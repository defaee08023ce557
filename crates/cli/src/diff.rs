//! `seawall diff`: two scans or two reports, and what became of the findings.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use catalog::Catalog;
use model::{Comparison, ProblemLevel, ReportRecord};
use tempfile::TempDir;

use crate::args::{DiffArgs, ScanArgs};
use crate::control_folders;
use crate::errors::{COULD_NOT_COMPLETE, Hinted};
use crate::git::{Copier, Repository, Revisions};
use crate::output::{self, Request};
use crate::scan::{self, Scene};
use crate::threshold::AllowedProblems;
use crate::timings::Timings;

/// How a JSON report begins, somewhere in its first bytes.
const REPORT_MARK: &[u8] = b"seawall.dev/report/";

/// How many bytes are looked at for it.
const MARK_WITHIN: usize = 200;

/// Compares, reports, and says how it went.
pub(crate) fn run(args: &DiffArgs) -> anyhow::Result<ExitCode> {
    refuse(&args.scan)?;
    let outputs = output::route(&Request::new(&args.scan))?;
    scan::limit_threads(args.scan.threads)?;
    let with_excerpts = outputs.iter().any(|output| output.format.draws_lines());
    let comparer = Comparer {
        args: &args.scan,
        with_excerpts,
    };
    let comparison = match &args.git {
        Some(range) => comparer.revisions(range)?,
        None => comparer.two_inputs()?,
    };
    let render = |format, options: &_, out: &mut dyn std::io::Write| {
        report::render_comparison(format, &comparison, options, out)
    };
    output::write(&outputs, &scan::options(&args.scan), &render)?;
    Ok(ExitCode::from(exit_code(&comparison, args)))
}

/// Flags of a scan that have no meaning here.
fn refuse(args: &ScanArgs) -> anyhow::Result<()> {
    let given = [
        ("--baseline", args.baseline.is_some()),
        ("--write-baseline", args.write_baseline.is_some()),
        ("--git-changed", args.git_changed.is_some()),
        ("--fail-on", args.fail_on.is_some()),
        ("--fail-on-unknown", args.fail_on_unknown),
        ("--timings", args.timings.is_some()),
    ];
    match given.iter().find(|(_, is_given)| *is_given) {
        Some((flag, _)) => {
            let hint =
                "the base is what findings are held against; `--fail-on-new` decides the exit code";
            Err(Hinted::new(format!("`{flag}` is for `seawall scan`"), hint).into())
        }
        None => Ok(()),
    }
}

/// The contract: 2 before 1 before 0. What was lost in the base makes nothing of the head less complete.
fn exit_code(comparison: &Comparison, args: &DiffArgs) -> u8 {
    let is_allowed = |kind: &str| {
        let mut allowed = args.scan.allow_problems.iter();
        allowed.any(|allowed| match allowed {
            AllowedProblems::Any => true,
            AllowedProblems::Of(known) => known.as_str() == kind,
        })
    };
    let mut problems = comparison.head.problems.iter();
    if problems.any(|it| it.level == ProblemLevel::Error && !is_allowed(&it.kind)) {
        return COULD_NOT_COMPLETE;
    }
    let fails = |least| {
        let mut findings = comparison.findings.iter();
        findings.any(|it| it.is_worse() && it.finding.severity >= least)
    };
    u8::from(args.fail_on_new.is_some_and(fails))
}

/// Makes the two sides.
struct Comparer<'a> {
    args: &'a ScanArgs,
    with_excerpts: bool,
}

impl Comparer<'_> {
    /// Two files or folders.
    fn two_inputs(&self) -> anyhow::Result<Comparison> {
        let [base, head] = self.args.paths.as_slice() else {
            let message = "a comparison takes two files, folders or JSON reports";
            let hint = "`seawall diff BASE HEAD`, or `seawall diff --git BASE..HEAD PATH…`";
            return Err(Hinted::new(message, hint).into());
        };
        let (base_record, head_record) = (self.input(base)?, self.input(head)?);
        Ok(engine::compare((base, base_record), (head, head_record)))
    }

    /// A JSON report, or what a scan of a file or folder gives.
    fn input(&self, path: &str) -> anyhow::Result<ReportRecord> {
        let file = Path::new(path);
        if file.is_file() {
            let bytes = fs_err::read(file)?;
            let start = &bytes[..bytes.len().min(MARK_WITHIN)];
            if start
                .windows(REPORT_MARK.len())
                .any(|part| part == REPORT_MARK)
            {
                let record = report::read(&bytes)
                    .with_context(|| format!("cannot read the report {path}"))?;
                return explained(record);
            }
        }
        anyhow::ensure!(file.exists(), "there is no {path}");
        let mut record = self.scan(&Scene::here(), vec![path.to_owned()])?;
        if file.is_dir() {
            record.root = root_of(file)?;
        }
        Ok(record)
    }

    /// Two revisions of the repository that the current folder is in, or one and the files as they are.
    fn revisions(&self, range: &str) -> anyhow::Result<Comparison> {
        let repository = Repository::open()?;
        let revisions = Repository::revisions(range)?;
        let Revisions { base, head } = &revisions;
        let trees = TempDir::with_prefix("seawall-diff-")?;
        let mut copier = Copier::default();
        let mut side = |folder: &str, commit: &str| {
            let root = trees.path().join(folder);
            copier.copy(commit, &root)?;
            // The names of what is found are relative to the folder that the command is run in.
            let here = root.join(&repository.prefix);
            fs_err::create_dir_all(&here)?;
            let scene = Scene {
                root: here,
                is_closed: true,
            };
            self.scan(&scene, self.args.paths.clone())
        };
        let base_record = side("base", &base.commit)?;
        let (head_name, head_record) = match head {
            Some(head) => (head.name.as_str(), side("head", &head.commit)?),
            None => (
                "the working tree",
                self.scan(&Scene::here(), self.args.paths.clone())?,
            ),
        };
        Ok(engine::compare(
            (&base.name, base_record),
            (head_name, head_record),
        ))
    }

    fn scan(&self, scene: &Scene, paths: Vec<String>) -> anyhow::Result<ReportRecord> {
        let args = ScanArgs {
            paths,
            outputs: Vec::new(),
            ..self.args.clone()
        };
        let mut prepared = scan::prepare(&args, scene)?;
        prepared.settings.needs_detail = true;
        let report = scan::report(&args, &prepared, &mut Timings::unwanted())?;
        let version = scan::options(&args).tool_version;
        let record = report::record(&report, version, self.with_excerpts);
        // The process ends soon: returning all that memory piece by piece would only take time.
        std::mem::forget((report, prepared));
        Ok(record)
    }
}

/// What the names of the files of a folder begin with: they are relative to the current one where they lie below it.
fn root_of(folder: &Path) -> anyhow::Result<String> {
    let here = fs_err::canonicalize(".")?;
    let whole = fs_err::canonicalize(folder)?;
    let shown = whole.strip_prefix(&here).unwrap_or(&whole);
    let text = shown.to_string_lossy().replace('\\', "/");
    Ok(if text.is_empty() || text.ends_with('/') {
        text
    } else {
        text + "/"
    })
}

/// A report does not say why controls matter; the catalogue does for those that it has.
fn explained(mut record: ReportRecord) -> anyhow::Result<ReportRecord> {
    let catalog: Catalog = control_folders::catalog(&[])?;
    for control in &mut record.controls {
        if let Some(known) = catalog.control(&control.id) {
            let info = known.info().context("the embedded controls are damaged")?;
            *control = report::control_record(&info);
        }
    }
    Ok(record)
}

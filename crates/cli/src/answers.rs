//! What commands that answer questions share: manifests become an inventory, problems go to standard error, and the
//! answer to standard output or a file.

mod columns;
pub(crate) mod junit;
pub(crate) mod markdown;
mod operands;
mod picture;
pub(crate) mod wire;

use std::process::ExitCode;
use std::sync::Arc;

use document::{Keys, Limits};
use manifests::Inputs;
use model::{Inventory, KubernetesVersion, Problem, ProblemLevel, Views, WorkloadTable};

pub(crate) use self::columns::Columns;
pub(crate) use self::operands::{is_path, paths_or_here};
pub(crate) use self::picture::{DETAIL, OVERVIEW, picture};
use crate::args::{Printing, Reading};
use crate::config::{self, Config};
use crate::errors::{COULD_NOT_COMPLETE, Hinted};
use crate::origin::Origin;
use crate::scan::Scene;
use crate::threshold::AllowedProblems;
use crate::{output, settings};

/// Renderings that a message lists.
const LISTED: usize = 5;

/// What was read.
pub(crate) struct Scanned {
    pub(crate) inventory: Inventory,
    pub(crate) views: Views,
    /// What could not be read.
    pub(crate) problems: Vec<Problem>,
    allowed: Vec<AllowedProblems>,
}

/// Reads the manifests of one cluster.
pub(crate) fn read_one(
    scene: &Scene,
    paths: &[String],
    reading: &Reading,
) -> anyhow::Result<Scanned> {
    let scanned = read(scene, paths, reading)?;
    one_cluster(&scanned.inventory)?;
    Ok(scanned)
}

/// Reads manifests. Renderings may be alternatives, each of a cluster of its own.
pub(crate) fn read(scene: &Scene, paths: &[String], reading: &Reading) -> anyhow::Result<Scanned> {
    let config = match &reading.config {
        Some(file) => config::load(file, &scene.root)?,
        None if reading.no_config => Config::default(),
        None => scene.configuration(paths)?,
    };
    let workloads = settings::workloads(&config);
    let keys = keys(&workloads);
    let excludes = config.exclude.iter().chain(&reading.exclude);
    let origin = Origin::of_paths(&scene.root, paths)?;
    let version = origin.kubernetes_version().or(config.kubernetes_version);
    let version = version.unwrap_or(KubernetesVersion::NEWEST);
    if let Some(collected) = origin.collect(&keys)? {
        let mut inventory = collected.inventory;
        inventory.is_complete |= reading.complete;
        return Ok(Scanned {
            views: Views::new(&keys, &workloads, version),
            inventory,
            problems: collected.problems,
            allowed: reading.allow_problems.clone(),
        });
    }
    let inputs = Inputs {
        excludes: excludes.cloned().collect(),
        charts: settings::chart_options(&reading.charts, version.to_string(), settings::today()),
        ..Inputs::new(&scene.root, paths)
    };
    let mut loaded = manifests::load(&inputs, &keys, &Limits::default())?;
    loaded.inventory.is_complete = reading.complete;
    Ok(Scanned {
        views: Views::new(&keys, &workloads, version),
        inventory: loaded.inventory,
        problems: loaded.problems,
        allowed: reading.allow_problems.clone(),
    })
}

/// Renderings that define the same objects would be mixed up.
fn one_cluster(inventory: &Inventory) -> anyhow::Result<()> {
    let alternatives = engine::alternatives(inventory);
    if alternatives.is_empty() {
        return Ok(());
    }
    let entries = alternatives.iter();
    let entries = entries.filter_map(|&entry| inventory.entries.get(entry as usize));
    let names = entries
        .take(LISTED)
        .map(|entry| format!("`{}`", entry.name()));
    let mut names: Vec<String> = names.collect();
    let rest = alternatives.len() - names.len();
    if rest > 0 {
        names.push(format!("{rest} more"));
    }
    let message = format!(
        "{} define the same objects: they cannot be in one cluster",
        names.join(", ")
    );
    let hint =
        "name the chart or kustomization to ask about, or leave the others out with `--exclude`";
    Err(Hinted::new(message, hint).into())
}

/// The names that documents are parsed with: those of the schema are most of what manifests hold.
fn keys(workloads: &WorkloadTable) -> Arc<Keys> {
    let own = model::key_names().chain(rbac::key_names());
    let mut names: Vec<&str> = Vec::new();
    for name in schema::names().chain(own) {
        names.push(name);
    }
    names.extend(workloads.key_names());
    Arc::new(Keys::new(names))
}

impl Scanned {
    /// Says on standard error what was lost; gives the exit code, which is `done` when nothing was.
    pub(crate) fn finish<'p>(
        &'p self,
        more: impl IntoIterator<Item = &'p Problem>,
        done: u8,
    ) -> ExitCode {
        let problems = self.problems.iter().chain(more);
        let errors = problems.filter(|problem| problem.level == ProblemLevel::Error);
        let mut code = done;
        for problem in errors {
            let place = problem.location.as_ref();
            let line = place.map_or(String::new(), |at| format!(":{}", at.start().line));
            anstream::eprintln!("problem: {}{line}: {}", problem.file, problem.message);
            if let Some(hint) = &problem.hint {
                anstream::eprintln!("hint: {hint}");
            }
            let mut allowed = self.allowed.iter();
            if !allowed.any(|allowed| allowed.include(problem.kind)) {
                code = COULD_NOT_COMPLETE;
            }
        }
        ExitCode::from(code)
    }
}

/// Writes an answer.
pub(crate) fn write(printing: &Printing, text: &str) -> anyhow::Result<()> {
    match &printing.output {
        Some(file) if file.as_os_str() != "-" => Ok(fs_err::write(file, text)?),
        _ => output::print(text.as_bytes()).map(|_| ()),
    }
}

/// Whether text that goes there is coloured.
pub(crate) fn color(printing: &Printing) -> bool {
    printing.output.is_none() && output::color(printing.color)
}

/// A line above others; bold on terminals.
pub(crate) fn heading(text: &str, is_bold: bool) -> String {
    if is_bold {
        format!("\u{1b}[1m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

/// A text of others on one line: what could move a terminal's cursor becomes a mark.
pub(crate) fn clean(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

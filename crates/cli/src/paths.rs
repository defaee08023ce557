//! `seawall paths`: how attackers get from where they start to what they are after.

mod change;
mod json;
mod output;
mod question;
mod text;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use engine::Worlds;
use model::{Inventory, Problem, Severity};
use paths::{ChokePoints, Cut, EdgeId, Graph, Path, Question, Sources};

use self::output::Output;
use crate::answers::{self, Scanned};
use crate::args::PathsArgs;
use crate::progress::Progress;
use crate::scan::Scene;
use crate::timings::Timings;

/// Where objects are that name no namespace.
const DEFAULT_NAMESPACE: &str = "default";

/// What was found in one world.
struct Answer<'g, 'a> {
    graph: &'g Graph<'a>,
    question: Question,
    /// What is at home in the world; empty where there is only one.
    world: String,
    /// At or above the least severity, the worst first.
    paths: Vec<Path>,
    /// How many paths are less severe than asked for.
    left_out: usize,
    /// How many there would be, where controls are taken for fixed.
    before: Option<usize>,
    cut: Cut,
    choke_points: Option<ChokePoints>,
}

/// Answers, and says how it went.
pub(crate) fn run(args: &PathsArgs, start: Instant) -> anyhow::Result<ExitCode> {
    let mut timings = Timings::new(start, args.timings.is_some());
    let progress = Progress::start(false, "reading manifests");
    let mut scanned = answers::read(&Scene::here(), &args.paths, &args.reading)?;
    timings.lap("load");
    progress.phase("finding paths");
    let inventory = Arc::new(std::mem::take(&mut scanned.inventory));
    let worlds = Worlds::new(&inventory);
    let count = worlds.inventories().count();
    let mut output = Output::new(args);
    let mut problems = Vec::new();
    let mut worst = None;
    let mut mistake = None;
    let mut answered = 0;
    for (own, entries) in worlds.inventories() {
        let name = if count > 1 {
            name_of(&inventory, &entries)
        } else {
            String::new()
        };
        let found = World { own, name }.answer(args, &scanned, &mut output, &mut timings);
        match found {
            Ok((severity, more)) => {
                worst = worst.max(severity);
                problems.extend(more);
                answered += 1;
            }
            // What is asked for need not be in every world.
            Err(error) => mistake = mistake.or(Some(error)),
        }
    }
    if let Some(error) = mistake.filter(|_| answered == 0) {
        return Err(error);
    }
    drop(progress);
    let text = output.finish(&scanned, &problems)?;
    answers::write(&args.printing, &text)?;
    timings.lap("render");
    if let Some(file) = &args.timings {
        timings.write(file)?;
    }
    let fail_on = args.fail_on.unwrap_or_default();
    let is_bad = worst.is_some_and(|worst| fail_on.reached_by(worst));
    let code = scanned.finish(&problems, u8::from(is_bad));
    std::mem::forget((worlds, inventory));
    Ok(code)
}

/// What a world is called: what is rendered there alone.
fn name_of(inventory: &Inventory, entries: &[u32]) -> String {
    const MOST: usize = 3;
    let entries = entries.iter();
    let names: Vec<String> = entries
        .filter_map(|entry| Some(inventory.entries.get(*entry as usize)?.name()))
        .collect();
    let shown = names[..names.len().min(MOST)].join(", ");
    match names.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// Resources that can be in one cluster at the same time.
struct World<'a> {
    own: &'a Inventory,
    name: String,
}

impl World<'_> {
    /// Adds what is found to what is printed; gives the severity of the worst path, and what could not be read.
    fn answer(
        self,
        args: &PathsArgs,
        scanned: &Scanned,
        output: &mut Output,
        timings: &mut Timings,
    ) -> anyhow::Result<(Option<Severity>, Vec<Problem>)> {
        let sources = Sources::new(self.own, &scanned.views, DEFAULT_NAMESPACE);
        timings.lap("sources");
        let graph = Graph::new(self.own, &scanned.views, &sources);
        timings.lap("graph");
        let is_alone = self.name.is_empty();
        let answer = Answer::new(args, &graph, self.name)?;
        timings.lap("answer");
        output.add(args, &answer);
        let worst = answer.paths.iter().map(|path| path.severity).max();
        let problems = sources.problems().cloned().collect();
        if is_alone {
            // The process ends soon: returning all that memory piece by piece would only take time.
            std::mem::forget(answer);
            std::mem::forget(graph);
            std::mem::forget(sources);
        }
        Ok((worst, problems))
    }
}

impl<'g, 'a> Answer<'g, 'a> {
    fn new(args: &PathsArgs, graph: &'g Graph<'a>, world: String) -> anyhow::Result<Self> {
        let question = question::question(args, graph)?;
        let cut = question::fixed(args, graph)?;
        let found = graph.answer(&question, &cut);
        let is_shown = |path: &Path| path.severity >= args.min_severity;
        let count = found.iter().filter(|path| is_shown(path)).count();
        let before = (!args.if_fixed.is_empty()).then(|| {
            let all = graph.answer(&question, &Cut::none());
            all.iter().filter(|path| is_shown(path)).count()
        });
        let choke_points = args
            .choke_points
            .then(|| graph.choke_points(&question, &cut, args.min_severity));
        Ok(Answer {
            graph,
            question,
            world,
            left_out: found.len() - count,
            paths: found.into_iter().filter(is_shown).collect(),
            before,
            cut,
            choke_points,
        })
    }

    /// The edges to list: all that techniques found; with `--from` those that are reached from there.
    fn listed_edges(&self, args: &PathsArgs) -> Vec<EdgeId> {
        let reached = (!args.from.is_empty())
            .then(|| self.graph.reached_from(&self.question.starts, &self.cut));
        let is_reached = |id: &EdgeId| {
            let from = self.graph.edge(*id).from.index();
            reached.as_ref().is_none_or(|reached| reached[from])
        };
        let all = self.graph.edge_ids();
        let mut edges: Vec<EdgeId> = all
            .filter(|id| self.graph.technique(*id).is_some() && !self.cut.contains(*id))
            .filter(is_reached)
            .collect();
        edges.sort_by_key(|id| (self.graph.technique(*id).map(|one| one.id), *id));
        edges
    }
}

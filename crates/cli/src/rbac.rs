//! `seawall rbac`: who can do what in a cluster with these manifests, why, and what a change does to it.

mod asked;
mod audit;
mod can;
mod check;
mod diff;
mod explain;
mod graph;
mod list;
mod minimize;
mod minimized;
mod review;
mod subject;
#[cfg(test)]
mod testing;
mod text;
pub(crate) mod token;
mod who_can;
mod wire;

use std::process::ExitCode;

use model::ApiResources;
use rbac::Graph;
use schema::Schema;

use self::wire::View;
use crate::answers::{self, Scanned, is_path, paths_or_here};
use crate::args::{AskedArgs, RbacArgs, RbacQuestion, Reading};
use crate::errors::Hinted;
use crate::scan::Scene;

/// Answers.
pub(crate) fn run(args: &RbacArgs) -> anyhow::Result<ExitCode> {
    match &args.question {
        RbacQuestion::WhoCan(args) => who_can::run(args),
        RbacQuestion::Can(args) => can::run(args),
        RbacQuestion::Check(args) => check::run(args),
        RbacQuestion::Explain(args) => explain::run(args),
        RbacQuestion::List(args) => list::run(args),
        RbacQuestion::Diff(args) => diff::run(args),
        RbacQuestion::Minimize(args) => minimize::run(args),
        RbacQuestion::Graph(args) => graph::run(args),
    }
}

/// Manifests, and the permissions that they give.
struct Permissions {
    scanned: Scanned,
    graph: Graph,
}

impl Permissions {
    fn read(scene: &Scene, paths: &[String], reading: &Reading) -> anyhow::Result<Self> {
        let scanned = answers::read_one(scene, paths, reading)?;
        let options = rbac::Options {
            views: Some(&scanned.views),
            ..rbac::Options::default()
        };
        let graph = Graph::build(&scanned.inventory, &options);
        Ok(Permissions { scanned, graph })
    }

    fn view(&self) -> View<'_> {
        View {
            graph: &self.graph,
            inventory: &self.scanned.inventory,
        }
    }

    /// Says what was lost; gives the exit code.
    fn finish(&self, done: u8) -> ExitCode {
        self.scanned.finish(self.graph.problems(), done)
    }

    /// Says on standard error that nothing names a subject, which may be a mistake.
    fn note_unknown(&self, named: &subject::Named) {
        if self.graph.find(named.subject()).is_some() {
            return;
        }
        let word = subject::word(named.subject());
        anstream::eprintln!(
            "note: nothing that was read names {word}; what follows holds for everybody like it"
        );
        if let Some(near) = subject::similar(&word, &self.graph) {
            anstream::eprintln!("hint: did you mean `{near}`?");
        }
    }
}

/// What is asked, and the manifests to ask.
fn ask(args: &AskedArgs, reading: &Reading) -> anyhow::Result<(Permissions, asked::Asked)> {
    let (name, paths) = match (&args.name, args.rest.split_first()) {
        (Some(name), _) => (Some(name.as_str()), &args.rest[..]),
        (None, Some((first, rest))) if !is_path(first) => (Some(first.as_str()), rest),
        (None, _) => (None, &args.rest[..]),
    };
    if let Some(second) = paths.iter().find(|path| !is_path(path)) {
        let message = format!("there is no file or folder `{second}`");
        let hint = "only the first word behind the resource may be the name of an object";
        return Err(Hinted::new(message, hint).into());
    }
    let read = Permissions::read(&Scene::here(), &paths_or_here(paths), reading)?;
    let known = ApiResources::new(Schema::embedded(), &read.scanned.inventory);
    let asked = asked::resolve(args, name, &read.graph, &known)?;
    Ok((read, asked))
}

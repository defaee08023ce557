//! `seawall network`: who can talk to whom in a cluster with these manifests, why, and what is reached from outside.

mod check;
mod ends;
pub(crate) mod expectation;
mod exposed;
mod flow;
mod flow_log;
mod graph;
mod reach;
mod suggest;
#[cfg(test)]
mod testing;
mod wire;

use std::process::ExitCode;

use model::Inventory;
use network::{Network, Options};

use crate::answers::{self, Scanned};
use crate::args::{NetworkArgs, NetworkQuestion, Reading};
use crate::scan::Scene;

/// Answers.
pub(crate) fn run(args: &NetworkArgs) -> anyhow::Result<ExitCode> {
    match &args.question {
        NetworkQuestion::Reach(args) => reach::run(args),
        NetworkQuestion::Check(args) => check::run(args),
        NetworkQuestion::Suggest(args) => suggest::run(args),
        NetworkQuestion::Exposed(args) => exposed::run(args),
        NetworkQuestion::Graph(args) => graph::run(args),
    }
}

/// Manifests, and the network that they make.
struct Traffic {
    scanned: Scanned,
    network: Network,
}

impl Traffic {
    fn read(paths: &[String], reading: &Reading) -> anyhow::Result<Self> {
        let scanned = answers::read_one(&Scene::here(), paths, reading)?;
        let network = Network::new(&scanned.inventory, &scanned.views, &Options::default());
        Ok(Traffic { scanned, network })
    }

    fn view(&self) -> View<'_> {
        View {
            network: &self.network,
            inventory: &self.scanned.inventory,
        }
    }

    /// Says what was lost; gives the exit code.
    fn finish(&self, done: u8) -> ExitCode {
        self.scanned.finish(self.network.problems(), done)
    }

    /// What was lost, for answers.
    fn lost(&self) -> Vec<answers::wire::Lost> {
        let problems = self.scanned.problems.iter();
        answers::wire::Lost::all(problems.chain(self.network.problems()))
    }
}

/// A network and the inventory that it was made from.
#[derive(Clone, Copy)]
struct View<'v> {
    network: &'v Network,
    inventory: &'v Inventory,
}

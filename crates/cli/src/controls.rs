//! `seawall controls`: writing controls of one's own, testing them, and giving them to the API server.

mod export;
mod new;
mod test;

use std::process::ExitCode;

use crate::args::ControlsCommand;

/// Runs one of the commands.
pub(crate) fn run(command: &ControlsCommand) -> anyhow::Result<ExitCode> {
    match command {
        ControlsCommand::New(args) => new::run(args),
        ControlsCommand::Test(args) => test::run(args),
        ControlsCommand::Export(args) => export::run(args),
    }
}

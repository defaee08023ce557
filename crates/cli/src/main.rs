//! `seawall`: finds what an attacker could do with your Kubernetes, at the line, and says what to change.
//!
//! Only wiring: arguments become settings, settings go to the crates that do the work, and what comes
//! back becomes output and an exit code.

mod answers;
mod args;
mod baseline_file;
mod built;
mod cluster;
mod config;
mod control_folders;
mod controls;
mod db;
mod diff;
mod errors;
mod explain;
mod facts;
mod fix;
mod framework_files;
mod fs;
mod generate;
mod git;
mod image;
mod kubescape;
mod list;
mod machine;
mod memory;
mod migrate;
mod mistakes;
mod network;
mod origin;
mod output;
mod paths;
mod progress;
mod prose;
mod rbac;
mod records;
mod registries;
mod render;
mod sbom;
mod scan;
mod secret_patterns;
mod settings;
mod software;
mod threshold;
mod timings;
mod unified;
mod version_compare;
mod vex;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};

fn main() -> ExitCode {
    let start = std::time::Instant::now();
    let cli = Cli::parse();
    if matches!(cli.command, Command::Render(_)) {
        memory::keep();
    } else {
        memory::spare();
    }
    let done = match cli.command {
        Command::Scan(args) => scan::run(&args, start),
        Command::Cluster(args) => cluster::run(&args, start),
        Command::Diff(args) => diff::run(&args),
        Command::Fix(args) => fix::run(&args),
        Command::Render(args) => render::run(&args),
        Command::Controls(args) => controls::run(&args.command),
        Command::Explain(args) => explain::run(&args),
        Command::List(args) => list::run(&args),
        Command::Migrate(args) => migrate::run(&args),
        Command::Image(args) => image::run(&args),
        Command::Fs(args) => fs::run(&args),
        Command::Sbom(args) => sbom::run(&args),
        Command::Db(args) => db::run(&args),
        Command::Rbac(args) => rbac::run(&args),
        Command::Network(args) => network::run(&args),
        Command::Paths(args) => paths::run(&args, start),
        Command::VersionCompare(args) => version_compare::run(&args),
        Command::Completions(args) => generate::completions(args.shell),
        Command::Man => generate::man(),
        Command::Generate(args) => generate::run(args.what),
    };
    done.unwrap_or_else(|error| errors::print(&error))
}

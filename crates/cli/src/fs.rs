//! `seawall fs`: the packages of a folder that published vulnerabilities affect, and credentials in its files.

use std::process::ExitCode;

use anyhow::Context as _;

use crate::args::FsArgs;
use crate::built::{self, Built};
use crate::scan::Scene;
use crate::software::{self, Software};

pub(crate) fn run(args: &FsArgs) -> anyhow::Result<ExitCode> {
    let scene = Scene {
        root: args.folder.clone(),
        is_closed: false,
    };
    let prepared = built::prepare(&scene, ".", &args.packages, Some(&args.files))?;
    software::run(&args.packages, &prepared, || {
        let scan = images::scan_folder(&args.folder, &software::options(None, &args.files)?)
            .with_context(|| format!("reading {}", args.folder.display()))?;
        let path = args.folder.display().to_string();
        let built = if args.files.no_controls {
            Built::default()
        } else {
            built::of_folder(&args.folder, &prepared)?
        };
        Ok(Software::of_scan("fs", path, scan).with(built))
    })
}

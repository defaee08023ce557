//! `seawall fs`: the packages of a folder that published vulnerabilities affect, and credentials in its files.

use std::process::ExitCode;

use anyhow::Context as _;

use crate::args::FsArgs;
use crate::software::{self, Software};

pub(crate) fn run(args: &FsArgs) -> anyhow::Result<ExitCode> {
    software::run(&args.packages, || {
        let scan = images::scan_folder(&args.folder, &software::options(None, !args.no_secrets))
            .with_context(|| format!("reading {}", args.folder.display()))?;
        let path = args.folder.display().to_string();
        Ok(Software::of_scan("fs", path, scan))
    })
}

//! `seawall sbom`: the packages of a bill of materials that published vulnerabilities affect.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use model::{Problem, ProblemKind, ProblemLevel};

use crate::args::SbomArgs;
use crate::built::{self, Built};
use crate::scan::Scene;
use crate::software::{self, Software};

pub(crate) fn run(args: &SbomArgs) -> anyhow::Result<ExitCode> {
    let path = args.file.display().to_string();
    let prepared = built::prepare(&Scene::here(), &path, &args.packages, None)?;
    software::run(&args.packages, &prepared, || read(&args.file))
}

fn read(file: &Path) -> anyhow::Result<Software> {
    let bytes = bytes(file)?;
    let bill = images::sbom::read(&bytes).with_context(|| format!("reading {}", file.display()))?;
    Ok(Software {
        kind: "sbom",
        path: file.display().to_string(),
        packages: bill.packages,
        secrets: Vec::new(),
        problems: bill.unusable.into_iter().map(unusable).collect(),
        release: None,
        image: None,
        built: Built::default(),
    })
}

/// A component that was named and cannot be looked up is not known to be without flaws; one that has no name was never meant to be.
fn unusable((name, why): (String, String)) -> Problem {
    Problem {
        level: if why.contains("package URL '") {
            ProblemLevel::Error
        } else {
            ProblemLevel::Unknown
        },
        kind: ProblemKind::UnusablePackage,
        file: String::new(),
        location: None,
        message: format!("'{name}' cannot be looked up: {why}"),
        hint: None,
    }
}

fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    if file != Path::new("-") {
        return Ok(fs_err::read(file)?);
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .context("reading standard input")?;
    Ok(bytes)
}

//! Renders a chart from the disk with the flags of `helm template`: for comparing, profiling and trying things out.
//! `--provenance` prints where every node was written, `--origins` only finds that out, `--times=N` renders N times.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line")]

#[path = "../tests/common/arguments.rs"]
mod arguments;
#[path = "../tests/common/disk.rs"]
mod disk;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use disk::Disk;
use helm::{Chart, Error, Options, Place, Rendering, render};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<ExitCode> {
    let mut arguments = arguments::parse(std::env::args().skip(1), &Disk)?;
    let mut times = 1;
    let mut shows_provenance = false;
    for (flag, value) in arguments.own {
        match (&*flag, value) {
            ("--provenance", _) => {
                shows_provenance = true;
                arguments.options.origins = true;
            }
            ("--origins", _) => arguments.options.origins = true,
            ("--times", Some(count)) => times = count.parse().context("--times")?,
            _ => bail!("unknown flag {flag}"),
        }
    }
    let options = &mut arguments.options;
    let path = match &arguments.named[..] {
        [path] => path,
        [name, path] => {
            options.release_name.clone_from(name);
            path
        }
        _ => bail!("usage: template [NAME] CHART [flags]"),
    };
    for _ in 1..times {
        drop(template(path, options));
    }
    Ok(match template(path, options) {
        Ok(rendering) => {
            print!("{}", rendering.text.text());
            for notice in &rendering.notices {
                eprintln!("note: {}", notice.message);
            }
            if shows_provenance {
                provenance(&rendering);
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            report(&error);
            ExitCode::FAILURE
        }
    })
}

fn template(path: &str, options: &Options<'_>) -> Result<Rendering, Error> {
    let is_archive = fs_err::metadata(path).is_ok_and(|found| found.is_file());
    let chart = if is_archive {
        let bytes = fs_err::read(path).unwrap_or_default();
        Chart::from_archive(path, &bytes, &options.limits)?
    } else {
        Chart::load(&Disk, path, &options.limits)?
    };
    render(&chart, options)
}

fn shown((source, span): &Place) -> String {
    let at = source.line_column(span.start);
    format!("{}:{}:{}", source.name(), at.line, at.column)
}

fn report(error: &Error) {
    match &error.place {
        Some(place) => eprintln!("error: {}: {error}", shown(place)),
        None => eprintln!("error: {error}"),
    }
    for place in &error.through {
        eprintln!("  through {}", shown(place));
    }
    if let Some(hint) = &error.hint {
        eprintln!("  help: {hint}");
    }
}

/// Every node with where it was written and what decided it.
fn provenance(rendering: &Rendering) {
    let Some(document) = &rendering.document else {
        return;
    };
    for index in 0..document.size() {
        let node = document.nth(index);
        let place = node.place();
        let made = document.made(node.origin());
        let line = made.map_or(0, |made| made.source.line_column(made.span.start).line);
        let text = node
            .as_str()
            .map_or_else(|| format!("{:?}", node.kind()), |text| format!("{text:?}"));
        let at = shown(&(Arc::clone(place.source), place.span.clone()));
        let written = place.source.slice(&place.span);
        println!("# {line}: {text} at {at} {written:?}");
        for cause in document.causes(node.origin()) {
            let place = document.place(cause.at);
            let at = shown(&(Arc::clone(place.source), place.span));
            let path = document.path_at(cause.at).unwrap_or_default();
            println!("#     {:?} {at} {path}", cause.role);
        }
    }
}

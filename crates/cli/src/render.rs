//! `seawall render PATH`: what a scan would look at, so that people can trust it.

mod provenance;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use catalog::Diagnostic;
use document::Limits;
use manifests::{ChartOptions, Inputs};
use model::{KubernetesVersion, Problem};

use crate::args::RenderArgs;
use crate::errors::Hinted;
use crate::mistakes::Mistakes;
use crate::output;
use crate::settings;

/// Prints a rendering, or why there is none.
pub(crate) fn run(args: &RenderArgs) -> anyhow::Result<ExitCode> {
    let version = args.kubernetes_version.clone();
    let version = version.unwrap_or_else(|| KubernetesVersion::NEWEST.to_string());
    let inputs = Inputs {
        charts: ChartOptions {
            include_crds: args.include_crds,
            origins: args.show_provenance,
            ..settings::chart_options(&args.charts, version, settings::today())
        },
        ..Inputs::new(Path::new("."), [&args.path])
    };
    let printed =
        manifests::render(&inputs, &Limits::default()).map_err(|problem| wrong(*problem))?;
    for notice in &printed.notices {
        anstream::eprintln!("note: {notice}");
    }
    if args.show_provenance {
        return output::print(provenance::commented(&printed).as_bytes());
    }
    output::print(printed.text.text().as_bytes())
}

/// A problem as an error: drawn, where it has a place.
fn wrong(problem: Problem) -> anyhow::Error {
    let Problem {
        file,
        location,
        message,
        hint,
        ..
    } = problem;
    match (location, hint) {
        (Some(at), hint) => Mistakes(vec![Diagnostic {
            source: Arc::clone(&at.source),
            span: at.span,
            message,
            hint,
        }])
        .into(),
        (None, Some(hint)) => Hinted::new(format!("{file}: {message}"), hint).into(),
        (None, None) => anyhow::anyhow!("{file}: {message}"),
    }
}

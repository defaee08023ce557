//! `seawall render PATH`: what a scan would look at, so that people can trust it.

mod provenance;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use catalog::Diagnostic;
use document::Limits;
use manifests::Inputs;
use model::Problem;

use crate::args::RenderArgs;
use crate::errors::Hinted;
use crate::mistakes::Mistakes;
use crate::output;

/// Prints a rendering, or why there is none.
pub(crate) fn run(args: &RenderArgs) -> anyhow::Result<ExitCode> {
    let inputs = Inputs::new(Path::new("."), [&args.path]);
    let printed =
        manifests::render(&inputs, &Limits::default()).map_err(|problem| wrong(*problem))?;
    let text = if args.show_provenance {
        provenance::commented(&printed)
    } else {
        printed.text
    };
    output::print(text.as_bytes())
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

//! `--kubescape-inputs`: parameters from the file that people already have.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use catalog::{Catalog, Diagnostic};
use document::Source;
use engine::ParamOverride;
use engine::funnel::Selector;
use migrate::{KubescapeInput, kubescape_inputs};
use model::{Problem, ProblemKind, ProblemLevel};

use crate::mistakes::Mistakes;

/// What the file gives.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// Parameters of controls that carry the name of an input.
    pub(crate) params: Vec<ParamOverride>,
    /// Inputs that a control would use but cannot.
    pub(crate) problems: Vec<Problem>,
}

/// Reads the file. Inputs that no control uses are left alone, and so are other keys than
/// `postureControlInputs`.
pub(crate) fn read(file: &Path, catalog: &Catalog) -> anyhow::Result<Inputs> {
    let text = fs_err::read_to_string(file).context("cannot read the inputs")?;
    let source = Source::new(file.to_string_lossy().replace('\\', "/"), text);
    let given = kubescape_inputs(Arc::clone(&source), catalog).map_err(|errors| {
        let mistakes = errors.into_iter().map(|error| Diagnostic {
            source: Arc::clone(&source),
            span: error.span,
            message: error.message,
            hint: error.hint.map(String::from),
        });
        Mistakes(mistakes.collect())
    })?;
    let mut inputs = Inputs::default();
    for input in given {
        match input.value.clone() {
            Some(value) => inputs.params.push(ParamOverride {
                control: input.control,
                name: input.param,
                value,
                resources: Selector::default(),
            }),
            None => inputs.problems.push(unusable(input)),
        }
    }
    Ok(inputs)
}

fn unusable(input: KubescapeInput) -> Problem {
    Problem {
        level: ProblemLevel::Unknown,
        kind: ProblemKind::KubescapeInput,
        file: input.at.file().to_owned(),
        message: format!(
            "the input `{}` does not fit the parameter `{}` of `{}`, which is of type {}",
            input.input,
            input.param,
            input.control,
            input.kind.as_str()
        ),
        location: Some(input.at),
        hint: None,
    }
}

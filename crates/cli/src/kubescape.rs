//! `--kubescape-inputs`: parameters from the file that people already have.

use std::path::Path;

use anyhow::Context as _;
use catalog::{Catalog, ParamDefinition, ParamType, ParamValue};
use engine::ParamOverride;
use engine::funnel::Selector;
use model::{Problem, ProblemKind, ProblemLevel};
use serde_json::Value;

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
    let text = fs_err::read_to_string(file)?;
    let value: Value = serde_json::from_str(&text)
        .with_context(|| format!("cannot read the inputs {}", file.display()))?;
    let name = file.to_string_lossy();
    Ok(take(&value, catalog, &name))
}

fn take(value: &Value, catalog: &Catalog, file: &str) -> Inputs {
    let mut inputs = Inputs::default();
    let given = value.get("postureControlInputs");
    for control in catalog.controls() {
        for param in &control.header.params {
            let value = param.kubescape.as_deref().and_then(|name| given?.get(name));
            match value.map(|value| convert(value, param)) {
                None => {}
                Some(Some(value)) => inputs.params.push(ParamOverride {
                    control: control.header.id.clone(),
                    name: param.name.clone(),
                    value,
                    resources: Selector::default(),
                }),
                Some(None) => inputs
                    .problems
                    .push(unusable(file, &control.header.id, param)),
            }
        }
    }
    inputs
}

/// Inputs are lists of texts, whatever they mean.
fn convert(value: &Value, param: &ParamDefinition) -> Option<ParamValue> {
    let texts: Vec<&str> = match value {
        Value::Array(items) => items.iter().map(Value::as_str).collect::<Option<_>>()?,
        Value::String(text) => vec![text],
        _ => return None,
    };
    if param.kind == ParamType::Strings {
        return Some(ParamValue::Strings(
            texts.into_iter().map(str::to_owned).collect(),
        ));
    }
    let &[text] = texts.as_slice() else {
        return None;
    };
    match param.kind {
        ParamType::String | ParamType::Quantity => Some(ParamValue::String(text.to_owned())),
        ParamType::Int => text.parse().ok().map(ParamValue::Int),
        ParamType::Bool => text.parse().ok().map(ParamValue::Bool),
        ParamType::Strings => None,
    }
}

fn unusable(file: &str, control: &str, param: &ParamDefinition) -> Problem {
    let input = param.kubescape.as_deref().unwrap_or_default();
    Problem {
        level: ProblemLevel::Unknown,
        kind: ProblemKind::KubescapeInput,
        file: file.to_owned(),
        location: None,
        message: format!(
            "the input `{input}` does not fit the parameter `{}` of `{control}`, which is of type {}",
            param.name,
            param.kind.as_str()
        ),
        hint: None,
    }
}

//! `kubescape scan --controls-config FILE`, and `ControlInput` objects.

use std::sync::Arc;

use catalog::{Catalog, ParamDefinition, ParamType, ParamValue};
use document::{EntryRef, Kind, NodeRef, Source, SyntaxError};
use model::Location;

use super::{INPUT_SCOPE, NO_PARAMETER, POSTURE_INPUTS, UNFIT_INPUT};
use crate::draft::From;
use crate::input::{Input, key_location};
use crate::reader::Reader;

/// Reads a file of inputs.
pub(super) fn read(reader: &mut Reader<'_>, input: &Input) {
    let Some(document) = reader.document(input) else {
        return;
    };
    let Some(root) = document.roots().next() else {
        return;
    };
    let Some(inputs) = of_root(root) else {
        return;
    };
    let around = [Some(root), root.get_str("settings")].into_iter().flatten();
    for entry in around.flat_map(NodeRef::entries) {
        if !matches!(entry.name(), "settings" | "postureControlInputs") {
            reader.leave(&INPUT_SCOPE, key_location(&entry), entry.name());
        }
    }
    reader.meet(&POSTURE_INPUTS);
    take(reader, inputs);
}

/// Takes inputs by name.
pub(super) fn take(reader: &mut Reader<'_>, inputs: NodeRef<'_>) {
    for entry in inputs.entries() {
        one(reader, &entry);
    }
}

fn one(reader: &mut Reader<'_>, entry: &EntryRef<'_>) {
    let from = From {
        at: key_location(entry),
        what: entry.name().to_owned(),
    };
    let mut is_known = false;
    for given in given(reader.catalog, entry) {
        is_known = true;
        match given.value {
            Value::Nothing => {}
            Value::Of(value) => {
                reader.set_param(&given.control, &given.param, value, false, &from);
            }
            Value::Unfit => {
                let why = format!(
                    "it does not fit the parameter `{}` of `{}`, which is of type {}",
                    given.param,
                    given.control,
                    given.kind.as_str()
                );
                let instead = Some(UNFIT_INPUT.instead);
                let at = from.at.clone();
                reader.leave_because(&UNFIT_INPUT, at, entry.name(), &why, instead);
            }
        }
    }
    if !is_known {
        reader.leave(&NO_PARAMETER, from.at, entry.name());
    }
}

/// What an input gives to a parameter of a control.
struct Given {
    control: String,
    param: String,
    kind: ParamType,
    value: Value,
}

fn given(catalog: &Catalog, entry: &EntryRef<'_>) -> Vec<Given> {
    let mut all = Vec::new();
    for control in catalog.controls() {
        let header = &control.header;
        let params = header.params.iter();
        for param in params.filter(|param| takes(param, entry.name())) {
            all.push(Given {
                control: header.id.clone(),
                param: param.name.clone(),
                kind: param.kind,
                value: value(entry.value, param.kind),
            });
        }
    }
    all
}

/// A parameter that `--kubescape-inputs` sets.
#[derive(Clone, Debug)]
pub struct KubescapeInput {
    /// The control.
    pub control: String,
    /// Its parameter.
    pub param: String,
    /// The type of that.
    pub kind: ParamType,
    /// The name of the input.
    pub input: String,
    /// The value; `None` when it does not fit.
    pub value: Option<ParamValue>,
    /// Where the input is written.
    pub at: Location,
}

/// What a file of inputs sets, for a scan that takes it as it is. Inputs that no control takes are left
/// alone, and so are other keys.
pub fn kubescape_inputs(
    source: Arc<Source>,
    catalog: &Catalog,
) -> Result<Vec<KubescapeInput>, Vec<SyntaxError>> {
    let input = Input {
        source,
        path: None,
        is_named: true,
    };
    let document = input.parse()?;
    let mut all = Vec::new();
    let inputs = document.roots().next().and_then(of_root);
    for entry in inputs.into_iter().flat_map(NodeRef::entries) {
        for given in given(catalog, &entry) {
            all.push(KubescapeInput {
                control: given.control,
                param: given.param,
                kind: given.kind,
                input: entry.name().to_owned(),
                value: match given.value {
                    Value::Of(value) => Some(value),
                    Value::Unfit => None,
                    Value::Nothing => continue,
                },
                at: key_location(&entry),
            });
        }
    }
    Ok(all)
}

/// The inputs in a file of them.
fn of_root(root: NodeRef<'_>) -> Option<NodeRef<'_>> {
    root.get_str("postureControlInputs")
        .or_else(|| root.get_str("settings")?.get_str("postureControlInputs"))
}

/// Names are `cpu_limit_max` in files and `cpuLimitMax` in objects.
fn takes(param: &ParamDefinition, name: &str) -> bool {
    let plain = |text: &str| text.replace('_', "").to_ascii_lowercase();
    let known = param.kubescape.as_deref();
    known.is_some_and(|known| plain(known) == plain(name))
}

enum Value {
    Of(ParamValue),
    /// An empty list in the place of one value: nothing is set.
    Nothing,
    Unfit,
}

/// Inputs are lists of texts, whatever they mean.
fn value(node: NodeRef<'_>, kind: ParamType) -> Value {
    let text = |node: NodeRef<'_>| node.as_str().map(str::to_owned);
    let texts: Option<Vec<String>> = match node.kind() {
        Kind::Sequence => node.items().map(text).collect(),
        _ => text(node).map(|text| vec![text]),
    };
    let Some(texts) = texts else {
        return Value::Unfit;
    };
    if kind == ParamType::Strings {
        return Value::Of(ParamValue::Strings(texts));
    }
    let text = match texts.as_slice() {
        [] => return Value::Nothing,
        [text] => text,
        _ => return Value::Unfit,
    };
    let value = match kind {
        ParamType::String | ParamType::Quantity => Some(ParamValue::String(text.clone())),
        ParamType::Int => text.parse().ok().map(ParamValue::Int),
        ParamType::Bool => text.parse().ok().map(ParamValue::Bool),
        ParamType::Strings => None,
    };
    value.map_or(Value::Unfit, Value::Of)
}

//! `kubescape scan --controls-config FILE`, and `ControlInput` objects.

use catalog::{ParamDefinition, ParamType, ParamValue};
use document::{EntryRef, Kind, NodeRef};

use super::{INPUT_SCOPE, NO_PARAMETER, POSTURE_INPUTS, UNFIT_INPUT};
use crate::draft::From;
use crate::input::{Input, key_location, text_of};
use crate::reader::Reader;

/// Reads a file of inputs.
pub(super) fn read(reader: &mut Reader<'_>, input: &Input) {
    let Some(document) = reader.document(input) else {
        return;
    };
    let Some(root) = document.roots().next() else {
        return;
    };
    let settings = root.get_str("settings").unwrap_or(root);
    let inputs = root.get_str("postureControlInputs");
    let inputs = inputs.or_else(|| settings.get_str("postureControlInputs"));
    let Some(inputs) = inputs else { return };
    let mut around = vec![root];
    if settings.id() != root.id() {
        around.push(settings);
    }
    for entry in around.into_iter().flat_map(NodeRef::entries) {
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
    let at = key_location(entry);
    let from = From {
        at: at.clone(),
        what: entry.name().to_owned(),
    };
    let mut is_known = false;
    let catalog = reader.catalog;
    for control in catalog.controls() {
        let header = &control.header;
        for param in header
            .params
            .iter()
            .filter(|param| takes(param, entry.name()))
        {
            is_known = true;
            match value(entry.value, param.kind) {
                Value::Nothing => {}
                Value::Of(value) => reader.set_param(&header.id, &param.name, value, false, &from),
                Value::Unfit => {
                    let why = format!(
                        "it does not fit the parameter `{}` of `{}`, which is of type {}",
                        param.name,
                        header.id,
                        param.kind.as_str()
                    );
                    let instead = Some(UNFIT_INPUT.instead);
                    reader.leave_because(&UNFIT_INPUT, at.clone(), entry.name(), &why, instead);
                }
            }
        }
    }
    if !is_known {
        reader.leave(&NO_PARAMETER, at, entry.name());
    }
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
    let texts: Option<Vec<String>> = match node.kind() {
        Kind::Sequence => node.items().map(text_of).collect(),
        _ => text_of(node).map(|text| vec![text]),
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

//! Values of JSON, as Go's decoder makes them: every number is a `float64`.

use document::Path;
use gotemplate::{Map, Value};
use serde_json::Deserializer;

use super::{Setter, Wrong};
use crate::values::merge_maps;

/// The first value of a text, and its length with the space before it.
pub(super) fn first(text: &str) -> Result<(Value, usize), String> {
    let mut values = Deserializer::from_str(text).into_iter::<serde_json::Value>();
    match values.next() {
        Some(Ok(value)) => Ok((value_of(&value), values.byte_offset())),
        Some(Err(error)) => Err(format!("no JSON: {error}")),
        None => Err("no JSON".to_owned()),
    }
}

/// Merges the object that a flag consists of into the values.
pub(super) fn object(setter: &Setter<'_>, values: &Map) -> Result<(), Wrong> {
    let parsed: Result<serde_json::Map<String, serde_json::Value>, _> =
        serde_json::from_str(setter.text.trim());
    let object = parsed.map_err(|error| Wrong {
        message: format!("no JSON: {error}"),
        at: error.column(),
    })?;
    let object = placed(&value_of(&object.into()), setter, &mut Path::default());
    if let Some(object) = object.as_map() {
        merge_maps(values, &object);
    }
    Ok(())
}

fn value_of(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::nil(),
        serde_json::Value::Bool(value) => Value::from(*value),
        serde_json::Value::Number(number) => Value::float(number.as_f64().unwrap_or_default()),
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(items) => Value::list(items.iter().map(value_of).collect()),
        serde_json::Value::Object(entries) => {
            let entries = entries.iter();
            let map: Map = entries
                .map(|(key, value)| (key.as_str(), value_of(value)))
                .collect();
            map.into()
        }
    }
}

/// The same value with the flag as the origin of every entry.
fn placed(value: &Value, setter: &Setter<'_>, path: &mut Path) -> Value {
    let Some(map) = value.as_map() else {
        return setter.placed(value.clone(), 0, setter.text.len(), path);
    };
    let entries = map.entries().into_iter().map(|(key, value)| {
        path.0.push(document::Step::Key(key.as_ref().into()));
        let value = placed(&value, setter, path);
        path.0.pop();
        (key, value)
    });
    let map: Map = entries.collect();
    setter.placed(map.into(), 0, setter.text.len(), path)
}

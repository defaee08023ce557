//! The JSON schemas of `seawall.yaml` and of other files that people write, for editors.

use serde_json::{Map, Value, json};

use super::shape::{FILE, Field, Shape};

/// The schema of `seawall.yaml`.
pub(crate) fn schema() -> Value {
    of_file("seawall.yaml", "Configuration of Seawall", FILE)
}

/// The schema of a file with these keys.
pub(crate) fn of_file(title: &str, description: &str, fields: &[Field]) -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": description
    });
    if let (Some(target), Value::Object(fields)) = (schema.as_object_mut(), record(fields)) {
        target.extend(fields);
    }
    schema
}

fn record(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut value = of(&field.shape);
            if let Some(object) = value.as_object_mut() {
                object.insert("description".to_owned(), json!(field.doc));
            }
            (field.name.to_owned(), value)
        })
        .collect();
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.name)
        .collect();
    let mut schema = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties
    });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn of(shape: &Shape) -> Value {
    match shape {
        Shape::Text | Shape::Glob | Shape::File | Shape::Control => json!({ "type": "string" }),
        Shape::Sentence => json!({ "type": "string", "minLength": 1 }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::Switch => json!({ "type": "boolean" }),
        Shape::Version => json!({ "type": "string", "pattern": "^v?1\\.[0-9]+" }),
        Shape::Day => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
        Shape::Parameter => json!({
            "type": ["string", "integer", "boolean", "array"],
            "items": { "type": "string" }
        }),
        Shape::List(item) => json!({ "type": "array", "items": of(item) }),
        Shape::OneOrMore(item) => {
            json!({ "anyOf": [of(item), { "type": "array", "items": of(item) }] })
        }
        Shape::Record(fields) => record(fields),
        Shape::TextOr(fields) => json!({ "anyOf": [{ "type": "string" }, record(fields)] }),
        Shape::Port => json!({ "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": 65535 },
            { "type": "string", "pattern": "^[0-9]{1,5}(/(TCP|UDP|SCTP))?$" }
        ] }),
        Shape::Named(value) => json!({ "type": "object", "additionalProperties": of(value) }),
        Shape::ListOr(first, second) => json!({ "anyOf": [of(first), of(second)] }),
    }
}

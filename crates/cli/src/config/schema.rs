//! The JSON schema of `seawall.yaml`, for editors.

use serde_json::{Map, Value, json};

use super::shape::{FILE, Field, Shape};

/// The schema.
pub(crate) fn schema() -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "seawall.yaml",
        "description": "Configuration of Seawall"
    });
    if let (Some(target), Value::Object(fields)) = (schema.as_object_mut(), record(FILE)) {
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
        Shape::Named(value) => json!({ "type": "object", "additionalProperties": of(value) }),
        Shape::ListOr(first, second) => json!({ "anyOf": [of(first), of(second)] }),
    }
}

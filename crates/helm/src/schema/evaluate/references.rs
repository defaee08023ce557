//! References whose target depends on where they are met, and references to the definition of schemas itself.

use std::sync::Arc;

use document::{Keys, Limits, Source};
use gotemplate::Value;
use sprig::json::{Budget, Format, encode};

use super::{Evaluation, Outcome};
use crate::schema::compile::SchemaId;
use crate::schema::draft::Draft;
use crate::schema::shape;

impl Evaluation<'_, '_> {
    /// Whether a value is a schema itself.
    pub(super) fn is_schema(&mut self, value: &Value, draft: Draft) -> Outcome {
        let Ok(text) = encode(value, Format::default(), Budget::default()) else {
            return Ok(false);
        };
        self.spend(text.len() as u64)?;
        let keys = Arc::new(Keys::new([]));
        let parsed = document::parse_json(Source::new("", text), &keys, &Limits::default());
        let root = parsed.document.root(0);
        Ok(root.is_some_and(|root| shape::check(root, draft).is_ok()))
    }

    /// The outermost schema that is open in a resource with a recursive anchor.
    pub(super) fn recursive(&self, id: SchemaId) -> SchemaId {
        let compiled = self.compiled;
        if !compiled.schemas[id as usize].is_recursive {
            return id;
        }
        let mut open = self.open.iter().map(|(open, _)| *open);
        let outermost = open.find(|open| {
            let resource = compiled.schemas[*open as usize].resource;
            compiled.resources[resource].is_recursive
        });
        outermost.unwrap_or(id)
    }

    /// The schema that the outermost open resource with a dynamic anchor gives it to.
    pub(super) fn dynamic(&self, id: SchemaId, anchor: Option<&str>) -> SchemaId {
        let compiled = self.compiled;
        let Some(anchor) = anchor else {
            return id;
        };
        if compiled.schemas[id as usize].dynamic_anchor != Some(anchor) {
            return id;
        }
        let mut open = self.open.iter();
        let outermost = open.find_map(|(open, _)| {
            let resource = compiled.schemas[*open as usize].resource;
            compiled.resources[resource].dynamic.get(anchor)
        });
        outermost.copied().unwrap_or(id)
    }
}

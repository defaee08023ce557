//! What is demanded of mappings and lists.

use std::rc::Rc;

use document::Step;
use gotemplate::{List, Map, Value};

use super::{Evaluation, Limit, Outcome, Seen};
use crate::schema::compile::{Keyword, Properties, Schema, SchemaId};
use crate::schema::decimal;
use crate::schema::draft::Draft;

impl Evaluation<'_, '_> {
    pub(super) fn map(
        &mut self,
        keyword: &Keyword<'_>,
        value: &Value,
        map: &Map,
        number: u64,
        mut seen: Option<&mut Seen>,
    ) -> Outcome {
        let count = map.len() as f64;
        match keyword {
            Keyword::MinProperties(min) => Ok(self.hold(count >= *min, || {
                format!("must have at least {min} entries")
            })),
            Keyword::MaxProperties(max) => {
                Ok(self.hold(count <= *max, || format!("must have at most {max} entries")))
            }
            Keyword::Required(names) => self.required(names, map, ""),
            Keyword::DependentRequired(name, names) if map.contains(name) => {
                self.required(names, map, &format!(" because of '{name}'"))
            }
            Keyword::DependentSchema(name, id) if map.contains(name) => {
                self.schema(*id, value, number, seen)
            }
            Keyword::Properties(properties) => self.properties(properties, map, seen),
            Keyword::PropertyNames(id) => {
                let mut holds = true;
                for (name, _) in map.entries() {
                    self.values += 1;
                    let text = Value::from(Rc::clone(&name));
                    let number = self.values;
                    if !self.silently(*id, &text, number, None)? {
                        holds = self.violated(|| format!("cannot have the key '{name}'"));
                    }
                }
                Ok(holds)
            }
            Keyword::UnevaluatedProperties(id) => {
                let mut holds = true;
                let is_seen = |seen: &Option<&mut Seen>, name: &str| {
                    let seen = seen.as_ref();
                    seen.is_some_and(|seen| seen.all_names || seen.names.contains(name))
                };
                for (name, value) in map.entries() {
                    if !is_seen(&seen, &name) {
                        holds &= self.below(*id, &value, Step::Key(name.as_ref().into()))?;
                    }
                }
                if let Some(seen) = &mut seen {
                    seen.all_names = true;
                }
                Ok(holds)
            }
            _ => Ok(true),
        }
    }

    fn required(&mut self, names: &[&str], map: &Map, why: &str) -> Outcome {
        self.spend(names.len() as u64)?;
        let mut holds = true;
        for name in names.iter().filter(|name| !map.contains(name)) {
            self.path.0.push(Step::Key((*name).into()));
            holds = self.violated(|| format!("is missing{why}"));
            self.path.0.pop();
        }
        Ok(holds)
    }

    fn properties(
        &mut self,
        properties: &Properties<'_>,
        map: &Map,
        mut seen: Option<&mut Seen>,
    ) -> Outcome {
        let mut holds = true;
        for (name, value) in map.entries() {
            let mut is_known = false;
            let step = || Step::Key(name.as_ref().into());
            let named = properties
                .named
                .binary_search_by(|(known, _)| (*known).cmp(&name));
            if let Ok(index) = named {
                is_known = true;
                holds &= self.below(properties.named[index].1, &value, step())?;
            }
            for (pattern, id) in &properties.patterns {
                self.spend(1 + name.len() as u64 / 16)?;
                if pattern.matches(&name, &mut self.steps).ok_or(Limit)? {
                    is_known = true;
                    holds &= self.below(*id, &value, step())?;
                }
            }
            if let (false, Some(id)) = (is_known, properties.additional) {
                is_known = true;
                holds &= self.additional(id, &value, step())?;
            }
            if let (true, Some(seen)) = (is_known, &mut seen) {
                seen.names.insert(name);
            }
        }
        Ok(holds)
    }

    /// A value that no keyword names.
    fn additional(&mut self, id: SchemaId, value: &Value, step: Step) -> Outcome {
        if self.compiled.schemas[id as usize].always != Some(false) {
            return self.below(id, value, step);
        }
        self.path.0.push(step);
        let holds = self.violated(|| "is not known to the chart".to_owned());
        self.path.0.pop();
        Ok(holds)
    }

    pub(super) fn list(
        &mut self,
        schema: &Schema<'_>,
        keyword: &Keyword<'_>,
        list: &List,
        mut seen: Option<&mut Seen>,
    ) -> Outcome {
        let items = list.items();
        let count = items.len() as f64;
        match keyword {
            Keyword::MinItems(min) => {
                Ok(self.hold(count >= *min, || format!("must have at least {min} items")))
            }
            Keyword::MaxItems(max) => {
                Ok(self.hold(count <= *max, || format!("must have at most {max} items")))
            }
            Keyword::UniqueItems => self.unique(items),
            Keyword::Items { first, rest } => {
                let mut holds = true;
                for (index, item) in items.iter().enumerate() {
                    if let Some(id) = first.get(index).or(rest.as_ref()) {
                        holds &= self.below(*id, item, Step::Index(index))?;
                    }
                }
                if let Some(seen) = &mut seen {
                    let known = if rest.is_some() {
                        items.len()
                    } else {
                        first.len()
                    };
                    seen.items = seen.items.max(known);
                }
                Ok(holds)
            }
            Keyword::Contains {
                schema: id,
                min,
                max,
            } => {
                let mut found = 0.0;
                for (index, item) in items.iter().enumerate() {
                    self.values += 1;
                    let number = self.values;
                    if self.silently(*id, item, number, None)? {
                        found += 1.0;
                        if let Some(seen) = seen.as_mut().filter(|_| schema.draft >= Draft::D2020) {
                            seen.some_items.insert(index);
                        }
                    }
                }
                let holds = found >= *min && found <= *max;
                Ok(self.hold(holds, || {
                    "does not have the items that it must have".to_owned()
                }))
            }
            Keyword::UnevaluatedItems(id) => {
                let mut holds = true;
                for (index, item) in items.iter().enumerate() {
                    let is_seen = seen
                        .as_ref()
                        .is_some_and(|seen| index < seen.items || seen.some_items.contains(&index));
                    if !is_seen {
                        holds &= self.below(*id, item, Step::Index(index))?;
                    }
                }
                if let Some(seen) = &mut seen {
                    seen.items = items.len();
                }
                Ok(holds)
            }
            _ => Ok(true),
        }
    }

    fn unique(&mut self, items: &[Value]) -> Outcome {
        for (index, item) in items.iter().enumerate() {
            for (before, other) in items[..index].iter().enumerate() {
                self.spend(1)?;
                if decimal::are_same(other, item) {
                    let message = || format!("has the same item at {before} and {index}");
                    return Ok(self.violated(message));
                }
            }
        }
        Ok(true)
    }
}

//! Values held against compiled schemas, with what they violate. Work is limited: schemas can lead to themselves in
//! ways that take forever.

mod containers;
mod references;
mod scalars;

use std::rc::Rc;

use document::{Path, Step};
use gotemplate::{Data, Value};

use super::compile::{Compiled, Keyword, Schema, SchemaId};
use super::{Violation, decimal};

/// Schemas that may be looked at, and what else takes about as long.
const MAX_STEPS: u64 = 3_000_000;

/// Schemas inside of schemas that may be open.
const MAX_DEPTH: usize = 250;

/// Most violations that are found.
const MAX_VIOLATIONS: usize = 1000;

/// More work than is allowed.
#[derive(Debug)]
pub(super) struct Limit;

/// What of a value a schema does not allow.
pub(super) fn evaluate(compiled: &Compiled<'_>, value: &Value) -> Result<Vec<Violation>, Limit> {
    let mut evaluation = Evaluation {
        compiled,
        steps: 0,
        open: Vec::new(),
        values: 0,
        path: Path::default(),
        violations: Vec::new(),
        is_silent: false,
    };
    evaluation.schema(0, value, 0, None)?;
    Ok(evaluation.violations)
}

/// What schemas have looked at of one value, for `unevaluatedProperties` and `unevaluatedItems`.
#[derive(Default)]
struct Seen {
    names: std::collections::BTreeSet<Rc<str>>,
    all_names: bool,
    /// Items from the first one on.
    items: usize,
    some_items: std::collections::BTreeSet<usize>,
}

impl Seen {
    fn add(&mut self, other: Seen) {
        self.names.extend(other.names);
        self.all_names |= other.all_names;
        self.items = self.items.max(other.items);
        self.some_items.extend(other.some_items);
    }
}

struct Evaluation<'e, 's> {
    compiled: &'e Compiled<'s>,
    steps: u64,
    /// The schemas that are open, each with the number of the value that it is held against.
    open: Vec<(SchemaId, u64)>,
    /// Numbers of values that were given.
    values: u64,
    path: Path,
    violations: Vec<Violation>,
    /// Whether only the outcome counts.
    is_silent: bool,
}

type Outcome = Result<bool, Limit>;

impl<'e, 's> Evaluation<'e, 's> {
    fn spend(&mut self, steps: u64) -> Result<(), Limit> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > MAX_STEPS {
            Err(Limit)
        } else {
            Ok(())
        }
    }

    /// Notes a violation of the value at the current path.
    fn violated(&mut self, message: impl FnOnce() -> String) -> bool {
        if !self.is_silent && self.violations.len() < MAX_VIOLATIONS {
            self.violations.push(Violation {
                path: self.path.clone(),
                message: message(),
            });
        }
        false
    }

    fn hold(&mut self, holds: bool, message: impl FnOnce() -> String) -> bool {
        holds || self.violated(message)
    }

    /// Holds a value, which has a number, against a schema.
    fn schema(
        &mut self,
        id: SchemaId,
        value: &Value,
        number: u64,
        seen: Option<&mut Seen>,
    ) -> Outcome {
        self.spend(1)?;
        let schema = &self.compiled.schemas[id as usize];
        match schema.always {
            Some(true) => return Ok(true),
            Some(false) => return Ok(self.violated(|| "is not allowed".to_owned())),
            None => {}
        }
        let mut around = self
            .open
            .iter()
            .rev()
            .take_while(|(_, open)| *open == number);
        if around.any(|(open, _)| *open == id) {
            return Ok(self.violated(|| "is held against a schema that leads to itself".to_owned()));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(Limit);
        }
        self.open.push((id, number));
        let outcome = self.keywords(schema, value, number, seen);
        self.open.pop();
        outcome
    }

    fn keywords(
        &mut self,
        schema: &'e Schema<'s>,
        value: &Value,
        number: u64,
        seen: Option<&mut Seen>,
    ) -> Outcome {
        let looks_back = schema.keywords.iter().any(|keyword| {
            matches!(
                keyword,
                Keyword::UnevaluatedProperties(_) | Keyword::UnevaluatedItems(_)
            )
        });
        let mut own = (seen.is_some() || looks_back).then(Seen::default);
        let mut holds = true;
        for keyword in &schema.keywords {
            self.spend(1)?;
            holds &= self.keyword(schema, keyword, value, number, own.as_mut())?;
            if !holds && self.is_silent {
                return Ok(false);
            }
        }
        if let (true, Some(seen), Some(own)) = (holds, seen, own) {
            seen.add(own);
        }
        Ok(holds)
    }

    fn keyword(
        &mut self,
        schema: &Schema<'_>,
        keyword: &'e Keyword<'s>,
        value: &Value,
        number: u64,
        seen: Option<&mut Seen>,
    ) -> Outcome {
        match keyword {
            Keyword::Types(types) => Ok(self.types(*types, value)),
            Keyword::Const(node) => {
                self.spend(size(value))?;
                let holds = decimal::equals(value, *node);
                Ok(self.hold(holds, || {
                    "does not have the one value that is allowed".to_owned()
                }))
            }
            Keyword::Enum(nodes) => {
                self.spend(nodes.len() as u64 * size(value))?;
                let holds = nodes.items().any(|node| decimal::equals(value, node));
                Ok(self.hold(holds, || format!("is none of {}", listed(*nodes))))
            }
            Keyword::Ref(id) => self.schema(*id, value, number, seen),
            Keyword::Metaschema(draft) => {
                let holds = self.is_schema(value, *draft)?;
                Ok(self.hold(holds, || "is no JSON schema".to_owned()))
            }
            Keyword::RecursiveRef(id) => {
                let id = self.recursive(*id);
                self.schema(id, value, number, seen)
            }
            Keyword::DynamicRef(id, anchor) => {
                let id = self.dynamic(*id, *anchor);
                self.schema(id, value, number, seen)
            }
            Keyword::Not(_)
            | Keyword::AllOf(_)
            | Keyword::AnyOf(_)
            | Keyword::OneOf(_)
            | Keyword::If(..) => self.combined(keyword, value, number, seen),
            _ => match value.data() {
                Data::Map(map) => self.map(keyword, value, map, number, seen),
                Data::List(list) => self.list(schema, keyword, list, seen),
                Data::String(text) => self.text(keyword, text),
                _ => match decimal::of_value(value) {
                    Some(found) => Ok(self.number(keyword, found)),
                    None => Ok(true),
                },
            },
        }
    }

    /// Whether a schema holds, without noting what does not.
    fn silently(
        &mut self,
        id: SchemaId,
        value: &Value,
        number: u64,
        seen: Option<&mut Seen>,
    ) -> Outcome {
        let was_silent = std::mem::replace(&mut self.is_silent, true);
        let outcome = self.schema(id, value, number, seen);
        self.is_silent = was_silent;
        outcome
    }

    fn combined(
        &mut self,
        keyword: &Keyword<'_>,
        value: &Value,
        number: u64,
        mut seen: Option<&mut Seen>,
    ) -> Outcome {
        match keyword {
            Keyword::Not(id) => {
                let holds = !self.silently(*id, value, number, None)?;
                Ok(self.hold(holds, || "has a form that is not allowed".to_owned()))
            }
            Keyword::AllOf(ids) => {
                let mut holds = true;
                for id in ids {
                    holds &= self.schema(*id, value, number, seen.as_deref_mut())?;
                }
                Ok(holds)
            }
            Keyword::AnyOf(ids) => {
                let mut holds = false;
                for id in ids {
                    holds |= self.silently(*id, value, number, seen.as_deref_mut())?;
                    if holds && seen.is_none() {
                        break;
                    }
                }
                if !holds && let [id] = ids[..] {
                    return self.schema(id, value, number, None);
                }
                Ok(self.hold(holds, || {
                    "has none of the forms that are allowed".to_owned()
                }))
            }
            Keyword::OneOf(ids) => {
                let mut matching = 0;
                for id in ids {
                    matching +=
                        usize::from(self.silently(*id, value, number, seen.as_deref_mut())?);
                    if matching > 1 {
                        break;
                    }
                }
                Ok(self.hold(matching == 1, || {
                    if matching == 0 {
                        "has none of the forms that are allowed".to_owned()
                    } else {
                        "has two forms of which only one is allowed".to_owned()
                    }
                }))
            }
            Keyword::If(condition, then, otherwise) => {
                let holds = self.silently(*condition, value, number, seen.as_deref_mut())?;
                match if holds { then } else { otherwise } {
                    Some(id) => self.schema(*id, value, number, seen),
                    None => Ok(true),
                }
            }
            _ => Ok(true),
        }
    }

    /// Holds a value below the current one against a schema.
    fn below(&mut self, id: SchemaId, value: &Value, step: Step) -> Outcome {
        self.values += 1;
        let number = self.values;
        self.path.0.push(step);
        let outcome = self.schema(id, value, number, None);
        self.path.0.pop();
        outcome
    }
}

/// About how long it takes to look at a value.
fn size(value: &Value) -> u64 {
    match value.data() {
        Data::List(list) => 1 + list.len() as u64,
        Data::Map(map) => 1 + map.len() as u64,
        _ => 1,
    }
}

/// The values of an enumeration, as they are written.
fn listed(nodes: document::NodeRef<'_>) -> String {
    const MOST: usize = 10;
    let shown = nodes.items().take(MOST).map(|node| {
        let place = node.place();
        place.source.slice(&place.span).to_owned()
    });
    let mut shown: Vec<String> = shown.collect();
    if nodes.len() > MOST {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}

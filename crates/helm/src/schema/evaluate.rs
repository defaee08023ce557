//! Values held against compiled schemas, with what they violate. Work is limited: schemas can lead to themselves in
//! ways that take forever.

use std::rc::Rc;
use std::sync::Arc;

use document::{Keys, Limits, Path, Source, Step};
use gotemplate::{Data, List, Map, Value};
use sprig::json::{Budget, Format, encode};

use super::compile::{Compiled, Keyword, Properties, Schema, SchemaId};
use super::draft::Draft;
use super::{Violation, decimal, shape};

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

    /// Whether a value is a schema itself.
    fn is_schema(&mut self, value: &Value, draft: Draft) -> Outcome {
        let Ok(text) = encode(value, Format::default(), Budget::default()) else {
            return Ok(false);
        };
        self.spend(text.len() as u64)?;
        let keys = Arc::new(Keys::new([]));
        let parsed = document::parse_json(Source::new("", text), &keys, &Limits::default());
        let root = parsed.document.root(0);
        Ok(root.is_some_and(|root| shape::check(root, draft).is_ok()))
    }

    fn types(&mut self, types: u8, value: &Value) -> bool {
        let name = type_of(value);
        let bit = shape::type_bit(name).unwrap_or(0);
        let is_whole = decimal::of_value(value).is_some_and(|number| number.fract() == 0.0);
        let integer = shape::type_bit("integer").unwrap_or(0);
        let holds = types & bit != 0 || (is_whole && types & integer != 0);
        self.hold(holds, || {
            let names = [
                "null", "boolean", "number", "integer", "string", "array", "object",
            ];
            let wanted = names
                .into_iter()
                .filter(|name| shape::type_bit(name).is_some_and(|bit| types & bit != 0));
            let wanted: Vec<&str> = wanted.collect();
            format!("must be {}, not {name}", wanted.join(" or "))
        })
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

    fn map(
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

    fn list(
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

    fn text(&mut self, keyword: &Keyword<'_>, text: &str) -> Outcome {
        match keyword {
            Keyword::MinLength(min) => {
                let holds = text.chars().count() as f64 >= *min;
                Ok(self.hold(holds, || format!("must have at least {min} characters")))
            }
            Keyword::MaxLength(max) => {
                let holds = text.chars().count() as f64 <= *max;
                Ok(self.hold(holds, || format!("must have at most {max} characters")))
            }
            Keyword::Pattern(pattern, regex) => {
                self.spend(1 + text.len() as u64 / 16)?;
                let holds = regex.matches(text, &mut self.steps).ok_or(Limit)?;
                Ok(self.hold(holds, || format!("does not match '{pattern}'")))
            }
            Keyword::Format(format) => {
                let holds = format.holds(text);
                Ok(self.hold(holds, || format!("is no {}", format.name())))
            }
            _ => Ok(true),
        }
    }

    fn number(&mut self, keyword: &Keyword<'_>, number: f64) -> bool {
        match keyword {
            Keyword::Minimum(min) => {
                self.hold(number >= *min, || format!("must be at least {min}"))
            }
            Keyword::Maximum(max) => self.hold(number <= *max, || format!("must be at most {max}")),
            Keyword::ExclusiveMinimum(min) => {
                self.hold(number > *min, || format!("must be more than {min}"))
            }
            Keyword::ExclusiveMaximum(max) => {
                self.hold(number < *max, || format!("must be less than {max}"))
            }
            Keyword::MultipleOf(of) => {
                let holds = decimal::is_multiple(number, *of);
                self.hold(holds, || format!("must be a multiple of {of}"))
            }
            _ => true,
        }
    }

    /// The outermost schema that is open in a resource with a recursive anchor.
    fn recursive(&self, id: SchemaId) -> SchemaId {
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
    fn dynamic(&self, id: SchemaId, anchor: Option<&str>) -> SchemaId {
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

fn type_of(value: &Value) -> &'static str {
    match value.data() {
        Data::Nil | Data::Missing => "null",
        Data::Bool(_) => "boolean",
        Data::String(_) => "string",
        Data::List(_) => "array",
        Data::Map(_) => "object",
        _ => "number",
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

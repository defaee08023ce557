//! The macros that look at each element, as native loops.

use std::ops::ControlFlow;

use crate::ast::LoopKind;
use crate::code::shapes::TextTest;
use crate::code::{Code, Part, insert};
use crate::compare::AnyMap;
use crate::error::ErrorKind;
use crate::frame::{Frame, worse};
use crate::value::{Items, MapValue, Value};

/// `cel.bind(name, value, body)`.
pub(crate) struct BindCode {
    pub(crate) local: u16,
    pub(crate) value: Part,
    pub(crate) body: Part,
}

impl Code for BindCode {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let value = self.value.run(frame);
        set(frame, self.local, value);
        self.body.run(frame)
    }
}

/// `a.optMap(name, body)` and `a.optFlatMap(name, body)`.
pub(crate) struct OptionalMapCode {
    pub(crate) local: u16,
    pub(crate) flat: bool,
    pub(crate) target: Part,
    pub(crate) body: Part,
    pub(crate) at: u32,
}

impl Code for OptionalMapCode {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let target = self.target.run(frame);
        let value = match target {
            Value::Optional(None) => return target,
            Value::Optional(Some(value)) => *value,
            _ => return frame.mismatch(target, self.at, "optMap"),
        };
        set(frame, self.local, value);
        let result = self.body.run(frame);
        match result {
            _ if result.is_fault() => result,
            _ if !self.flat => Value::Optional(Some(frame.arena.alloc(result))),
            Value::Optional(_) => result,
            _ => frame.mismatch(result, self.at, "optFlatMap"),
        }
    }
}

fn set<'a>(frame: &mut Frame<'a>, local: u16, value: Value<'a>) {
    if let Some(slot) = frame.locals.get_mut(local as usize) {
        *slot = value;
    }
}

/// A loop over a list, or over the keys of a map.
pub(crate) struct LoopCode {
    pub(crate) kind: LoopKind,
    pub(crate) range: Part,
    pub(crate) first: u16,
    pub(crate) second: Option<u16>,
    pub(crate) filter: Option<Part>,
    pub(crate) body: Part,
    /// What the body is, where it only compares texts.
    pub(crate) texts: Option<TextTest>,
    /// Steps that one turn costs.
    pub(crate) weight: usize,
    pub(crate) at: u32,
}

impl Code for LoopCode {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let range = self.range.run(frame);
        match self.kind {
            LoopKind::All => self.test(range, frame, false),
            LoopKind::Exists => self.test(range, frame, true),
            LoopKind::ExistsOne => self.exists_one(range, frame),
            LoopKind::Map | LoopKind::Filter => self.list(range, frame),
            LoopKind::TransformMap | LoopKind::TransformMapEntry => self.map(range, frame),
        }
    }
}

impl LoopCode {
    /// `exists` when `true` decides, `all` when `false` does.
    fn test<'a>(&'a self, range: Value<'a>, frame: &mut Frame<'a>, deciding: bool) -> Value<'a> {
        if let (Some(test), Some(items)) = (&self.texts, range.items()) {
            return self.test_texts(test, items, frame, deciding);
        }
        let mut fault = None;
        let mut result = !deciding;
        let end = self.each(range, frame, |frame, _| {
            let value = self.body.run(frame);
            match value.as_bool() {
                Some(holds) if holds == deciding => {
                    result = deciding;
                    return ControlFlow::Break(());
                }
                Some(_) => {}
                None => fault = Some(worse(fault, self.not_bool(value, frame))),
            }
            ControlFlow::Continue(())
        });
        if result == deciding {
            return Value::Bool(deciding);
        }
        finish(fault, end).unwrap_or(Value::Bool(result))
    }

    /// The same without loop variables.
    fn test_texts<'a>(
        &'a self,
        test: &TextTest,
        items: Items<'a>,
        frame: &mut Frame<'a>,
        deciding: bool,
    ) -> Value<'a> {
        let mut fault = None;
        for item in items.iter() {
            if frame.charge(self.weight).is_err() {
                let end = frame.error(ErrorKind::CostExceeded, self.at, "macro");
                return worse(fault, end);
            }
            if item.is_fault() {
                fault = Some(worse(fault, item));
            } else if test.holds(item) == deciding {
                return Value::Bool(deciding);
            }
        }
        fault.unwrap_or(Value::Bool(!deciding))
    }

    fn exists_one<'a>(&'a self, range: Value<'a>, frame: &mut Frame<'a>) -> Value<'a> {
        let mut count = 0;
        let mut fault = None;
        let end = self.each(range, frame, |frame, _| {
            let value = self.body.run(frame);
            match value.as_bool() {
                Some(holds) => count += u32::from(holds),
                None => fault = Some(worse(fault, self.not_bool(value, frame))),
            }
            ControlFlow::Continue(())
        });
        finish(fault, end).unwrap_or(Value::Bool(count == 1))
    }

    /// The lists of `map`, `filter` and `transformList`.
    fn list<'a>(&'a self, range: Value<'a>, frame: &mut Frame<'a>) -> Value<'a> {
        let mut items = bumpalo::collections::Vec::new_in(frame.arena);
        let mut fault = None;
        let end = self.each(range, frame, |frame, element| {
            let value = match self.kind {
                LoopKind::Filter => match self.holds(Some(&self.body), frame) {
                    Ok(true) => element,
                    Ok(false) => return ControlFlow::Continue(()),
                    Err(value) => value,
                },
                _ => match self.holds(self.filter.as_ref(), frame) {
                    Ok(true) => self.body.run(frame),
                    Ok(false) => return ControlFlow::Continue(()),
                    Err(value) => value,
                },
            };
            if value.is_fault() {
                fault = Some(worse(fault, value));
            } else {
                items.push(value);
            }
            ControlFlow::Continue(())
        });
        finish(fault, end).unwrap_or(Value::List(items.into_bump_slice()))
    }

    /// The maps of `transformMap` and `transformMapEntry`.
    fn map<'a>(&'a self, range: Value<'a>, frame: &mut Frame<'a>) -> Value<'a> {
        let mut entries = bumpalo::collections::Vec::new_in(frame.arena);
        let mut fault = None;
        let end = self.each(range, frame, |frame, key| {
            let value = match self.holds(self.filter.as_ref(), frame) {
                Ok(true) => self.body.run(frame),
                Ok(false) => return ControlFlow::Continue(()),
                Err(value) => value,
            };
            if value.is_fault() {
                fault = Some(worse(fault, value));
            } else if let Err(value) = self.add(frame, &mut entries, key, value) {
                fault = Some(worse(fault, value));
            }
            ControlFlow::Continue(())
        });
        let entries = entries.into_bump_slice();
        finish(fault, end).unwrap_or_else(|| Value::Map(frame.arena.alloc(MapValue { entries })))
    }

    fn add<'a>(
        &self,
        frame: &mut Frame<'a>,
        entries: &mut bumpalo::collections::Vec<'a, (Value<'a>, Value<'a>)>,
        key: Value<'a>,
        value: Value<'a>,
    ) -> Result<(), Value<'a>> {
        if self.kind == LoopKind::TransformMap {
            return insert(frame, entries, key, value)
                .map_err(|fault| frame.operator_fault(fault, "transformMap", &[key], self.at));
        }
        let Some(made) = AnyMap::of(value) else {
            return Err(frame.mismatch(value, self.at, "transformMapEntry"));
        };
        let blame = |fault, key, frame: &Frame<'a>| {
            frame.operator_fault(fault, "transformMapEntry", &[key], self.at)
        };
        let made = made
            .entries(frame)
            .map_err(|fault| blame(fault, value, frame))?;
        for (key, value) in made {
            insert(frame, entries, *key, *value).map_err(|fault| blame(fault, *key, frame))?;
        }
        Ok(())
    }

    /// Whether a condition holds; none always does.
    fn holds<'a>(
        &'a self,
        condition: Option<&'a Part>,
        frame: &mut Frame<'a>,
    ) -> Result<bool, Value<'a>> {
        let Some(condition) = condition else {
            return Ok(true);
        };
        let value = condition.run(frame);
        value.as_bool().ok_or_else(|| self.not_bool(value, frame))
    }

    #[cold]
    fn not_bool<'a>(&self, value: Value<'a>, frame: &Frame<'a>) -> Value<'a> {
        frame.mismatch(value, self.at, "condition")
    }

    /// Runs a step for each element with the loop variables set; gives the fault that ended the loop
    /// early. The step is given the element of a list (its index, with two variables), or the key.
    fn each<'a>(
        &'a self,
        range: Value<'a>,
        frame: &mut Frame<'a>,
        mut step: impl FnMut(&mut Frame<'a>, Value<'a>) -> ControlFlow<()>,
    ) -> Option<Value<'a>> {
        if let Some(items) = range.items() {
            return self.each_item(items, frame, &mut step);
        }
        let Some(map) = AnyMap::of(range) else {
            return Some(frame.mismatch(range, self.at, "macro"));
        };
        match map {
            AnyMap::Owned(map) => self.each_entry(map.entries.iter().copied(), frame, &mut step),
            AnyMap::Node(node) => {
                let entries = node.entries();
                if frame.charge(entries.len() / 64).is_err() {
                    return Some(frame.error(ErrorKind::CostExceeded, self.at, "macro"));
                }
                let entries =
                    entries.map(|entry| (Value::String(entry.name()), Value::Node(entry.value)));
                self.each_entry(entries, frame, &mut step)
            }
        }
    }

    fn each_entry<'a>(
        &'a self,
        entries: impl Iterator<Item = (Value<'a>, Value<'a>)>,
        frame: &mut Frame<'a>,
        step: &mut impl FnMut(&mut Frame<'a>, Value<'a>) -> ControlFlow<()>,
    ) -> Option<Value<'a>> {
        for (key, value) in entries {
            if let Err(end) = self.turn(frame, key, value, step) {
                return end;
            }
        }
        None
    }

    fn each_item<'a>(
        &'a self,
        items: Items<'a>,
        frame: &mut Frame<'a>,
        step: &mut impl FnMut(&mut Frame<'a>, Value<'a>) -> ControlFlow<()>,
    ) -> Option<Value<'a>> {
        for (position, item) in items.iter().enumerate() {
            let first = match self.second {
                #[expect(clippy::cast_possible_wrap, reason = "no list is that long")]
                Some(_) => Value::Int(position as i64),
                None => item,
            };
            if let Err(end) = self.turn(frame, first, item, step) {
                return end;
            }
        }
        None
    }

    /// One turn; an error ends the loop, with the fault that made it end.
    fn turn<'a>(
        &'a self,
        frame: &mut Frame<'a>,
        first: Value<'a>,
        second: Value<'a>,
        step: &mut impl FnMut(&mut Frame<'a>, Value<'a>) -> ControlFlow<()>,
    ) -> Result<(), Option<Value<'a>>> {
        if frame.charge(self.weight).is_err() {
            return Err(Some(frame.error(ErrorKind::CostExceeded, self.at, "macro")));
        }
        set(frame, self.first, first);
        if let Some(local) = self.second {
            set(frame, local, second);
        }
        match step(frame, first) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(None),
        }
    }
}

/// The worse of what went wrong in a turn and what ended the loop.
fn finish<'a>(fault: Option<Value<'a>>, end: Option<Value<'a>>) -> Option<Value<'a>> {
    match end {
        Some(end) => Some(worse(fault, end)),
        None => fault,
    }
}

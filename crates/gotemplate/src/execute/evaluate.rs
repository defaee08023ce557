//! Pipelines, commands, variables and fields.

use std::rc::Rc;

use super::{Executed, Execution, MissingKey};
use crate::format::quoted;
use crate::tree::{Command, Fields, Number, Pipe, VariableId, Word, WordKind};
use crate::value::{Context as _, Data, IntType, Type, UintType, Value, zero};

impl Execution<'_> {
    pub(super) fn pipeline(&mut self, pipe: &Pipe, dot: &Value) -> Executed<Value> {
        self.at = pipe.place.id;
        let mut last = None;
        for command in &pipe.commands {
            last = Some(self.command(command, dot, last)?.unboxed());
        }
        let value = last.unwrap_or_default();
        for (id, name) in &pipe.variables {
            if pipe.assigns {
                self.assign(*id, name, value.clone())?;
            } else {
                self.variables.push((*id, value.clone()));
            }
        }
        Ok(value)
    }

    pub(super) fn assign(&mut self, id: VariableId, name: &str, value: Value) -> Executed<()> {
        // The condition is behind us when the variable is used.
        let value = match self.recorder.conditions() {
            by if by.is_none() => value,
            by => self.decided(value, by),
        };
        match self.variables[self.base..]
            .iter_mut()
            .rev()
            .find(|(known, _)| *known == id)
        {
            Some((_, variable)) => {
                *variable = value;
                Ok(())
            }
            None => Err(self.error(format!("undefined variable: {name}"))),
        }
    }

    fn command(&mut self, command: &Command, dot: &Value, last: Option<Value>) -> Executed<Value> {
        let words = &command.words;
        let first = &words[0];
        match &first.kind {
            WordKind::Field(fields) => {
                self.at = first.place.id;
                self.chain(dot, *fields, first, words, dot, last)
            }
            WordKind::Chain(inner, fields) => self.chained(first, inner, *fields, words, dot, last),
            WordKind::Function(id) => {
                self.at = first.place.id;
                self.call_function(*id, command.place, words, dot, last)
            }
            WordKind::Pipe(pipe) => {
                self.hold_to_no_arguments(words, last.as_ref())?;
                self.parenthesized(pipe, dot)
            }
            WordKind::Variable(id, fields) => self.variable(first, *id, *fields, words, dot, last),
            constant => {
                self.at = first.place.id;
                self.hold_to_no_arguments(words, last.as_ref())?;
                match constant {
                    WordKind::Dot => Ok(dot.clone()),
                    WordKind::Nil => Err(self.error("nil is not a command")),
                    _ => self.constant(first),
                }
            }
        }
    }

    pub(super) fn parenthesized(&mut self, pipe: &Pipe, dot: &Value) -> Executed<Value> {
        self.deeper()?;
        let value = self.pipeline(pipe, dot);
        self.nesting -= 1;
        value
    }

    fn hold_to_no_arguments(&self, words: &[Word], last: Option<&Value>) -> Executed<()> {
        if words.len() > 1 || last.is_some() {
            let shown = self.shown(words[0].place.id);
            return Err(self.error(format!("can't give argument to non-function {shown}")));
        }
        Ok(())
    }

    /// A constant where no type is asked for.
    pub(super) fn constant(&self, word: &Word) -> Executed<Value> {
        match &word.kind {
            WordKind::Bool(value) => Ok(Value::from(*value)),
            WordKind::String(value) => Ok(value.clone()),
            WordKind::Number(number) => number
                .ideal
                .clone()
                .ok_or_else(|| self.error(format!("{} overflows int", self.shown(word.place.id)))),
            _ => Err(self.error(format!(
                "can't evaluate command {}",
                quoted(&self.shown(word.place.id))
            ))),
        }
    }

    /// A constant as an argument of a type.
    pub(super) fn typed_constant(&self, word: &Word, wanted: Type) -> Executed<Value> {
        let number = if let WordKind::Number(number) = &word.kind {
            Some(&**number)
        } else {
            None
        };
        let found = match wanted {
            Type::Any | Type::Reflect => return self.constant(word),
            Type::Bool => (
                "bool",
                matches!(word.kind, WordKind::Bool(_))
                    .then(|| self.constant(word))
                    .transpose()?,
            ),
            Type::String => (
                "string",
                matches!(word.kind, WordKind::String(_))
                    .then(|| self.constant(word))
                    .transpose()?,
            ),
            Type::Int(kind) => ("integer", number.and_then(|number| int(number, kind))),
            Type::Uint(kind) => (
                "unsigned integer",
                number.and_then(|number| uint(number, kind)),
            ),
            Type::Float => (
                "float",
                number.and_then(|number| number.float).map(Value::float),
            ),
            Type::Complex => (
                "complex",
                number
                    .and_then(|number| number.complex)
                    .map(|(real, im)| Value::complex(real, im)),
            ),
            Type::Bytes | Type::List(_) | Type::Map(_) | Type::Host(_) => {
                let shown = self.shown(word.place.id);
                return Err(self.error(format!(
                    "can't handle {shown} for arg of type {}",
                    wanted.name()
                )));
            }
        };
        let (kind, value) = found;
        value.ok_or_else(|| {
            self.error(format!(
                "expected {kind}; found {}",
                self.shown(word.place.id)
            ))
        })
    }

    pub(super) fn variable(
        &mut self,
        word: &Word,
        id: VariableId,
        fields: Fields,
        words: &[Word],
        dot: &Value,
        last: Option<Value>,
    ) -> Executed<Value> {
        self.at = word.place.id;
        let Some((_, value)) = self.variables[self.base..]
            .iter()
            .rev()
            .find(|(known, _)| *known == id)
        else {
            let shown = self.shown(word.place.id);
            let name = shown.split('.').next().unwrap_or_default();
            return Err(self.error(format!("undefined variable: {name}")));
        };
        let value = value.clone();
        if fields.is_empty() {
            self.hold_to_no_arguments(words, last.as_ref())?;
            return Ok(value);
        }
        self.chain(&value, fields, word, words, dot, last)
    }

    pub(super) fn chained(
        &mut self,
        word: &Word,
        inner: &Word,
        fields: Fields,
        words: &[Word],
        dot: &Value,
        last: Option<Value>,
    ) -> Executed<Value> {
        self.at = word.place.id;
        if matches!(inner.kind, WordKind::Nil) {
            let shown = self.shown(word.place.id);
            return Err(self.error(format!("indirection through explicit nil in {shown}")));
        }
        let receiver = self.argument(inner, None, dot)?;
        self.chain(&receiver, fields, word, words, dot, last)
    }

    /// Fields one after the other; the last one may be a method with arguments.
    pub(super) fn chain(
        &mut self,
        receiver: &Value,
        fields: Fields,
        word: &Word,
        words: &[Word],
        dot: &Value,
        last: Option<Value>,
    ) -> Executed<Value> {
        let tree = Rc::clone(&self.tree);
        let mut names = fields.text(&tree).get(1..).unwrap_or_default();
        let mut held;
        let mut current = receiver;
        while let Some(end) = names.bytes().position(|byte| byte == b'.') {
            held = self.field(current, &names[..end], word, &[], dot, None)?;
            current = &held;
            names = &names[end + 1..];
        }
        self.field(current, names, word, words, dot, last)
    }

    fn field(
        &mut self,
        receiver: &Value,
        name: &str,
        word: &Word,
        words: &[Word],
        dot: &Value,
        last: Option<Value>,
    ) -> Executed<Value> {
        let has_arguments = words.len() > 1 || last.is_some();
        let found = match receiver.data() {
            Data::Missing if self.missing_key() == MissingKey::Error => {
                return Err(self.error(format!("nil data; no entry for key {}", quoted(name))));
            }
            Data::Missing => return Ok(Value::default()),
            Data::Nil => {
                return Err(self.error(format!("nil pointer evaluating interface {{}}.{name}")));
            }
            Data::Map(map) => {
                if has_arguments {
                    return Err(self.error(format!("{name} is not a method but has arguments")));
                }
                match map.element(name) {
                    Some(value) => value,
                    None => return self.missing(map.shape().element, name),
                }
            }
            Data::Host(host) => {
                if host.method(name).is_some() {
                    let host = Rc::clone(host);
                    return self.call_method(
                        &*host,
                        receiver.origin(),
                        name,
                        word.place,
                        words,
                        dot,
                        last,
                    );
                }
                match host.field(name) {
                    Some(_) if has_arguments => {
                        return Err(self.error(format!(
                            "{name} has arguments but cannot be invoked as function"
                        )));
                    }
                    Some(value) => value,
                    None => match host.underlying() {
                        Some(inner) if inner.as_map().is_some() => {
                            let inner = inner.with_origin(receiver.origin());
                            return self.field(&inner, name, word, words, dot, last);
                        }
                        _ => return Err(self.no_field(receiver, name)),
                    },
                }
            }
            _ => return Err(self.no_field(receiver, name)),
        };
        Ok(if found.origin().is_none() {
            found.with_origin(receiver.origin())
        } else {
            found
        })
    }

    fn no_field(&self, receiver: &Value, name: &str) -> Box<crate::error::Error> {
        self.error(format!(
            "can't evaluate field {name} in type {}",
            receiver.held_type_name()
        ))
    }

    fn missing(&self, element: Type, name: &str) -> Executed<Value> {
        match self.missing_key() {
            MissingKey::Default => Ok(Value::default()),
            MissingKey::Zero => Ok(zero(element)),
            MissingKey::Error => {
                Err(self.error(format!("map has no entry for key {}", quoted(name))))
            }
        }
    }
}

fn int(number: &Number, kind: IntType) -> Option<Value> {
    let value = number.int?;
    Some(Value::int_of(
        match kind {
            IntType::Int | IntType::Int64 => value,
            IntType::Int8 => i64::from(value as i8),
            IntType::Int16 => i64::from(value as i16),
            IntType::Int32 => i64::from(value as i32),
        },
        kind,
    ))
}

fn uint(number: &Number, kind: UintType) -> Option<Value> {
    let value = number.uint?;
    Some(Value::uint_of(
        match kind {
            UintType::Uint | UintType::Uint64 => value,
            UintType::Uint8 => u64::from(value as u8),
            UintType::Uint16 => u64::from(value as u16),
            UintType::Uint32 => u64::from(value as u32),
        },
        kind,
    ))
}

//! Code nodes: what a compiled expression is made of. Each borrows its constants from the program.

use std::cmp::Ordering;

use crate::arithmetic::{arithmetic, negate};
use crate::ast::Operator;
use crate::compare::{AnyMap, can_be_key, contains, equal, order};
use crate::error::{ErrorKind, Fault};
use crate::frame::{Frame, Outcome, worse};
use crate::function::Function;
use crate::types::Type;
use crate::value::{MapValue, MethodId, Value};

pub(crate) mod logic;
pub(crate) mod loops;
pub(crate) mod path;
pub(crate) mod shapes;

/// Something that computes a value.
pub(crate) trait Code: Send + Sync {
    /// The value in a frame.
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a>;
}

/// A part of a compiled expression.
pub(crate) type Part = Box<dyn Code>;

/// A literal that needs no text.
pub(crate) enum Plain {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Type(Type),
}

impl Code for Plain {
    fn run<'a>(&'a self, _: &mut Frame<'a>) -> Value<'a> {
        match self {
            Plain::Null => Value::Null,
            Plain::Bool(value) => Value::Bool(*value),
            Plain::Int(value) => Value::Int(*value),
            Plain::Uint(value) => Value::Uint(*value),
            Plain::Double(value) => Value::Double(*value),
            Plain::Type(value) => Value::Type(*value),
        }
    }
}

/// A string literal.
pub(crate) struct Text(pub(crate) Box<str>);

impl Code for Text {
    fn run<'a>(&'a self, _: &mut Frame<'a>) -> Value<'a> {
        Value::String(&self.0)
    }
}

/// A bytes literal.
pub(crate) struct Bytes(pub(crate) Box<[u8]>);

impl Code for Bytes {
    fn run<'a>(&'a self, _: &mut Frame<'a>) -> Value<'a> {
        Value::Bytes(&self.0)
    }
}

/// A loop variable.
pub(crate) struct Local(pub(crate) u16);

impl Code for Local {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        frame
            .locals
            .get(self.0 as usize)
            .copied()
            .unwrap_or(Value::Null)
    }
}

/// A part that other programs have as well.
pub(crate) struct SharedCode {
    pub(crate) cell: u16,
    pub(crate) part: Part,
}

impl Code for SharedCode {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let Some(cell) = frame.memory.cell(self.cell) else {
            return self.part.run(frame);
        };
        if let Some(value) = cell.get() {
            return value;
        }
        let value = self.part.run(frame);
        if !value.is_fault() {
            cell.set(Some(value));
        }
        value
    }
}

/// A list literal: items, and whether each is optional.
pub(crate) struct ListCode {
    pub(crate) items: Box<[(bool, Part)]>,
    pub(crate) at: u32,
}

impl Code for ListCode {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let mut items = bumpalo::collections::Vec::with_capacity_in(self.items.len(), frame.arena);
        let mut fault = None;
        for (optional, item) in &self.items {
            match item.run(frame) {
                value if value.is_fault() => fault = Some(worse(fault, value)),
                value if !optional => items.push(value),
                Value::Optional(value) => items.extend(value.copied()),
                value => fault = Some(worse(fault, frame.mismatch(value, self.at, "[?]"))),
            }
        }
        fault.unwrap_or(Value::List(items.into_bump_slice()))
    }
}

/// One entry of a map literal.
pub(crate) struct EntryCode {
    pub(crate) optional: bool,
    pub(crate) key: Part,
    pub(crate) value: Part,
}

/// A map literal.
pub(crate) struct MapCode {
    pub(crate) entries: Box<[EntryCode]>,
    pub(crate) at: u32,
}

impl Code for MapCode {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let mut entries =
            bumpalo::collections::Vec::with_capacity_in(self.entries.len(), frame.arena);
        let mut fault = None;
        for entry in &self.entries {
            let (key, value) = (entry.key.run(frame), entry.value.run(frame));
            if key.is_fault() || value.is_fault() {
                let faults = [key, value].into_iter().filter(|value| value.is_fault());
                fault = faults.fold(fault, |fault, value| Some(worse(fault, value)));
                continue;
            }
            let value = match (entry.optional, value) {
                (false, value) | (true, Value::Optional(Some(&value))) => value,
                (true, Value::Optional(None)) => continue,
                (true, value) => {
                    fault = Some(worse(fault, frame.mismatch(value, self.at, "{?}")));
                    continue;
                }
            };
            if let Err(failed) = insert(frame, &mut entries, key, value) {
                fault = Some(worse(
                    fault,
                    frame.operator_fault(failed, "{}", &[key], self.at),
                ));
            }
        }
        let entries = entries.into_bump_slice();
        fault.unwrap_or_else(|| Value::Map(frame.arena.alloc(MapValue { entries })))
    }
}

/// `{}`, which is most often what stands in for an absent map.
pub(crate) struct EmptyMap;

impl Code for EmptyMap {
    fn run<'a>(&'a self, _: &mut Frame<'a>) -> Value<'a> {
        Value::Map(&MapValue { entries: &[] })
    }
}

/// `[]`, likewise.
pub(crate) struct EmptyList;

impl Code for EmptyList {
    fn run<'a>(&'a self, _: &mut Frame<'a>) -> Value<'a> {
        Value::List(&[])
    }
}

/// Adds an entry to a map under construction.
pub(crate) fn insert<'a>(
    frame: &mut Frame<'a>,
    entries: &mut bumpalo::collections::Vec<'a, (Value<'a>, Value<'a>)>,
    key: Value<'a>,
    value: Value<'a>,
) -> Result<(), Fault> {
    if !can_be_key(key) {
        return Err(Fault::Overload);
    }
    frame.charge(entries.len() / 8)?;
    for (other, _) in entries.iter() {
        if equal(frame, *other, key)? {
            return Err(Fault::Failed(ErrorKind::RepeatedKey));
        }
    }
    entries.push((key, value));
    Ok(())
}

/// `a[b]` and `a[?b]`.
pub(crate) struct IndexCode {
    pub(crate) operand: Part,
    pub(crate) key: Part,
    pub(crate) optional: bool,
    pub(crate) at: u32,
}

impl Code for IndexCode {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let (operand, key) = (self.operand.run(frame), self.key.run(frame));
        if operand.is_fault() || key.is_fault() {
            return strict(&[operand, key]);
        }
        let (operand, optional) = match operand {
            Value::Optional(None) => return operand,
            Value::Optional(Some(value)) => (*value, true),
            _ => (operand, self.optional),
        };
        match index(frame, operand, key) {
            Ok(Some(value)) if !optional || value.is_fault() => value,
            Ok(Some(value)) => Value::Optional(Some(frame.arena.alloc(value))),
            Ok(None) if optional => Value::Optional(None),
            Ok(None) if operand.items().is_some() => {
                frame.error(ErrorKind::OutOfRange, self.at, "[]")
            }
            Ok(None) => frame.error(ErrorKind::NoSuchKey, self.at, key.as_str().unwrap_or("[]")),
            Err(fault) => frame.operator_fault(fault, "[]", &[operand, key], self.at),
        }
    }
}

/// The item of a list at an integral number, or the value of a map under a key.
fn index<'a>(
    frame: &mut Frame<'a>,
    operand: Value<'a>,
    key: Value<'a>,
) -> Result<Option<Value<'a>>, Fault> {
    if let Some(items) = operand.items() {
        let position = match key.plain() {
            Value::Int(position) => usize::try_from(position).ok(),
            Value::Uint(position) => usize::try_from(position).ok(),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "integral, and casts saturate"
            )]
            Value::Double(position) if position.fract() == 0.0 => {
                (position >= 0.0).then_some(position as usize)
            }
            _ => return Err(Fault::Overload),
        };
        return Ok(position.and_then(|position| items.get(position)));
    }
    match AnyMap::of(operand) {
        Some(map) => map.find(frame, key),
        // An absent mapping, as the API server reads it.
        None if matches!(operand.plain(), Value::Null) && operand.origin().is_some() => Ok(None),
        None => Err(Fault::Overload),
    }
}

/// A strict function gives the unknown among its arguments, else the first error.
#[cold]
pub(crate) fn strict<'a>(arguments: &[Value<'a>]) -> Value<'a> {
    let faults = arguments.iter().filter(|value| value.is_fault());
    faults
        .fold(None, |fault, value| Some(worse(fault, *value)))
        .unwrap_or(Value::Null)
}

/// Unary `-`.
pub(crate) struct NegateCode {
    pub(crate) operand: Part,
    pub(crate) at: u32,
}

impl Code for NegateCode {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let operand = self.operand.run(frame);
        negate(operand).unwrap_or_else(|fault| {
            if operand.is_fault() {
                operand
            } else {
                frame.operator_fault(fault, "-", &[operand], self.at)
            }
        })
    }
}

/// A binary operator that is no logic.
pub(crate) struct BinaryCode {
    pub(crate) operator: Operator,
    pub(crate) parts: [Part; 2],
    pub(crate) at: u32,
}

impl Code for BinaryCode {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let (left, right) = (self.parts[0].run(frame), self.parts[1].run(frame));
        if left.is_fault() || right.is_fault() {
            return strict(&[left, right]);
        }
        binary(frame, self.operator, left, right).unwrap_or_else(|fault| {
            frame.operator_fault(fault, self.operator.symbol(), &[left, right], self.at)
        })
    }
}

/// Applies a binary operator.
pub(crate) fn binary<'a>(
    frame: &mut Frame<'a>,
    operator: Operator,
    left: Value<'a>,
    right: Value<'a>,
) -> Outcome<'a> {
    if let (Value::Int(left), Value::Int(right)) = (left, right)
        && let Some(holds) = compare_integers(operator, left, right)
    {
        return Ok(Value::Bool(holds));
    }
    Ok(Value::Bool(match operator {
        Operator::Equal => equal(frame, left, right)?,
        Operator::NotEqual => !equal(frame, left, right)?,
        Operator::Less => ordered(left, right)?.is_lt(),
        Operator::LessEqual => ordered(left, right)?.is_le(),
        Operator::Greater => ordered(left, right)?.is_gt(),
        Operator::GreaterEqual => ordered(left, right)?.is_ge(),
        Operator::In => contains(frame, right, left)?,
        _ => return arithmetic(frame, operator, left, right),
    }))
}

/// The commonest comparison.
#[inline]
fn compare_integers(operator: Operator, left: i64, right: i64) -> Option<bool> {
    Some(match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterEqual => left >= right,
        _ => return None,
    })
}

/// The order of two values; what is not a number (NaN) has none.
fn ordered<'a>(left: Value<'a>, right: Value<'a>) -> Result<Ordering, Fault> {
    order(left, right)?.ok_or(Fault::Failed(ErrorKind::InvalidArgument))
}

/// A function of the table, with its number of arguments.
pub(crate) struct CallCode<const N: usize> {
    pub(crate) function: &'static Function,
    pub(crate) arguments: [Part; N],
    pub(crate) at: u32,
}

impl<const N: usize> Code for CallCode<N> {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        match evaluate_arguments(&self.arguments, frame) {
            Ok(values) => call(frame, self.function, &values, self.at),
            Err(fault) => fault,
        }
    }
}

/// The arguments' values, or the fault that a strict function gives for them.
#[inline]
pub(crate) fn evaluate_arguments<'a, const N: usize>(
    arguments: &'a [Part; N],
    frame: &mut Frame<'a>,
) -> Result<[Value<'a>; N], Value<'a>> {
    let values = arguments.each_ref().map(|argument| argument.run(frame));
    if values.iter().any(|value| value.is_fault()) {
        return Err(strict(&values));
    }
    Ok(values)
}

/// Calls a function of the table with arguments that are no faults.
#[inline]
pub(crate) fn call<'a>(
    frame: &mut Frame<'a>,
    function: &'static Function,
    values: &[Value<'a>],
    at: u32,
) -> Value<'a> {
    (function.run)(frame, values)
        .unwrap_or_else(|fault| frame.fault(fault, function.blame(), values, at))
}

/// A method of a host object; where the receiver is none, the function of the same name, if any.
pub(crate) struct MethodCode {
    pub(crate) method: MethodId,
    pub(crate) name: Box<str>,
    pub(crate) arguments: Box<[Part]>,
    pub(crate) otherwise: Option<&'static Function>,
    pub(crate) at: u32,
}

impl Code for MethodCode {
    fn run<'a>(&'a self, frame: &mut Frame<'a>) -> Value<'a> {
        let mut values =
            bumpalo::collections::Vec::with_capacity_in(self.arguments.len(), frame.arena);
        for argument in &self.arguments {
            values.push(argument.run(frame));
        }
        if values.iter().any(|value| value.is_fault()) {
            return strict(&values);
        }
        if let (Some(Value::Host(host)), Some(arguments)) = (values.first(), values.get(1..))
            && let Some(value) = host.call(self.method, arguments, frame.arena)
        {
            return value;
        }
        match self.otherwise {
            Some(function) => call(frame, function, &values, self.at),
            None => frame.mismatch(
                values.first().copied().unwrap_or(Value::Null),
                self.at,
                &self.name,
            ),
        }
    }
}

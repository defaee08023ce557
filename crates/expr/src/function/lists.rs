//! Kubernetes' list library, `sets.*`, and a few of the list extension.

use std::cmp::Ordering;

use bumpalo::collections::Vec as List;

use super::{Function, argument_int, int, member, namespaced};
use crate::arithmetic::arithmetic;
use crate::ast::Operator;
use crate::compare::{contains, equal, order};
use crate::error::{ErrorKind, Fault};
use crate::frame::{Frame, Outcome};
use crate::types::Types;
use crate::value::{Items, Value};

const LIST: Types = Types::LIST;
const BOOL: Types = Types::BOOL;
const ANY: Types = Types::ANY;

pub(super) const FUNCTIONS: &[Function] = &[
    member("isSorted", &[LIST], BOOL, is_sorted),
    member("sum", &[LIST], Types::NUMBER.or(Types::DURATION), sum),
    member("min", &[LIST], ANY, min),
    member("max", &[LIST], ANY, max),
    member("distinct", &[LIST], LIST, distinct),
    member("flatten", &[LIST, Types::INT], LIST, flatten).optional(1),
    member("slice", &[LIST, Types::INT, Types::INT], LIST, slice),
    member("sort", &[LIST], LIST, sort),
    member("first", &[LIST], Types::OPTIONAL, first),
    member("last", &[LIST], Types::OPTIONAL, last),
    namespaced("lists", "range", &[Types::INT], LIST, range),
    namespaced("sets", "contains", &[LIST, LIST], BOOL, set_contains),
    namespaced("sets", "equivalent", &[LIST, LIST], BOOL, set_equivalent),
    namespaced("sets", "intersects", &[LIST, LIST], BOOL, set_intersects),
];

/// The argument at a position as a list.
fn items<'a>(arguments: &[Value<'a>], position: usize) -> Result<Items<'a>, Fault> {
    arguments
        .get(position)
        .and_then(|value| value.items())
        .ok_or(Fault::Overload)
}

/// `indexOf` and `lastIndexOf` on lists.
pub(super) fn index_of<'a>(
    frame: &mut Frame<'a>,
    arguments: &[Value<'a>],
    last: bool,
) -> Outcome<'a> {
    if arguments.len() > 2 {
        return Err(Fault::Overload);
    }
    let mut found = -1;
    for (position, item) in items(arguments, 0)?.iter().enumerate() {
        frame.charge(1)?;
        if equal(frame, item, arguments[1])? {
            found = int(position);
            if !last {
                break;
            }
        }
    }
    Ok(Value::Int(found))
}

fn is_sorted<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let items = items(arguments, 0)?;
    for (one, next) in items.iter().zip(items.iter().skip(1)) {
        frame.charge(1)?;
        if order(one, next)? == Some(Ordering::Greater) {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn sum<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let mut sum = None;
    for item in items(arguments, 0)?.iter() {
        frame.charge(1)?;
        if !matches!(
            item.plain(),
            Value::Int(_) | Value::Uint(_) | Value::Double(_) | Value::Duration(_)
        ) {
            return Err(Fault::Overload);
        }
        sum = Some(match sum {
            Some(sum) => arithmetic(frame, Operator::Add, sum, item)?,
            None => item.plain(),
        });
    }
    Ok(sum.unwrap_or(Value::Int(0)))
}

fn min<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    extreme(frame, arguments, Ordering::Less)
}

fn max<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    extreme(frame, arguments, Ordering::Greater)
}

/// The first item that no other is on the wanted side of.
pub(super) fn extreme<'a>(
    frame: &mut Frame<'a>,
    arguments: &[Value<'a>],
    side: Ordering,
) -> Outcome<'a> {
    let mut items = items(arguments, 0)?.iter();
    let mut best = items
        .next()
        .ok_or(Fault::Failed(ErrorKind::InvalidArgument))?;
    order(best, best)?;
    for item in items {
        frame.charge(1)?;
        if order(item, best)? == Some(side) {
            best = item;
        }
    }
    Ok(best)
}

fn distinct<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let mut kept: List<'a, Value<'a>> = List::new_in(frame.arena);
    'items: for item in items(arguments, 0)?.iter() {
        frame.charge(1 + kept.len())?;
        for other in &kept {
            if equal(frame, *other, item)? {
                continue 'items;
            }
        }
        kept.push(item);
    }
    Ok(Value::List(kept.into_bump_slice()))
}

fn flatten<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let depth = match arguments.get(1) {
        Some(_) => argument_int(arguments, 1)?,
        None => 1,
    };
    if depth < 0 {
        return Err(Fault::Failed(ErrorKind::InvalidArgument));
    }
    let mut flat = List::new_in(frame.arena);
    flatten_into(frame, items(arguments, 0)?, depth, &mut flat)?;
    Ok(Value::List(flat.into_bump_slice()))
}

fn flatten_into<'a>(
    frame: &mut Frame<'a>,
    items: Items<'a>,
    depth: i64,
    flat: &mut List<'a, Value<'a>>,
) -> Result<(), Fault> {
    for item in items.iter() {
        frame.charge(1)?;
        match item.items() {
            // Lists nest no deeper than documents and expressions do.
            Some(inner) if depth > 0 => flatten_into(frame, inner, depth - 1, flat)?,
            _ => flat.push(item),
        }
    }
    Ok(())
}

fn slice<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let items = items(arguments, 0)?;
    let position = |at| -> Result<usize, Fault> {
        let position = usize::try_from(argument_int(arguments, at)?).ok();
        let within = position.filter(|&position| position <= items.len());
        within.ok_or(Fault::Failed(ErrorKind::OutOfRange))
    };
    let (start, end) = (position(1)?, position(2)?);
    if start > end {
        return Err(Fault::Failed(ErrorKind::OutOfRange));
    }
    frame.charge(end - start)?;
    let part = items.iter().skip(start).take(end - start);
    Ok(Value::List(
        List::from_iter_in(part, frame.arena).into_bump_slice(),
    ))
}

fn sort<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let mut sorted = List::from_iter_in(items(arguments, 0)?.iter(), frame.arena);
    frame.charge(
        sorted
            .len()
            .saturating_mul(sorted.len().checked_ilog2().unwrap_or(0) as usize + 1),
    )?;
    if let Some(first) = sorted.first().copied() {
        for item in &sorted {
            order(*item, first)?;
        }
    }
    sorted.sort_by(|left, right| {
        order(*left, *right)
            .ok()
            .flatten()
            .unwrap_or(Ordering::Equal)
    });
    Ok(Value::List(sorted.into_bump_slice()))
}

fn first<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let item = items(arguments, 0)?.get(0);
    Ok(Value::Optional(item.map(|item| &*frame.arena.alloc(item))))
}

fn last<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let items = items(arguments, 0)?;
    let item = items
        .len()
        .checked_sub(1)
        .and_then(|position| items.get(position));
    Ok(Value::Optional(item.map(|item| &*frame.arena.alloc(item))))
}

fn range<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let end = argument_int(arguments, 0)?.max(0);
    frame.charge(usize::try_from(end).unwrap_or(usize::MAX))?;
    Ok(Value::List(
        List::from_iter_in((0..end).map(Value::Int), frame.arena).into_bump_slice(),
    ))
}

fn set_contains<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    Ok(Value::Bool(has_all(
        frame,
        arguments[0],
        items(arguments, 1)?,
    )?))
}

fn set_equivalent<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    let (left, right) = (items(arguments, 0)?, items(arguments, 1)?);
    let same = has_all(frame, arguments[0], right)? && has_all(frame, arguments[1], left)?;
    Ok(Value::Bool(same))
}

fn set_intersects<'a>(frame: &mut Frame<'a>, arguments: &[Value<'a>]) -> Outcome<'a> {
    items(arguments, 0)?;
    for item in items(arguments, 1)?.iter() {
        if contains(frame, arguments[0], item)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn has_all<'a>(frame: &mut Frame<'a>, list: Value<'a>, wanted: Items<'a>) -> Result<bool, Fault> {
    if list.items().is_none() {
        return Err(Fault::Overload);
    }
    for item in wanted.iter() {
        frame.charge(1)?;
        if !contains(frame, list, item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

//! Values that stand in for others, and whether there are any.

use gotemplate::{Origin, Signature, Type, Value};

use super::{ANY, ANY_ANYS, ANYS};
use crate::call::{Answer, Call};
use crate::entry::Entry;
use crate::kind::is_empty;

pub(super) const TABLE: &[Entry] = &[
    Entry::new("default", ANY_ANYS, default),
    Entry::new("empty", ANY, empty),
    Entry::new("coalesce", ANYS, coalesce),
    Entry::new("all", ANYS, all),
    Entry::new("any", ANYS, any),
    Entry::new(
        "ternary",
        Signature::new(&[Type::Any, Type::Any, Type::Bool]),
        ternary,
    ),
];

fn default(call: &mut Call<'_>) -> Answer {
    let given = call.arguments.get(1);
    if given.is_some_and(|given| !is_empty(given)) {
        return Ok(call.take(1));
    }
    let decided_by = given.map_or(Origin::NONE, Value::origin);
    let default = call.take(0);
    Ok(call.context.decided(default, decided_by))
}

fn empty(call: &mut Call<'_>) -> Answer {
    Ok(Value::from(is_empty(&call.arguments[0])))
}

fn coalesce(call: &mut Call<'_>) -> Answer {
    let mut decided_by = Origin::NONE;
    for index in 0..call.arguments.len() {
        let value = call.take(index);
        if !is_empty(&value) {
            return Ok(call.context.decided(value, decided_by));
        }
        decided_by = call.context.union(&[decided_by, value.origin()]);
    }
    Ok(Value::nil().with_origin(call.context.mixed(decided_by)))
}

fn all(call: &mut Call<'_>) -> Answer {
    Ok(Value::from(!call.arguments.iter().any(is_empty)))
}

fn any(call: &mut Call<'_>) -> Answer {
    Ok(Value::from(!call.arguments.iter().all(is_empty)))
}

fn ternary(call: &mut Call<'_>) -> Answer {
    let condition = call.take(2);
    let chosen = call.take(usize::from(!condition.is_true()));
    Ok(call.context.decided(chosen, condition.origin()))
}

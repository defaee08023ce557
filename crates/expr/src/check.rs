//! What the operators accept, as far as the text of an expression tells.

use crate::ast::{Expr, Operator};
use crate::types::Types;

/// A checked expression with what it may evaluate to.
pub(crate) struct Typed {
    pub(crate) expr: Expr,
    pub(crate) types: Types,
}

/// What can be the key of a map.
pub(crate) const KEYS: Types = Types::BOOL.or(Types::INT).or(Types::UINT).or(Types::STRING);

const ORDERED: Types = Types::NUMBER
    .or(Types::BOOL)
    .or(Types::STRING)
    .or(Types::BYTES)
    .or(Types::TIMESTAMP)
    .or(Types::DURATION);

/// What a binary operator gives for operands of these types; `None` where it is not defined.
pub(crate) fn binary(operator: Operator, left: Types, right: Types) -> Option<Types> {
    match operator {
        Operator::Equal | Operator::NotEqual => comparable(left, right).then_some(Types::BOOL),
        Operator::Less | Operator::LessEqual | Operator::Greater | Operator::GreaterEqual => {
            let (left, right) = (left.and(ORDERED), right.and(ORDERED));
            let ordered = numbers(left, right) || !left.excludes(right);
            ordered.then_some(Types::BOOL)
        }
        Operator::In => {
            let listed = !right.excludes(Types::LIST);
            let keyed = !right.excludes(Types::MAP.or(Types::HOST))
                && !left.excludes(KEYS.or(Types::DOUBLE));
            (listed || keyed).then_some(Types::BOOL)
        }
        _ => arithmetic(operator, left, right),
    }
}

/// Whether two values can be equal: some type in common, or both numbers, or one `null`.
fn comparable(left: Types, right: Types) -> bool {
    let null = !left.or(right).excludes(Types::NULL);
    null || numbers(left, right) || !left.excludes(right) || objects(left, right)
}

fn numbers(left: Types, right: Types) -> bool {
    !left.excludes(Types::NUMBER) && !right.excludes(Types::NUMBER)
}

/// A host object may stand for a map.
fn objects(left: Types, right: Types) -> bool {
    let object = Types::MAP.or(Types::HOST);
    !left.excludes(object) && !right.excludes(object)
}

fn arithmetic(operator: Operator, left: Types, right: Types) -> Option<Types> {
    let same = match operator {
        Operator::Add => Types::NUMBER
            .or(Types::STRING)
            .or(Types::BYTES)
            .or(Types::LIST)
            .or(Types::DURATION),
        Operator::Subtract => Types::NUMBER.or(Types::DURATION),
        Operator::Modulo => Types::INT.or(Types::UINT),
        _ => Types::NUMBER,
    };
    let mut result = left.and(right).and(same);
    let pairs: &[(Types, Types, Types)] = match operator {
        Operator::Add => &[
            (Types::TIMESTAMP, Types::DURATION, Types::TIMESTAMP),
            (Types::DURATION, Types::TIMESTAMP, Types::TIMESTAMP),
        ],
        Operator::Subtract => &[
            (Types::TIMESTAMP, Types::DURATION, Types::TIMESTAMP),
            (Types::TIMESTAMP, Types::TIMESTAMP, Types::DURATION),
        ],
        _ => &[],
    };
    for (first, second, gives) in pairs {
        if !left.excludes(*first) && !right.excludes(*second) {
            result = result.or(*gives);
        }
    }
    (result != Types::NONE).then_some(result)
}

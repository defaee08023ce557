//! Numbers and equality as JSON Schema has them: 1 and 1.0 are the same, and so are 0.3 and three times 0.1.

use document::{Kind, NodeRef};
use gotemplate::{Data, Value};

/// The number that a node is.
pub(super) fn of_node(node: NodeRef<'_>) -> Option<f64> {
    let whole = node.as_i64().map(|number| number as f64);
    let large = || node.as_u64().map(|number| number as f64);
    whole.or_else(large).or_else(|| node.as_f64())
}

/// The number that a value is.
pub(super) fn of_value(value: &Value) -> Option<f64> {
    match value.data() {
        Data::Int(number, _) => Some(*number as f64),
        Data::Uint(number, _) => Some(*number as f64),
        Data::Float(number) => Some(*number),
        _ => None,
    }
}

/// Whether two nodes are equal.
pub(super) fn are_equal(left: NodeRef<'_>, right: NodeRef<'_>) -> bool {
    match (left.kind(), right.kind()) {
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool, Kind::Bool) => left.as_bool() == right.as_bool(),
        (Kind::String, Kind::String) => left.as_str() == right.as_str(),
        (Kind::Sequence, Kind::Sequence) => {
            let mut pairs = left.items().zip(right.items());
            left.len() == right.len() && pairs.all(|(left, right)| are_equal(left, right))
        }
        (Kind::Mapping, Kind::Mapping) => {
            let has = |entry: document::EntryRef<'_>| {
                let other = right.get_str(entry.name());
                other.is_some_and(|other| are_equal(entry.value, other))
            };
            left.len() == right.len() && left.entries().all(has)
        }
        _ => of_node(left).is_some_and(|number| of_node(right) == Some(number)),
    }
}

/// Whether a value equals a node.
pub(super) fn equals(value: &Value, node: NodeRef<'_>) -> bool {
    match (value.data(), node.kind()) {
        (Data::Nil | Data::Missing, Kind::Null) => true,
        (Data::Bool(value), Kind::Bool) => node.as_bool() == Some(*value),
        (Data::String(value), Kind::String) => node.as_str() == Some(value),
        (Data::List(list), Kind::Sequence) => {
            let mut pairs = list.items().iter().zip(node.items());
            list.len() == node.len() && pairs.all(|(value, node)| equals(value, node))
        }
        (Data::Map(map), Kind::Mapping) => {
            let has = |entry: document::EntryRef<'_>| {
                let value = map.get(entry.name());
                value.is_some_and(|value| equals(&value, entry.value))
            };
            map.len() == node.len() && node.entries().all(has)
        }
        _ => of_value(value).is_some_and(|number| of_node(node) == Some(number)),
    }
}

/// Whether two values are equal.
pub(super) fn are_same(left: &Value, right: &Value) -> bool {
    match (left.data(), right.data()) {
        (Data::Nil | Data::Missing, Data::Nil | Data::Missing) => true,
        (Data::Bool(left), Data::Bool(right)) => left == right,
        (Data::String(left), Data::String(right)) => left == right,
        (Data::List(left), Data::List(right)) => {
            let mut pairs = left.items().iter().zip(right.items());
            left.len() == right.len() && pairs.all(|(left, right)| are_same(left, right))
        }
        (Data::Map(left), Data::Map(right)) => {
            let has = |(key, value): &(std::rc::Rc<str>, Value)| {
                right.get(key).is_some_and(|other| are_same(value, &other))
            };
            left.len() == right.len() && left.entries().iter().all(has)
        }
        _ => of_value(left).is_some_and(|number| of_value(right) == Some(number)),
    }
}

/// Whether a number is a multiple of another one, both taken as the decimals that they print as.
pub(super) fn is_multiple(number: f64, of: f64) -> bool {
    let scaled = |number: f64| -> Option<(u128, u32)> {
        let text = format!("{}", number.abs());
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits = format!("{whole}{fraction}").parse().ok()?;
        Some((digits, fraction.len() as u32))
    };
    let exact = || {
        let ((left, left_scale), (right, right_scale)) = (scaled(number)?, scaled(of)?);
        let scale = left_scale.max(right_scale);
        let scaled_up =
            |digits: u128, from: u32| digits.checked_mul(10_u128.checked_pow(scale - from)?);
        let (left, right) = (scaled_up(left, left_scale)?, scaled_up(right, right_scale)?);
        left.checked_rem(right).map(|rest| rest == 0)
    };
    exact().unwrap_or_else(|| number % of == 0.0)
}

#[cfg(test)]
mod tests {
    use super::is_multiple;

    #[test]
    fn multiples_are_those_of_decimals() {
        for (number, of, expected) in [
            (0.3, 0.1, true),
            (4.0, 2.0, true),
            (7.5, 2.5, true),
            (7.0, 2.0, false),
            (0.0001, 0.0002, false),
            (-9.0, 3.0, true),
            (1e300, 2.0, true),
            (0.0, 5.0, true),
        ] {
            assert_eq!(is_multiple(number, of), expected, "{number} of {of}");
        }
    }
}

//! Keywords that look at the value itself, and at no other schema.

use document::NodeRef;

use super::Keyword;
use crate::schema::draft::Draft;
use crate::schema::format::{Format, Regex};
use crate::schema::{Wrong, decimal, shape};

/// A keyword of a number.
type Made<'s> = fn(f64) -> Keyword<'s>;

/// What is demanded of the value itself.
pub(super) fn own<'s>(node: NodeRef<'s>, draft: Draft, into: &mut Vec<Keyword<'s>>) {
    if let Some(types) = node.get_str("type") {
        let single = types.as_str().and_then(shape::type_bit).unwrap_or(0);
        let listed = types
            .items()
            .filter_map(NodeRef::as_str)
            .filter_map(shape::type_bit);
        into.push(Keyword::Types(
            listed.fold(single, |types, bit| types | bit),
        ));
    }
    if draft >= Draft::D6 {
        into.extend(node.get_str("const").map(Keyword::Const));
    }
    into.extend(node.get_str("enum").map(Keyword::Enum));
    if draft < Draft::D2019 {
        let format = node.get_str("format").and_then(NodeRef::as_str);
        into.extend(format.and_then(Format::of).map(Keyword::Format));
    }
    let counts: [(&str, Made<'s>); 7] = [
        ("minProperties", Keyword::MinProperties),
        ("maxProperties", Keyword::MaxProperties),
        ("minItems", Keyword::MinItems),
        ("maxItems", Keyword::MaxItems),
        ("minLength", Keyword::MinLength),
        ("maxLength", Keyword::MaxLength),
        ("multipleOf", Keyword::MultipleOf),
    ];
    for (key, keyword) in counts {
        into.extend(number(node, key).map(keyword));
    }
    limits(node, into);
    if let Some(required) = node.get_str("required") {
        into.push(Keyword::Required(texts(required)));
    }
    if flag(node, "uniqueItems") {
        into.push(Keyword::UniqueItems);
    }
}

/// In draft 4 a limit is made exclusive by a boolean beside it.
fn limits<'s>(node: NodeRef<'s>, into: &mut Vec<Keyword<'s>>) {
    if let Some(limit) = number(node, "minimum") {
        into.push(if flag(node, "exclusiveMinimum") {
            Keyword::ExclusiveMinimum(limit)
        } else {
            Keyword::Minimum(limit)
        });
    }
    if let Some(limit) = number(node, "maximum") {
        into.push(if flag(node, "exclusiveMaximum") {
            Keyword::ExclusiveMaximum(limit)
        } else {
            Keyword::Maximum(limit)
        });
    }
    into.extend(number(node, "exclusiveMinimum").map(Keyword::ExclusiveMinimum));
    into.extend(number(node, "exclusiveMaximum").map(Keyword::ExclusiveMaximum));
}

pub(super) fn number(node: NodeRef<'_>, key: &str) -> Option<f64> {
    node.get_str(key).and_then(decimal::of_node)
}

pub(super) fn flag(node: NodeRef<'_>, key: &str) -> bool {
    node.get_str(key).and_then(NodeRef::as_bool) == Some(true)
}

pub(super) fn texts(node: NodeRef<'_>) -> Vec<&str> {
    node.items().filter_map(NodeRef::as_str).collect()
}

pub(super) fn regex(pattern: &str, span: document::Span) -> Result<Regex, Wrong> {
    Regex::new(pattern).ok_or_else(|| {
        Wrong::new(
            format!("'{pattern}' is no regular expression, or a very large one"),
            span,
        )
    })
}

//! Whether a schema is one: what the metaschema of each draft demands of the keywords.

mod keywords;

use document::{Kind, NodeRef};

use super::draft::Draft;
use super::format;
use super::{Wrong, decimal};
use Draft::{D4, D2019, D2020};
use keywords::{KEYWORDS, Shape};

type Checked = Result<(), Wrong>;

/// Fails where a schema, or one inside of it, is none. Schemas with a draft of their own are held to that.
pub(super) fn check(schema: NodeRef<'_>, draft: Draft) -> Checked {
    match schema.kind() {
        Kind::Bool if draft > D4 => return Ok(()),
        Kind::Mapping => {}
        _ => {
            let what = if draft == D4 {
                "a mapping"
            } else {
                "a mapping or a boolean"
            };
            return fail(schema, format!("a schema must be {what}"));
        }
    }
    let draft = own_draft(schema).unwrap_or(draft);
    for entry in schema.entries() {
        let name = entry.name();
        let known = KEYWORDS
            .iter()
            .find(|(known, _, first, last)| *known == name && (*first..=*last).contains(&draft));
        let Some((_, shape, ..)) = known else {
            continue;
        };
        // Draft 4 has no boolean schemas but here.
        let is_plain = matches!(name, "additionalProperties" | "additionalItems")
            && entry.value.kind() == Kind::Bool;
        if !is_plain {
            keyword(name, *shape, entry.value, draft)?;
        }
    }
    if draft == D4 {
        for (key, needed) in [
            ("exclusiveMaximum", "maximum"),
            ("exclusiveMinimum", "minimum"),
        ] {
            if let (Some(node), None) = (schema.get_str(key), schema.get_str(needed)) {
                return fail(node, format!("{key} needs {needed} beside it"));
            }
        }
    }
    Ok(())
}

/// The draft of a schema inside of another one, if it is a resource of its own.
fn own_draft(schema: NodeRef<'_>) -> Option<Draft> {
    let draft = Draft::of(schema.get_str("$schema")?.as_str()?)?;
    let id = schema.get_str(draft.id_key())?.as_str()?;
    (!id.is_empty() && !id.starts_with('#')).then_some(draft)
}

fn fail(node: NodeRef<'_>, message: impl Into<String>) -> Checked {
    Err(Wrong::new(message, node.place().span))
}

fn hold(holds: bool, name: &str, what: &str, node: NodeRef<'_>) -> Checked {
    if holds {
        return Ok(());
    }
    fail(node, format!("{name} must be {what}"))
}

fn keyword(name: &str, shape: Shape, node: NodeRef<'_>, draft: Draft) -> Checked {
    let kind = node.kind();
    let text = node.as_str();
    let is_number = matches!(kind, Kind::Int | Kind::Uint | Kind::Float);
    match shape {
        Shape::Schemas => schemas(name, node, draft),
        Shape::SchemaOrSchemas if kind == Kind::Sequence => schemas(name, node, draft),
        Shape::Schema | Shape::SchemaOrSchemas => check(node, draft),
        Shape::SchemaMap | Shape::PatternMap => {
            hold(kind == Kind::Mapping, name, "a mapping", node)?;
            for entry in node.entries() {
                let is_pattern = shape != Shape::PatternMap || format::is_regex(entry.name());
                hold(
                    is_pattern,
                    name,
                    "a mapping of regular expressions",
                    entry.value,
                )?;
                check(entry.value, draft)?;
            }
            Ok(())
        }
        Shape::Dependencies | Shape::TextsMap => {
            hold(kind == Kind::Mapping, name, "a mapping", node)?;
            for entry in node.entries() {
                let is_list = entry.value.kind() == Kind::Sequence;
                if is_list || shape == Shape::TextsMap {
                    texts(name, entry.value, draft)?;
                } else {
                    check(entry.value, draft)?;
                }
            }
            Ok(())
        }
        Shape::Text => hold(text.is_some(), name, "text", node),
        Shape::Uri => hold(text.is_some_and(format::is_uri), name, "a URI", node),
        Shape::UriReference => {
            let holds = text.is_some_and(format::is_uri_reference);
            hold(holds, name, "a reference to a URI", node)
        }
        Shape::Id => {
            let is_plain = |text: &str| !text.strip_suffix('#').unwrap_or(text).contains('#');
            let holds = text.is_some_and(|text| is_plain(text) && format::is_uri_reference(text));
            hold(holds, name, "a reference without a fragment", node)
        }
        Shape::Anchor => hold(text.is_some_and(is_anchor(draft)), name, "a name", node),
        Shape::Regex => hold(
            text.is_some_and(format::is_regex),
            name,
            "a regular expression",
            node,
        ),
        Shape::Bool => hold(kind == Kind::Bool, name, "a boolean", node),
        Shape::Limit if draft == D4 => hold(kind == Kind::Bool, name, "a boolean", node),
        Shape::Limit | Shape::Number => hold(is_number, name, "a number", node),
        Shape::Positive => {
            let holds = is_number && decimal::of_node(node).is_some_and(|it| it > 0.0);
            hold(holds, name, "a number above 0", node)
        }
        Shape::Count => {
            let is_whole = |number: f64| number >= 0.0 && number.fract() == 0.0;
            let holds = is_number && decimal::of_node(node).is_some_and(is_whole);
            hold(holds, name, "a whole number that is not negative", node)
        }
        Shape::Texts => texts(name, node, draft),
        Shape::Types => types(name, node),
        Shape::Enum => {
            hold(kind == Kind::Sequence, name, "a list", node)?;
            let is_strict = draft < D2019;
            hold(
                !is_strict || !node.is_empty(),
                name,
                "a list that is not empty",
                node,
            )?;
            hold(
                !is_strict || are_unique(node),
                name,
                "a list of different values",
                node,
            )
        }
        Shape::List => hold(kind == Kind::Sequence, name, "a list", node),
        Shape::Vocabulary => {
            let mut entries = node.entries();
            let holds = entries.all(|entry| entry.value.kind() == Kind::Bool);
            hold(
                kind == Kind::Mapping && holds,
                name,
                "a mapping to booleans",
                node,
            )
        }
    }
}

fn schemas(name: &str, node: NodeRef<'_>, draft: Draft) -> Checked {
    let is_list = node.kind() == Kind::Sequence && !node.is_empty();
    hold(is_list, name, "a list of at least one schema", node)?;
    node.items().try_for_each(|item| check(item, draft))
}

fn texts(name: &str, node: NodeRef<'_>, draft: Draft) -> Checked {
    let are_texts = node.items().all(|item| item.as_str().is_some());
    let is_list = node.kind() == Kind::Sequence && are_texts;
    hold(is_list, name, "a list of texts", node)?;
    hold(
        draft > D4 || !node.is_empty(),
        name,
        "a list of at least one text",
        node,
    )?;
    hold(are_unique(node), name, "a list of different texts", node)
}

fn types(name: &str, node: NodeRef<'_>) -> Checked {
    let is_type = |node: NodeRef<'_>| node.as_str().is_some_and(|text| type_bit(text).is_some());
    let holds = if node.kind() == Kind::Sequence {
        !node.is_empty() && node.items().all(is_type) && are_unique(node)
    } else {
        is_type(node)
    };
    hold(
        holds,
        name,
        "a type such as 'string', or a list of them",
        node,
    )
}

/// One bit for each type.
pub(super) fn type_bit(name: &str) -> Option<u8> {
    let names = [
        "null", "boolean", "number", "integer", "string", "array", "object",
    ];
    let index = names.iter().position(|known| *known == name)?;
    Some(1 << index)
}

fn is_anchor(draft: Draft) -> impl Fn(&str) -> bool {
    move |text| {
        let is_first = |byte: u8| byte.is_ascii_alphabetic() || (draft >= D2020 && byte == b'_');
        let is_other = |byte: u8| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'-' | b'.' | b'_')
                || (draft < D2020 && byte == b':')
        };
        let bytes = text.as_bytes();
        bytes.first().is_some_and(|&byte| is_first(byte))
            && bytes.iter().all(|&byte| is_other(byte))
    }
}

/// Whether no two items are equal. Long lists are taken to be: they only cost time.
fn are_unique(node: NodeRef<'_>) -> bool {
    const LONGEST: usize = 2000;
    let items: Vec<_> = node.items().take(LONGEST).collect();
    if items.iter().all(|item| item.as_str().is_some()) {
        let mut texts: Vec<_> = items.iter().filter_map(|item| item.as_str()).collect();
        texts.sort_unstable();
        return texts.windows(2).all(|pair| pair[0] != pair[1]);
    }
    let is_new = |(index, item): (usize, &NodeRef<'_>)| {
        !items[..index]
            .iter()
            .any(|other| decimal::are_equal(*other, *item))
    };
    items.iter().enumerate().all(is_new)
}

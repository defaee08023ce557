//! Paths of `replacements` and `vars` into objects: `spec.containers.[name=web].image`.

use regex::Regex;

use crate::error::{Result, transform};
use crate::field_walk::split_path;
use crate::origin::At;
use crate::tree::{Node, Value, entry_mut};

/// Splits a field path at dots; brackets protect them.
pub(crate) fn split_field_path(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut pieces = split_path(path, '.').into_iter();
    while let Some(piece) = pieces.next() {
        if !piece.starts_with('[') || piece.ends_with(']') {
            parts.push(piece);
            continue;
        }
        let mut whole = piece;
        for next in pieces.by_ref() {
            let is_last = next.ends_with(']');
            whole.push('.');
            whole.push_str(&next);
            if is_last {
                break;
            }
        }
        if whole.contains('=') {
            parts.push(whole);
        } else {
            parts.push(whole.trim_matches(['[', ']']).to_owned());
        }
    }
    parts
}

/// `[name=value]`: the field and the pattern.
fn element(part: &str) -> Option<(&str, &str)> {
    let inner = part.strip_prefix('[')?.strip_suffix(']')?;
    inner.split_once('=')
}

/// The node that a path without patterns leads to.
pub(crate) fn lookup<'n>(node: &'n mut Node, path: &[String]) -> Option<&'n mut Node> {
    let mut node = node;
    for part in path {
        node = match &mut node.value {
            Value::List(items) => match element(part) {
                Some((field, wanted)) => items.iter_mut().find(|item| {
                    let text = if field.is_empty() {
                        item.scalar_text()
                    } else {
                        item.text_at(&[field])
                    };
                    text == Some(wanted)
                })?,
                None if part == "-" => items.last_mut()?,
                None => items.get_mut(part.parse::<usize>().ok()?)?,
            },
            Value::Map(entries) => entry_mut(entries, part)?,
            _ => return None,
        };
    }
    Some(node)
}

/// Calls `set` with every node that a path leads to; what is missing is made where `create` has a value.
pub(crate) fn each(
    node: &mut Node,
    path: &[String],
    create: Option<&Node>,
    set: &mut dyn FnMut(&mut Node) -> Result<()>,
) -> Result<()> {
    let Some((part, rest)) = path.split_first() else {
        return set(node);
    };
    let at = node.at;
    if part.parse::<usize>().is_ok() && matches!(node.value, Value::List(_)) {
        return each_index(node, path, create, set);
    }
    if let Some((field, pattern)) = element(part) {
        return each_element(node, (field, pattern), rest, create, set);
    }
    if part == "*" {
        let Value::List(items) = &mut node.value else {
            return Err(transform("'*' needs a list"));
        };
        return items
            .iter_mut()
            .try_for_each(|item| each(item, rest, create, set));
    }
    if node.is_null() && create.is_some() {
        node.value = Value::Map(Vec::new());
    }
    if !matches!(node.value, Value::Map(_)) {
        return Err(transform(format!("'{part}' needs a mapping")));
    }
    if let Some(value) = create.filter(|_| node.get(part).is_none()) {
        node.set(part, empty_for(rest, value, at));
    }
    match node.get_mut(part) {
        Some(next) => each(next, rest, create, set),
        None => Ok(()),
    }
}

fn each_index(
    node: &mut Node,
    path: &[String],
    create: Option<&Node>,
    set: &mut dyn FnMut(&mut Node) -> Result<()>,
) -> Result<()> {
    let at = node.at;
    let (Some((part, rest)), Value::List(items)) = (path.split_first(), &mut node.value) else {
        return Ok(());
    };
    let index: usize = part.parse().unwrap_or(usize::MAX);
    if let Some(value) = create.filter(|_| index == items.len()) {
        items.push(empty_for(rest, value, at));
    }
    let length = items.len();
    match items.get_mut(index) {
        Some(item) => each(item, rest, create, set),
        None => Err(transform(format!(
            "there is no item {index}, only {length}"
        ))),
    }
}

fn each_element(
    node: &mut Node,
    (field, pattern): (&str, &str),
    rest: &[String],
    create: Option<&Node>,
    set: &mut dyn FnMut(&mut Node) -> Result<()>,
) -> Result<()> {
    let regex = regex::RegexBuilder::new(pattern)
        .size_limit(1 << 20)
        .build();
    let regex: Regex =
        regex.map_err(|_| transform(format!("'{pattern}' is no regular expression")))?;
    let at = node.at;
    if node.is_null() && create.is_some() {
        node.value = Value::List(Vec::new());
    }
    let Value::List(items) = &mut node.value else {
        return Err(transform(format!("'[{field}={pattern}]' needs a list")));
    };
    let fits = |item: &Node| {
        let text = if field.is_empty() {
            item.scalar_text()
        } else {
            item.text_at(&[field])
        };
        text.is_some_and(|text| regex.is_match(text.trim()))
    };
    if create.is_some() && !items.iter().any(fits) {
        let mut item = Node::plain(pattern, at);
        if !field.is_empty() {
            item = Node::map(at);
            item.set(field, Node::plain(pattern, at));
        }
        items.push(item);
    }
    items
        .iter_mut()
        .filter(|item| fits(item))
        .try_for_each(|item| each(item, rest, create, set))
}

/// What stands in for a missing field until the rest of the path is set.
fn empty_for(rest: &[String], value: &Node, at: At) -> Node {
    let value = match rest.first() {
        None if value.is_scalar() => Value::Null(false),
        Some(next) if element(next).is_some() || next.parse::<usize>().is_ok() => {
            Value::List(Vec::new())
        }
        _ => Value::Map(Vec::new()),
    };
    Node::new(value, at)
}

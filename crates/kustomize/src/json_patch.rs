//! JSON patches (RFC 6902), as Kustomize applies them: a path that is missing is an error, an index may be negative.

use crate::error::{ErrorKind, Result, transform};
use crate::tree::{Node, Value, entry_mut};

/// One operation of a patch.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    action: Action,
    path: Vec<String>,
}

#[derive(Clone, Debug)]
enum Action {
    Add(Node),
    Remove,
    Replace(Node),
    Move(Vec<String>),
    Copy(Vec<String>),
    Test(Node),
}

/// The operations of a list; `None` when a node is no JSON patch.
pub(crate) fn parse(node: &Node) -> Option<Vec<Operation>> {
    let Value::List(items) = &node.value else {
        return None;
    };
    items.iter().map(operation).collect()
}

fn operation(node: &Node) -> Option<Operation> {
    let path = pointer(node.get("path")?.as_str()?);
    let value = || {
        let value = node.get("value").cloned();
        value.unwrap_or_else(|| Node::new(Value::Null(true), node.at))
    };
    let from = || Some(pointer(node.get("from")?.as_str()?));
    let action = match node.get("op")?.as_str()? {
        "add" => Action::Add(value()),
        "remove" => Action::Remove,
        "replace" => Action::Replace(value()),
        "move" => Action::Move(from()?),
        "copy" => Action::Copy(from()?),
        "test" => Action::Test(value()),
        _ => return None,
    };
    Some(Operation { action, path })
}

fn pointer(text: &str) -> Vec<String> {
    let parts = text.split('/').skip(1);
    parts
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// Bytes that the copies of one patch may take: each could double the object.
const COPIED: usize = 64 << 20;

/// Applies operations in their order.
pub(crate) fn apply(root: &mut Node, operations: &[Operation]) -> Result<()> {
    let mut left = COPIED;
    for operation in operations {
        let path = &operation.path;
        match &operation.action {
            Action::Add(value) => add(root, path, value.clone())?,
            Action::Remove => drop(remove(root, path)?),
            Action::Replace(value) => {
                let found = find(root, path).ok_or_else(|| missing("replace", path))?;
                *found = value.clone();
            }
            Action::Move(from) => {
                let value = remove(root, from)?;
                add(root, path, value)?;
            }
            Action::Copy(from) => {
                let value = find(root, from).ok_or_else(|| missing("copy", from))?;
                let rest = left.checked_sub(value.weight());
                left = rest.ok_or_else(|| ErrorKind::TooLarge("copies of a patch".to_owned()))?;
                let value = value.clone();
                add(root, path, value)?;
            }
            Action::Test(value) => test(root, path, value)?,
        }
    }
    Ok(())
}

fn missing(what: &str, path: &[String]) -> crate::error::Error {
    transform(format!(
        "JSON patch: cannot {what} '/{}': it is not there",
        path.join("/")
    ))
}

fn index(text: &str, length: usize) -> Option<usize> {
    let number: i64 = text.parse().ok()?;
    if number < 0 {
        length.checked_sub(usize::try_from(number.unsigned_abs()).ok()?)
    } else {
        usize::try_from(number).ok()
    }
}

fn find<'n>(root: &'n mut Node, path: &[String]) -> Option<&'n mut Node> {
    let mut node = root;
    for part in path {
        node = match &mut node.value {
            Value::List(items) => {
                let at = index(part, items.len())?;
                items.get_mut(at)?
            }
            Value::Map(entries) => entry_mut(entries, part)?,
            _ => return None,
        };
    }
    Some(node)
}

fn add(root: &mut Node, path: &[String], value: Node) -> Result<()> {
    let Some((last, parents)) = path.split_last() else {
        *root = value;
        return Ok(());
    };
    let error = || missing("add", path);
    let parent = find(root, parents).ok_or_else(error)?;
    match &mut parent.value {
        Value::Map(_) => parent.set(last, value),
        Value::List(items) if last == "-" => items.push(value),
        Value::List(items) => {
            // An addition may go behind the last item, and -1 means there.
            let at = index(last, items.len() + 1).filter(|&at| at <= items.len());
            items.insert(at.ok_or_else(error)?, value);
        }
        _ => return Err(error()),
    }
    Ok(())
}

fn remove(root: &mut Node, path: &[String]) -> Result<Node> {
    let error = || missing("remove", path);
    let (last, parents) = path.split_last().ok_or_else(error)?;
    let parent = find(root, parents).ok_or_else(error)?;
    match &mut parent.value {
        Value::Map(_) => parent.remove(last).ok_or_else(error),
        Value::List(items) => {
            let at = index(last, items.len()).filter(|&at| at < items.len());
            Ok(items.remove(at.ok_or_else(error)?))
        }
        _ => Err(error()),
    }
}

fn test(root: &mut Node, path: &[String], wanted: &Node) -> Result<()> {
    let found = find(root, path);
    let is_same = match found {
        Some(found) => found.is_same(wanted),
        None => wanted.is_null(),
    };
    if is_same {
        return Ok(());
    }
    let path = path.join("/");
    Err(transform(format!(
        "JSON patch: the test of '/{path}' fails"
    )))
}

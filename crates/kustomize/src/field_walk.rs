//! The walk to the fields that a specification names.

use crate::error::{Result, transform};
use crate::field_spec::FieldSpec;
use crate::origin::At;
use crate::resource::Resource;
use crate::tree::{Node, Value};

/// Splits a path at a delimiter that no backslash stands before.
pub(crate) fn split_path(path: &str, delimiter: char) -> Vec<String> {
    let path = path.strip_prefix(delimiter).unwrap_or(path);
    let mut parts: Vec<String> = Vec::new();
    let mut goes_on = false;
    for part in path.split(delimiter) {
        match parts.last_mut() {
            Some(last) if goes_on => {
                last.pop();
                last.push(delimiter);
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
        goes_on = parts.last().is_some_and(|last| last.ends_with('\\'));
    }
    parts
}

/// What is made where a field is missing and may be created.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Create {
    Nothing,
    Scalar,
    Map,
}

/// Calls `set` with every node of an object that a field specification leads to.
pub(crate) fn visit(
    resource: &mut Resource,
    spec: &FieldSpec,
    create: Create,
    at: At,
    set: &mut dyn FnMut(&mut Node) -> Result<()>,
) -> Result<()> {
    if !resource.gvk().is_selected(&spec.gvk) {
        return Ok(());
    }
    let create = if spec.create { create } else { Create::Nothing };
    let path = split_path(&spec.path, '/');
    let walk = Walk { create, at };
    let done = walk.run(&mut resource.node, &path, set);
    done.map_err(|mut error| {
        if error.place.is_none() {
            let id = resource.id().text();
            error = transform(format!("field '{}' of {id}: {}", spec.path, error.kind));
        }
        error
    })
}

#[derive(Clone, Copy)]
struct Walk {
    create: Create,
    at: At,
}

impl Walk {
    fn run(
        self,
        node: &mut Node,
        path: &[String],
        set: &mut dyn FnMut(&mut Node) -> Result<()>,
    ) -> Result<()> {
        let Some((name, rest)) = path.split_first() else {
            return set(node);
        };
        match &mut node.value {
            Value::Null(_) => Ok(()),
            Value::List(items) => items
                .iter_mut()
                .try_for_each(|item| self.run(item, path, set)),
            Value::Map(_) => self.enter(node, name, rest, set),
            _ => Err(transform("expected a mapping or a list on the way")),
        }
    }

    fn enter(
        self,
        node: &mut Node,
        name: &str,
        rest: &[String],
        set: &mut dyn FnMut(&mut Node) -> Result<()>,
    ) -> Result<()> {
        let (name, is_list) = match name.strip_suffix("[]") {
            Some(shorter) => (shorter, true),
            None => (name, false),
        };
        if name.is_empty() {
            return Err(transform("a field name is empty"));
        }
        let made = match self.create {
            Create::Nothing => None,
            _ if is_list => None,
            Create::Scalar if rest.is_empty() => Some(Value::Null(false)),
            _ => Some(Value::Map(Vec::new())),
        };
        if let Some(made) = made {
            match node.get_mut(name) {
                None => node.set(name, Node::new(made, self.at)),
                Some(there) if there.is_null() => there.value = made,
                Some(_) => {}
            }
        } else if is_list {
            // Kustomize turns a null where it expects a list into an empty list.
            if let Some(there) = node.get_mut(name).filter(|there| there.is_null()) {
                there.value = Value::List(Vec::new());
            }
        }
        match node.get_mut(name) {
            Some(next) => self.run(next, rest, set),
            None => Ok(()),
        }
    }
}

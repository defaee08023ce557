//! `vars`: texts such as `$(NAME)` in some fields stand for the value of a field of another object.

use std::collections::BTreeMap;

use crate::error::{Result, transform};
use crate::field_path::{lookup, split_field_path};
use crate::field_spec::FieldSpec;
use crate::field_walk::{Create, visit};
use crate::origin::{At, Origins};
use crate::resource::{Gvk, Id};
use crate::resources::Resources;
use crate::tree::{Node, Value};

/// One entry of `vars`.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    name: String,
    object: Id,
    field: String,
}

/// The variables of a build.
pub(crate) type Variables = BTreeMap<String, Variable>;

impl Variable {
    pub(crate) fn parse(entry: &Node) -> Self {
        let text = |path: &[&str]| entry.text_at(path).unwrap_or_default().to_owned();
        let reference = entry.get("objref");
        let mut gvk = reference
            .map(crate::field_spec::parse_gvk)
            .unwrap_or_default();
        let api_version = text(&["objref", "apiVersion"]);
        if !api_version.is_empty() {
            let parsed = Gvk::new(&api_version, &gvk.kind);
            gvk.version = parsed.version;
            if !parsed.group.is_empty() {
                gvk.group = parsed.group;
            }
        }
        let field = text(&["fieldref", "fieldPath"]);
        Variable {
            name: text(&["name"]),
            object: Id {
                gvk,
                name: text(&["objref", "name"]),
                namespace: text(&["objref", "namespace"]),
                is_cluster_scoped: false,
            },
            field: if field.is_empty() {
                "metadata.name".to_owned()
            } else {
                field
            },
        }
    }
}

/// Adds variables and marks the objects that they mean.
pub(crate) fn declare(
    resources: &mut Resources,
    all: &mut Variables,
    new: Vec<Variable>,
) -> Result<()> {
    for variable in &new {
        let object = &variable.object;
        let matches = resources.positions(|id| {
            id.name == object.name
                && id.gvk == object.gvk
                && (object.namespace.is_empty()
                    || id.effective_namespace() == object.effective_namespace())
        });
        match matches[..] {
            [] => {}
            [at] => resources.list[at].variables.push(variable.name.clone()),
            _ => {
                let name = &variable.name;
                return Err(transform(format!("var '{name}' may mean several objects")));
            }
        }
    }
    merge(all, new)
}

/// Adds variables; one that is there already is an error.
pub(crate) fn merge(all: &mut Variables, new: Vec<Variable>) -> Result<()> {
    for variable in new {
        let name = variable.name.clone();
        if all.insert(name.clone(), variable).is_some() {
            return Err(transform(format!("var '{name}' is there twice")));
        }
    }
    Ok(())
}

/// Puts the values of the variables into the fields that may refer to them.
pub(crate) fn resolve(
    resources: &mut Resources,
    all: &Variables,
    specs: &[FieldSpec],
    origins: &mut Origins,
) -> Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    let mut values = BTreeMap::new();
    for variable in all.values() {
        values.insert(variable.name.clone(), value_of(resources, variable)?);
    }
    for resource in &mut resources.list {
        for spec in specs {
            let at = resource.node.at;
            visit(resource, spec, Create::Nothing, at, &mut |node| {
                set(node, &values, origins)
            })?;
        }
    }
    Ok(())
}

fn value_of(resources: &mut Resources, variable: &Variable) -> Result<Node> {
    let name = &variable.name;
    let is_meant = |resource: &&mut crate::resource::Resource| resource.variables.contains(name);
    let Some(resource) = resources.list.iter_mut().find(is_meant) else {
        return Err(transform(format!(
            "var '{name}' means no object of this build"
        )));
    };
    let path: Vec<String> = split_field_path(&variable.field)
        .into_iter()
        .flat_map(|part| match part.split_once('[') {
            Some((head, index)) if !head.is_empty() && index.ends_with(']') => {
                vec![head.to_owned(), index.trim_end_matches(']').to_owned()]
            }
            _ => vec![part],
        })
        .collect();
    let found = lookup(&mut resource.node, &path).filter(|found| !found.is_null());
    let Some(found) = found else {
        let field = &variable.field;
        return Err(transform(format!(
            "var '{name}': its object has no '{field}'"
        )));
    };
    Ok(found.clone())
}

fn set(node: &mut Node, values: &BTreeMap<String, Node>, origins: &mut Origins) -> Result<()> {
    let mut expand = |node: &mut Node| {
        let Some(text) = node.as_str().filter(|text| text.contains('$')) else {
            return;
        };
        let (value, from) = replaced(text, values);
        if let Some(from) = from {
            node.at = origins.derived(node.at, document::Role::Value, from);
        }
        node.value = value;
    };
    match &mut node.value {
        Value::Null(_) => {}
        Value::Map(entries) => entries
            .iter_mut()
            .for_each(|entry| expand(&mut entry.value)),
        Value::List(items) => {
            for item in items {
                if item.as_str().is_none() {
                    return Err(transform(
                        "expected a text in a list that may refer to vars",
                    ));
                }
                expand(item);
            }
        }
        _ => expand(node),
    }
    Ok(())
}

/// The text with its references replaced; a text that is one reference becomes the value itself.
fn replaced(text: &str, values: &BTreeMap<String, Node>) -> (Value, Option<At>) {
    let scalar = |name: &str| values.get(name).filter(|value| value.is_scalar());
    let whole = text
        .strip_prefix("$(")
        .and_then(|rest| rest.strip_suffix(')'));
    if let Some(value) = whole.filter(|name| !name.contains(')')).and_then(scalar) {
        return (value.value.clone(), Some(value.at));
    }
    let mut out = String::with_capacity(text.len());
    let mut from = None;
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        if let Some(after) = tail.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let reference = tail.strip_prefix('(').and_then(|tail| tail.split_once(')'));
        let Some((name, after)) = reference else {
            out.push('$');
            rest = tail;
            continue;
        };
        if let Some(value) = scalar(name) {
            out.push_str(value.scalar_text().unwrap_or_default());
            from = Some(value.at);
        } else {
            out.push_str(&format!("$({name})"));
        }
        rest = after;
    }
    out.push_str(rest);
    (Value::Str(out.into()), from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_expanded_as_kubernetes_does() {
        let mut origins = Origins::default();
        let source = origins.source(&document::Source::new("a", ""));
        let at = origins.add(source, &(0..0), None);
        let values = [("A", "x"), ("REF", "$(A)"), ("EMPTY", "")];
        let values = values.map(|(name, text)| (name.to_owned(), Node::text(text, at)));
        let values = BTreeMap::from(values);
        let check = |text: &str, expected: &str| {
            let (value, _) = replaced(text, &values);
            assert_eq!(Node::new(value, at).as_str(), Some(expected), "{text}");
        };
        check("$(A)", "x");
        check("a$(A)-$(A)b", "ax-xb");
        check("$$(A)_$(A)", "$(A)_x");
        check("$(REF)", "$(A)");
        check("$(B)", "$(B)");
        check("foo$(EMPTY)bar", "foobar");
        check("$(A", "$(A");
        check("$A$", "$A$");
        check("$$$$$$$(A)", "$$$x");
        check("$(A$(A))", "$(A$(A))");
    }
}

//! The transformations that set fields of every object: names, namespaces, labels, annotations and replicas.

use crate::error::{ErrorKind, Result, transform};
use crate::field_spec::FieldSpec;
use crate::field_walk::{Create, visit};
use crate::origin::{At, Origins};
use crate::resource::{Gvk, Resource};
use crate::resources::Resources;
use crate::tree::{Node, Value};

/// Which end of a name is added to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    Prefix,
    Suffix,
}

/// The subjects of role bindings that get a new namespace.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Subjects {
    /// Those named `default`.
    #[default]
    Default,
    /// All service accounts.
    All,
    /// None.
    None,
}

/// Adds a prefix or a suffix.
pub(crate) fn affix(
    resources: &mut Resources,
    end: End,
    affix: &Node,
    specs: &[FieldSpec],
    origins: &mut Origins,
) -> Result<()> {
    let text = affix.scalar_text().unwrap_or_default();
    for resource in &mut resources.list {
        let original = resource.original_id().gvk;
        if keeps_its_name(&original) {
            continue;
        }
        for spec in specs {
            if !original.is_selected(&spec.gvk) {
                continue;
            }
            if spec.path == "metadata/name" && !text.is_empty() {
                match end {
                    End::Prefix => resource.prefixes.push(text.to_owned()),
                    End::Suffix => resource.suffixes.push(text.to_owned()),
                }
                resource.remember();
            }
            visit(resource, spec, Create::Scalar, affix.at, &mut |node| {
                let old = node.scalar_text().ok_or_else(not_a_scalar)?;
                let new = match end {
                    End::Prefix => format!("{text}{old}"),
                    End::Suffix => format!("{old}{text}"),
                };
                let at = origins.derived(affix.at, document::Role::Base, node.at);
                *node = Node::text(&new, at);
                Ok(())
            })?;
        }
    }
    Ok(())
}

pub(crate) fn not_a_scalar() -> crate::error::Error {
    transform("expected a scalar")
}

/// The kinds whose names mean something to others.
fn keeps_its_name(gvk: &Gvk) -> bool {
    match gvk.kind.as_str() {
        "CustomResourceDefinition" | "Namespace" => true,
        "APIService" => gvk.group == "apiregistration.k8s.io",
        _ => false,
    }
}

/// Sets the namespace of all objects that have one, and of what names it.
pub(crate) fn namespace(
    resources: &mut Resources,
    namespace: &Node,
    specs: &[FieldSpec],
    subjects: Subjects,
    unset_only: bool,
    origins: &mut Origins,
) -> Result<()> {
    let text = namespace.scalar_text().unwrap_or_default().to_owned();
    let mut set = |node: &mut Node| {
        if !node.is_scalar() {
            return Err(transform("namespace field specs must target scalars"));
        }
        if unset_only && node.scalar_text().is_some_and(|text| !text.is_empty()) {
            return Ok(());
        }
        let at = origins.derived(namespace.at, document::Role::Base, node.at);
        *node = Node::text(&text, at);
        Ok(())
    };
    for resource in &mut resources.list {
        resource.remember();
        let gvk = resource.gvk();
        if !gvk.is_cluster_scoped() {
            let own = FieldSpec {
                gvk: Gvk::default(),
                path: "metadata/namespace".to_owned(),
                create: true,
            };
            visit(resource, &own, Create::Scalar, namespace.at, &mut set)?;
        }
        let is_binding = matches!(gvk.kind.as_str(), "RoleBinding" | "ClusterRoleBinding");
        if is_binding {
            bind(resource, subjects, namespace.at, &mut set)?;
        }
        let api_version = resource.node.text_at(&["apiVersion"]).unwrap_or_default();
        let is_v1 = api_version == "v1";
        for spec in specs {
            let is_left_out = spec.path == "metadata/namespace"
                || (spec.path == "metadata/name" && !is_v1)
                || (is_binding
                    && matches!(spec.gvk.kind.as_str(), "RoleBinding" | "ClusterRoleBinding")
                    && spec.path == "subjects/namespace");
            if !is_left_out {
                visit(resource, spec, Create::Scalar, namespace.at, &mut set)?;
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    for resource in &resources.list {
        let id = resource.id();
        let namespace = id.effective_namespace().to_owned();
        let text = id.text();
        if !seen.insert((id.gvk, id.name, namespace)) {
            return Err(ErrorKind::Duplicate(format!("after the namespace is set, {text}")).into());
        }
    }
    Ok(())
}

fn bind(
    resource: &mut Resource,
    mode: Subjects,
    at: At,
    set: &mut dyn FnMut(&mut Node) -> Result<()>,
) -> Result<()> {
    let (key, wanted) = match mode {
        Subjects::None => return Ok(()),
        Subjects::Default => ("name", "default"),
        Subjects::All => ("kind", "ServiceAccount"),
    };
    let Some(Value::List(items)) = resource.node.get_mut("subjects").map(|it| &mut it.value) else {
        return Ok(());
    };
    for item in items {
        if item.text_at(&[key]) != Some(wanted) {
            continue;
        }
        if item.get("namespace").is_none() {
            item.set("namespace", Node::new(Value::Null(false), at));
        }
        if let Some(namespace) = item.get_mut("namespace") {
            set(namespace)?;
        }
    }
    Ok(())
}

/// Sets labels or annotations: the entries of a map.
pub(crate) fn labels(
    resources: &mut Resources,
    labels: &Node,
    specs: &[FieldSpec],
    origins: &mut Origins,
) -> Result<()> {
    let mut entries: Vec<_> = labels.entries().iter().collect();
    entries.sort_by(|a, b| a.key.cmp(&b.key));
    for resource in &mut resources.list {
        for entry in &entries {
            let text = entry.value.scalar_text().unwrap_or_default();
            for spec in specs {
                visit(resource, spec, Create::Map, labels.at, &mut |node| {
                    if node.is_null() {
                        node.value = Value::Map(Vec::new());
                    }
                    if !matches!(node.value, Value::Map(_)) {
                        return Err(transform("expected a mapping"));
                    }
                    let at = match node.get(&entry.key) {
                        Some(old) => origins.derived(entry.value.at, document::Role::Base, old.at),
                        None => entry.value.at,
                    };
                    node.set(&entry.key, Node::text(text, at));
                    Ok(())
                })?;
            }
        }
    }
    Ok(())
}

/// Sets the replicas of the objects of one name.
pub(crate) fn replicas(
    resources: &mut Resources,
    entry: &Node,
    specs: &[FieldSpec],
    origins: &mut Origins,
) -> Result<()> {
    let name = entry.text_at(&["name"]).unwrap_or_default();
    let zero = Node::new(Value::Int(0, "0".into()), entry.at);
    let count = entry.get("count").unwrap_or(&zero);
    let mut is_found = false;
    for spec in specs {
        let fits = |id: &crate::resource::Id| id.name == name && id.gvk.is_selected(&spec.gvk);
        for at in resources.positions(fits) {
            is_found = true;
            visit(
                &mut resources.list[at],
                spec,
                Create::Scalar,
                count.at,
                &mut |node| {
                    let at = origins.derived(count.at, document::Role::Base, node.at);
                    *node = Node::new(count.value.clone(), at);
                    Ok(())
                },
            )?;
        }
    }
    if is_found {
        Ok(())
    } else {
        Err(ErrorKind::NoMatch(format!("the replicas of '{name}'")).into())
    }
}

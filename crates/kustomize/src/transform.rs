//! The transformations that set fields of every object: names, namespaces, labels, annotations, images and replicas.

use regex::Regex;

use crate::error::{ErrorKind, Result, transform};
use crate::field_spec::{Create, FieldSpec, visit};
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

fn not_a_scalar() -> crate::error::Error {
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

/// One entry of `images`.
pub(crate) struct Image {
    pattern: Option<Regex>,
    new_name: String,
    new_tag: String,
    tag_suffix: String,
    digest: String,
    at: At,
}

impl Image {
    pub(crate) fn parse(entry: &Node) -> Self {
        let text = |key: &str| entry.text_at(&[key]).unwrap_or_default().to_owned();
        // The name is a regular expression for Kustomize, and one that is none fits nothing.
        let pattern = format!(
            "^{}(:[a-zA-Z0-9_.{{}}-]*)?(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{{}}-]*)?$",
            text("name")
        );
        let pattern = regex::RegexBuilder::new(&pattern);
        let places = ["newTag", "digest", "newName", "tagSuffix"];
        let place = places.into_iter().find_map(|key| entry.get(key));
        Image {
            pattern: { pattern }.size_limit(1 << 20).build().ok(),
            new_name: text("newName"),
            new_tag: text("newTag"),
            tag_suffix: text("tagSuffix"),
            digest: text("digest"),
            at: place.map_or(entry.at, |place| place.at),
        }
    }

    /// Sets the image where it is the one meant.
    pub(crate) fn apply(
        &self,
        resources: &mut Resources,
        specs: &[FieldSpec],
        origins: &mut Origins,
    ) -> Result<()> {
        let Some(pattern) = &self.pattern else {
            return Ok(());
        };
        for resource in &mut resources.list {
            if resource.kind() == "CustomResourceDefinition" {
                continue;
            }
            let mut set = |node: &mut Node| {
                let text = node.scalar_text().ok_or_else(not_a_scalar)?;
                if !node.is_null() && pattern.is_match(text) {
                    let new = self.changed(text);
                    if new == text {
                        return Ok(());
                    }
                    let at = origins.derived(self.at, document::Role::Base, node.at);
                    *node = Node::text(&new, at);
                }
                Ok(())
            };
            in_containers(&mut resource.node, &mut set)?;
            for spec in specs {
                visit(resource, spec, Create::Nothing, self.at, &mut set)?;
            }
        }
        Ok(())
    }

    fn changed(&self, text: &str) -> String {
        let (name, mut tag, mut digest) = split_image(text);
        if !self.new_tag.is_empty() {
            (tag, digest) = (self.new_tag.clone(), self.digest.clone());
        } else if !self.digest.is_empty() {
            (tag, digest) = (String::new(), self.digest.clone());
        } else if !self.tag_suffix.is_empty() {
            tag.push_str(&self.tag_suffix);
            digest.clear();
        }
        let mut new = if self.new_name.is_empty() {
            name
        } else {
            self.new_name.clone()
        };
        if !tag.is_empty() {
            new = format!("{new}:{tag}");
        }
        if !digest.is_empty() {
            new = format!("{new}@{digest}");
        }
        new
    }
}

/// Calls `set` with the image of every item of every list of containers, wherever it stands.
fn in_containers(node: &mut Node, set: &mut dyn FnMut(&mut Node) -> Result<()>) -> Result<()> {
    match &mut node.value {
        Value::List(items) => items
            .iter_mut()
            .try_for_each(|item| in_containers(item, set)),
        Value::Map(entries) => entries.iter_mut().try_for_each(|entry| {
            in_containers(&mut entry.value, set)?;
            let is_list = matches!(&*entry.key, "containers" | "initContainers");
            let Value::List(items) = &mut entry.value.value else {
                return Ok(());
            };
            let mut images = items.iter_mut().filter_map(|item| item.get_mut("image"));
            if is_list {
                images.try_for_each(&mut *set)
            } else {
                Ok(())
            }
        }),
        _ => Ok(()),
    }
}

/// Name, tag and digest of an image.
fn split_image(text: &str) -> (String, String, String) {
    let start = text.find('/').unwrap_or(0);
    let (head, digest) = match text[start..].find('@') {
        Some(at) => (&text[..start + at], &text[start + at + 1..]),
        None => (text, ""),
    };
    let (name, tag) = match head[start..].find(':') {
        Some(at) => (&head[..start + at], &head[start + at + 1..]),
        None => (head, ""),
    };
    (name.to_owned(), tag.to_owned(), digest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::split_image;

    #[test]
    fn images_are_split() {
        let check = |text: &str, name: &str, tag: &str, digest: &str| {
            let expected = (name.to_owned(), tag.to_owned(), digest.to_owned());
            assert_eq!(split_image(text), expected, "{text}");
        };
        check("nginx", "nginx", "", "");
        check("nginx:1", "nginx", "1", "");
        check(
            "r:5000/a/nginx:1@sha256:aa",
            "r:5000/a/nginx",
            "1",
            "sha256:aa",
        );
        check("r:5000/nginx", "r:5000/nginx", "", "");
        check("nginx@sha256:aa", "nginx", "", "sha256:aa");
    }
}

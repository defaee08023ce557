//! `ValueAddTransformer`: one value into fields of selected objects, also into a part of a file path.

use document::Role;

use crate::build::{Build, Target};
use crate::error::{Result, field, transform};
use crate::field_spec::FieldSpec;
use crate::field_walk::{Create, split_path, visit};
use crate::plugins::any_case;
use crate::resource::{Gvk, Resource};
use crate::resources::Resources;
use crate::selector::Selector;
use crate::tree::{Node, Value};

impl Build<'_> {
    /// Sets fields of selected objects to one value.
    pub(crate) fn add_values(
        &mut self,
        target: &Target<'_>,
        node: &Node,
        resources: &mut Resources,
    ) -> Result<()> {
        let text = any_case(node, "value")
            .and_then(Node::scalar_text)
            .unwrap_or_default()
            .trim();
        let folder = target.loader.root().rsplit('/').next().unwrap_or_default();
        let at = any_case(node, "value").map_or(node.at, |it| it.at);
        let value = Node::text(if text.is_empty() { folder } else { text }, at);
        let mut targets: Vec<Node> = any_case(node, "targets")
            .map(Node::items)
            .unwrap_or_default()
            .to_vec();
        if let Some(path) = any_case(node, "targetFilePath").filter(|it| !it.is_null()) {
            for document in self.path_documents(target, path)? {
                targets.extend(
                    any_case(&document, "targets")
                        .map(Node::items)
                        .unwrap_or_default()
                        .to_vec(),
                );
            }
        }
        if targets.is_empty() {
            return Err(field("a ValueAddTransformer needs a target"));
        }
        for one in &targets {
            let selector = any_case(one, "selector").filter(|it| !it.is_null());
            let selector = selector.map(Selector::parse).transpose()?;
            let path = any_case(one, "fieldPath")
                .and_then(Node::scalar_text)
                .unwrap_or_default();
            let position = match any_case(one, "filePathPosition").map(|it| &it.value) {
                Some(Value::Int(position, _)) => usize::try_from(*position).unwrap_or(0),
                _ => 0,
            };
            for resource in &mut resources.list {
                if selector
                    .as_ref()
                    .is_none_or(|selector| selector.selects(resource))
                {
                    self.add_value(resource, path, &value, position)?;
                }
            }
        }
        Ok(())
    }

    fn add_value(
        &mut self,
        resource: &mut Resource,
        path: &str,
        value: &Node,
        position: usize,
    ) -> Result<()> {
        if path.is_empty() {
            return Err(field("a target of a ValueAddTransformer has no fieldPath"));
        }
        let is_namespace = path == "metadata/namespace";
        if is_namespace && resource.gvk().is_cluster_scoped() {
            return Ok(());
        }
        let spec = FieldSpec {
            gvk: Gvk::default(),
            path: split_path(path, '/').join("/"),
            create: true,
        };
        let text = value.scalar_text().unwrap_or_default();
        visit(resource, &spec, Create::Scalar, value.at, &mut |node| {
            let old = node
                .scalar_text()
                .ok_or_else(|| transform("expected a scalar"))?;
            let new = if position > 0 {
                insert_part(old, position - 1, text)
            } else {
                text.to_owned()
            };
            let at = self.origins.derived(value.at, Role::Base, node.at);
            *node = Node::text(&new, at);
            Ok(())
        })
    }
}

/// Puts a part into a file path at a position.
fn insert_part(path: &str, position: usize, part: &str) -> String {
    if path.is_empty() {
        return part.to_owned();
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert(position.min(parts.len()), part);
    format!("{root}{}", parts.join("/"))
}

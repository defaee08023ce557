//! `crds`: definitions of custom kinds whose fields name objects, take labels, or are names.

use crate::error::Result;
use crate::field_spec::{FieldSpec, FieldSpecs, NameReference};
use crate::resource::Gvk;
use crate::tree::Node;

/// How deep definitions may refer to each other.
const DEPTH: usize = 32;

/// What the definitions of one file say about fields.
pub(crate) fn field_specs(file: &Node) -> Result<FieldSpecs> {
    let mut all = FieldSpecs::default();
    for entry in file.entries() {
        let properties = entry
            .value
            .get("Schema")
            .and_then(|it| it.get("properties"));
        let properties = properties.or_else(|| entry.value.get("schema")?.get("properties"));
        let Some(properties) = properties else {
            continue;
        };
        let is_object = ["kind", "apiVersion", "metadata"];
        if is_object.iter().all(|key| properties.get(key).is_some()) {
            let gvk = Gvk {
                kind: entry.key.rsplit('.').next().unwrap_or_default().to_owned(),
                ..Gvk::default()
            };
            let mut found = FieldSpecs::default();
            collect(file, properties, &gvk, &mut Vec::new(), &mut found)?;
            all.merge(&found)?;
        }
    }
    Ok(all)
}

fn collect(
    file: &Node,
    properties: &Node,
    gvk: &Gvk,
    path: &mut Vec<String>,
    all: &mut FieldSpecs,
) -> Result<()> {
    if path.len() >= DEPTH {
        return Ok(());
    }
    for entry in properties.entries() {
        let property = &entry.value;
        path.push(entry.key.to_string());
        let spec = |more: Option<&str>| {
            let mut path = path.join("/");
            if let Some(more) = more {
                path.push('/');
                path.push_str(more);
            }
            FieldSpec {
                gvk: gvk.clone(),
                path,
                create: false,
            }
        };
        let has = |key: &str| property.get(key).and_then(Node::as_str).is_some();
        let mut found = FieldSpecs::default();
        if has("x-kubernetes-annotation") {
            found.common_annotations.push(spec(None));
        }
        if has("x-kubernetes-label-selector") {
            found.common_labels.push(spec(None));
        }
        if has("x-kubernetes-identity") {
            found.name_prefix.push(spec(None));
        }
        let version = property.text_at(&["x-kubernetes-object-ref-api-version"]);
        let kind = property.text_at(&["x-kubernetes-object-ref-kind"]);
        if let (Some(version), Some(kind)) = (version, kind) {
            let key = property.text_at(&["x-kubernetes-object-ref-name-key"]);
            found.name_reference.push(NameReference {
                target: Gvk {
                    group: String::new(),
                    version: version.to_owned(),
                    kind: kind.to_owned(),
                },
                referrers: vec![spec(Some(key.unwrap_or("name")))],
            });
        }
        all.merge(&found)?;
        let next = property.text_at(&["$ref"]).and_then(|name| {
            let definition = file.get(name)?;
            let schema = definition
                .get("Schema")
                .or_else(|| definition.get("schema"))?;
            schema.get("properties")
        });
        if let Some(next) = next {
            collect(file, next, gvk, path, all)?;
        }
        path.pop();
    }
    Ok(())
}

//! Objects of `kubescape.io`: `SecurityException`, `ClusterSecurityException`, `ControlInput`.

use std::collections::BTreeMap;

use document::{Kind, NodeRef};

use super::controls::{self, Named};
use super::designator::{Field, Wanted};
use super::exceptions::{expiry, note_alert_only};
use super::{
    ACTIONS, CONTROL_INPUT, NAMESPACE_SELECTOR, OBJECT, OBJECT_ACTION, OBJECT_AUTHOR,
    OBJECT_EXPIRES, OBJECT_GROUP, OBJECT_IMAGES, OBJECT_LABELS, OBJECT_NAMESPACE, OBJECT_OBJECTS,
    OBJECT_OTHER, OBJECT_REASON, OBJECT_RESOURCES, OBJECT_VULNERABILITIES, inputs, labels,
};
use crate::draft::{From, Resources};
use crate::input::{Input, location};
use crate::manifest::{self, Object};
use crate::patterns;
use crate::reader::{Because, Reader};

/// The label that every namespace carries its name in.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// Reads the objects of a file.
pub(super) fn read(reader: &mut Reader<'_>, input: &Input) {
    let Some(document) = reader.document(input) else {
        return;
    };
    for object in manifest::objects(&document) {
        let group = object.node.get_str("apiVersion").and_then(NodeRef::as_str);
        if !group.is_some_and(|group| group.starts_with("kubescape.io/")) {
            continue;
        }
        match object.kind {
            "SecurityException" | "ClusterSecurityException" => exception(reader, &object),
            "ControlInput" => {
                let spec = object.node.get_str("spec");
                if let Some(controls) = spec.and_then(|spec| spec.get_str("controls")) {
                    reader.meet(&CONTROL_INPUT);
                    inputs::take(reader, controls);
                }
            }
            other => reader.leave(&OBJECT_OTHER, location(object.node), other),
        }
    }
}

fn exception(reader: &mut Reader<'_>, object: &Object<'_>) {
    let Some(spec) = object.node.get_str("spec") else {
        return;
    };
    let name = object.metadata("name").and_then(NodeRef::as_str);
    let name = name.unwrap_or(object.kind).to_owned();
    let list = |node: Option<NodeRef<'_>>| node.is_some_and(|node| !node.is_empty());
    if list(spec.get_str("vulnerabilities")) {
        let at = location(spec.get_str("vulnerabilities").unwrap_or(spec));
        reader.leave(&OBJECT_VULNERABILITIES, at, &name);
    }
    let matched = spec.get_str("match");
    if let Some(images) = matched.and_then(|matched| matched.get_str("images"))
        && !images.is_empty()
    {
        reader.leave(&OBJECT_IMAGES, location(images), &name);
    }
    let posture = spec.get_str("posture").filter(|node| !node.is_empty());
    let Some(posture) = posture else { return };
    let Some(selected) = selected(reader, object, matched, &name) else {
        return;
    };
    let because = because(reader, spec);
    for item in posture.items() {
        let at = location(item);
        if !acts(reader, item, &name) {
            continue;
        }
        let text = |key| {
            item.get_str(key)
                .and_then(NodeRef::as_str)
                .filter(|text| !text.is_empty())
        };
        let Some(id) = text("controlID") else {
            continue;
        };
        reader.meet(&OBJECT);
        let named = Named {
            id: Some(id),
            name: None,
            framework: text("frameworkName"),
            at: at.clone(),
        };
        let ids: Vec<String> = controls::of_named(reader, &named).into_iter().collect();
        let controls = reader.controls(&ids, &at);
        let from = From {
            at,
            what: name.clone(),
        };
        for resources in &selected {
            reader.accept(&controls, resources.clone(), &because, &from);
        }
    }
}

fn acts(reader: &mut Reader<'_>, item: NodeRef<'_>, name: &str) -> bool {
    match item.get_str("action").and_then(NodeRef::as_str) {
        Some("ignore") => reader.meet(&OBJECT_ACTION),
        None | Some("" | "alert_only") => {
            reader.meet(&OBJECT_ACTION);
            note_alert_only(reader, location(item), name);
        }
        Some(other) => {
            reader.leave(&ACTIONS, location(item), other);
            return false;
        }
    }
    true
}

fn because(reader: &mut Reader<'_>, spec: NodeRef<'_>) -> Because {
    let text = |key| {
        spec.get_str(key)
            .and_then(NodeRef::as_str)
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
    };
    let (reason, owner) = (text("reason"), text("author"));
    if reason.is_some() {
        reader.meet(&OBJECT_REASON);
    }
    if owner.is_some() {
        reader.meet(&OBJECT_AUTHOR);
    }
    let expires = spec.get_str("expiresAt").filter(|node| !node.is_null());
    let expires = expires.and_then(|node| {
        reader.meet(&OBJECT_EXPIRES);
        expiry(reader, node)
    });
    Because {
        reason,
        owner,
        expires,
    }
}

/// The resources that an exception matches; `None` when that cannot be said.
fn selected(
    reader: &mut Reader<'_>,
    object: &Object<'_>,
    matched: Option<NodeRef<'_>>,
    name: &str,
) -> Option<Vec<Resources>> {
    let field = |key| {
        matched
            .and_then(|matched| matched.get_str(key))
            .filter(|node| !node.is_empty() && !node.is_null())
    };
    let labels = match field("objectSelector") {
        None => BTreeMap::new(),
        Some(selector) => {
            let labels = labels::of_selector(reader, selector)?;
            reader.meet(&OBJECT_OBJECTS);
            labels
        }
    };
    let namespace = namespace(reader, object, field("namespaceSelector"), name).ok()?;
    let mut all = Vec::new();
    let Some(resources) = field("resources") else {
        all.push(Resources {
            namespace,
            labels,
            ..Resources::default()
        });
        return Some(all);
    };
    for resource in resources.items() {
        let at = location(resource);
        let mut wanted = Wanted::default();
        let text = |key| {
            resource
                .get_str(key)
                .and_then(NodeRef::as_str)
                .filter(|text| !text.is_empty())
        };
        reader.meet(&OBJECT_RESOURCES);
        let kind = text("kind").is_none_or(|kind| wanted.set(reader, Field::Kind, kind, &at));
        let named = text("name").is_none_or(|name| wanted.set(reader, Field::Name, name, &at));
        if !kind || !named {
            continue;
        }
        if let Some(group) = text("apiGroup") {
            reader.meet(&OBJECT_GROUP);
            let why =
                "the kind decides alone: one of that kind in another API group is covered too";
            reader.note(at.clone(), group, why);
        }
        for mut resources in wanted.finish(reader, &at) {
            resources.namespace.clone_from(&namespace);
            resources.labels.clone_from(&labels);
            all.push(resources);
        }
    }
    Some(all)
}

/// No glob says the same; that was said.
struct Refused;

/// The glob over namespaces; everything when absent.
fn namespace(
    reader: &mut Reader<'_>,
    object: &Object<'_>,
    selector: Option<NodeRef<'_>>,
    name: &str,
) -> Result<Option<String>, Refused> {
    if object.kind == "SecurityException" {
        let own = object.metadata("namespace").and_then(NodeRef::as_str);
        if let Some(own) = own {
            reader.meet(&OBJECT_NAMESPACE);
            return patterns::literal(own).map(Some).ok_or(Refused);
        }
    }
    let Some(selector) = selector else {
        return Ok(None);
    };
    if let Some(names) = by_name(selector) {
        reader.meet(&NAMESPACE_SELECTOR);
        return Ok(Some(names));
    }
    reader.leave(&OBJECT_LABELS, location(selector), name);
    Err(Refused)
}

/// The names in a selector by the label of the name alone.
fn by_name(selector: NodeRef<'_>) -> Option<String> {
    let labels = selector
        .get_str("matchLabels")
        .filter(|node| !node.is_empty());
    let expressions = selector
        .get_str("matchExpressions")
        .filter(|node| !node.is_empty());
    let names: Vec<String> = match (labels, expressions) {
        (Some(labels), None) if labels.kind() == Kind::Mapping && labels.len() == 1 => {
            let name = labels.get_str(NAME_LABEL)?.as_str()?;
            vec![patterns::literal(name)?]
        }
        (None, Some(expressions)) if expressions.len() == 1 => {
            let expression = expressions.item(0)?;
            let text = |key| expression.get_str(key).and_then(NodeRef::as_str);
            if text("key") != Some(NAME_LABEL) || text("operator") != Some("In") {
                return None;
            }
            let values = expression.get_str("values")?;
            values
                .items()
                .map(|value| patterns::literal(value.as_str()?))
                .collect::<Option<_>>()?
        }
        _ => return None,
    };
    labels::one_of(&names)
}

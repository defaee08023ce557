//! Ingress in all its versions, and `OpenShift`'s Route.

use document::NodeRef;

use super::backend::{Backend, Edges, Named, PortRef};
use crate::answer::{Level, Reason};
use crate::read::{Reader, field, items, text};
use crate::service::is_internal;

pub(super) fn ingress(edges: &mut Edges, reader: &mut Reader<'_>) {
    let object = reader.object();
    let Ok(Some(spec)) = reader.mapping(object, "spec") else {
        reader.malformed(object, "`spec` is missing in the object");
        return;
    };
    let is_internal =
        is_internal(object, None) || text(spec, "ingressClassName") == Some("gce-internal");
    let level = if is_internal {
        Level::Node
    } else {
        Level::Internet
    };
    let default = field(spec, "defaultBackend").or_else(|| field(spec, "backend"));
    let of_rules = items(spec, "rules")
        .filter_map(|rule| field(rule, "http"))
        .flat_map(|http| items(http, "paths"))
        .filter_map(|path| field(path, "backend"));
    for node in default.into_iter().chain(of_rules) {
        backend(edges, reader, node, level);
    }
}

fn backend(edges: &mut Edges, reader: &mut Reader<'_>, node: NodeRef<'_>, level: Level) {
    let service = field(node, "service");
    let (name, port) = match service {
        Some(service) => {
            let port = field(service, "port");
            let port = port.and_then(|port| field(port, "number").or_else(|| field(port, "name")));
            (text(service, "name"), port)
        }
        None => (text(node, "serviceName"), field(node, "servicePort")),
    };
    match name {
        Some(name) => push(edges, reader, (node, name, level), port),
        None => match field(node, "resource") {
            Some(resource) => other(edges, reader, (node, resource)),
            None => {
                reader.malformed(node, "a backend without a service in the spec");
            }
        },
    }
}

/// A backend that is an object of some other kind.
fn other(edges: &mut Edges, reader: &mut Reader<'_>, (node, resource): (NodeRef<'_>, NodeRef<'_>)) {
    edges.note(reader.place(node), Reason::BackendKind);
    let named = Named {
        group: text(resource, "apiGroup").unwrap_or_default(),
        kind: text(resource, "kind").unwrap_or_default(),
        ..Named::service(
            reader.namespace(),
            text(resource, "name").unwrap_or_default(),
            PortRef::Any,
        )
    };
    edges.refer(reader, node, &named);
}

fn push(
    edges: &mut Edges,
    reader: &mut Reader<'_>,
    (node, name, level): (NodeRef<'_>, &str, Level),
    port: Option<NodeRef<'_>>,
) {
    let port = PortRef::read(reader, port);
    let port = match port {
        PortRef::Number(number) if &*reader.resource.kind == "Route" => PortRef::Target(number),
        port => port,
    };
    let namespace = reader.namespace();
    edges.refer(reader, node, &Named::service(namespace, name, port));
    edges.push(Backend::route(reader, node, level, (namespace, name), port));
}

pub(super) fn route(edges: &mut Edges, reader: &mut Reader<'_>) {
    let object = reader.object();
    let Ok(Some(spec)) = reader.mapping(object, "spec") else {
        reader.malformed(object, "`spec` is missing in the object");
        return;
    };
    let port = field(spec, "port").and_then(|port| field(port, "targetPort"));
    for node in field(spec, "to")
        .into_iter()
        .chain(items(spec, "alternateBackends"))
    {
        let Some(name) = text(node, "name") else {
            reader.malformed(node, "a backend without a service in the spec");
            continue;
        };
        if text(node, "kind").is_some_and(|kind| kind != "Service") {
            edges.note(reader.place(node), Reason::BackendKind);
            continue;
        }
        push(edges, reader, (node, name, Level::Internet), port);
    }
}

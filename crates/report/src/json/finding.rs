//! One finding of the JSON report.

use model::{Fix, FixOperation, Location, RelatedObject, Report, Resource};

use super::object::Object;
use crate::view::View;

/// Writes a finding.
pub(super) fn write(out: &mut Vec<u8>, report: &Report, view: &View<'_>) {
    let detail = view.detail;
    let mut finding = Object::new(out);
    finding.string("kind", "control");
    finding.string("control", view.id());
    finding.string("severity", view.finding.severity.as_str());
    finding.string("state", view.finding.state.as_str());
    finding.string("fingerprint", &detail.fingerprint);
    finding.object("resource", |object| resource(object, view.resource));
    finding.optional("container", detail.container.as_deref());
    finding.string("message", &detail.message);
    finding.string("path", &detail.path);
    finding.object("location", |object| place(object, &detail.location));
    finding.objects("related", &detail.related, |object, related| {
        object.string("role", &related.role);
        match &related.object {
            RelatedObject::Resource(index) => {
                resource(object, &report.inventory.resources[*index]);
            }
            RelatedObject::Subject {
                kind,
                namespace,
                name,
            } => {
                object.string("kind", kind);
                object.optional("namespace", namespace.as_deref());
                object.string("name", name);
            }
        }
    });
    finding.optional("evidence", detail.evidence.as_deref());
    finding.objects("fix", &detail.fixes, fix);
    if let Some(exception) = &detail.exception {
        finding.object("exception", |object| {
            object.string("reason", &exception.reason);
            object.optional("owner", exception.owner.as_deref());
            object.optional("expires", exception.expires.as_deref());
            object.string("at", &exception.at);
        });
    }
    finding.end();
}

fn resource(object: &mut Object<'_>, resource: &Resource) {
    object.string("apiVersion", &resource.api_version);
    object.string("kind", &resource.kind);
    object.optional("namespace", resource.namespace.as_deref());
    object.string("name", &resource.name);
    object.optional("generateName", resource.generate_name.as_deref());
}

fn place(object: &mut Object<'_>, location: &Location) {
    let (start, end) = (location.start(), location.end());
    object.string("file", location.file());
    object.number("line", start.line);
    object.number("column", start.column);
    object.number("endLine", end.line);
    object.number("endColumn", end.column);
}

fn fix(object: &mut Object<'_>, fix: &Fix) {
    object.string("op", fix.operation.as_str());
    object.string("path", &fix.path);
    if let (FixOperation::Set | FixOperation::Append, Some(value)) = (fix.operation, &fix.value) {
        object.raw("value", value);
    }
    object.flag("safe", fix.safe);
}

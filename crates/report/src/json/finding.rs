//! One finding of the JSON report.

use model::{
    AppliedException, FindingRecord, Fix, FixOperation, Location, RelatedObject, RenderedRecord,
    Report, Resource, ResourceName,
};

use super::object::Object;
use crate::record::rendered as rendered_record;
use crate::view::View;

/// Writes a finding.
pub(crate) fn write(out: &mut Vec<u8>, report: &Report, view: &View<'_>) {
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
    if let Some(at) = detail.rendered {
        rendered(&mut finding, &rendered_record(report, detail, at));
    }
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
    let is_rendered = detail.rendered.is_some();
    finding.objects("fix", &detail.fixes, |object, one| {
        fix(object, one, is_rendered);
    });
    if let Some(exception) = &detail.exception {
        finding.object("exception", |object| accepted(object, exception));
    }
    finding.end();
}

/// Writes the fields of a finding that is told without its inventory.
pub(crate) fn record(object: &mut Object<'_>, finding: &FindingRecord) {
    object.string("kind", "control");
    object.string("control", &finding.control);
    object.string("severity", finding.severity.as_str());
    object.string("state", finding.state.as_str());
    object.string("fingerprint", &finding.fingerprint);
    object.object("resource", |object| name(object, &finding.resource));
    object.optional("container", finding.container.as_deref());
    object.string("message", &finding.message);
    object.string("path", &finding.path);
    object.object("location", |object| {
        object.string("file", &finding.place.file);
        object.number("line", finding.place.line);
        object.number("column", finding.place.column);
        object.number("endLine", finding.place.end_line);
        object.number("endColumn", finding.place.end_column);
    });
    if let Some(record) = &finding.rendered {
        rendered(object, record);
    }
    object.objects("related", &finding.related, |object, related| {
        object.string("role", &related.role);
        name(object, &related.resource);
    });
    object.optional("evidence", finding.evidence.as_deref());
    let is_rendered = finding.rendered.is_some();
    object.objects("fix", &finding.fixes, |object, one| {
        fix(object, one, is_rendered);
    });
    if let Some(exception) = &finding.exception {
        object.object("exception", |object| accepted(object, exception));
    }
}

/// Subjects have no API version.
fn name(object: &mut Object<'_>, name: &ResourceName) {
    let api_version = Some(name.api_version.as_str()).filter(|version| !version.is_empty());
    object.optional("apiVersion", api_version);
    object.string("kind", &name.kind);
    object.optional("namespace", name.namespace.as_deref());
    object.string("name", &name.name);
    object.optional("generateName", name.generate_name.as_deref());
}

fn accepted(object: &mut Object<'_>, exception: &AppliedException) {
    object.string("reason", &exception.reason);
    object.optional("owner", exception.owner.as_deref());
    object.optional("expires", exception.expires.as_deref());
    object.string("at", &exception.at);
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

/// What a rendering adds.
fn rendered(object: &mut Object<'_>, rendered: &RenderedRecord) {
    object.objects("origins", &rendered.origins, |object, origin| {
        object.string("role", &origin.role);
        object.string("file", &origin.file);
        object.number("line", origin.line);
        object.number("column", origin.column);
        object.optional("path", origin.path.as_deref());
    });
    object.object("rendered", |object| {
        object.number("document", rendered.document);
        object.number("line", rendered.line);
        object.string("entry", &rendered.entry);
    });
    object.objects("instances", &rendered.instances, |object, instance| {
        object.string("entry", &instance.entry);
        object.object("resource", |object| name(object, &instance.resource));
        object.string("fingerprint", &instance.fingerprint);
    });
}

/// The path of a fix is one in the object; of an object that was rendered, that is the rendering and no file.
fn fix(object: &mut Object<'_>, fix: &Fix, is_rendered: bool) {
    object.string("op", fix.operation.as_str());
    object.string("path", &fix.path);
    if let (FixOperation::Set | FixOperation::Append, Some(value)) = (fix.operation, &fix.value) {
        object.raw("value", value);
    }
    object.flag("safe", fix.safe);
    if is_rendered {
        object.flag("rendered", true);
    }
}

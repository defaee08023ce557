//! `.checkov.baseline`: what failed on the day it was written.

use document::NodeRef;

use super::{CHECK_IDS, FILE, FOREIGN_RESOURCE, RESOURCE, UNKNOWN_CHECK};
use crate::draft::{From, Resources};
use crate::input::{Input, location, text_of};
use crate::patterns;
use crate::reader::{Because, Reader};

/// Reads the file.
pub(super) fn read(reader: &mut Reader<'_>, input: &Input) {
    let Some(document) = reader.document(input) else {
        return;
    };
    let Some(root) = document.roots().next() else {
        return;
    };
    let files = root.get_str("failed_checks");
    for file in files.into_iter().flat_map(NodeRef::items) {
        let name = file.get_str("file").and_then(text_of).unwrap_or_default();
        let findings = file.get_str("findings");
        for finding in findings.into_iter().flat_map(NodeRef::items) {
            one(reader, &name, finding);
        }
    }
}

fn one(reader: &mut Reader<'_>, file: &str, finding: NodeRef<'_>) {
    let at = location(finding);
    let id = finding.get_str("resource").and_then(text_of);
    let id = id.unwrap_or_default();
    let Some(mut resources) = resources(&id) else {
        return reader.leave(&FOREIGN_RESOURCE, at, &id);
    };
    reader.meet(&RESOURCE);
    // Names of files begin with `/` there, and mean the folder that was scanned.
    match patterns::literal(file.trim_start_matches('/')) {
        Some(path) => {
            reader.meet(&FILE);
            resources.paths = vec![path];
        }
        None => return reader.leave(&FOREIGN_RESOURCE, at, file),
    }
    let mut ids = Vec::new();
    let list = finding.get_str("check_ids");
    for check in list.into_iter().flat_map(NodeRef::items) {
        let Some(id) = text_of(check) else { continue };
        if reader.aliases.controls(&id).is_empty() {
            reader.leave(&UNKNOWN_CHECK, location(check), &id);
        } else {
            ids.push(id);
        }
    }
    let controls = reader.controls(&ids, &at);
    if controls.is_empty() {
        return;
    }
    reader.meet(&CHECK_IDS);
    let because = Because {
        reason: Some("known since the baseline of Checkov".to_owned()),
        ..Because::default()
    };
    let from = From {
        at,
        what: ids.join(", "),
    };
    reader.accept(&controls, resources, &because, &from);
}

/// `Kind.namespace.name`; kinds of Kubernetes begin with a capital letter, those of Terraform do not.
fn resources(id: &str) -> Option<Resources> {
    let mut parts = id.splitn(3, '.');
    let (kind, namespace, name) = (parts.next()?, parts.next()?, parts.next()?);
    let is_kind = kind.starts_with(|first: char| first.is_ascii_uppercase())
        && kind.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_kind {
        return None;
    }
    Some(Resources {
        kind: Some(kind.to_owned()),
        name: Some(patterns::literal(name)?),
        namespace: Some(patterns::literal(namespace)?),
        ..Resources::default()
    })
}

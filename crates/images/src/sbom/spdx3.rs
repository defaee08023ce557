//! SPDX 3 in JSON-LD: a graph of elements, some of which are packages (<https://spdx.github.io/spdx-spec/v3.0.1/>).

use document::NodeRef;

use super::{Reader, items, text_at};

/// Whether the context is that of SPDX 3.
pub(super) fn is_one(bill: NodeRef<'_>) -> bool {
    let context = bill.get_str("@context");
    let context = context.and_then(NodeRef::as_str).unwrap_or_default();
    context.starts_with("https://spdx.org/rdf/3.")
}

pub(super) fn read<'d>(bill: NodeRef<'d>, reader: &mut Reader<'d>) {
    // A graph of one element may be that element.
    if bill.get_str("@graph").is_none() {
        return package(bill, reader);
    }
    for element in items(bill, "@graph") {
        package(element, reader);
    }
}

fn package<'d>(element: NodeRef<'d>, reader: &mut Reader<'d>) {
    if text_at(element, "type") != "software_Package" {
        return;
    }
    let mut others = items(element, "externalIdentifier")
        .filter(|other| text_at(*other, "externalIdentifierType") == "packageUrl")
        .map(|other| text_at(other, "identifier"));
    let purl = element.get_str("software_packageUrl");
    let purl = purl.and_then(NodeRef::as_str).or_else(|| others.next());
    let name = text_at(element, "name");
    match purl {
        Some(purl) => reader.add(name, Some(purl)),
        // The root of a bill is the thing described, which is no package.
        None if text_at(element, "software_primaryPurpose") == "container"
            || text_at(element, "software_packageVersion").is_empty() => {}
        None => reader.add(name, None),
    }
}

//! SPDX 2.3 in JSON: every package, and what it needs.

use std::io::{self, Write};

use model::{ListedPackage, PackageReport, hexadecimal};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::PackageOptions;

const DOCUMENT: &str = "SPDXRef-DOCUMENT";
const SUBJECT: &str = "SPDXRef-Subject";
/// The word of SPDX for what nobody says.
const NOBODY: &str = "NOASSERTION";

pub(super) fn render(
    report: &PackageReport,
    options: &PackageOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let name = report.paths.first().map_or("", String::as_str);
    let packages = report.listed.iter().enumerate().map(package);
    let document = json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": DOCUMENT,
        "name": name,
        "documentNamespace": namespace(report),
        "creationInfo": {
            "created": format!("{}T00:00:00Z", report.date),
            "creators": [format!("Tool: seawall-{}", options.tool_version)],
        },
        "packages": std::iter::once(subject(report, name)).chain(packages).collect::<Vec<_>>(),
        "relationships": relationships(report),
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

/// Every document has a name of its own; equal ones have the same.
pub(super) fn namespace(report: &PackageReport) -> String {
    let mut hasher = Sha256::new();
    let image = report.image.iter().map(|image| image.digest.as_str());
    let texts = [report.date.as_str()]
        .into_iter()
        .chain(report.paths.iter().map(String::as_str))
        .chain(image);
    for text in texts.chain(report.listed.iter().map(|package| package.purl.as_str())) {
        hasher.update(text.as_bytes());
        hasher.update([0]);
    }
    let digest = hexadecimal(&hasher.finalize());
    format!("https://seawall.dev/spdx/{digest}")
}

fn reference(place: usize) -> String {
    format!("SPDXRef-Package-{place}")
}

fn subject(report: &PackageReport, name: &str) -> Value {
    let purpose = if report.image.is_some() {
        "CONTAINER"
    } else {
        "SOURCE"
    };
    let mut subject = json!({
        "SPDXID": SUBJECT,
        "name": name,
        "downloadLocation": NOBODY,
        "filesAnalyzed": false,
        "primaryPackagePurpose": purpose,
    });
    if let Some(image) = &report.image {
        subject["versionInfo"] = json!(image.digest);
    }
    subject
}

fn package((place, package): (usize, &ListedPackage)) -> Value {
    let mut value = json!({
        "SPDXID": reference(place),
        "name": package.name,
        "downloadLocation": NOBODY,
        "filesAnalyzed": false,
        "licenseConcluded": NOBODY,
        "licenseDeclared": NOBODY,
        "copyrightText": NOBODY,
        "externalRefs": [{ "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": package.purl }],
    });
    if !package.version.is_empty() {
        value["versionInfo"] = json!(package.version);
    }
    // What a package says of its licence is mostly no expression of SPDX.
    if !package.licenses.is_empty() {
        value["licenseComments"] = json!(format!("declared as: {}", package.licenses.join(", ")));
    }
    if let Some(place) = found_in(package) {
        value["sourceInfo"] = json!(place);
    }
    value
}

/// Where a package was found, in words.
pub(super) fn found_in(package: &ListedPackage) -> Option<String> {
    let layer = package.layer.as_ref().map(|layer| format!("layer {layer}"));
    let place: Vec<String> = package.path.clone().into_iter().chain(layer).collect();
    (!place.is_empty()).then(|| format!("found in {}", place.join(", ")))
}

fn relationships(report: &PackageReport) -> Vec<Value> {
    let relationship = |from: &str, kind: &str, to: &str| json!({ "spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to });
    let mut relationships = vec![relationship(DOCUMENT, "DESCRIBES", SUBJECT)];
    for (place, package) in report.listed.iter().enumerate() {
        relationships.push(relationship(SUBJECT, "CONTAINS", &reference(place)));
        for need in &package.needs {
            let need = reference(*need as usize);
            relationships.push(relationship(&reference(place), "DEPENDS_ON", &need));
        }
    }
    relationships
}

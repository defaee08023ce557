//! SPDX 3.0 in JSON-LD: a graph of elements (<https://spdx.github.io/spdx-spec/v3.0.1/>). The same as SPDX 2.3 says.

use std::io::{self, Write};

use model::{ListedPackage, PackageReport};
use serde_json::{Value, json};

use super::PackageOptions;
use super::spdx::{found_in, namespace};

/// The only node of the graph that is no element.
const CREATION: &str = "_:creation";

pub(super) fn render(
    report: &PackageReport,
    options: &PackageOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let graph = Graph {
        namespace: namespace(report),
        report,
    };
    let document = json!({
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "@graph": graph.nodes(options),
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

struct Graph<'r> {
    namespace: String,
    report: &'r PackageReport,
}

impl Graph<'_> {
    fn nodes(&self, options: &PackageOptions<'_>) -> Vec<Value> {
        let packages = self.report.listed.iter().enumerate();
        let packages = packages.map(|(place, package)| self.package(place, package));
        let head = [
            json!({
                "type": "CreationInfo",
                "@id": CREATION,
                "specVersion": "3.0.1",
                "created": format!("{}T00:00:00Z", self.report.date),
                "createdBy": [self.id("Agent")],
            }),
            self.element(
                "SoftwareAgent",
                "Agent",
                json!({ "name": format!("seawall-{}", options.tool_version) }),
            ),
        ];
        let mut nodes: Vec<Value> = head.into_iter().collect();
        nodes.push(self.subject());
        nodes.extend(packages);
        nodes.extend(self.relationships());
        let is_element = |node: &&Value| node["spdxId"].is_string();
        let elements: Vec<Value> = nodes
            .iter()
            .filter(is_element)
            .map(|node| node["spdxId"].clone())
            .collect();
        nodes.push(self.element(
            "software_Sbom",
            "Bill",
            json!({ "software_sbomType": ["analyzed"], "rootElement": [self.id("Subject")], "element": elements }),
        ));
        nodes.push(self.element(
            "SpdxDocument",
            "Document",
            json!({
                "name": self.name(),
                "profileConformance": ["core", "software"],
                "rootElement": [self.id("Bill")],
            }),
        ));
        nodes
    }

    fn name(&self) -> &str {
        self.report.paths.first().map_or("", String::as_str)
    }

    fn id(&self, name: &str) -> String {
        format!("{}#{name}", self.namespace)
    }

    fn package_id(&self, place: usize) -> String {
        self.id(&format!("Package-{place}"))
    }

    /// An element with what every element has.
    fn element(&self, kind: &str, name: &str, mut properties: Value) -> Value {
        properties["type"] = json!(kind);
        properties["spdxId"] = json!(self.id(name));
        properties["creationInfo"] = json!(CREATION);
        properties
    }

    fn subject(&self) -> Value {
        let purpose = if self.report.image.is_some() {
            "container"
        } else {
            "source"
        };
        let mut properties = json!({ "name": self.name(), "software_primaryPurpose": purpose });
        if let Some(image) = &self.report.image {
            properties["software_packageVersion"] = json!(image.digest);
        }
        self.element("software_Package", "Subject", properties)
    }

    fn package(&self, place: usize, package: &ListedPackage) -> Value {
        let mut properties = json!({ "name": package.name, "software_packageUrl": package.purl });
        if !package.version.is_empty() {
            properties["software_packageVersion"] = json!(package.version);
        }
        // What a package says of its licence is mostly no expression of SPDX.
        if !package.licenses.is_empty() {
            let licenses = package.licenses.join(", ");
            properties["comment"] = json!(format!("its licence is declared as: {licenses}"));
        }
        if let Some(place) = found_in(package) {
            properties["software_sourceInfo"] = json!(place);
        }
        self.element("software_Package", &format!("Package-{place}"), properties)
    }

    fn relationships(&self) -> Vec<Value> {
        let listed = self.report.listed.iter().enumerate();
        let all: Vec<String> = listed
            .clone()
            .map(|(place, _)| self.package_id(place))
            .collect();
        let mut relationships = Vec::new();
        if !all.is_empty() {
            let contents =
                json!({ "from": self.id("Subject"), "relationshipType": "contains", "to": all });
            relationships.push(self.element("Relationship", "Contents", contents));
        }
        for (place, package) in listed.filter(|(_, package)| !package.needs.is_empty()) {
            let needs = package.needs.iter();
            let needs: Vec<String> = needs.map(|need| self.package_id(*need as usize)).collect();
            let needs = json!({ "from": self.package_id(place), "relationshipType": "dependsOn", "to": needs });
            relationships.push(self.element("Relationship", &format!("Needs-{place}"), needs));
        }
        relationships
    }
}

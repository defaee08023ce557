//! `CycloneDX` 1.6 in JSON: every package as a component, what it needs, and the vulnerabilities that affect it.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};

use model::{ListedPackage, PackageReport, Severity, VexStatus, Vulnerability};
use serde_json::{Value, json};

use super::PackageOptions;

/// The name of what the bill is about, among the names of its components.
const SUBJECT: &str = "subject";

pub(super) fn render(
    report: &PackageReport,
    options: &PackageOptions<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let places = places(&report.listed);
    let bill = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": format!("{}T00:00:00Z", report.date),
            "tools": { "components": [{ "type": "application", "name": "seawall", "version": options.tool_version }] },
            "component": subject(report),
        },
        "components": system(report).into_iter().chain(report.listed.iter().enumerate().map(component)).collect::<Vec<_>>(),
        "dependencies": dependencies(report),
        "vulnerabilities": vulnerabilities(report, &places),
    });
    serde_json::to_writer_pretty(&mut *out, &bill)?;
    out.write_all(b"\n")
}

/// The name of a component in its bill.
fn reference(place: usize) -> String {
    format!("package-{place}")
}

fn subject(report: &PackageReport) -> Value {
    let name = report.paths.first().map_or("", String::as_str);
    let mut subject = json!({ "bom-ref": SUBJECT, "type": "application", "name": name });
    if let Some(image) = &report.image {
        subject["type"] = json!("container");
        subject["version"] = json!(image.digest);
        subject["properties"] = properties([("seawall:platform", Some(image.platform.as_str()))]);
    }
    subject
}

fn system(report: &PackageReport) -> Option<Value> {
    let system = report.system.as_ref()?;
    let mut component =
        json!({ "bom-ref": "system", "type": "operating-system", "name": system.id });
    if !system.version.is_empty() {
        component["version"] = json!(system.version);
    }
    if !system.name.is_empty() {
        component["description"] = json!(system.name);
    }
    Some(component)
}

fn properties<'a>(known: impl IntoIterator<Item = (&'a str, Option<&'a str>)>) -> Value {
    let known = known
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name, value)));
    known
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect()
}

fn component((place, package): (usize, &ListedPackage)) -> Value {
    let mut component =
        json!({ "bom-ref": reference(place), "type": "library", "name": package.name });
    if !package.version.is_empty() {
        component["version"] = json!(package.version);
    }
    if package.is_dev {
        component["scope"] = json!("excluded");
    }
    if !package.licenses.is_empty() {
        let license = |name: &String| json!({ "license": { "name": name } });
        component["licenses"] = package
            .licenses
            .iter()
            .filter(|name| !name.is_empty())
            .map(license)
            .collect();
    }
    component["purl"] = json!(package.purl);
    component["properties"] = properties([
        ("seawall:path", package.path.as_deref()),
        ("seawall:layer", package.layer.as_deref()),
    ]);
    component
}

/// What needs what; the subject needs what nothing else does.
fn dependencies(report: &PackageReport) -> Vec<Value> {
    let needed: BTreeSet<u32> = report
        .listed
        .iter()
        .flat_map(|package| &package.needs)
        .copied()
        .collect();
    let places = (0..report.listed.len())
        .filter(|place| u32::try_from(*place).is_ok_and(|place| !needed.contains(&place)));
    let own = json!({ "ref": SUBJECT, "dependsOn": places.map(reference).collect::<Vec<_>>() });
    let of_package = |(place, package): (usize, &ListedPackage)| {
        let needs: BTreeSet<usize> = package.needs.iter().map(|place| *place as usize).collect();
        let needs: Vec<String> = needs
            .into_iter()
            .filter(|need| *need != place)
            .map(reference)
            .collect();
        (!needs.is_empty()).then(|| json!({ "ref": reference(place), "dependsOn": needs }))
    };
    let packages = report.listed.iter().enumerate().filter_map(of_package);
    std::iter::once(own).chain(packages).collect()
}

/// Where packages are listed, by package URL and path.
type Places<'r> = HashMap<(&'r str, Option<&'r str>), usize>;

fn places(listed: &[ListedPackage]) -> Places<'_> {
    let mut places = Places::new();
    for (place, package) in listed.iter().enumerate() {
        let key = (package.purl.as_str(), package.path.as_deref());
        places.entry(key).or_insert(place);
    }
    places
}

/// Each flaw once, with all the packages that have it.
fn vulnerabilities(report: &PackageReport, places: &Places<'_>) -> Vec<Value> {
    // Of what is judged in several ways each is one.
    type Judged<'r> = (&'r str, Option<String>);
    let mut order: Vec<Judged<'_>> = Vec::new();
    let mut findings: HashMap<Judged<'_>, Vec<&Vulnerability>> = HashMap::new();
    for finding in &report.vulnerabilities {
        let key = (
            finding.advisory.as_str(),
            analysis(finding).map(|it| it.to_string()),
        );
        let of_flaw = findings.entry(key.clone()).or_default();
        if of_flaw.is_empty() {
            order.push(key);
        }
        of_flaw.push(finding);
    }
    let mut told: HashMap<&str, u32> = HashMap::new();
    let flaw = |key: &Judged<'_>| {
        let (advisory, findings) = (key.0, &findings[key]);
        let first = findings[0];
        let affects = findings.iter().filter_map(|finding| {
            let package = &finding.package;
            let place = places.get(&(package.purl.as_str(), package.path.as_deref()))?;
            Some(json!({ "ref": reference(*place), "versions": [{ "version": package.version, "status": "affected" }] }))
        });
        let fixed: BTreeSet<&str> = findings
            .iter()
            .flat_map(|finding| &finding.package.fixed)
            .map(String::as_str)
            .collect();
        let mut flaw = json!({ "bom-ref": reference_of(&mut told, first), "id": advisory });
        if let Some(analysis) = analysis(first) {
            flaw["analysis"] = analysis;
        }
        if !first.aliases.is_empty() {
            flaw["references"] = first
                .aliases
                .iter()
                .map(|id| json!({ "id": id, "source": { "name": source(id) } }))
                .collect();
        }
        let mut rating = json!({ "severity": first.severity.map_or("unknown", Severity::as_str) });
        if let Some(score) = first.risk.cvss {
            rating["score"] = json!(score);
        }
        flaw["ratings"] = json!([rating]);
        if !first.summary.is_empty() {
            flaw["description"] = json!(first.summary);
        }
        if !fixed.is_empty() {
            let fixed: Vec<&str> = fixed.into_iter().collect();
            flaw["recommendation"] = json!(format!("upgrade to {}", fixed.join(", ")));
        }
        flaw["affects"] = affects.collect();
        flaw
    };
    order.iter().map(flaw).collect()
}

/// The name of a flaw in the bill: its id, with a number where it is there already.
fn reference_of<'r>(told: &mut HashMap<&'r str, u32>, finding: &'r Vulnerability) -> String {
    let count = told.entry(&finding.advisory).or_default();
    *count += 1;
    match *count {
        1 => finding.advisory.clone(),
        count => format!("{}-{count}", finding.advisory),
    }
}

/// What is decided of a flaw.
fn analysis(finding: &Vulnerability) -> Option<Value> {
    let Some(note) = &finding.vex else {
        let exception = finding.exception.as_ref()?;
        return Some(json!({
            "state": "exploitable",
            "response": ["will_not_fix"],
            "detail": format!("accepted: {}", exception.reason),
        }));
    };
    let state = match note.status {
        VexStatus::NotAffected => "not_affected",
        VexStatus::Affected => "exploitable",
        VexStatus::Fixed => "resolved",
        VexStatus::UnderInvestigation => "in_triage",
    };
    let justification = match note.justification.as_str() {
        "component_not_present" | "vulnerable_code_not_present" => "code_not_present",
        "vulnerable_code_not_in_execute_path" => "code_not_reachable",
        "vulnerable_code_cannot_be_controlled_by_adversary" => "requires_environment",
        "inline_mitigations_already_exist" => "protected_by_mitigating_control",
        _ => "",
    };
    let mut analysis = json!({ "state": state });
    if !justification.is_empty() {
        analysis["justification"] = json!(justification);
    }
    if !note.text.is_empty() {
        analysis["detail"] = json!(note.text);
    }
    Some(analysis)
}

/// Who gives out such ids: the letters that they begin with.
fn source(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}

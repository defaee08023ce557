//! Analyses in a bill of materials of `CycloneDX`.

use std::collections::HashMap;

use model::VexStatus;
use serde_json::Value;

use super::{VexError, VexStatement, items, text};

pub(super) fn read(document: &Value) -> Result<Vec<VexStatement>, VexError> {
    let mut components = HashMap::new();
    collect(&document["metadata"]["component"], &mut components, 0);
    for component in items(&document["components"]) {
        collect(component, &mut components, 0);
    }
    let flaws = items(&document["vulnerabilities"]);
    let flaws = flaws.filter(|flaw| flaw["analysis"]["state"].is_string());
    flaws.map(|flaw| statement(flaw, &components)).collect()
}

/// Components inside of components that are looked at.
const MAX_DEPTH: u32 = 32;

/// The package URLs of components, by their names in the bill.
fn collect(component: &Value, found: &mut HashMap<String, String>, depth: u32) {
    let (reference, purl) = (text(&component["bom-ref"]), text(&component["purl"]));
    if !reference.is_empty() && !purl.is_empty() {
        found.insert(reference, purl);
    }
    if depth < MAX_DEPTH {
        for inner in items(&component["components"]) {
            collect(inner, found, depth + 1);
        }
    }
}

fn statement(flaw: &Value, components: &HashMap<String, String>) -> Result<VexStatement, VexError> {
    let mut ids = vec![text(&flaw["id"])];
    ids.extend(items(&flaw["references"]).map(|reference| text(&reference["id"])));
    ids.retain(|id| !id.is_empty());
    let analysis = &flaw["analysis"];
    let word = text(&analysis["state"]);
    let status = match word.as_str() {
        "not_affected" | "false_positive" => VexStatus::NotAffected,
        "resolved" | "resolved_with_pedigree" => VexStatus::Fixed,
        "exploitable" => VexStatus::Affected,
        "in_triage" => VexStatus::UnderInvestigation,
        _ => {
            let id = ids.first().cloned().unwrap_or_default();
            return Err(VexError::Status { status: word, id });
        }
    };
    let products = items(&flaw["affects"]).map(|affected| {
        let reference = text(&affected["ref"]);
        // `urn:cdx:SERIAL/VERSION#REF` names a component of another bill.
        let own = reference.rsplit('#').next().unwrap_or_default();
        let own = if reference.starts_with("urn:cdx:") {
            own
        } else {
            &reference
        };
        let purl = components.get(own).cloned();
        (purl.unwrap_or_else(|| own.to_owned()), Vec::new())
    });
    Ok(VexStatement {
        products: products.collect(),
        status,
        justification: justification(analysis["justification"].as_str().unwrap_or_default())
            .to_owned(),
        text: text(&analysis["detail"]),
        ids,
    })
}

/// A word of `CycloneDX` in those of `OpenVEX`.
fn justification(word: &str) -> &str {
    match word {
        "code_not_present" => "vulnerable_code_not_present",
        "code_not_reachable" => "vulnerable_code_not_in_execute_path",
        "requires_configuration" | "requires_dependency" | "requires_environment" => {
            "vulnerable_code_cannot_be_controlled_by_adversary"
        }
        "protected_by_compiler"
        | "protected_at_runtime"
        | "protected_at_perimeter"
        | "protected_by_mitigating_control" => "inline_mitigations_already_exist",
        other => other,
    }
}

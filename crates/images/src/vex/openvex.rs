//! `OpenVEX`, versions 0.0.1 to 0.2.0.

use model::VexStatus;
use serde_json::Value;

use super::{VexError, VexStatement, items, text};

pub(super) fn read(document: &Value) -> Result<Vec<VexStatement>, VexError> {
    items(&document["statements"]).map(statement).collect()
}

fn statement(statement: &Value) -> Result<VexStatement, VexError> {
    let flaw = &statement["vulnerability"];
    let mut ids = vec![text(flaw), text(&flaw["name"]), last(&text(&flaw["@id"]))];
    ids.extend(items(&flaw["aliases"]).map(text));
    ids.retain(|id| !id.is_empty());
    let word = text(&statement["status"]);
    let status = status(&word).ok_or_else(|| VexError::Status {
        status: word.clone(),
        id: ids.first().cloned().unwrap_or_default(),
    })?;
    let parts: Vec<String> = items(&statement["subcomponents"]).flat_map(names).collect();
    let products = items(&statement["products"]).flat_map(|product| {
        let own: Vec<String> = items(&product["subcomponents"]).flat_map(names).collect();
        let parts = if own.is_empty() { parts.clone() } else { own };
        names(product)
            .into_iter()
            .map(move |name| (name, parts.clone()))
    });
    let texts = ["impact_statement", "action_statement", "status_notes"];
    let texts = texts.map(|key| text(&statement[key]));
    Ok(VexStatement {
        products: products.collect(),
        status,
        justification: text(&statement["justification"]),
        text: texts
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default(),
        ids,
    })
}

fn status(word: &str) -> Option<VexStatus> {
    Some(match word {
        "not_affected" => VexStatus::NotAffected,
        "affected" => VexStatus::Affected,
        "fixed" => VexStatus::Fixed,
        "under_investigation" => VexStatus::UnderInvestigation,
        _ => return None,
    })
}

/// The last part of an IRI: ids are written as `https://nvd.nist.gov/vuln/detail/CVE-2026-0001`, too.
fn last(iri: &str) -> String {
    iri.rsplit('/').next().unwrap_or_default().to_owned()
}

/// What a product is called: its id, package URL and digests.
fn names(product: &Value) -> Vec<String> {
    if let Some(id) = product.as_str() {
        return vec![id.to_owned()];
    }
    let mut names = vec![text(&product["@id"]), text(&product["identifiers"]["purl"])];
    names.extend(
        product["hashes"]
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(algorithm, _)| matches!(algorithm.as_str(), "sha-256" | "sha256"))
            .map(|(_, hash)| format!("sha256:{}", text(hash))),
    );
    names.retain(|name| !name.is_empty());
    names.dedup();
    names
}

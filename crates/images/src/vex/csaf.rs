//! CSAF 2.0 and 2.1, in the profile for VEX.

use std::collections::HashMap;

use model::VexStatus;
use serde_json::Value;

use super::{VexStatement, items, text};

/// Branches inside of branches that are looked at.
const MAX_DEPTH: u32 = 32;

/// Lists of products of a flaw, and what each states.
const LISTS: [(&str, VexStatus); 8] = [
    ("known_not_affected", VexStatus::NotAffected),
    ("fixed", VexStatus::Fixed),
    ("first_fixed", VexStatus::Fixed),
    ("recommended", VexStatus::Fixed),
    ("known_affected", VexStatus::Affected),
    ("first_affected", VexStatus::Affected),
    ("last_affected", VexStatus::Affected),
    ("under_investigation", VexStatus::UnderInvestigation),
];

/// A product by its id: what it is called, and its parts.
type Products = HashMap<String, Vec<(String, Vec<String>)>>;

pub(super) fn read(document: &Value) -> Vec<VexStatement> {
    let products = products(&document["product_tree"]);
    let mut found = Vec::new();
    for flaw in items(&document["vulnerabilities"]) {
        let mut ids = vec![text(&flaw["cve"])];
        ids.extend(items(&flaw["ids"]).map(|id| text(&id["text"])));
        ids.retain(|id| !id.is_empty());
        for (list, status) in LISTS {
            for id in items(&flaw["product_status"][list]).filter_map(Value::as_str) {
                let known = products.get(id).cloned();
                found.push(VexStatement {
                    ids: ids.clone(),
                    products: known.unwrap_or_else(|| vec![(id.to_owned(), Vec::new())]),
                    status,
                    justification: about(&flaw["flags"], id, "label"),
                    text: about(&flaw["threats"], id, "details"),
                });
            }
        }
    }
    // What says the same of several products is one statement.
    let mut joined: Vec<VexStatement> = Vec::new();
    for statement in found {
        let is_same = |other: &&mut VexStatement| {
            (&other.ids, other.status, &other.justification, &other.text)
                == (
                    &statement.ids,
                    statement.status,
                    &statement.justification,
                    &statement.text,
                )
        };
        match joined.iter_mut().rev().take(8).find(is_same) {
            Some(other) => other.products.extend(statement.products),
            None => joined.push(statement),
        }
    }
    joined
}

/// What a list of notes says of a product, or of all where it names none.
fn about(notes: &Value, product: &str, key: &str) -> String {
    let is_about = |note: &&Value| {
        let mut ids = items(&note["product_ids"]).peekable();
        ids.peek().is_none() || ids.any(|id| id.as_str() == Some(product))
    };
    let is_impact = |note: &&Value| !note["category"].is_string() || note["category"] == "impact";
    let note = items(notes).filter(is_about).find(is_impact);
    note.map(|note| text(&note[key])).unwrap_or_default()
}

fn products(tree: &Value) -> Products {
    let mut found = Products::new();
    for product in items(&tree["full_product_names"]) {
        take(product, &mut found);
    }
    branches(tree, &mut found, 0);
    for relationship in items(&tree["relationships"]) {
        let names = |key: &str| -> Vec<String> {
            let id = text(&relationship[key]);
            let known = found.get(&id).into_iter().flatten();
            known
                .map(|(name, _)| name.clone())
                .filter(|name| is_name(name))
                .collect()
        };
        let (parts, wholes) = (
            names("product_reference"),
            names("relates_to_product_reference"),
        );
        let id = text(&relationship["full_product_name"]["product_id"]);
        let products = if wholes.is_empty() {
            // What the part is in has no name that we know: the part itself is meant.
            parts.into_iter().map(|part| (part, Vec::new())).collect()
        } else {
            wholes
                .into_iter()
                .map(|whole| (whole, parts.clone()))
                .collect()
        };
        found.insert(id, products);
    }
    found
}

/// Whether a text names a package or an image, rather than a product of a vendor's own list.
fn is_name(text: &str) -> bool {
    text.starts_with("pkg:") || text.starts_with("sha256:")
}

fn branches(node: &Value, found: &mut Products, depth: u32) {
    if depth == MAX_DEPTH {
        return;
    }
    for branch in items(&node["branches"]) {
        take(&branch["product"], found);
        branches(branch, found, depth + 1);
    }
}

fn take(product: &Value, found: &mut Products) {
    let Some(id) = product["product_id"].as_str() else {
        return;
    };
    let helper = &product["product_identification_helper"];
    let mut names = vec![text(&helper["purl"])];
    names.extend(items(&helper["purls"]).map(text));
    for hashes in items(&helper["hashes"]) {
        let hashes = items(&hashes["file_hashes"]);
        let sha256 = hashes.filter(|hash| hash["algorithm"] == "sha256");
        names.extend(sha256.map(|hash| format!("sha256:{}", text(&hash["value"]))));
    }
    names.retain(|name| !name.is_empty());
    if names.is_empty() {
        names.push(id.to_owned());
    }
    let names = names.into_iter().map(|name| (name, Vec::new()));
    found.insert(id.to_owned(), names.collect());
}

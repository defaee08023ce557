//! CSAF advisories and VEX documents, as Red Hat, SUSE and Canonical publish them.
//!
//! A document has a tree of products: packages and platforms as leaves, and relationships that say `package of platform`.
//! A flaw then lists the ids of those that are fixed, affected and so on.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use versions::Purl;

use super::{Fact, FeedError};
use crate::ecosystem::distribution;
use crate::record::{Advisory, Affected, Detail, Severity, Status};

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "document")]
    head: Head,
    #[serde(default)]
    product_tree: Tree,
    #[serde(default)]
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    title: String,
    aggregate_severity: Option<Text>,
    tracking: Tracking,
    #[serde(default)]
    references: Vec<Reference>,
}

#[derive(Deserialize)]
struct Tracking {
    id: String,
    #[serde(default)]
    initial_release_date: String,
    #[serde(default)]
    current_release_date: String,
}

#[derive(Deserialize)]
struct Text {
    text: String,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    url: String,
}

#[derive(Deserialize, Default)]
struct Tree {
    #[serde(default)]
    branches: Vec<Branch>,
    #[serde(default)]
    relationships: Vec<Relationship>,
}

#[derive(Deserialize)]
struct Branch {
    #[serde(default)]
    branches: Vec<Branch>,
    product: Option<Product>,
}

#[derive(Deserialize)]
struct Product {
    #[serde(rename = "product_id")]
    id: String,
    #[serde(default)]
    name: String,
    #[serde(rename = "product_identification_helper")]
    helper: Option<Helper>,
}

#[derive(Deserialize)]
struct Helper {
    cpe: Option<String>,
    purl: Option<String>,
}

#[derive(Deserialize)]
struct Relationship {
    full_product_name: ProductName,
    product_reference: String,
    relates_to_product_reference: String,
}

#[derive(Deserialize)]
struct ProductName {
    product_id: String,
}

#[derive(Deserialize)]
struct Vulnerability {
    cve: Option<String>,
    title: Option<String>,
    #[serde(default)]
    notes: Vec<Text>,
    #[serde(default)]
    product_status: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    scores: Vec<Score>,
    #[serde(default)]
    remediations: Vec<Remediation>,
    #[serde(default)]
    references: Vec<Reference>,
    cwe: Option<Weakness>,
}

#[derive(Deserialize)]
struct Weakness {
    id: String,
}

#[derive(Deserialize)]
struct Score {
    #[serde(rename = "cvss_v2")]
    v2: Option<Vector>,
    #[serde(rename = "cvss_v3")]
    v3: Option<Vector>,
    #[serde(rename = "cvss_v4")]
    v4: Option<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    #[serde(rename = "vectorString", default)]
    vector: String,
}

#[derive(Deserialize)]
struct Remediation {
    #[serde(default)]
    category: String,
    #[serde(default)]
    product_ids: Vec<String>,
}

/// A package of a platform.
struct Component {
    ecosystem: String,
    name: String,
    version: String,
}

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Fact>, FeedError> {
    let document: Document = serde_json::from_slice(bytes).map_err(|source| FeedError::Json {
        kind: "CSAF document",
        source,
    })?;
    let components = components(&document.product_tree);
    let head = &document.head;
    let label = head
        .aggregate_severity
        .as_ref()
        .map_or(Severity::Unknown, |text| Severity::from_label(&text.text));
    let facts = document.vulnerabilities.iter().filter_map(|flaw| {
        let id = flaw.cve.clone()?;
        let vectors = flaw
            .scores
            .iter()
            .flat_map(|score| [&score.v4, &score.v3, &score.v2])
            .flatten()
            .map(|vector| &vector.vector);
        let vectors: BTreeSet<&String> = vectors.filter(|vector| !vector.is_empty()).collect();
        let references = flaw
            .references
            .iter()
            .chain(&head.references)
            .map(|reference| &reference.url);
        Some(Fact::Advisory(Box::new(Advisory {
            affected: affected(flaw, &components),
            detail: Detail {
                summary: flaw.title.clone().unwrap_or_else(|| head.title.clone()),
                details: flaw
                    .notes
                    .first()
                    .map_or_else(String::new, |note| note.text.clone()),
                related: Some(head.tracking.id.clone())
                    .filter(|tracking| *tracking != id)
                    .into_iter()
                    .collect(),
                vectors: vectors.into_iter().cloned().collect(),
                weaknesses: flaw
                    .cwe
                    .iter()
                    .map(|weakness| weakness.id.clone())
                    .collect(),
                references: references
                    .filter(|url| !url.is_empty())
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .cloned()
                    .collect(),
                ..Detail::default()
            },
            published: head.tracking.initial_release_date.clone(),
            modified: head.tracking.current_release_date.clone(),
            label,
            id,
        })))
    });
    Ok(facts.collect())
}

/// The packages by the id of `package of platform`.
fn components(tree: &Tree) -> BTreeMap<&str, Component> {
    let mut products: BTreeMap<&str, &Product> = BTreeMap::new();
    let mut stack: Vec<&Branch> = tree.branches.iter().collect();
    while let Some(branch) = stack.pop() {
        products.extend(
            branch
                .product
                .as_ref()
                .map(|product| (product.id.as_str(), product)),
        );
        stack.extend(&branch.branches);
    }
    let relationships = tree.relationships.iter().filter_map(|relationship| {
        let platform = products.get(relationship.relates_to_product_reference.as_str())?;
        let ecosystem = platform_ecosystem(platform)?;
        let reference = relationship.product_reference.as_str();
        let (name, version) = package(products.get(reference).copied(), reference)?;
        Some((
            relationship.full_product_name.product_id.as_str(),
            Component {
                ecosystem,
                name,
                version,
            },
        ))
    });
    let mut components: BTreeMap<&str, Component> = relationships.collect();
    // A package whose URL names its release needs no platform.
    for (id, product) in products {
        let purl = product
            .helper
            .as_ref()
            .and_then(|helper| Purl::parse(helper.purl.as_deref()?).ok());
        let query = purl
            .as_ref()
            .filter(|purl| purl.qualifiers.contains_key("distro"))
            .and_then(crate::ecosystem::Query::from_purl);
        if let Some(query) = query {
            components.entry(id).or_insert(Component {
                ecosystem: query.ecosystem,
                name: query.name,
                version: query.version,
            });
        }
    }
    components
}

/// `cpe:/a:redhat:enterprise_linux:9::appstream`, `cpe:/o:suse:sles:15:sp5`, `cpe:/o:opensuse:leap:15.5`.
fn platform_ecosystem(platform: &Product) -> Option<String> {
    let cpe = platform.helper.as_ref()?.cpe.as_deref()?;
    let fields: Vec<&str> = cpe.trim_start_matches("cpe:/").split(':').collect();
    let field = |index: usize| fields.get(index).copied().unwrap_or_default();
    match (field(1), field(2)) {
        ("redhat", product)
            if product.starts_with("enterprise_linux") || product.starts_with("rhel_") =>
        {
            Some(format!("Red Hat:{}", field(3))).filter(|_| !field(3).is_empty())
        }
        ("suse", "sles" | "sled" | "sle_hpc" | "sles_sap") => distribution(
            "sles",
            &format!("{}.{}", field(3), field(4).trim_start_matches("sp")),
        ),
        ("opensuse", "leap") => distribution("opensuse", field(3)),
        ("opensuse", "tumbleweed") => distribution("opensuse-tumbleweed", ""),
        ("canonical", "ubuntu_linux") => distribution("ubuntu", field(3)),
        _ => None,
    }
}

/// Name and version from a package URL, else from an id `name-version-release.arch` or a name alone.
fn package(product: Option<&Product>, reference: &str) -> Option<(String, String)> {
    let helper = product.and_then(|product| product.helper.as_ref());
    if let Some(purl) = helper.and_then(|helper| Purl::parse(helper.purl.as_deref()?).ok()) {
        let epoch = purl
            .qualifiers
            .get("epoch")
            .filter(|_| !purl.version.is_empty());
        let version = epoch.map_or_else(
            || purl.version.clone(),
            |epoch| format!("{epoch}:{}", purl.version),
        );
        return Some((purl.name, version));
    }
    let name = product.map_or(reference, |product| product.name.as_str());
    let name = if name.is_empty() { reference } else { name };
    let without_arch = name.rsplit_once('.').filter(|(_, arch)| {
        matches!(
            *arch,
            "x86_64" | "aarch64" | "noarch" | "src" | "ppc64le" | "s390x" | "i686" | "i586"
        )
    });
    let Some((full, _)) = without_arch else {
        return Some((name.to_owned(), String::new()));
    };
    let (rest, release) = full.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    Some((name.to_owned(), format!("{version}-{release}")))
}

fn affected(flaw: &Vulnerability, components: &BTreeMap<&str, Component>) -> Vec<Affected> {
    let mut found: BTreeMap<(&str, &str, &str), Status> = BTreeMap::new();
    for (state, ids) in &flaw.product_status {
        for component in ids
            .iter()
            .filter_map(|id| Some((id, components.get(id.as_str())?)))
        {
            let (id, component) = component;
            let (version, status) = match state.as_str() {
                "fixed" | "first_fixed" | "recommended" if !component.version.is_empty() => {
                    (component.version.as_str(), Status::Affected)
                }
                "known_affected" => ("", remedy(flaw, id)),
                "under_investigation" => ("", Status::UnderInvestigation),
                _ => continue,
            };
            found.insert((&component.ecosystem, &component.name, version), status);
        }
    }
    let affected = found
        .into_iter()
        .map(|((ecosystem, name, fixed), status)| Affected {
            status,
            ..Affected::before(
                ecosystem,
                name,
                Some(fixed).filter(|fixed| !fixed.is_empty()),
            )
        });
    affected.collect()
}

fn remedy(flaw: &Vulnerability, id: &str) -> Status {
    let of = |category: &str| {
        flaw.remediations.iter().any(|remedy| {
            remedy.category == category && remedy.product_ids.iter().any(|known| known == id)
        })
    };
    if of("no_fix_planned") {
        Status::WillNotFix
    } else if of("none_available") {
        Status::FixDeferred
    } else {
        Status::Affected
    }
}

//! Documents of the three kinds, and what they state.

use model::VexStatus;

use super::{VexError, VexStatement, statements};

fn read(text: &str) -> Vec<VexStatement> {
    statements(text.as_bytes()).unwrap()
}

fn products(statement: &VexStatement) -> Vec<String> {
    let product = |(id, parts): &(String, Vec<String>)| {
        if parts.is_empty() {
            id.clone()
        } else {
            format!("{id} > {}", parts.join(" "))
        }
    };
    statement.products.iter().map(product).collect()
}

#[test]
fn openvex_names_products_and_subcomponents() {
    let found = read(
        r#"{ "@context": "https://openvex.dev/ns/v0.2.0", "@id": "a", "statements": [
            { "vulnerability": { "@id": "https://nvd.nist.gov/vuln/detail/CVE-2026-1", "name": "CVE-2026-1", "aliases": ["GHSA-a"] },
              "products": [{ "@id": "pkg:oci/web@sha256:1", "hashes": { "sha-256": "ab" }, "subcomponents": [{ "@id": "pkg:deb/debian/a" }] }],
              "status": "not_affected", "justification": "component_not_present", "impact_statement": "why" },
            { "vulnerability": "CVE-2026-2", "products": ["pkg:npm/a@1"], "status": "affected", "action_statement": "upgrade" }
        ] }"#,
    );
    assert_eq!(found[0].ids, ["CVE-2026-1", "CVE-2026-1", "GHSA-a"]);
    let expected = [
        "pkg:oci/web@sha256:1 > pkg:deb/debian/a",
        "sha256:ab > pkg:deb/debian/a",
    ];
    assert_eq!(products(&found[0]), expected);
    assert_eq!(found[0].status, VexStatus::NotAffected);
    assert_eq!(
        (found[0].justification.as_str(), found[0].text.as_str()),
        ("component_not_present", "why")
    );
    assert_eq!(
        (products(&found[1]), found[1].status),
        (vec!["pkg:npm/a@1".to_owned()], VexStatus::Affected)
    );
    assert_eq!(found[1].text, "upgrade");
}

#[test]
fn csaf_finds_products_in_branches_and_relationships() {
    let found = read(
        r#"{ "document": { "category": "csaf_vex", "csaf_version": "2.0" },
            "product_tree": {
              "branches": [{ "branches": [
                { "product": { "product_id": "web", "product_identification_helper": { "purl": "pkg:oci/web@sha256:1" } } },
                { "product": { "product_id": "ssl", "product_identification_helper": { "purl": "pkg:deb/debian/openssl@3" } } },
                { "product": { "product_id": "os", "product_identification_helper": { "cpe": "cpe:/o:x" } } }
              ] }],
              "relationships": [
                { "category": "default_component_of", "full_product_name": { "product_id": "web:ssl" }, "product_reference": "ssl", "relates_to_product_reference": "web" },
                { "category": "default_component_of", "full_product_name": { "product_id": "os:ssl" }, "product_reference": "ssl", "relates_to_product_reference": "os" }
              ] },
            "vulnerabilities": [{ "cve": "CVE-2026-1", "ids": [{ "text": "X-1" }],
              "product_status": { "known_not_affected": ["web:ssl", "os:ssl"], "fixed": ["ssl"], "under_investigation": ["nobody"] },
              "flags": [{ "label": "vulnerable_code_not_present", "product_ids": ["web:ssl", "os:ssl"] }],
              "threats": [{ "category": "impact", "details": "why", "product_ids": ["web:ssl", "os:ssl"] }] }] }"#,
    );
    assert_eq!(found.len(), 3);
    assert_eq!(found[0].ids, ["CVE-2026-1", "X-1"]);
    let expected = [
        "pkg:oci/web@sha256:1 > pkg:deb/debian/openssl@3",
        "pkg:deb/debian/openssl@3",
    ];
    assert_eq!(products(&found[0]), expected);
    assert_eq!(
        (found[0].justification.as_str(), found[0].text.as_str()),
        ("vulnerable_code_not_present", "why")
    );
    assert_eq!(
        (found[1].status, products(&found[1])),
        (
            VexStatus::Fixed,
            vec!["pkg:deb/debian/openssl@3".to_owned()]
        )
    );
    assert_eq!(
        (found[2].status, products(&found[2])),
        (VexStatus::UnderInvestigation, vec!["nobody".to_owned()])
    );
}

#[test]
fn cyclonedx_names_components_of_its_own_and_of_others() {
    let found = read(
        r#"{ "bomFormat": "CycloneDX", "components": [{ "bom-ref": "a", "purl": "pkg:npm/a@1", "components": [{ "bom-ref": "b", "purl": "pkg:npm/b@2" }] }],
            "vulnerabilities": [
              { "id": "CVE-2026-1", "references": [{ "id": "GHSA-a" }], "affects": [{ "ref": "b" }, { "ref": "urn:cdx:1/1#pkg:npm/c" }],
                "analysis": { "state": "not_affected", "justification": "code_not_reachable", "detail": "why" } },
              { "id": "CVE-2026-2", "analysis": { "state": "resolved" } },
              { "id": "CVE-2026-3" }
            ] }"#,
    );
    assert_eq!(found.len(), 2);
    assert_eq!(products(&found[0]), ["pkg:npm/b@2", "pkg:npm/c"]);
    assert_eq!(
        found[0].justification,
        "vulnerable_code_not_in_execute_path"
    );
    assert_eq!(
        (found[1].status, products(&found[1]).len()),
        (VexStatus::Fixed, 0)
    );
}

#[test]
fn what_is_none_is_refused() {
    assert!(matches!(statements(b"{"), Err(VexError::Json(_))));
    assert!(matches!(statements(b"{}"), Err(VexError::Unknown)));
    assert!(matches!(statements(b"[1]"), Err(VexError::Unknown)));
    let other = br#"{ "@context": "https://openvex.dev/ns", "statements": [{ "vulnerability": "CVE-1", "status": "maybe" }] }"#;
    let error = statements(other).unwrap_err();
    assert_eq!(error.to_string(), "'maybe' of CVE-1 is no status");
}

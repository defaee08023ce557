//! Both formats give the same packages; what cannot be used is told.

use super::{Bill, SbomError, read};

fn purls(bill: &Bill) -> Vec<&str> {
    bill.packages
        .iter()
        .map(|package| package.purl.as_str())
        .collect()
}

#[test]
fn components_inside_components_count_once() {
    let bill = read(
        br#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
            {"type": "library", "name": "a", "purl": "pkg:npm/a@1", "components": [{"type": "library", "name": "b", "purl": "pkg:npm/b@2"}]},
            {"type": "library", "name": "b", "purl": "pkg:npm/b@2"},
            {"type": "library", "name": "c"},
            {"type": "library", "name": "d", "purl": "npm/d"},
            {"type": "file", "name": "e"}]}"#,
    )
    .unwrap();
    assert_eq!(purls(&bill), ["pkg:npm/a@1", "pkg:npm/b@2"]);
    let unusable: Vec<&str> = bill
        .unusable
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(unusable, ["c", "d"]);
}

#[test]
fn spdx_names_packages_by_reference() {
    let bill = read(
        br#"{"spdxVersion": "SPDX-2.3", "packages": [
            {"name": "image", "primaryPackagePurpose": "CONTAINER"},
            {"name": "a", "versionInfo": "1", "externalRefs": [
                {"referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a"}, {"referenceType": "purl", "referenceLocator": "pkg:npm/a@1"}]},
            {"name": "b", "versionInfo": "2"}]}"#,
    )
    .unwrap();
    assert_eq!(purls(&bill), ["pkg:npm/a@1"]);
    assert_eq!(bill.unusable.len(), 1);
}

#[test]
fn other_texts_are_refused() {
    assert!(matches!(read(b"{}"), Err(SbomError::Unknown)));
    assert!(matches!(read(b"\xff"), Err(SbomError::Utf8)));
    assert!(matches!(read(b"{} {}"), Err(SbomError::Unknown)));
    let error = read(b"{\n <bom/>").unwrap_err().to_string();
    assert!(error.starts_with("line 2, column 2: "), "{error}");
    let deep = format!(
        r#"{{"bomFormat": "CycloneDX", "components": {}{}}}"#,
        r#"[{"components": "#.repeat(60),
        "[]".to_owned() + &"}]".repeat(60)
    );
    assert!(read(deep.as_bytes()).is_ok());
    let deeper = format!(
        r#"{{"bomFormat": "CycloneDX", "components": {}{}}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    assert!(matches!(read(deeper.as_bytes()), Err(SbomError::Depth)));
}

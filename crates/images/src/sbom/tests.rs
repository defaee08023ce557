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
fn graphs_of_spdx_name_packages_by_url_or_identifier() {
    let bill = read(
        br#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
            {"type": "CreationInfo", "@id": "_:c", "name": "none"},
            {"type": "software_Package", "name": "image", "software_primaryPurpose": "container", "software_packageVersion": "1"},
            {"type": "software_Package", "name": "a", "software_packageUrl": "pkg:npm/a@1"},
            {"type": "software_Package", "name": "b", "externalIdentifier": [
                {"externalIdentifierType": "cpe23", "identifier": "cpe:2.3:b"},
                {"externalIdentifierType": "packageUrl", "identifier": "pkg:npm/b@2"}]},
            {"type": "software_Package", "name": "c", "software_packageVersion": "3"}]}"#,
    )
    .unwrap();
    assert_eq!(purls(&bill), ["pkg:npm/a@1", "pkg:npm/b@2"]);
    assert_eq!(
        bill.unusable,
        [("c".to_owned(), "it has no package URL".to_owned())]
    );
    let alone = read(
        br#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "type": "software_Package", "software_packageUrl": "pkg:npm/a@1"}"#,
    );
    assert_eq!(purls(&alone.unwrap()), ["pkg:npm/a@1"]);
}

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" serialNumber="urn:uuid:1" version="1">
  <metadata>
    <tools><components><component type="application"><name>tool</name><purl>pkg:npm/tool@1</purl></component></components></tools>
    <component type="container"><name>image</name></component>
  </metadata>
  <components>
    <component type="library" bom-ref="a">
      <name>a</name><version>1</version>
      <purl>pkg:npm/%40x/a@1?q=1&amp;r=2</purl>
      <pedigree><ancestors><component type="library"><name>old</name><purl>pkg:npm/old@1</purl></component></ancestors></pedigree>
      <components><component type="library"><name>b</name><purl><![CDATA[pkg:npm/b@2]]></purl></component></components>
    </component>
    <component type="library"><name>c</name></component>
    <component type="file"><name>d</name></component>
    <x:component xmlns:x="http://cyclonedx.org/schema/bom/1.6" type="library"><x:name>e</x:name><x:purl> pkg:npm/e@1 </x:purl></x:component>
  </components>
</bom>"#;

#[test]
fn xml_says_the_same_as_json() {
    let bill = read(XML.as_bytes()).unwrap();
    assert_eq!(
        purls(&bill),
        ["pkg:npm/%40x/a@1?q=1&r=2", "pkg:npm/b@2", "pkg:npm/e@1"]
    );
    let unusable: Vec<&str> = bill
        .unusable
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(unusable, ["c"]);
    assert_eq!(read(format!("\u{FEFF}\n{XML}").as_bytes()).unwrap(), bill);
}

#[test]
fn xml_that_is_wrong_is_refused_where_it_is() {
    for (text, expected) in [
        (
            "<project/>",
            "this is neither CycloneDX (JSON or XML) nor SPDX (2 or 3, JSON)",
        ),
        (
            "<bom>\n <components>\n",
            "line 3, column 1: the text ends inside an element",
        ),
        ("<bom>\n é</bon>", "line 2, column 3: "),
        (
            "<!DOCTYPE bom [<!ENTITY a \"b\">]><bom/>",
            "line 1, column 1: a document type is not read",
        ),
    ] {
        let error = read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{text}: {error}");
    }
    let nested = |depth: usize| {
        let inside = "<components><component type=\"library\">".repeat(depth);
        let behind = "</component></components>".repeat(depth);
        read(format!("<bom>{inside}{behind}</bom>").as_bytes())
    };
    assert!(nested(60).is_ok());
    assert!(matches!(nested(1000), Err(SbomError::Depth)));
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

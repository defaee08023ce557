//! Real manifests against the table: they work in clusters, so they must fit.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::{Document, Keys, Limits, Source, parse_yaml};
use schema::{CustomKinds, Outcome, Schema, Validator};

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|end| end == "yaml") {
            out.push(path);
        }
    }
}

#[test]
#[ignore = "needs the corpus beside the repository"]
fn real_manifests_fit() {
    let mut paths = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/real");
    files(&root, &mut paths);
    paths.sort();
    let keys = Arc::new(Keys::new(schema::names()));
    let documents: Vec<_> = paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            parse_yaml(
                Source::new(path.to_string_lossy(), text),
                &keys,
                &Limits::default(),
            )
            .document
        })
        .collect();
    let custom = CustomKinds::from_objects(documents.iter().flat_map(Document::roots));
    assert!(!custom.is_empty());
    let validator = Validator::new(Schema::embedded().with_custom_kinds(&custom), &keys, 34);
    let mut found = Vec::new();
    for (document, path) in documents.iter().zip(&paths) {
        for object in document.roots() {
            let outcome = validator.validate(object, &mut |mismatch| {
                found.push(format!(
                    "{}: {}: {}",
                    path.display(),
                    mismatch.path(),
                    mismatch.kind
                ));
            });
            assert!(
                matches!(outcome, Outcome::Validated(_)),
                "{}",
                path.display()
            );
        }
    }
    assert_eq!(found, [""; 0]);
    assert!(documents.len() > 90, "the corpus is not all there");
}

//! What goes into a catalogue comes out of it.

use document::Source;

use super::{Builder, Catalog};
use crate::framework::{Evidence, Requirement};
use crate::parse::ControlTexts;

fn control(id: &str, more: &str) -> ControlTexts {
    let text = format!(
        "id: {id}\ntitle: T\nseverity: low\nprofile: strict\ntags: [x]\nwhy: W\nremediation: R\n\
         for: pod\nfail: self.hostNetwork && 'a.b' in self.metadata.labels\nat: [hostNetwork]\n\
         message: M {{{{ self.kind }}}}\nreferences: [r]\n{more}"
    );
    ControlTexts {
        control: Source::new(format!("controls/g/{id}/control.yaml"), text),
        fail_yaml: Some("fail".to_owned()),
        pass_yaml: Some("pass".to_owned()),
        fail_dockerfile: None,
        pass_dockerfile: None,
    }
}

const FRAMEWORK: &str = "\
id: f
title: F
version: '1'
source: https://example.com
date: 2026-01-31
partial: Only two of nine.
kubernetes: '1.25'
requirements:
  - { id: '1.1', title: One, group: G, controls: [a, b] }
  - { id: '1.2', title: Two, manual: Look., kubernetes: { since: '1.26' } }
  - { id: '1.3', title: Three, group: G, controls: [a], manual: Look further. }
";

fn build() -> (Vec<u8>, Vec<String>) {
    let mut builder = Builder::default();
    builder.control(&control(
        "b",
        "aliases: { trivy: [KSV-1] }\nsupersedes: [a]\n",
    ));
    builder.control(&control(
        "a",
        "params: { p: { type: strings, default: [q], doc: D } }\n",
    ));
    builder.framework(&Source::new("frameworks/f.yaml", FRAMEWORK));
    let (bytes, diagnostics) = builder.finish();
    (bytes, diagnostics.iter().map(ToString::to_string).collect())
}

#[test]
fn everything_comes_back() {
    let (bytes, diagnostics) = build();
    assert_eq!(diagnostics, Vec::<String>::new());
    let catalog = Catalog::from_bytes(bytes).unwrap();
    let ids: Vec<_> = catalog
        .controls()
        .iter()
        .map(|it| it.header.id.as_str())
        .collect();
    assert_eq!(ids, ["a", "b"]);
    let keys: Vec<_> = catalog.key_names().collect();
    assert_eq!(keys, ["a.b", "hostNetwork", "kind", "labels", "metadata"]);
    let found = catalog.control("b").unwrap();
    assert!(found.condition().unwrap().fail.is_some());
    assert_eq!(found.rendering().unwrap().message.len(), 2);
    assert_eq!(found.texts().unwrap().pass_yaml, "pass");
    assert_eq!(catalog.by_alias("ksv-1").count(), 1);
    let framework = catalog.framework("f").unwrap().unwrap();
    assert_eq!(framework.requirements[1].manual.as_deref(), Some("Look."));
    assert_eq!(framework.kubernetes.unwrap().minor, 25);
    assert_eq!(framework.date.as_deref(), Some("2026-01-31"));
    assert_eq!(framework.partial.as_deref(), Some("Only two of nine."));
    let evidence: Vec<_> = framework
        .requirements
        .iter()
        .map(Requirement::evidence)
        .collect();
    assert_eq!(
        evidence,
        [Evidence::Automated, Evidence::Manual, Evidence::Partly]
    );
    assert_eq!(framework.control_ids().len(), 2);
}

#[test]
fn unknown_controls_are_reported_where_they_are_named() {
    let mut builder = Builder::default();
    builder.control(&control("b", "supersedes: [bb]\n"));
    let (_, diagnostics) = builder.finish();
    let texts: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    let expected = "controls/g/b/control.yaml:13:14: there is no control `bb` (did you mean `b`?)";
    assert_eq!(texts, [expected]);
}

#[test]
fn an_unknown_control_of_a_framework_is_reported_at_its_name() {
    let mut builder = Builder::default();
    let text = "id: f\ntitle: aa\nversion: '1'\nsource: s\nrequirements:\n\
                - { id: '1', title: aa, controls: [aa] }\n";
    builder.framework(&Source::new("frameworks/f.yaml", text));
    builder.framework(&Source::new("more/frameworks/f.yaml", text));
    let (_, diagnostics) = builder.finish();
    let texts: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    let expected = [
        "more/frameworks/f.yaml:1:1: `frameworks/f.yaml` has the same id",
        "more/frameworks/f.yaml:6:36: there is no control `aa`",
    ];
    assert_eq!(texts, expected);
}

#[test]
fn a_later_catalogue_wins() {
    let (bytes, _) = build();
    let mut catalog = Catalog::from_bytes(bytes).unwrap();
    let mut builder = Builder::on(&catalog);
    builder.control(&control("a", "supersedes: [b]\n"));
    builder.control(&control("c", ""));
    let (bytes, diagnostics) = builder.finish();
    assert!(diagnostics.is_empty());
    catalog.extend(Catalog::from_bytes(bytes).unwrap());
    assert_eq!(catalog.controls().len(), 3);
    assert_eq!(catalog.control("a").unwrap().header.supersedes, ["b"]);
}

#[test]
fn damaged_bytes_are_an_error() {
    let (bytes, _) = build();
    for length in 0..bytes.len() {
        let Ok(catalog) = Catalog::from_bytes(bytes[..length].to_vec()) else {
            continue;
        };
        panic!(
            "{length} of {} bytes gave {} controls",
            bytes.len(),
            catalog.controls().len()
        );
    }
}

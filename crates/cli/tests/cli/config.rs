//! Mistakes in `seawall.yaml`, as the user sees them; and its schema.

use serde_json::{Value, json};

use crate::support::Folder;

/// What a scan says about a configuration that is wrong.
fn mistake(name: &str, config: &str) -> String {
    let folder = Folder::new(name).file("seawall.yaml", config);
    let run = folder.seawall(&["scan", "."]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert_eq!(run.stdout, "");
    run.stderr
}

#[test]
fn an_unknown_key_is_shown_with_what_was_meant() {
    insta::assert_snapshot!(mistake("unknown-key", "profile: strict\nexcude: [a]\n"));
}

#[test]
fn a_missing_reason_is_shown() {
    let config = "exceptions:\n  - control: privileged-container\n    paths: legacy/**\n";
    insta::assert_snapshot!(mistake("missing-reason", config));
}

#[test]
fn a_version_without_quotes_is_explained() {
    insta::assert_snapshot!(mistake("version", "kubernetes-version: 1.30\n"));
}

#[test]
fn several_mistakes_are_shown_at_once() {
    let config = "profile: strong\nfail-on: [high]\noverrides:\n  - severity: awful\n    controls: x\nexclude: '['\n";
    insta::assert_snapshot!(mistake("several", config));
}

#[test]
fn unknown_controls_and_parameters_are_shown() {
    let config = "controls: [privileged-contaner]\nparams:\n  nobody: { x: 1 }\n  image-forbidden-registry: { publicRegistries: 3, publicRegistry: [a] }\n";
    insta::assert_snapshot!(mistake("names", config));
}

#[test]
fn broken_yaml_is_shown() {
    insta::assert_snapshot!(mistake("broken", "profile: [\n"));
}

#[test]
fn a_circle_of_extends_is_refused() {
    let folder = Folder::new("circle")
        .file("seawall.yaml", "extends: other.yaml\n")
        .file("other.yaml", "extends: seawall.yaml\n");
    let run = folder.seawall(&["scan", "."]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("leads in a circle"), "{}", run.stderr);
}

fn schema() -> Value {
    let run = Folder::new("schema").seawall(&["generate", "config-schema"]);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn the_schema_agrees_with_the_parser() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let good = [
        json!({}),
        json!({ "profile": "all", "controls": "privileged-container", "fail-on": "none" }),
        json!({ "exceptions": [{ "control": "privileged-container", "reason": "x", "expires": "2027-01-31" }] }),
        json!({ "exceptions": { "inline": "deny", "locked": ["privileged-container"] } }),
        json!({ "workloads": [{ "group": "x.io", "kind": "Thing", "path": "spec.template" }] }),
    ];
    let bad = [
        json!({ "profil": "all" }),
        json!({ "profile": "strong" }),
        json!({ "exceptions": [{ "control": "x" }] }),
        json!({ "exceptions": [{ "control": "x", "reason": "" }] }),
        json!({ "kubernetes-version": 1.3 }),
        json!({ "overrides": { "controls": "x" } }),
    ];
    for (configs, fits) in [(&good[..], true), (&bad[..], false)] {
        for config in configs {
            assert_eq!(validator.is_valid(config), fits, "{config}");
            let folder = Folder::new("schema-agrees").file("seawall.yaml", &config.to_string());
            let code = folder.seawall(&["scan", "."]).code;
            assert_eq!(code == 0, fits, "{config}");
        }
    }
}

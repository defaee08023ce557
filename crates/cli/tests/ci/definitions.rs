//! Reads the definitions: which shell they run, with which variables.

use std::collections::BTreeMap;
use std::sync::Arc;

use document::{Document, Keys, Limits, NodeRef, Source, parse_yaml};
use fs_err as fs;

use crate::mirror::root;

/// The document of a file of the repository.
pub(crate) fn read(file: &str) -> Document {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let keys = Arc::new(Keys::new([]));
    let parsed = parse_yaml(Source::new(file, text), &keys, &Limits::default());
    assert!(parsed.errors.is_empty(), "{file}: {:?}", parsed.errors);
    parsed.document
}

/// The text of a scalar.
pub(crate) fn text(node: NodeRef<'_>) -> String {
    node.as_str().unwrap_or_default().to_owned()
}

fn at<'a>(node: NodeRef<'a>, keys: &[&str]) -> NodeRef<'a> {
    let step = |node: NodeRef<'a>, key: &&str| node.get_str(key).unwrap();
    keys.iter().fold(node, step)
}

/// One step: its shell, and its own variables.
pub(crate) struct Step {
    pub(crate) script: String,
    pub(crate) variables: BTreeMap<String, String>,
}

/// The steps of the action for GitHub that run a shell, with these inputs.
pub(crate) fn action(inputs: &[(&str, &str)]) -> Vec<Step> {
    let document = read("action.yml");
    let root = document.root(0).unwrap();
    let value = |name: &str| {
        let given = inputs.iter().find(|(input, _)| *input == name);
        given.map_or_else(
            || text(at(root, &["inputs", name, "default"])),
            |(_, value)| (*value).to_owned(),
        )
    };
    let mut steps = Vec::new();
    for step in at(root, &["runs", "steps"]).items() {
        let Some(run) = step.get_str("run") else {
            continue;
        };
        let mut variables = BTreeMap::new();
        for entry in step.get_str("env").into_iter().flat_map(NodeRef::entries) {
            let written = text(entry.value);
            let input = written
                .strip_prefix("${{ inputs.")
                .and_then(|rest| rest.strip_suffix(" }}"));
            variables.insert(entry.name().to_owned(), value(input.unwrap()));
        }
        let script = text(run);
        assert!(!script.contains("${{"), "a value in a script: {script}");
        steps.push(Step { script, variables });
    }
    steps
}

/// The shell of the component for GitLab, with these inputs, and its variables.
pub(crate) fn component(inputs: &[(&str, &str)]) -> Step {
    let document = read("templates/scan.yml");
    let spec = document.root(0).unwrap();
    let job = document.root(1).unwrap();
    let fill = |written: String| {
        let mut filled = written;
        for entry in at(spec, &["spec", "inputs"]).entries() {
            let given = inputs.iter().find(|(input, _)| *input == entry.name());
            let default = || entry.value.get_str("default").map(text).unwrap_or_default();
            let value = given.map_or_else(default, |(_, value)| (*value).to_owned());
            filled = filled.replace(&format!("$[[ inputs.{} ]]", entry.name()), &value);
        }
        assert!(
            !filled.contains("$[["),
            "an input that is not declared: {filled}"
        );
        filled
    };
    let job = job.entries().next().unwrap().value;
    let mut script = String::new();
    for part in ["before_script", "script"] {
        for line in at(job, &[part]).items() {
            script += &fill(text(line));
            script.push('\n');
        }
    }
    let variables = at(job, &["variables"]).entries();
    let variables = variables.map(|entry| (entry.name().to_owned(), fill(text(entry.value))));
    Step {
        script,
        variables: variables.collect(),
    }
}

/// The scripts of the pipeline for Azure.
pub(crate) fn azure() -> String {
    let document = read("docs/ci/azure-pipelines.yml");
    let root = document.root(0).unwrap();
    let steps = at(root, &["steps"]).items();
    let scripts = steps.filter_map(|step| step.get_str("script").map(text));
    scripts.collect::<Vec<_>>().join("\n")
}

/// The script of the pipeline for Jenkins.
pub(crate) fn jenkins() -> String {
    let file = fs::read_to_string(root().join("docs/ci/Jenkinsfile")).unwrap();
    file.split("'''").nth(1).unwrap().to_owned()
}

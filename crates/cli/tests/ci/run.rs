//! The shell of the definitions, run.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use fs_err as fs;

use crate::definitions::{self, Step};
use crate::mirror::{folder, mirror, root};

const POD: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:1.27
      securityContext:
        privileged: true
";

/// A folder with `deploy/pod.yaml`, which has findings of severity high.
fn workspace(name: &str) -> std::path::PathBuf {
    let folder = folder(name);
    fs::create_dir_all(folder.join("deploy")).unwrap();
    fs::write(folder.join("deploy/pod.yaml"), POD).unwrap();
    folder
}

fn bash(folder: &Path, script: &str, variables: &BTreeMap<String, String>) -> Output {
    Command::new("bash")
        .args([
            "--noprofile",
            "--norc",
            "-e",
            "-o",
            "pipefail",
            "-c",
            script,
        ])
        .current_dir(folder)
        .env("PWD", folder)
        .envs(variables)
        .output()
        .unwrap()
}

/// Runs the steps of the action until one fails; the output of the last one, and all that was printed.
fn act(folder: &Path, inputs: &[(&str, &str)]) -> (Output, String) {
    let mut printed = String::new();
    let mut last = None;
    for mut step in definitions::action(inputs) {
        let path = |name: &str| folder.join(name).display().to_string();
        step.variables.extend([
            (
                "GITHUB_ACTION_PATH".to_owned(),
                root().display().to_string(),
            ),
            ("GITHUB_STEP_SUMMARY".to_owned(), path("summary.md")),
            ("RUNNER_TEMP".to_owned(), path("temp")),
        ]);
        let output = bash(folder, &step.script, &step.variables);
        printed += &String::from_utf8_lossy(&output.stdout);
        printed += &String::from_utf8_lossy(&output.stderr);
        let failed = !output.status.success();
        last = Some(output);
        if failed {
            break;
        }
    }
    (last.unwrap(), printed)
}

#[test]
#[ignore = "needs bash, curl and tar"]
fn the_action_annotates_and_writes_a_report() {
    let folder = workspace("action");
    let address = mirror(&folder);
    let (output, printed) = act(&folder, &[("mirror", &address), ("paths", "deploy\n")]);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(
        printed.contains("::error file=deploy/pod.yaml,line=10"),
        "{printed}"
    );
    let sarif = fs::read_to_string(folder.join("seawall.sarif")).unwrap();
    assert!(sarif.contains("privileged-container"));
    let summary = fs::read_to_string(folder.join("summary.md")).unwrap();
    assert!(summary.contains("privileged-container"), "{summary}");
}

#[test]
#[ignore = "needs bash, curl and tar"]
fn the_action_passes_when_nothing_is_grave_enough() {
    let folder = workspace("action-none");
    let address = mirror(&folder);
    let inputs = [
        ("mirror", &*address),
        ("fail-on", "none"),
        ("arguments", "--control=privileged-container\n\n--quiet"),
    ];
    let (output, printed) = act(&folder, &inputs);
    assert_eq!(output.status.code(), Some(0), "{printed}");
}

#[test]
#[ignore = "needs bash, curl and tar"]
fn an_input_is_never_part_of_a_script() {
    let folder = workspace("action-hostile");
    let address = mirror(&folder);
    let inputs = [
        ("mirror", &*address),
        ("paths", "deploy\n$(touch ran)`touch ran`; touch ran"),
        ("fail-on", "none; touch ran"),
    ];
    let (output, printed) = act(&folder, &inputs);
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(!folder.join("ran").exists());
}

#[test]
#[ignore = "needs bash, curl and tar"]
fn an_archive_with_another_sum_is_not_installed() {
    let folder = workspace("sum");
    let address = mirror(&folder);
    let sum = "0".repeat(64);
    let (output, printed) = act(&folder, &[("mirror", &address), ("sha256", &sum)]);
    assert_eq!(output.status.code(), Some(2), "{printed}");
    assert!(printed.contains("not installed"), "{printed}");
    assert!(!folder.join("temp/seawall").exists());
}

/// Runs a script of one of the other systems in a workspace.
fn pipeline(folder: &Path, step: &Step) {
    let mut variables = step.variables.clone();
    let installer = format!("file://{}", root().join("ci/install.sh").display());
    variables.insert("SEAWALL_INSTALLER".to_owned(), installer);
    let output = bash(folder, &step.script, &variables);
    let printed = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{printed}");
}

fn contains(folder: &Path, file: &str) {
    let text = fs::read_to_string(folder.join(file)).unwrap();
    assert!(text.contains("privileged-container"), "{file}: {text}");
}

#[test]
#[ignore = "needs bash, curl and tar"]
fn the_component_writes_what_a_merge_request_shows() {
    let folder = workspace("component");
    let address = mirror(&folder);
    pipeline(
        &folder,
        &definitions::component(&[("mirror", &address), ("paths", "deploy")]),
    );
    contains(&folder, "gl-code-quality-report.json");
    contains(&folder, "seawall.xml");
}

#[test]
#[ignore = "needs bash, curl and tar"]
fn the_pipelines_write_test_results() {
    for (name, script) in [
        ("azure", definitions::azure()),
        ("jenkins", definitions::jenkins()),
    ] {
        let folder = workspace(name);
        let variables = BTreeMap::from([
            ("SEAWALL_MIRROR".to_owned(), mirror(&folder)),
            (
                "SEAWALL_VERSION".to_owned(),
                crate::mirror::VERSION.to_owned(),
            ),
        ]);
        pipeline(&folder, &Step { script, variables });
        contains(&folder, "seawall.xml");
    }
}

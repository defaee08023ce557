//! The HTML report in a real browser. The scripts beside this file drive Chromium; here are the scans whose
//! reports they open.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fs_err as fs;

/// The scripts, and what `npm ci` installed for them.
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser");

/// Runs a script of this folder; all that it has to say is in its output.
fn script(name: &str, arguments: &[&str]) {
    let status = Command::new("node")
        .arg(Path::new(SCRIPTS).join(name))
        .args(arguments)
        .stdin(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{name} {arguments:?}");
}

/// An empty folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("browser-{name}"));
    if path.exists() {
        fs::remove_dir_all(&path).unwrap();
    }
    fs::create_dir_all(&path).unwrap();
    path
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Scans a folder and gives the page.
fn page(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_seawall"))
        .args(["scan", ".", "--date", "2026-11-23", "--quiet"])
        .args(["--output", "json=report.json", "--output", "report.html"])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let page = folder.join("report.html");
    assert!(page.is_file(), "{said}");
    page.to_str().unwrap().to_owned()
}

fn report(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(folder.join("report.json")).unwrap()).unwrap()
}

const HOSTILE: &str = r#"
apiVersion: v1
kind: Pod
metadata:
  name: "</script><script>hacked=1</script>"
  namespace: "<img src=x onerror=hacked=1>"
  annotations:
    seawall.dev/ignore: "privileged-container: <svg onload=hacked=1> because"
    note: "<!-- <script> ]]> --!>"
spec:
  containers:
    - name: "\" onmouseover=\"hacked=1\" x=\"\u202e"
      image: "<base href=https://example.com/>:latest\u202e"
      args: ["<iframe srcdoc='<script>hacked=1</script>'>", "${alert(1)}", "{{constructor.constructor('hacked=1')()}}"]
      env:
        - name: "DB_PASSWORD</noscript><script>hacked=1</script>"
          value: "</style><script>hacked=1</script>"
      securityContext: { privileged: true, capabilities: { add: ["<x-hostile>", SYS_ADMIN] } }
      volumeMounts:
        - { name: v, mountPath: "/a\u200b&lt;b&gt;" }
  volumes:
    - name: v
      hostPath: { path: "/<form action=https://example.com><input></form>" }
"#;

const HOSTILE_CONTROL: &str = r#"
id: hostile-control
title: "<script>hacked=1</script> & \u2066title"
severity: high
profile: default
tags: ["<b>tag</b>"]
why: "</textarea><img src=x onerror=hacked=1>"
remediation: "<a href='javascript:hacked=1'>here</a>"
for: container
fail: "true"
message: "'<script>hacked=1</script>' in {{ self.name }}"
references: ["javascript:hacked=1", "https://kubernetes.io/docs/?a=1&b=<b>"]
"#;

const HOSTILE_FRAMEWORK: &str = r#"
id: hostile
title: "<b onclick=hacked=1>framework</b>"
version: "<i>1</i>"
source: "javascript:hacked=1"
requirements:
  - id: "1</td>"
    title: "<script>hacked=1</script>"
    group: "<img src=x onerror=hacked=1>"
    controls: [privileged-container, hostile-control, host-path-volume]
  - { id: "2", title: "<u>manual</u>", manual: "<script>hacked=1</script>" }
"#;

#[test]
#[ignore = "needs Chromium, Node.js and `npm ci` in tests/browser"]
fn values_of_hostile_manifests_run_nothing_and_load_nothing() {
    let folder = folder("hostile");
    let name = if cfg!(unix) {
        "<img src=x onerror=hacked=1>&\".yaml"
    } else {
        "a&b.yaml"
    };
    write(&folder, name, HOSTILE);
    write(
        &folder,
        "broken<script>.yaml",
        "kind: <script>hacked=1</script>\n  apiVersion: [\n",
    );
    write(&folder, "own/hostile-control/control.yaml", HOSTILE_CONTROL);
    write(&folder, "hostile.yaml", HOSTILE_FRAMEWORK);
    let page = page(
        &folder,
        &[
            "--profile",
            "all",
            "--controls",
            "own",
            "--framework",
            "./hostile.yaml",
        ],
    );
    let report = report(&folder);
    let found: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["control"].as_str().unwrap())
        .collect();
    for id in [
        "hostile-control",
        "privileged-container",
        "host-path-volume",
    ] {
        assert!(found.contains(&id), "{id} in {found:?}");
    }
    script("hostile.mjs", &[&page]);
}

/// A deployment in which much is wrong.
fn deployment(number: usize) -> String {
    let namespace = ["shop", "billing", "search", "mail", "web"][number % 5];
    let containers: String = ["app", "sidecar"]
        .iter()
        .map(|name| {
            format!(
                "        - name: {name}\n          image: registry.example.com/{namespace}/{name}-{number}\n          env:\n            - name: DB_PASSWORD\n              value: hunter2-{number}\n"
            )
        })
        .collect();
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: service-{number}\n  namespace: {namespace}\nspec:\n  selector: {{ matchLabels: {{ app: service-{number} }} }}\n  template:\n    metadata: {{ labels: {{ app: service-{number} }} }}\n    spec:\n      hostNetwork: {}\n      containers:\n{containers}---\n",
        number.is_multiple_of(7)
    )
}

#[test]
#[ignore = "needs Chromium, Node.js and `npm ci` in tests/browser"]
fn ten_thousand_findings_open_filter_and_print() {
    let folder = folder("large");
    for file in 0..60 {
        let text: String = (0..6).map(|at| deployment(file * 6 + at)).collect();
        write(&folder, &format!("deploy/{file:02}/services.yaml"), &text);
    }
    let page = page(
        &folder,
        &[
            "--profile",
            "all",
            "--framework",
            "pss-restricted,nsa-cisa-1.2",
        ],
    );
    let findings = report(&folder)["findings"].as_array().unwrap().len();
    assert!(findings >= 10_000, "{findings}");
    script("large.mjs", &[&page, &findings.to_string()]);
}

/// The example of the repository.
fn example(name: &str) -> String {
    let folder = folder(name);
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop");
    for entry in fs::read_dir(shop).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        write(&folder, path.file_name().unwrap().to_str().unwrap(), &text);
    }
    write(
        &folder,
        "lost.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: [\n",
    );
    page(&folder, &["--framework", "pss-restricted,nsa-cisa-1.2"])
}

#[test]
#[ignore = "needs Chromium, Node.js and `npm ci` in tests/browser"]
fn everybody_can_read_it() {
    script("reading.mjs", &[&example("reading")]);
}

const FRAMEWORK: &str = r#"
id: house-rules
title: What this house asks for
version: "3"
source: https://example.com/house-rules
requirements:
  - { id: "1", title: Nobody is root on the node, group: Pods, controls: [privileged-container, host-network] }
  - { id: "2", title: Images are what they were, group: Pods, controls: [image-latest-tag, image-not-digest-pinned] }
  - { id: "3", title: Services are reached as planned, group: Network, controls: [service-node-port] }
  - { id: "4", title: The door is locked, group: Building, manual: Go and look. }
"#;

#[test]
#[ignore = "needs Chromium, Node.js, the font DejaVu and `npm ci` in tests/browser"]
fn the_first_screen_looks_as_it_did() {
    let folder = folder("picture");
    for file in 0..6 {
        let text: String = (0..=file).map(|at| deployment(file * 6 + at)).collect();
        write(&folder, &format!("deploy/{file}/services.yaml"), &text);
    }
    write(
        &folder,
        "deploy/lost.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: [\n",
    );
    write(&folder, "house-rules.yaml", FRAMEWORK);
    // Some controls by name, so that new ones change nothing here.
    let controls =
        "cpu-limit-missing,run-as-root,credential-literal-in-env,seccomp-profile-not-set";
    let page = page(
        &folder,
        &[
            "--framework",
            "./house-rules.yaml",
            "--control",
            controls,
            "--kubernetes-version",
            "1.34",
        ],
    );
    let expected = Path::new(SCRIPTS).join("summary.png");
    let actual = folder.join("report.png");
    script(
        "picture.mjs",
        &[&page, expected.to_str().unwrap(), actual.to_str().unwrap()],
    );
}

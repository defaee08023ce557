//! `seawall fix`: what it writes, what it leaves, and what it says.

mod charts;
mod corpus;
mod kustomizations;

use serde_json::Value;

use crate::support::Folder;

/// Runs it and gives what it tells programs.
fn json(folder: &Folder, flags: &[&str]) -> Value {
    let run = folder.seawall(
        &[
            &["fix", ".", "--format", "json", "--date", "2026-11-23"],
            flags,
        ]
        .concat(),
    );
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr))
}

/// `control: reason` of what was to be fixed and is not.
fn refused(report: &Value) -> Vec<String> {
    let left = report["left"].as_array().unwrap().iter();
    let refused = left.filter(|left| left["why"] == "refused");
    refused
        .map(|left| {
            format!(
                "{}: {}",
                left["control"].as_str().unwrap(),
                left["reason"].as_str().unwrap()
            )
        })
        .collect()
}

const DEPLOYMENT: &str = "\
# The shop.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web   # as in DNS
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      restartPolicy: Never # wrong
      hostPID: true
      containers:
      - name: web
        image: 'registry.example.com/web:1.4'   # pinned later
        securityContext:
          # Needed once.
          privileged: true
---
apiVersion: v1
kind: ConfigMap
metadata: {name: unrelated}
data: {a:   b}
";

#[test]
fn safe_fixes_are_applied_and_nothing_else_changes() {
    let folder = Folder::new("fix-safe").file("web.yaml", DEPLOYMENT);
    let run = folder.seawall(&[
        "fix",
        ".",
        "--control",
        "restart-policy-not-always,host-pid",
    ]);
    insta::assert_snapshot!(run.stdout, @r"
    web.yaml
      remove spec.template.spec.restartPolicy (restart-policy-not-always)
    1 finding fixed in 1 file
    1 more can be fixed by changes of behaviour, `--unsafe CONTROL[,CONTROL]`: host-pid (1)
    ");
    assert_eq!(run.code, 0);
    let expected = DEPLOYMENT.replace("      restartPolicy: Never # wrong\n", "");
    assert_eq!(folder.read("web.yaml"), expected);
    let again = folder.seawall(&[
        "fix",
        ".",
        "--control",
        "restart-policy-not-always,host-pid",
    ]);
    insta::assert_snapshot!(again.stdout, @r"
    0 findings fixed
    1 more can be fixed by changes of behaviour, `--unsafe CONTROL[,CONTROL]`: host-pid (1)
    ");
    assert_eq!(folder.read("web.yaml"), expected);
}

#[test]
fn changes_of_behaviour_are_made_for_the_controls_that_are_named() {
    let folder = Folder::new("fix-unsafe").file("web.yaml", DEPLOYMENT);
    let run = folder.seawall(&["fix", ".", "--unsafe", "privileged-container,C-0038"]);
    insta::assert_snapshot!(run.stdout, @r"
    web.yaml
      remove spec.template.spec.hostPID (host-pid)
      set spec.template.spec.containers[0].securityContext.privileged: false (privileged-container)
    2 findings fixed in 1 file
    4 more can be fixed by changes of behaviour, `--unsafe CONTROL[,CONTROL]`: allow-privilege-escalation (1), capabilities-not-dropped (1), run-as-root (1), seccomp-profile-not-set (1)
    ");
    assert_eq!(run.code, 0);
    let expected = DEPLOYMENT
        .replace("      hostPID: true\n", "")
        .replace("privileged: true", "privileged: false");
    assert_eq!(folder.read("web.yaml"), expected);
}

#[test]
fn a_dry_run_prints_a_patch_and_writes_nothing() {
    let folder = Folder::new("fix-dry").file("web.yaml", DEPLOYMENT);
    let run = folder.seawall(&["fix", ".", "--dry-run", "--unsafe", "privileged-container"]);
    insta::assert_snapshot!(run.stdout, @r"
    --- a/web.yaml
    +++ b/web.yaml
    @@ -16,7 +16,7 @@
             image: 'registry.example.com/web:1.4'   # pinned later
             securityContext:
               # Needed once.
    -          privileged: true
    +          privileged: false
     ---
     apiVersion: v1
     kind: ConfigMap
    ");
    insta::assert_snapshot!(run.stderr, @r"
    1 finding would be fixed in 1 file
    5 more can be fixed by changes of behaviour, `--unsafe CONTROL[,CONTROL]`: allow-privilege-escalation (1), capabilities-not-dropped (1), host-pid (1), run-as-root (1), seccomp-profile-not-set (1)
    ");
    assert_eq!(folder.read("web.yaml"), DEPLOYMENT);
}

#[test]
fn programs_are_told_what_was_done() {
    let folder = Folder::new("fix-json").file("web.yaml", DEPLOYMENT);
    let flags = [
        "fix",
        ".",
        "--format",
        "json",
        "--control",
        "privileged-container,host-pid",
    ];
    let run = folder.seawall(&[&flags[..], &["--unsafe", "host-pid"]].concat());
    insta::assert_snapshot!(run.stdout, @r#"
    {
      "schema": "seawall.dev/fix/v1",
      "tool": {
        "name": "seawall",
        "version": "0.1.0"
      },
      "dryRun": false,
      "summary": {
        "fixed": 1,
        "files": 1,
        "refused": 0,
        "unsafe": 1,
        "withoutFix": 0
      },
      "files": [
        {
          "file": "web.yaml",
          "diff": "--- a/web.yaml\n+++ b/web.yaml\n@@ -10,7 +10,6 @@\n       labels: {app: web}\n     spec:\n       restartPolicy: Never # wrong\n-      hostPID: true\n       containers:\n       - name: web\n         image: 'registry.example.com/web:1.4'   # pinned later\n"
        }
      ],
      "fixed": [
        {
          "control": "host-pid",
          "resource": "Deployment web",
          "path": "spec.template.spec.hostPID",
          "location": {
            "file": "web.yaml",
            "line": 13,
            "column": 16
          },
          "fingerprint": "v1:b6f2672f43916228f9d6a8cc1030c2f5c99f69976e8d1b9a79f0884bd09ef2f2",
          "edits": [
            {
              "file": "web.yaml",
              "what": "remove spec.template.spec.hostPID"
            }
          ]
        }
      ],
      "left": [
        {
          "control": "privileged-container",
          "resource": "Deployment web",
          "path": "spec.template.spec.containers[0].securityContext.privileged",
          "location": {
            "file": "web.yaml",
            "line": 18,
            "column": 23
          },
          "fingerprint": "v1:dca9d7ae4cc14e0fcc07b446cc3d27e7a7b0728a3f736dc9a00056f29c05cd07",
          "why": "unsafe"
        }
      ]
    }
    "#);
}

#[test]
fn line_ends_lists_json_and_flow_style_stay_as_they_are() {
    let pod = "apiVersion: v1\r\nkind: Pod\r\nmetadata: {name: a}\r\nspec:\r\n  hostPID: true\r\n  containers:\r\n  - name: a\r\n    image: a:1\r\n";
    let list = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: b}\n  spec: {hostPID: true, containers: [{name: b, image: 'b:1'}]}\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: c}\n  spec: {hostPID: true, containers: [{name: c, image: 'c:1'}]}\n";
    let json = "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"d\"},\n \"spec\": {\"hostPID\": true, \"containers\": [{\"name\": \"d\", \"image\": \"d:1\"}]}}\n";
    let with_mark = format!(
        "\u{FEFF}{}",
        DEPLOYMENT.replace("name: web ", "name: marked ")
    );
    let folder = Folder::new("fix-styles")
        .file("mark.yaml", &with_mark)
        .file("crlf.yaml", pod)
        .file("list.yaml", list)
        .file("pod.json", json);
    let controls = ["--control", "host-pid,capabilities-not-dropped"];
    let flags = [
        &controls[..],
        &["--unsafe", "host-pid,capabilities-not-dropped"],
    ]
    .concat();
    let report = self::json(&folder, &flags);
    assert_eq!(refused(&report), [""; 0]);
    assert_eq!(report["summary"]["fixed"], 10);
    let marked = folder.read("mark.yaml");
    assert!(marked.starts_with("\u{FEFF}# The shop."));
    assert!(
        !marked.contains("hostPID") && marked.contains("drop:"),
        "{marked}"
    );
    let dropped =
        "    securityContext:\r\n      capabilities:\r\n        drop:\r\n        - ALL\r\n";
    let expected = pod.replace("  hostPID: true\r\n", "") + dropped;
    assert_eq!(folder.read("crlf.yaml"), expected);
    let flow = |text: &str, image: &str, context: &str| {
        text.replace(image, &format!("{image}, {context}"))
    };
    let context = "securityContext: {capabilities: {drop: [ALL]}}";
    let expected = flow(
        &flow(list, "image: 'b:1'", context),
        "image: 'c:1'",
        context,
    );
    assert_eq!(
        folder.read("list.yaml"),
        expected.replace("hostPID: true, ", "")
    );
    let context = "\"securityContext\": {\"capabilities\": {\"drop\": [\"ALL\"]}}";
    let expected = flow(json, "\"image\": \"d:1\"", context);
    assert_eq!(
        folder.read("pod.json"),
        expected.replace("\"hostPID\": true, ", "")
    );
}

#[test]
fn what_cannot_be_edited_is_told_with_the_line_and_the_rest_is_fixed() {
    let pod = "\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  hostPID: true
  containers:
  - name: a
    image: a:1
    securityContext: &context
      privileged: true
  - name: b
    image: b:1
    securityContext: *context
";
    let folder = Folder::new("fix-anchors").file("a.yaml", pod);
    let controls = "host-pid,privileged-container";
    let run = folder.seawall(&["fix", ".", "--control", controls, "--unsafe", controls]);
    insta::assert_snapshot!(run.stdout, @r"
    a.yaml
      remove spec.hostPID (host-pid)
    a.yaml:9: not fixed, privileged-container: the value at spec.containers[0].securityContext.privileged has an anchor that an alias names: the edit would change both
    a.yaml:9: not fixed, privileged-container: the value at spec.containers[1].securityContext is an alias: edit what it names
    1 finding fixed in 1 file, 2 not
    ");
    assert_eq!(run.code, 1);
    assert_eq!(folder.read("a.yaml"), pod.replace("  hostPID: true\n", ""));
}

#[test]
fn a_fix_that_would_bring_another_finding_is_not_written() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true\n  containers: [{name: a, image: 'a:1'}]\n";
    let folder = Folder::new("fix-proof").file("a.yaml", pod);
    let controls = "host-pid,user-namespace-not-used";
    let run = folder.seawall(&["fix", ".", "--control", controls, "--unsafe", "host-pid"]);
    insta::assert_snapshot!(run.stdout, @r"
    a.yaml:5: not fixed, host-pid: it would bring `user-namespace-not-used` to Pod a
    0 findings fixed, 1 not
    ");
    assert_eq!(run.code, 1);
    assert_eq!(folder.read("a.yaml"), pod);
    // With the fix of that one it would not.
    let report = json(&folder, &["--control", controls, "--unsafe", controls]);
    assert_eq!(refused(&report), [""; 0]);
    let expected = pod.replace("  hostPID: true\n", "") + "  hostUsers: false\n";
    assert_eq!(folder.read("a.yaml"), expected);
}

#[test]
fn accepted_and_baselined_findings_stay() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true # seawall: ignore[host-pid] a debugger\n  containers: [{name: a, image: 'a:1'}]\n";
    let folder = Folder::new("fix-accepted").file("a.yaml", pod);
    let flags = ["--control", "host-pid,capabilities-not-dropped"];
    folder.seawall(&[&["scan", ".", "--write-baseline", "known.json"], &flags[..]].concat());
    let unsafe_flags = [
        "--unsafe",
        "host-pid,capabilities-not-dropped",
        "--baseline",
        "known.json",
    ];
    let report = json(&folder, &[&flags[..], &unsafe_flags].concat());
    assert_eq!(report["summary"]["fixed"], 0);
    assert_eq!(folder.read("a.yaml"), pod);
}

#[test]
fn standard_input_and_words_that_are_no_controls_are_refused() {
    let folder = Folder::new("fix-usage").file("web.yaml", DEPLOYMENT);
    let run = folder.seawall_with_input(
        &["fix", "-", "--control", "host-pid", "--unsafe", "host-pid"],
        DEPLOYMENT,
    );
    insta::assert_snapshot!(run.stdout, @r"
    <stdin>:13: not fixed, host-pid: it was read from standard input, which cannot be edited
    0 findings fixed, 1 not
    ");
    assert_eq!(run.code, 1);
    let run = folder.seawall(&["fix", ".", "--unsafe", "host-pidd"]);
    insta::assert_snapshot!(run.stderr, @r"
    error: there is no control `host-pidd`
    hint: did you mean `host-pid`?
    ");
    let run = folder.seawall(&["fix", "--unsafe", "web.yaml"]);
    insta::assert_snapshot!(run.stderr, @r"
    error: there is no control `web.yaml`
    hint: `seawall fix web.yaml --unsafe` asks by control: paths go first
    ");
    let run = folder.seawall(&["fix", ".", "--unsafe"]);
    insta::assert_snapshot!(run.stderr, @r"
    error: `--unsafe` without a control asks, and this is no terminal
    hint: name controls: `--unsafe privileged-container,host-pid`; `seawall fix` lists those that it could fix
    ");
    assert_eq!(run.code, 2);
    assert_eq!(folder.read("web.yaml"), DEPLOYMENT);
}

#[cfg(unix)]
#[test]
fn links_and_files_that_nobody_may_write_are_left() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("fix-links")
        .file("real/web.yaml", DEPLOYMENT)
        .file(
            "in/kept.yaml",
            &DEPLOYMENT.replace("name: web ", "name: kept "),
        );
    folder.link("in/web.yaml", "../real/web.yaml");
    let kept = folder.path().join("in/kept.yaml");
    fs_err::set_permissions(&kept, PermissionsExt::from_mode(0o444)).unwrap();
    let flags = ["--control", "restart-policy-not-always"];
    let run = folder.seawall(&[&["fix", "in/web.yaml", "in/kept.yaml"], &flags[..]].concat());
    insta::assert_snapshot!(run.stdout, @r"
    in/kept.yaml:12: not fixed, restart-policy-not-always: in/kept.yaml is read-only
    in/web.yaml:12: not fixed, restart-policy-not-always: in/web.yaml is a link: fix what it leads to
    0 findings fixed, 2 not
    ");
    fs_err::set_permissions(&kept, PermissionsExt::from_mode(0o640)).unwrap();
    folder.seawall(&[&["fix", "in/kept.yaml"], &flags[..]].concat());
    assert!(!folder.read("in/kept.yaml").contains("restartPolicy"));
    let mode = fs_err::metadata(&kept).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

/// The folders of the controls that have fixes.
fn with_fixes() -> Vec<std::path::PathBuf> {
    let controls = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../controls");
    let below = |folder: &std::path::Path| {
        let entries = fs_err::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().path())
            .collect::<Vec<_>>()
    };
    let mut found: Vec<_> = below(&controls)
        .iter()
        .flat_map(|group| below(group))
        .collect();
    found.retain(|folder| {
        let text = fs_err::read_to_string(folder.join("control.yaml")).unwrap();
        text.contains("\nfix:")
    });
    found.sort();
    found
}

#[test]
fn every_fix_of_a_control_makes_its_findings_go() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for control in with_fixes() {
        let id = control.file_name().unwrap().to_str().unwrap();
        let text = fs_err::read_to_string(control.join("fail.yaml")).unwrap();
        let definition = fs_err::read_to_string(control.join("control.yaml")).unwrap();
        let folder = Folder::new("fix-controls").file("fail.yaml", &text);
        let first = |text: &str, start: &str| {
            let mut lines = text.lines();
            lines.find_map(|line| Some(line.strip_prefix(start)?.trim_matches('"').to_owned()))
        };
        let version = first(&text, "# test: kubernetes-version=");
        let version = version.or_else(|| first(&definition, "until: "));
        let version = version.unwrap_or_else(|| "1.34".to_owned());
        let own = ["--control", id, "--unsafe", id];
        let report = json(
            &folder,
            &[&own[..], &["--kubernetes-version", &version]].concat(),
        );
        wrong.extend(refused(&report));
        let fixed = report["summary"]["fixed"].as_u64().unwrap();
        if fixed == 0 {
            wrong.push(format!("{id}: nothing was fixed"));
        }
        tried += fixed;
    }
    assert_eq!(wrong, [""; 0]);
    assert!(tried > 100, "{tried}");
}

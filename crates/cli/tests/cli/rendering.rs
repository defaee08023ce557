//! Kustomizations in a scan: findings at the author's line, once, in every format; exceptions, baselines; `seawall render`.

use serde_json::Value;

use crate::support::{Folder, Run};

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: nginx
          image: nginx:1.29.3
          securityContext:
            privileged: true
";

/// A base with two overlays; one of them patches the name space of the host in.
fn shop(name: &str) -> Folder {
    Folder::new(name)
        .file("base/kustomization.yaml", "resources: [web.yaml]\n")
        .file("base/web.yaml", DEPLOYMENT)
        .file("overlays/dev/kustomization.yaml", "resources: [../../base]\n")
        .file(
            "overlays/prod/kustomization.yaml",
            "resources:\n- ../../base\npatches:\n- path: patch.yaml\n",
        )
        .file(
            "overlays/prod/patch.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      hostPID: true\n",
        )
}

const FLAGS: &[&str] = &[
    "scan",
    ".",
    "--control",
    "privileged-container,host-pid",
    "--date",
    "2026-11-23",
];

fn scan(folder: &Folder, more: &[&str]) -> Run {
    folder.seawall(&[FLAGS, more].concat())
}

fn json(folder: &Folder, more: &[&str]) -> Value {
    let run = scan(folder, &[more, &["--format", "json"]].concat());
    serde_json::from_str(&run.stdout).unwrap()
}

/// The finding of a control.
fn finding<'r>(report: &'r Value, control: &str) -> &'r Value {
    let mut findings = report["findings"].as_array().unwrap().iter();
    findings
        .find(|finding| finding["control"] == control)
        .unwrap()
}

fn kinds(report: &Value) -> Vec<&str> {
    let problems = report["problems"].as_array().unwrap().iter();
    problems
        .map(|problem| problem["kind"].as_str().unwrap())
        .collect()
}

#[test]
fn a_finding_of_a_base_is_told_once_with_its_overlays() {
    let folder = shop("kustomize-shared");
    let report = json(&folder, &[]);
    assert_eq!(report["summary"]["resources"], 2);
    assert_eq!(report["summary"]["findings"]["critical"], 1);
    let shared = finding(&report, "privileged-container");
    assert_eq!(shared["location"]["file"], "base/web.yaml");
    assert_eq!(shared["location"]["line"], 12);
    assert_eq!(shared["rendered"]["entry"], "overlays/dev");
    assert_eq!(shared["rendered"]["document"], 1);
    assert_eq!(shared["rendered"]["line"], 12);
    let entries: Vec<_> = shared["instances"]
        .as_array()
        .unwrap()
        .iter()
        .map(|instance| instance["entry"].as_str().unwrap())
        .collect();
    assert_eq!(entries, ["overlays/dev", "overlays/prod"]);
    assert_eq!(shared["evidence"], "privileged: true");
    assert_eq!(shared["fix"][0]["rendered"], true);
}

#[test]
fn a_finding_of_a_patch_is_at_the_patch() {
    let report = json(&shop("kustomize-patch"), &[]);
    let patched = finding(&report, "host-pid");
    assert_eq!(patched["location"]["file"], "overlays/prod/patch.yaml");
    assert_eq!(patched["location"]["line"], 7);
    assert!(patched.get("instances").is_none());
    let told: Vec<_> = patched["origins"]
        .as_array()
        .unwrap()
        .iter()
        .map(|origin| format!("{} {}:{}", origin["role"], origin["file"], origin["line"]))
        .collect();
    assert_eq!(
        told,
        [
            "\"patch\" \"overlays/prod/kustomization.yaml\":4",
            "\"base\" \"overlays/prod/kustomization.yaml\":2"
        ]
    );
}

#[test]
fn every_format_shows_the_line_of_the_author() {
    let folder = shop("kustomize-formats");
    for format in [
        "pretty", "table", "github", "gitlab", "markdown", "junit", "csv", "html",
    ] {
        let run = scan(&folder, &["--format", format]);
        for expected in ["base/web.yaml", "overlays/prod/patch.yaml", "overlays/dev"] {
            assert!(
                run.stdout.contains(expected),
                "{format}: {expected}\n{}",
                run.stdout
            );
        }
    }
    insta::assert_snapshot!(scan(&folder, &["--format", "pretty"]).stdout);
    insta::assert_snapshot!(scan(&folder, &["--format", "table"]).stdout);
    insta::assert_snapshot!(scan(&folder, &["--format", "summary"]).stdout);
}

#[test]
fn sarif_marks_the_line_and_relates_its_origins() {
    let run = scan(&shop("kustomize-sarif"), &["--format", "sarif"]);
    let log: Value = serde_json::from_str(&run.stdout).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let at = |result: &Value| {
        let place = &result["physicalLocation"];
        let file = place["artifactLocation"]["uri"]
            .as_str()
            .unwrap()
            .to_owned();
        format!("{file}:{}", place["region"]["startLine"])
    };
    let located: Vec<_> = results
        .iter()
        .map(|result| at(&result["locations"][0]))
        .collect();
    assert_eq!(located, ["base/web.yaml:12", "overlays/prod/patch.yaml:7"]);
    let related: Vec<_> = results[1]["relatedLocations"]
        .as_array()
        .unwrap()
        .iter()
        .map(at)
        .collect();
    assert_eq!(
        related,
        [
            "overlays/prod/kustomization.yaml:4",
            "overlays/prod/kustomization.yaml:2"
        ]
    );
    assert!(results.iter().all(|result| result.get("fixes").is_none()));
}

#[test]
fn exceptions_stand_in_any_file_behind_a_rendering() {
    let excepted = |name: &str, file: &str, text: &str| {
        let folder = shop(name).file(file, text);
        let report = json(&folder, &[]);
        let state = |control| {
            finding(&report, control)["state"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        (
            state("privileged-container"),
            state("host-pid"),
            kinds(&report).len(),
        )
    };
    let (new, gone) = ("new".to_owned(), "excepted".to_owned());
    let web = DEPLOYMENT.replace(
        "privileged: true",
        "privileged: true # seawall: ignore[privileged-container] agent",
    );
    assert_eq!(
        excepted("except-base", "base/web.yaml", &web),
        (gone.clone(), new.clone(), 0)
    );
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n# seawall: ignore[host-pid] agent\nspec:\n  template:\n    spec:\n      hostPID: true\n";
    assert_eq!(
        excepted("except-patch", "overlays/prod/patch.yaml", patch),
        (new.clone(), gone.clone(), 0)
    );
    let entry = "resources:\n- ../../base\npatches:\n# seawall: ignore[C-0038, host-pid] agent\n- path: patch.yaml\n";
    assert_eq!(
        excepted("except-entry", "overlays/prod/kustomization.yaml", entry),
        (new.clone(), gone.clone(), 0)
    );
    let inline = "resources:\n- ../../base\npatches:\n- patch: |-\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: web}\n    spec:\n      template:\n        spec:\n          hostPID: true # seawall: ignore[host-pid] agent\n";
    let folder = shop("except-inline").file("overlays/prod/kustomization.yaml", inline);
    assert_eq!(
        finding(&json(&folder, &[]), "host-pid")["location"]["line"],
        11
    );
}

#[test]
fn an_exception_that_no_rendering_needs_is_told_once() {
    let web = DEPLOYMENT.replace(
        "          image",
        "          # seawall: ignore[host-pid] not here\n          image",
    );
    let report = json(&shop("except-unused").file("base/web.yaml", &web), &[]);
    assert_eq!(kinds(&report), ["exception-unused"]);
    // What one overlay needs is needed.
    let entry = "resources:\n- ../../base # seawall: ignore[host-pid, privileged-container] agent\npatches:\n- path: patch.yaml\n";
    let folder = shop("except-one").file("overlays/prod/kustomization.yaml", entry);
    let report = json(&folder, &[]);
    assert_eq!(kinds(&report), [""; 0]);
    let open: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            (
                finding["state"].as_str().unwrap(),
                finding["rendered"]["entry"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        open,
        [
            ("new", "overlays/dev"),
            ("excepted", "overlays/prod"),
            ("excepted", "overlays/prod")
        ]
    );
}

#[test]
fn a_baseline_knows_each_rendering() {
    let folder = shop("kustomize-baseline");
    scan(&folder, &["--write-baseline", "baseline.json"]);
    let known = scan(&folder, &["--baseline", "baseline.json"]);
    assert_eq!(known.code, 0, "{}", known.stdout);
    assert_eq!(
        scan(
            &folder,
            &["--baseline", "baseline.json", "--format", "summary"]
        )
        .code,
        0
    );
    let folder = folder.file(
        "overlays/new/kustomization.yaml",
        "resources: [../../base]\n",
    );
    let report = json(&folder, &["--baseline", "baseline.json"]);
    let states: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            (
                finding["state"].as_str().unwrap(),
                finding["rendered"]["entry"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        states,
        [
            ("baselined", "overlays/dev"),
            ("new", "overlays/new"),
            ("baselined", "overlays/prod")
        ]
    );
    let plain = scan(
        &folder,
        &["--baseline", "baseline.json", "--format", "summary"],
    );
    assert_eq!(plain.code, 1);
    assert!(plain.stdout.contains("1 finding"), "{}", plain.stdout);
}

#[test]
fn alternatives_never_meet() {
    // The pods of prod have the labels that the service of dev asks for, and are in another cluster.
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n  ports: [{port: 80}]\n";
    let labelled = DEPLOYMENT.replace(
        "  template:\n",
        "  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n",
    );
    let relabel = "- target: {kind: Deployment}\n  patch: |-\n    - {op: replace, path: /spec/selector/matchLabels/app, value: dev}\n    - {op: replace, path: /spec/template/metadata/labels/app, value: dev}\n";
    let folder = Folder::new("alternatives")
        .file("base/kustomization.yaml", "resources: [web.yaml]\n")
        .file("base/web.yaml", &labelled)
        .file("prod/kustomization.yaml", "resources: [../base]\n")
        .file(
            "dev/kustomization.yaml",
            &format!("resources: [../base, service.yaml]\npatches:\n{relabel}"),
        )
        .file("dev/service.yaml", service);
    let found = |paths: &[&str]| {
        let flags = [
            "--control",
            "service-dangling",
            "--complete",
            "--format",
            "json",
        ];
        let run = folder.seawall(&[&["scan"], paths, &flags[..]].concat());
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        let files =
            findings.map(|finding| finding["location"]["file"].as_str().unwrap().to_owned());
        files.collect::<Vec<_>>()
    };
    assert_eq!(found(&["dev"]), ["dev/service.yaml"]);
    assert_eq!(found(&["."]), ["dev/service.yaml"]);
}

#[test]
fn what_cannot_be_built_is_located_and_the_rest_is_scanned() {
    let folder = shop("kustomize-broken").file(
        "overlays/bad/kustomization.yaml",
        "resources:\n- ../../base\n- gone.yaml\n",
    );
    let run = scan(&folder, &["--format", "table"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stdout.contains(
            "overlays/bad/kustomization.yaml:3:3: the kustomization cannot be built: cannot read 'overlays/bad/gone.yaml' [not-rendered]"
        ),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("overlays/prod/patch.yaml:7"));
}

#[test]
fn secrets_in_the_files_behind_a_rendering_are_hidden() {
    let folder = Folder::new("kustomize-secrets")
        .file(
            "kustomization.yaml",
            "resources: [web.yaml]\nsecretGenerator:\n- name: db\n  literals: [password=hunter2-hunter2]\npatches:\n- patch: |-\n    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: web}\n    spec:\n      template:\n        spec:\n          containers:\n          - {name: nginx, env: [{name: DB_PASSWORD, value: hunter2-hunter2}]}\n",
        )
        .file("web.yaml", DEPLOYMENT);
    for format in ["pretty", "json", "sarif", "html", "csv", "table"] {
        let run = folder.seawall(&["scan", ".", "--profile", "all", "--format", format]);
        assert!(!run.stdout.contains("hunter2"), "{format}\n{}", run.stdout);
    }
}

#[test]
fn render_prints_what_a_scan_looks_at() {
    let folder = shop("kustomize-render");
    let plain = folder.seawall(&["render", "overlays/prod"]);
    assert_eq!((plain.code, plain.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(plain.stdout);
    let file = folder.seawall(&["render", "overlays/prod/kustomization.yaml"]);
    assert_eq!(file.stdout, plain.stdout);
    let commented = folder.seawall(&["render", "overlays/prod", "--show-provenance"]);
    insta::assert_snapshot!(commented.stdout);
}

#[test]
fn a_rendering_that_fails_prints_nothing() {
    let folder = shop("kustomize-render-fails").file(
        "overlays/bad/kustomization.yaml",
        "resources:\n- ../../base\n- gone.yaml\n",
    );
    let run = folder.seawall(&["render", "overlays/bad"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(run.stderr);
    for path in ["gone", "base/web.yaml", "."] {
        let run = folder.seawall(&["render", path]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{path}");
        assert!(run.stderr.contains("error"), "{path}: {}", run.stderr);
    }
}

//! Charts in a scan: findings at the template and the value, exceptions there, failures; `seawall render`.

use serde_json::Value;

use crate::support::{Folder, Run};

const TEMPLATE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  template:
    spec:
      hostPID: {{ .Values.hostPID }}
      {{- if .Values.hostIPC }}
      hostIPC: true
      {{- end }}
      containers:
        - name: web
          image: {{ .Values.image }}
          securityContext:
            {{- toYaml .Values.securityContext | nindent 12 }}
";

const VALUES: &str = "\
image: nginx:1.29.3
securityContext:
  privileged: true
hostPID: false
";

/// A chart whose values make a container privileged, with values for tests that want the name space of the host.
fn web(name: &str) -> Folder {
    Folder::new(name)
        .file(
            "web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        )
        .file("web/values.yaml", VALUES)
        .file("web/ci/host-values.yaml", "hostPID: true\n")
        .file("web/templates/web.yaml", TEMPLATE)
}

const FLAGS: &[&str] = &[
    "scan",
    ".",
    "--control",
    "privileged-container,host-pid,host-ipc",
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

/// `control state file:line <- role path file:line, …` for each finding.
fn told(report: &Value) -> Vec<String> {
    let place = |at: &Value| format!("{}:{}", at["file"].as_str().unwrap(), at["line"]);
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            let origins = finding["origins"].as_array().into_iter().flatten();
            let origins: Vec<_> = origins
                .map(|it| {
                    let path = it["path"].as_str().unwrap_or_default();
                    format!("{} {path} {}", it["role"].as_str().unwrap(), place(it))
                })
                .collect();
            format!(
                "{} {} {} <- {}",
                finding["control"].as_str().unwrap(),
                finding["state"].as_str().unwrap(),
                place(&finding["location"]),
                origins.join(", ")
            )
        })
        .collect()
}

#[test]
fn findings_are_at_the_template_and_name_the_value() {
    let folder = web("charts-findings");
    let run = scan(&folder, &["--format", "pretty"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stdout);
    let report = json(&folder, &["--helm-ci-values", "--set", "hostIPC=true"]);
    assert_eq!(
        told(&report),
        [
            "host-pid new web/templates/web.yaml:8 <- value hostPID web/ci/host-values.yaml:1",
            "host-ipc new web/templates/web.yaml:10 <- flag hostIPC --set:1",
            "privileged-container new web/templates/web.yaml:16 <- value securityContext.privileged web/values.yaml:3",
        ]
    );
    let shared = &report["findings"][2];
    let entries = shared["instances"].as_array().unwrap().iter();
    let entries: Vec<_> = entries.map(|it| it["entry"].as_str().unwrap()).collect();
    assert_eq!(entries, ["web", "web (ci/host-values.yaml)"]);
    assert_eq!(shared["rendered"]["line"], 15);
}

#[test]
fn what_the_command_line_sets_counts() {
    let folder = web("charts-flags").file("mine.yaml", "hostPID: true\nsecurityContext: null\n");
    let flags = ["--values", "mine.yaml", "--set-json", "hostIPC=true"];
    let run = scan(&folder, &[&flags[..], &["--format", "pretty"]].concat());
    insta::assert_snapshot!(run.stdout);
    let flags = ["--set", "securityContext.privileged=false"];
    assert_eq!(scan(&folder, &flags).code, 0);
}

#[test]
fn sarif_marks_the_template_and_relates_the_value() {
    let run = scan(&web("charts-sarif"), &["--format", "sarif"]);
    let log: Value = serde_json::from_str(&run.stdout).unwrap();
    let result = &log["runs"][0]["results"][0];
    let at = |place: &Value| {
        let place = &place["physicalLocation"];
        let file = place["artifactLocation"]["uri"].as_str().unwrap();
        format!("{file}:{}", place["region"]["startLine"])
    };
    assert_eq!(at(&result["locations"][0]), "web/templates/web.yaml:16");
    assert_eq!(at(&result["relatedLocations"][0]), "web/values.yaml:3");
}

#[test]
fn exceptions_are_comments_in_templates_and_values() {
    let states = |name: &str, file: &str, text: &str| {
        let folder = web(name).file(file, text);
        let report = json(&folder, &[]);
        assert_eq!(report["summary"]["problems"], 0, "{name}");
        told(&report)[0].split(' ').nth(1).unwrap().to_owned()
    };
    let value = VALUES.replace(
        "privileged: true",
        "privileged: true # seawall: ignore[privileged-container] the agent needs it",
    );
    assert_eq!(
        states("charts-in-values", "web/values.yaml", &value),
        "excepted"
    );
    for (name, comment) in [
        (
            "charts-in-template",
            "# seawall: ignore[privileged-container] agent",
        ),
        (
            "charts-in-action",
            "{{- /* seawall: ignore[privileged-container] agent */}}",
        ),
    ] {
        let text = TEMPLATE.replace(
            "          securityContext:",
            &format!("          {comment}\n          securityContext:"),
        );
        assert_eq!(
            states(name, "web/templates/web.yaml", &text),
            "excepted",
            "{name}"
        );
    }
}

#[test]
fn a_chart_that_fails_is_drawn_and_the_rest_is_scanned() {
    let folder = web("charts-failing")
        .file(
            "bad/Chart.yaml",
            "apiVersion: v2\nname: bad\nversion: 1.0.0\n",
        )
        .file("bad/templates/a.yaml", "kind: {{ .Values.web.kind }}\n")
        .file("bad/values.yaml", "wbe: {kind: Pod}\n");
    let run = scan(&folder, &["--format", "pretty"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stdout);
    assert_eq!(scan(&folder, &["--allow-problems=not-rendered"]).code, 1);
}

#[test]
fn render_prints_what_helm_would() {
    let folder = web("charts-render");
    let run = folder.seawall(&[
        "render",
        "web",
        "--release-name",
        "shop",
        "--set",
        "hostIPC=true",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout);
    let flags = ["--show-provenance", "-f", "web/ci/host-values.yaml"];
    let run = folder.seawall(&[&["render", "web"], &flags[..]].concat());
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn render_prints_the_charts_of_kustomizations() {
    let folder = web("charts-of-kustomization").file(
        "kustomization.yaml",
        "helmGlobals: {chartHome: .}\nhelmCharts:\n- {name: web, releaseName: shop, valuesInline: {hostPID: true}}\nnamePrefix: p-\n",
    );
    let run = folder.seawall(&["render", "."]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(
        run.stdout.contains("name: p-shop\n") && run.stdout.contains("hostPID: true\n"),
        "{}",
        run.stdout
    );
    let report = json(&folder, &[]);
    assert_eq!(
        told(&report)[0],
        "host-pid new web/templates/web.yaml:8 <- value helmCharts[0].valuesInline.hostPID kustomization.yaml:3, base  kustomization.yaml:3"
    );
}

#[test]
fn a_chart_that_cannot_be_rendered_prints_nothing() {
    let folder = web("charts-render-fails")
        .file(
            "web/templates/x.yaml",
            "x: {{ include \"web.lables\" . }}\n",
        )
        .file(
            "web/templates/_helpers.tpl",
            "{{ define \"web.labels\" }}a: b{{ end }}\n",
        );
    let run = folder.seawall(&["render", "web"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(run.stderr);
    for flags in [
        &["--set", "a=b="][..],
        &["--set", "a[x"],
        &["--values", "gone.yaml"],
        &["--kubernetes-version", "x"],
        &["--release-name", "A_B"],
    ] {
        let run = folder.seawall(&[&["render", "web"], flags].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{flags:?}");
        assert!(run.stderr.starts_with("error"), "{flags:?}: {}", run.stderr);
    }
}

//! Findings in renderings name what to change: for many of them the place of the finding or one of its origins is edited,
//! and the finding must be gone while everything else is still rendered.

mod edits;

use edits::{Place, edited};
use serde_json::Value;

use crate::support::{Folder, copy};

fn scan(folder: &Folder, flags: &[&str]) -> Value {
    let fixed = [
        "scan",
        ".",
        "--format",
        "json",
        "--date",
        "2026-11-23",
        "--seed",
        "7",
    ];
    let run = folder.seawall(&[&fixed, flags].concat());
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr))
}

/// What stays the same about a finding when lines move.
fn identity(finding: &Value) -> [&Value; 5] {
    let entry = &finding["rendered"]["entry"];
    [
        &finding["control"],
        &finding["resource"],
        &finding["container"],
        &finding["path"],
        entry,
    ]
}

fn findings(report: &Value) -> &[Value] {
    report["findings"].as_array().unwrap()
}

/// Whether an edit at the place of a finding, or at one of its origins, makes it go.
fn goes(folder: &Folder, finding: &Value, flags: &[&str]) -> bool {
    let control = finding["control"].as_str().unwrap();
    let flags = [&["--control", control], flags].concat();
    let before = scan(folder, &flags);
    let fixes = finding["fix"].as_array().cloned().unwrap_or_default();
    let origins = finding["origins"].as_array().into_iter().flatten();
    for place in origins.chain([&finding["location"]]).map(Place::of) {
        if !folder.path().join(&place.file).is_file() {
            continue;
        }
        let text = folder.read(&place.file);
        for new in edited(&text, &place, &fixes) {
            fs_err::write(folder.path().join(&place.file), &new).unwrap();
            let after = scan(folder, &flags);
            let is_whole = after["summary"]["resources"] == before["summary"]["resources"]
                && after["summary"]["problems"] == before["summary"]["problems"];
            let mut left = findings(&after).iter();
            if is_whole && !left.any(|it| identity(it) == identity(finding)) {
                fs_err::write(folder.path().join(&place.file), &text).unwrap();
                return true;
            }
        }
        fs_err::write(folder.path().join(&place.file), &text).unwrap();
    }
    false
}

/// Whether the test knows how to change what is wrong: there is a value, or a fix that says what is missing.
fn is_editable(finding: &Value) -> bool {
    let fixes = finding["fix"].as_array().into_iter().flatten();
    let sets = fixes.filter(|fix| fix["op"] == "set");
    let evidence = finding["evidence"].as_str().unwrap_or_default();
    let has_value = evidence
        .split_once(": ")
        .is_some_and(|(_, value)| !value.trim().is_empty());
    let is_rendered = finding.get("rendered").is_some();
    is_rendered && (has_value && !evidence.starts_with("- ") || sets.count() > 0)
}

/// Edits the findings of a folder, each control and file at most a few times, and gives their number and those that stay.
fn check(folder: &Folder, most: usize, flags: &[&str]) -> (usize, Vec<String>) {
    let report = scan(folder, &[&["--profile", "all"], flags].concat());
    let mut seen: Vec<(&Value, &Value)> = Vec::new();
    let mut sampled = 0;
    let mut staying = Vec::new();
    for finding in findings(&report).iter().filter(|it| is_editable(it)) {
        let kind = (&finding["control"], &finding["location"]["file"]);
        if sampled == most || seen.contains(&kind) {
            continue;
        }
        seen.push(kind);
        sampled += 1;
        if !goes(folder, finding, flags) {
            let (at, origins) = (&finding["location"], &finding["origins"]);
            staying.push(format!("{} at {at} <- {origins}", finding["control"]));
        }
    }
    (sampled, staying)
}

const HELPERS: &str = "\
{{- define \"app.pod\" -}}
hostNetwork: {{ .Values.pod.hostNetwork }}
{{- with .Values.pod.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  {{- range $name, $container := .Values.containers }}
  - name: {{ $name }}
    image: {{ printf \"%s:%s\" $container.image ($container.tag | default \"latest\") | quote }}
    {{- if $container.debug }}
    securityContext:
      privileged: true
      allowPrivilegeEscalation: {{ $container.escalation }}
    {{- end }}
    {{- with $container.ports }}
    ports:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  {{- end }}
{{- end }}
";

const TEMPLATE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      {{- include \"app.pod\" . | nindent 6 }}
      {{- tpl .Values.extra . | nindent 6 }}
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: {{ .Values.service.type }}
  externalIPs: {{ .Values.service.addresses | toJson }}
  selector: {app: web}
  ports: [{port: 80}]
";

const VALUES: &str = "\
replicas: 1
pod:
  hostNetwork: true
  securityContext:
    runAsUser: 0
    fsGroup: 0
containers:
  main:
    image: nginx
    debug: true
    escalation: true
    ports:
      - containerPort: 80
        hostPort: 8080
  side:
    image: redis
    tag: '7'
extra: |
  hostPID: true
  automountServiceAccountToken: {{ .Values.token }}
  volumes:
    - name: host
      hostPath: {path: {{ .Values.path }}}
token: true
path: /var/run/docker.sock
service:
  type: NodePort
  addresses: [192.0.2.1]
db:
  host:
    ipc: true
";

const SUBCHART: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: db
spec:
  hostIPC: {{ .Values.host.ipc }}
  containers:
    - name: db
      image: {{ .Values.image }}
      securityContext: {privileged: {{ .Values.privileged }}, runAsUser: {{ .Values.global.user | default 0 }}}
";

fn chart(name: &str) -> Folder {
    Folder::new(name)
        .file(
            "app/Chart.yaml",
            "apiVersion: v2\nname: app\nversion: 1.0.0\n",
        )
        .file("app/values.yaml", VALUES)
        .file("app/templates/_helpers.tpl", HELPERS)
        .file("app/templates/web.yaml", TEMPLATE)
        .file(
            "app/charts/db/Chart.yaml",
            "apiVersion: v2\nname: db\nversion: 1.0.0\n",
        )
        .file(
            "app/charts/db/values.yaml",
            "host:\n  ipc: false\nimage: postgres:latest\nprivileged: true\n",
        )
        .file("app/charts/db/templates/db.yaml", SUBCHART)
}

#[test]
fn findings_of_a_chart_go_with_the_line_or_value_they_name() {
    let (sampled, staying) = check(&chart("provenance-chart"), 26, &[]);
    assert_eq!(staying, [""; 0]);
    assert!(sampled >= 25, "{sampled}");
}

const BASE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
    spec:
      hostPID: true
      containers:
        - name: web
          image: nginx
          securityContext:
            privileged: true
            runAsUser: 0
";

const OVERLAY: &str = "\
resources:
- ../base
images:
- name: nginx
  newTag: latest
replicas:
- {name: web, count: 1}
configMapGenerator:
- name: settings
  literals: [mode=debug]
patches:
- path: patch.yaml
- target: {kind: Deployment}
  patch: |-
    - op: add
      path: /spec/template/spec/hostNetwork
      value: true
    - op: add
      path: /spec/template/spec/volumes
      value:
      - name: host
        hostPath: {path: /etc}
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      template:
        spec:
          containers:
          - name: side
            image: redis
            securityContext:
              allowPrivilegeEscalation: true
              capabilities:
                add: [SYS_ADMIN]
";

const PATCH: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      hostIPC: true
      automountServiceAccountToken: true
      containers:
        - name: web
          securityContext:
            allowPrivilegeEscalation: true
            readOnlyRootFilesystem: false
            seccompProfile: {type: Unconfined}
";

#[test]
fn findings_of_a_kustomization_go_with_the_line_they_name() {
    let folder = Folder::new("provenance-kustomization")
        .file("base/kustomization.yaml", "resources: [web.yaml]\n")
        .file("base/web.yaml", BASE)
        .file("prod/kustomization.yaml", OVERLAY)
        .file("prod/patch.yaml", PATCH);
    let (sampled, staying) = check(&folder, 22, &[]);
    assert_eq!(staying, [""; 0]);
    assert!(sampled >= 20, "{sampled}");
}

#[test]
fn findings_of_what_is_deployed_go_with_the_line_they_name() {
    let application = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  destination: {namespace: web}\n  source:\n    repoURL: x\n    path: app\n    helm:\n      valuesObject:\n        pod:\n          securityContext:\n            runAsUser: 1\n      values: ignored\n      parameters:\n      - name: token\n        value: \"true\"\n";
    let folder = chart("provenance-deployed").file("web.yaml", application);
    let flags = ["--exclude", "app/charts/**"];
    let (sampled, staying) = check(&folder, 10, &flags);
    assert_eq!(staying, [""; 0]);
    assert!(sampled >= 10, "{sampled}");
}

#[test]
#[ignore = "needs the corpora of golden renderings in HELM_CORPUS and KUSTOMIZE_CORPUS"]
fn findings_of_the_corpora_go_with_the_line_or_value_they_name() {
    let mut sampled = 0;
    let mut staying = Vec::new();
    for (variable, inner, step) in [("HELM_CORPUS", "chart", 3), ("KUSTOMIZE_CORPUS", "tree", 8)] {
        let corpus = std::env::var(variable).unwrap();
        let found = fs_err::read_dir(corpus).unwrap();
        let mut cases: Vec<_> = found
            .map(|entry| entry.unwrap().path().join(inner))
            .collect();
        cases.retain(|case| case.is_dir());
        cases.sort();
        for case in cases.iter().step_by(step) {
            let folder = Folder::new(&format!("provenance-{variable}"));
            copy(case, folder.path());
            let (count, left) = check(&folder, 2, &[]);
            sampled += count;
            staying.extend(
                left.into_iter()
                    .map(|it| format!("{}: {it}", case.display())),
            );
        }
    }
    assert!(sampled >= 50, "{sampled}");
    assert_eq!(staying, [""; 0], "of {sampled}");
}

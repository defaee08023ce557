//! Fixes of what charts render.

use super::{json, refused};
use crate::support::Folder;

const CHART: &str = "apiVersion: v2\nname: app\nversion: 1.0.0\n";

const TEMPLATE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      {{- if .Values.hostPID }}
      hostPID: true
      {{- end }}
      hostIPC: true
      {{- with .Values.podSecurityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        # What it is about.
        - name: web
          image: \"{{ .Values.image }}\"
          securityContext:
            {{- toYaml .Values.securityContext | nindent 12 }}
";

const VALUES: &str = "\
# Of the node.
hostPID: true   # for a debugger
image: registry.example.com/web:1.4
podSecurityContext: {}
securityContext:
  privileged: true # why?
";

fn chart(name: &str) -> Folder {
    Folder::new(name)
        .file("app/Chart.yaml", CHART)
        .file("app/values.yaml", VALUES)
        .file("app/templates/web.yaml", TEMPLATE)
}

#[test]
fn the_value_that_decided_is_changed_and_else_the_line_of_the_template() {
    let folder = chart("fix-chart");
    let controls = "host-pid,host-ipc,privileged-container,capabilities-not-dropped,automount-sa-token,fs-group-change-always";
    let report = json(&folder, &["--control", controls, "--unsafe", controls]);
    assert_eq!(refused(&report), [""; 0]);
    insta::assert_snapshot!(folder.read("app/values.yaml"), @r"
    # Of the node.
    hostPID: false   # for a debugger
    image: registry.example.com/web:1.4
    podSecurityContext: {}
    securityContext:
      privileged: false # why?
      capabilities:
        drop:
          - ALL
    ");
    insta::assert_snapshot!(folder.read("app/templates/web.yaml"), @r#"
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: {{ .Release.Name }}
    spec:
      selector:
        matchLabels: {app: web}
      template:
        metadata:
          labels: {app: web}
        spec:
          {{- if .Values.hostPID }}
          hostPID: true
          {{- end }}
          {{- with .Values.podSecurityContext }}
          securityContext:
            {{- toYaml . | nindent 8 }}
          {{- end }}
          containers:
            # What it is about.
            - name: web
              image: "{{ .Values.image }}"
              securityContext:
                {{- toYaml .Values.securityContext | nindent 12 }}
    "#);
    let again = json(&folder, &["--control", controls, "--unsafe", controls]);
    assert_eq!(again["summary"]["fixed"], 0);
}

#[test]
fn a_value_that_a_flag_sets_is_told_and_one_of_a_file_is_changed_there() {
    let folder =
        chart("fix-chart-flags").file("prod.yaml", "securityContext:\n  privileged: true\n");
    let controls = [
        "--control",
        "privileged-container",
        "--unsafe",
        "privileged-container",
    ];
    let flags = [&controls[..], &["--set", "securityContext.privileged=true"]].concat();
    let report = json(&folder, &flags);
    insta::assert_snapshot!(refused(&report).join("\n"), @"privileged-container: `--set securityContext.privileged=true` decides it: change the flag");
    let report = json(
        &folder,
        &[&controls[..], &["--values", "prod.yaml"]].concat(),
    );
    assert_eq!(refused(&report), [""; 0]);
    assert_eq!(
        folder.read("prod.yaml"),
        "securityContext:\n  privileged: false\n"
    );
    assert_eq!(folder.read("app/values.yaml"), VALUES);
}

#[test]
fn a_value_of_a_chart_in_charts_is_set_from_outside() {
    let template = "apiVersion: v1\nkind: Pod\nmetadata: {name: db}\nspec:\n  hostIPC: {{ .Values.ipc }}\n  containers: [{name: db, image: 'db:1'}]\n";
    let folder = chart("fix-chart-charts")
        .file(
            "app/charts/db/Chart.yaml",
            "apiVersion: v2\nname: db\nversion: 1.0.0\n",
        )
        .file("app/charts/db/values.yaml", "ipc: true\n")
        .file("app/charts/db/templates/db.yaml", template);
    let report = json(&folder, &["--control", "host-ipc", "--unsafe", "host-ipc"]);
    assert_eq!(refused(&report), [""; 0]);
    assert_eq!(
        folder.read("app/values.yaml"),
        format!("{VALUES}db:\n  ipc: false\n")
    );
    assert_eq!(folder.read("app/charts/db/values.yaml"), "ipc: true\n");
    assert_eq!(folder.read("app/charts/db/templates/db.yaml"), template);
}

#[cfg(target_os = "linux")]
#[test]
fn a_value_of_a_chart_in_an_archive_is_set_from_outside_and_its_templates_stay() {
    let template = "apiVersion: v1\nkind: Pod\nmetadata: {name: db}\nspec:\n  hostIPC: {{ .Values.ipc }}\n  hostPID: true\n  containers: [{name: db, image: 'db:1'}]\n";
    let folder = chart("fix-chart-archive")
        .file(
            "app/charts/db/Chart.yaml",
            "apiVersion: v2\nname: db\nversion: 1.0.0\n",
        )
        .file("app/charts/db/values.yaml", "ipc: true\n")
        .file("app/charts/db/templates/db.yaml", template);
    folder.shell("cd app/charts && tar czf db-1.0.0.tgz db && rm -r db");
    let before = folder.read_bytes("app/charts/db-1.0.0.tgz");
    let controls = "host-ipc,host-pid";
    let flags = ["--control", controls, "--unsafe", controls];
    let report = json(&folder, &flags);
    insta::assert_snapshot!(refused(&report).join("\n"), @"host-pid: app/charts/db-1.0.0.tgz/db/templates/db.yaml lies in the archive app/charts/db-1.0.0.tgz");
    let values = folder.read("app/values.yaml");
    assert!(values.ends_with("db:\n  ipc: false\n"), "{values}");
    assert_eq!(folder.read_bytes("app/charts/db-1.0.0.tgz"), before);
}

#[test]
fn a_value_that_decides_more_than_the_finding_stays() {
    let folder = chart("fix-chart-more").file(
        "app/templates/other.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata:\n  pid: {{ .Values.hostPID | quote }}\n",
    );
    let report = json(&folder, &["--control", "host-pid", "--unsafe", "host-pid"]);
    // The line of the template can go: nothing else is printed with it.
    assert_eq!(refused(&report), [""; 0]);
    assert_eq!(folder.read("app/values.yaml"), VALUES);
    assert!(
        !folder
            .read("app/templates/web.yaml")
            .contains("hostPID: true")
    );
    let both = TEMPLATE.replace(
        "      hostPID: true",
        "      hostPID: {{ .Values.hostPID }}",
    );
    let folder = folder.file("app/templates/web.yaml", &both);
    let report = json(&folder, &["--control", "host-pid", "--unsafe", "host-pid"]);
    insta::assert_snapshot!(refused(&report).join("\n"), @"host-pid: it would also change data.pid of ConfigMap other");
    assert_eq!(folder.read("app/values.yaml"), VALUES);
}

#[test]
fn a_new_line_in_a_loop_is_right_for_all_that_it_prints_or_not_written() {
    let template = "\
{{- range .Values.all }}
apiVersion: v1
kind: Pod
metadata:
  name: {{ .name }}
spec:
  containers:
    - name: main
      image: {{ .image }}
      {{- if .policy }}
      imagePullPolicy: {{ .policy }}
      {{- end }}
---
{{- end }}
";
    let values = "all:\n- {name: a, image: 'a:1'}\n- {name: b, image: 'b:1', policy: Always}\n";
    let folder = Folder::new("fix-chart-loop")
        .file("app/Chart.yaml", CHART)
        .file("app/values.yaml", values)
        .file("app/templates/pods.yaml", template);
    let controls = "image-pull-not-always,capabilities-not-dropped";
    let report = json(&folder, &["--control", controls, "--unsafe", controls]);
    insta::assert_snapshot!(refused(&report).join("\n"), @"image-pull-not-always: it would say a key of spec.containers[0] of Pod b twice");
    insta::assert_snapshot!(folder.read("app/templates/pods.yaml"), @r"
    {{- range .Values.all }}
    apiVersion: v1
    kind: Pod
    metadata:
      name: {{ .name }}
    spec:
      containers:
        - name: main
          image: {{ .image }}
          securityContext:
            capabilities:
              drop:
                - ALL
          {{- if .policy }}
          imagePullPolicy: {{ .policy }}
          {{- end }}
    ---
    {{- end }}
    ");
    assert_eq!(folder.read("app/values.yaml"), values);
}

#[test]
fn values_in_an_object_that_deploys_a_chart_are_changed_there() {
    let application = "\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web}
spec:
  destination: {namespace: web}
  source:
    repoURL: x
    path: app
    helm:
      valuesObject:
        securityContext:
          privileged: true # of the object
      parameters:
      - name: hostPID
        value: \"true\"
";
    let folder = chart("fix-chart-deployed").file("web.yaml", application);
    let controls = "host-pid,privileged-container";
    let report = json(&folder, &["--control", controls, "--unsafe", controls]);
    assert_eq!(refused(&report), [""; 0]);
    let expected = application
        .replace("privileged: true", "privileged: false")
        .replace("value: \"true\"", "value: \"false\"");
    assert_eq!(folder.read("web.yaml"), expected);
    assert_eq!(folder.read("app/values.yaml"), VALUES);
    let text = "securityContext:\n          privileged: true # of the text\n";
    let application = format!(
        "{}values: |\n        {text}",
        application.split("valuesObject").next().unwrap()
    );
    let folder = folder.file("web.yaml", &application);
    let controls = "privileged-container";
    let report = json(&folder, &["--control", controls, "--unsafe", controls]);
    assert_eq!(refused(&report), [""; 0]);
    let expected = application.replace("privileged: true", "privileged: false");
    assert_eq!(folder.read("web.yaml"), expected);
}

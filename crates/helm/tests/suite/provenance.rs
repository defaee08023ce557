//! Nodes lead to what their authors would change: where it is written, and the values behind it.

use document::{Document, Role};
use helm::{Chart, Flag, FlagKind, Options, render};

use crate::memory::Memory;

const VALUES: &str = "\
name: web
tag: '1.2'
empty: ''
enabled: true
port: 80
labels:
  tier: front
  zone: a
security:
  user: 1000
hosts:
- name: one
  paths: [/a, /b]
- name: two
  paths: [/c]
ports:
  http: 8080
  https: 8443
text: 'is {{ .Values.name }}'
block: |
  level: {{ .Values.port }}
  kind: plain
";

const HELPERS: &str = "\
{{- define \"c.name\" -}}
{{- .Values.name | trunc 63 | trimSuffix \"-\" -}}
{{- end -}}
{{- define \"c.labels\" -}}
app: {{ include \"c.name\" . }}
managed: helm
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}
{{- define \"c.image\" -}}
{{- $registry := .image.registry | default \"docker.io\" -}}
{{- printf \"%s/%s:%s\" $registry .image.name .image.tag -}}
{{- end -}}
";

fn rendered(template: &str, flags: &[&str]) -> Document {
    let folder = Memory::new([
        (
            "c/Chart.yaml",
            "apiVersion: v2\nname: c\nversion: 1.0.0\nappVersion: '7'\ndependencies:\n- {name: d, version: 1.0.0}\n",
        ),
        ("c/values.yaml", VALUES),
        ("c/templates/_helpers.tpl", HELPERS),
        ("c/templates/a.yaml", template),
        (
            "c/charts/d/Chart.yaml",
            "apiVersion: v2\nname: d\nversion: 1.0.0\n",
        ),
        ("c/charts/d/values.yaml", "size: 5\n"),
    ]);
    let flags = flags.iter().map(|text| Flag::new(FlagKind::Set, *text));
    let options = Options {
        flags: flags.collect(),
        origins: true,
        ..Options::default()
    };
    let chart = Chart::load(&folder, "c", &options.limits);
    let rendering = chart.and_then(|chart| render(&chart, &options));
    rendering.unwrap().document.unwrap()
}

/// What is written where the node at a path lies, and its causes: paths of values, flags, and calls as they are written.
#[track_caller]
fn check(template: &str, path: &str, written: &str, causes: &[&str]) {
    check_with(&[], template, path, written, causes);
}

#[track_caller]
fn check_with(flags: &[&str], template: &str, path: &str, written: &str, causes: &[&str]) {
    let document = rendered(template, flags);
    let mut node = document.root(0).unwrap();
    for key in path.split('.').filter(|key| !key.is_empty()) {
        node = match key.parse() {
            Ok(index) => node.item(index).unwrap(),
            Err(_) => node.get_str(key).unwrap(),
        };
    }
    let place = node.place();
    assert_eq!(place.source.slice(&place.span), written);
    let shown = document.causes(node.origin()).map(|cause| {
        let place = document.place(cause.at);
        match cause.role {
            Role::Template => place.source.slice(&place.span).to_owned(),
            Role::Flag => format!("--set {}", place.source.slice(&place.span)),
            _ => document.path_at(cause.at).unwrap_or_default().to_owned(),
        }
    });
    assert_eq!(shown.collect::<Vec<_>>(), causes);
}

#[test]
fn a_scalar_leads_to_its_value() {
    check("a: fixed", "a", "fixed", &[]);
    let own = "{{ .Values.port }}";
    check(&format!("a: {own}"), "a", own, &["port"]);
    let piped = "{{ .Values.name | upper | quote }}";
    check(&format!("a: {piped}"), "a", piped, &["name"]);
    let mixed = "x-{{ .Values.name }}:{{ .Values.tag }}";
    check(&format!("a: {mixed}"), "a", mixed, &["tag", "name"]);
    let printed = "{{ printf \"%s:%v\" .Values.name .Values.port }}";
    check(&format!("a: {printed}"), "a", printed, &["name", "port"]);
}

#[test]
fn defaults_lead_to_what_was_taken() {
    let empty = "{{ .Values.empty | default .Values.name }}";
    check(&format!("a: {empty}"), "a", empty, &["name", "empty"]);
    let given = "{{ .Values.tag | default .Chart.AppVersion | quote }}";
    check(&format!("a: {given}"), "a", given, &["tag"]);
    let metadata = "{{ .Values.missing | default .Chart.AppVersion | quote }}";
    check(&format!("a: {metadata}"), "a", metadata, &["appVersion"]);
    let chosen = "{{ ternary .Values.name .Values.tag .Values.enabled }}";
    check(&format!("a: {chosen}"), "a", chosen, &["name", "enabled"]);
    let first = "{{ coalesce .Values.empty .Values.tag | quote }}";
    check(&format!("a: {first}"), "a", first, &["tag", "empty"]);
    let wanted = "{{ required \"say it\" .Values.name }}";
    check(&format!("a: {wanted}"), "a", wanted, &["name"]);
}

#[test]
fn printed_values_lead_to_each_part() {
    let template = "a:\n  {{- toYaml .Values.labels | nindent 2 }}";
    check(
        template,
        "a.zone",
        "{{- toYaml .Values.labels | nindent 2 }}",
        &["labels.zone"],
    );
    check(
        template,
        "a",
        "{{- toYaml .Values.labels | nindent 2 }}",
        &["labels"],
    );
    let template = "a: {{ .Values.labels | toJson }}";
    check(
        template,
        "a.tier",
        "{{ .Values.labels | toJson }}",
        &["labels.tier"],
    );
    let template = "a: {{ toYaml (.Values.hosts) | nindent 2 }}";
    check(
        template,
        "a.0.paths.1",
        "{{ toYaml (.Values.hosts) | nindent 2 }}",
        &["hosts[0].paths[1]"],
    );
    let template =
        "{{ $all := merge (dict \"own\" 1) .Values.labels }}a: {{ toYaml $all | nindent 2 }}";
    check(
        template,
        "a.zone",
        "{{ toYaml $all | nindent 2 }}",
        &["labels.zone"],
    );
    let template = "a: {{ omit .Values.labels \"zone\" | toYaml | nindent 2 }}";
    check(
        template,
        "a.tier",
        "{{ omit .Values.labels \"zone\" | toYaml | nindent 2 }}",
        &["labels.tier"],
    );
    let template = "a: {{ get .Values.labels \"tier\" }}";
    check(
        template,
        "a",
        "{{ get .Values.labels \"tier\" }}",
        &["labels.tier"],
    );
    let template = "a: {{ index .Values.hosts 1 \"name\" }}";
    check(
        template,
        "a",
        "{{ index .Values.hosts 1 \"name\" }}",
        &["hosts[1].name"],
    );
    let template = "a: {{ dig \"security\" \"user\" 0 .Values.AsMap }}";
    check(
        template,
        "a",
        "{{ dig \"security\" \"user\" 0 .Values.AsMap }}",
        &["security.user"],
    );
}

#[test]
fn what_a_helper_writes_lies_in_it() {
    let call = "include \"c.name\" .";
    let written = "{{- .Values.name | trunc 63 | trimSuffix \"-\" -}}";
    check(
        &format!("a: {{{{ {call} }}}}"),
        "a",
        written,
        &["name", call],
    );
    let template = "a: {{- include \"c.labels\" . | nindent 2 }}";
    let outer = "include \"c.labels\" .";
    check(template, "a.managed", "helm", &[outer]);
    check(
        template,
        "a.zone",
        "{{ toYaml . }}",
        &["labels.zone", "labels", outer],
    );
    check(template, "a.app", written, &["name", call, outer]);
    let call = "{{ template \"c.name\" . }}";
    check(&format!("a: {call}"), "a", written, &["name", call]);
    let call =
        "include \"c.image\" (dict \"image\" (dict \"name\" .Values.name \"tag\" .Values.tag))";
    let written = "{{- printf \"%s/%s:%s\" $registry .image.name .image.tag -}}";
    check(
        &format!("a: {{{{ {call} }}}}"),
        "a",
        written,
        &["name", "tag", call],
    );
}

#[test]
fn what_tpl_executes_lies_in_the_value() {
    let call = "tpl .Values.text .";
    let template = format!("a: {{{{ {call} }}}}");
    check(&template, "a", "is {{ .Values.name }}", &["name", call]);
    let call = "tpl .Values.block .";
    let template = format!("a: {{{{- {call} | nindent 2 }}}}");
    check(&template, "a.kind", "plain", &[call]);
    check(&template, "a.level", "{{ .Values.port }}", &["port", call]);
}

#[test]
fn conditions_and_loops_lead_to_what_decided_them() {
    let template = "{{ if .Values.enabled }}a: fixed{{ end }}";
    check(template, "a", "fixed", &["enabled"]);
    let template = "{{ if and .Values.enabled (eq .Values.name \"web\") }}a: fixed{{ end }}";
    check(template, "a", "fixed", &["name", "enabled"]);
    let template = "{{ if .Values.empty }}b: 1{{ else }}a: fixed{{ end }}";
    check(template, "a", "fixed", &["empty"]);
    let template = "{{ with .Values.security }}a: {{ .user }}{{ end }}";
    check(template, "a", "{{ .user }}", &["security.user", "security"]);
    let template = "a:\n{{- range .Values.hosts }}\n- {{ .name }}\n{{- end }}";
    check(
        template,
        "a.1",
        "{{ .name }}",
        &["hosts[1].name", "hosts[1]", "hosts"],
    );
    let template = "a:\n{{- range $name, $port := .Values.ports }}\n- {name: {{ $name }}, port: {{ $port }}}\n{{- end }}";
    check(
        template,
        "a.1.port",
        "{{ $port }}",
        &["ports.https", "ports"],
    );
    check(
        template,
        "a.1.name",
        "{{ $name }}",
        &["ports.https", "ports"],
    );
    let template = "a: {{ if .Values.enabled }}{{ .Values.port }}{{ else }}1{{ end }}";
    check(template, "a", "{{ .Values.port }}", &["port", "enabled"]);
}

#[test]
fn variables_carry_what_they_were_set_to() {
    let template = "{{ $x := .Values.port }}a: {{ $x }}";
    check(template, "a", "{{ $x }}", &["port"]);
    let template = "{{ $x := 1 }}{{ if .Values.enabled }}{{ $x = 2 }}{{ end }}a: {{ $x }}";
    check(template, "a", "{{ $x }}", &["enabled"]);
    let template = "{{ $d := dict }}{{ $_ := set $d \"x\" .Values.tag }}a: {{ $d.x | quote }}";
    check(template, "a", "{{ $d.x | quote }}", &["tag"]);
    let template = "{{ $all := list }}{{ range .Values.hosts }}{{ $all = append $all .name }}{{ end }}a: {{ join \",\" $all }}";
    check(
        template,
        "a",
        "{{ join \",\" $all }}",
        &["hosts[1].name", "hosts[0].name"],
    );
}

#[test]
fn values_lead_to_the_file_or_flag_that_won() {
    let own = "{{ .Values.port }}";
    check_with(
        &["port=81"],
        &format!("a: {own}"),
        "a",
        own,
        &["--set port=81"],
    );
    let deep = "{{ .Values.labels.zone }}";
    check_with(
        &["labels.zone=b,labels.tier=x"],
        &format!("a: {deep}"),
        "a",
        deep,
        &["--set labels.zone=b"],
    );
    let below = "{{ .Values.d.size }}";
    check(&format!("a: {below}"), "a", below, &["size"]);
    check_with(
        &["d.size=6"],
        &format!("a: {below}"),
        "a",
        below,
        &["--set d.size=6"],
    );
}

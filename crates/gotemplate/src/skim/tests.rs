//! What is skimmed, and what is left to the parser.

use super::{Definition, Outline, skim};
use crate::function::Functions;

fn outline(text: &str) -> Option<Outline> {
    skim(text, &Functions::new()).filter(|outline| !outline.defines("main", text))
}

/// What charts write is not left to the parser.
#[test]
fn what_charts_write_is_sure() {
    let inside = [
        "",
        "text",
        "{{/* comment */}}",
        "{{- /*\ncomment }}\n*/ -}}",
        "{{ .Values.a.b }}",
        "{{- $.Values.a -}}",
        "{{ print \"a\\n\\\"\" `b` 1 -1 true nil . $ | printf \"%s\" }}",
        "{{ $x := .a }}{{ $x.b }}{{ $x = 1 }}",
        "{{ $x:=(index .a 1) }}{{ ($x).b.c }}",
        "{{- if and .a (or .b (not .c)) -}}x{{- else if .d }}y{{ else }}z{{ end -}}",
        "{{ with $y := .a }}{{ $y }}{{ else with .b }}{{ . }}{{ end }}",
        "{{ range $i, $e := .list }}{{ $i }}{{ end }}",
        "{{ range $e:= .list }}{{ $e }}{{ else }}none{{ end }}",
        "{{ range .list }}{{ . }}{{ end }}",
        "{{ range $.list }}{{ . }}{{ end }}",
        "{{ template \"a\" }}{{ template \"b\" . }}{{template `c` $.x}}",
        "{{ print\n  .a\n  | printf\n  \"x\" }}",
    ];
    for part in inside {
        let text = format!("{{{{- define \"d\" -}}}}\n{part}\n{{{{- end }}}}\n");
        let found = outline(&text).unwrap_or_else(|| panic!("{text}"));
        let is_blank = part.is_empty() || part.contains("comment");
        let definition = Definition {
            name: 12..13,
            start: 0,
            is_blank,
        };
        assert_eq!(found.definitions, [definition], "{text}");
        assert!(found.is_blank, "{text}");
    }
}

#[test]
fn what_is_outside_of_definitions_is_the_sources_own() {
    let text = "{{/* a */}}\n{{define \"a\"}}x{{end}} y {{define \"b\"}} {{end}}";
    let found = outline(text).unwrap();
    assert!(!found.is_blank);
    let definitions: Vec<_> = found
        .definitions
        .iter()
        .map(|definition| (definition.name(text), definition.start, definition.is_blank))
        .collect();
    assert_eq!(definitions, [("a", 12, false), ("b", 37, true)]);
}

#[test]
fn what_is_wrong_or_rare_is_for_the_parser() {
    for text in [
        "{{",
        "{{ }}",
        "{{ nofunc }}",
        "{{ $x }}",
        "{{ . | 1 }}",
        "{{ .a | }}",
        "{{ .5 }}",
        "{{ 08 }}",
        "{{ \"\\q\" }}",
        "{{ (.a }}",
        "{{ .a) }}",
        "{{ .a\"b\" }}",
        "{{ true.x }}",
        "{{ print.x }}",
        "{{ .a. }}",
        "{{/* a */ }}",
        "{{ /* a */}}",
        "{{ end }}",
        "{{ if .a }}",
        "{{ if }}{{ end }}",
        "{{ if .a }}{{ else }}{{ else }}{{ end }}",
        "{{ if .a }}{{ else with .a }}{{ end }}",
        "{{ range .a }}{{ break }}{{ end }}",
        "{{ with $y := .a }}{{ end }}{{ $y }}",
        "{{ define \"a\" }}",
        "{{ define \"a\" }}x{{ end }}{{ define \"a\" }}y{{ end }}",
        "{{ define \"main\" }}x{{ end }}",
        "{{ define \"a\\n\" }}x{{ end }}",
        "{{ if .a }}{{ define \"a\" }}x{{ end }}{{ end }}",
        "{{ block \"a\" . }}{{ end }}",
    ] {
        assert_eq!(outline(text), None, "{text}");
    }
}

//! Charts that would take all time or memory: each is an error at a place.

use helm::{Chart, Error, ErrorKind, Flag, FlagKind, Limits, Options, render};

use crate::memory::{Memory, pack};

const CHART: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

/// Limits that a test in a debug build reaches soon.
fn limits() -> Limits {
    let mut limits = Limits {
        bytes: 1 << 20,
        files: 200,
        charts: 100,
        effort: 100,
        ..Limits::default()
    };
    limits.templates.steps = 100_000;
    limits.templates.bytes = 1 << 20;
    limits
}

fn failed(folder: &Memory, flags: &[&str]) -> Error {
    let options = Options {
        flags: flags
            .iter()
            .map(|text| Flag::new(FlagKind::Set, *text))
            .collect(),
        limits: limits(),
        ..Options::default()
    };
    let chart = Chart::load(folder, "c", &options.limits);
    chart
        .and_then(|chart| render(&chart, &options))
        .unwrap_err()
}

/// The error lies in a file, in the line that has the text.
#[track_caller]
fn check(files: &[(&str, &str)], path: &str, line: &str, message: &str) {
    let folder = Memory::new(
        [("c/Chart.yaml", CHART)]
            .into_iter()
            .chain(files.iter().copied()),
    );
    let error = failed(&folder, &[]);
    let shown = error.to_string();
    assert!(shown.contains(message), "{shown}");
    let (source, span) = error.place.expect("a place");
    assert_eq!(source.name(), path, "{shown}");
    let written = &source.text()[span.start as usize..];
    assert!(written.starts_with(line), "{shown}: {written}");
}

#[track_caller]
fn check_template(template: &str, at: &str, message: &str) {
    let path = "c/templates/a.yaml";
    check(&[(path, template)], path, at, message);
}

#[test]
fn templates_end_after_some_steps() {
    for (template, at) in [
        ("{{ range 1000000000000 }}{{ end }}", "1000000000000"),
        (
            "{{ range 9223372036854775807 }}{{ continue }}{{ end }}",
            "9223",
        ),
        ("{{ range until 100000000 }}{{ end }}", "until"),
        (
            "{{ range 50000 }}{{ range 50000 }}{{ end }}{{ end }}",
            "50000 }}{{ end",
        ),
        ("{{ len (untilStep 0 1000000000 1) }}", "untilStep"),
        (
            "{{ $x := list 1 }}{{ range 60 }}{{ $x = concat $x $x }}{{ end }}",
            "concat",
        ),
        (
            "{{ $x := dict }}{{ range 60 }}{{ $x = dict \"a\" $x \"b\" $x }}{{ end }}{{ $y := deepCopy $x }}",
            "deepCopy",
        ),
        (
            "{{ range 1000000 }}{{ $x := tpl \"{{ 1 }}\" $ }}{{ end }}",
            "tpl \"{{ 1",
        ),
        (
            "{{ $t := repeat 1000 \"- {a: {b: c}}\\n\" }}{{ range 99 }}{{ $x := fromYamlArray $t }}{{ end }}",
            "fromYamlArray",
        ),
    ] {
        let at = &template[template.find(at).unwrap()..];
        let at = at.split([' ', '}']).next().unwrap();
        check_template(template, at, "more than 100000 steps");
    }
}

#[test]
fn texts_have_a_limit() {
    for (template, at) in [
        ("{{ repeat 2000000000 \"abc\" }}", "repeat"),
        ("{{ indent 1000000000 \"a\" }}", "indent"),
        ("{{ printf \"%1000000d%1000000d\" 1 1 }}", "printf"),
        (
            "{{ $x := \"a\" }}{{ range 60 }}{{ $x = printf \"%s%s\" $x $x }}{{ end }}",
            "printf",
        ),
        (
            "{{ $x := list }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ $y := printf \"%v\" $x }}",
            "printf",
        ),
        ("{{ randAlphaNum 1000000000 }}", "randAlphaNum"),
        (
            "{{ replace \"a\" (repeat 10000 \"b\") (repeat 10000 \"a\") }}",
            "replace",
        ),
    ] {
        check_template(template, at, "more than 1048576 bytes");
    }
}

#[test]
fn depth_has_a_limit() {
    let template = "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}";
    check_template(template, ".", "maximum template depth");
    let template = "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}";
    check_template(template, "", "maximum template depth");
    check(
        &[
            ("c/templates/a.yaml", "{{ tpl .Values.t . }}"),
            ("c/values.yaml", "t: '{{ tpl .Values.t . }}'\n"),
        ],
        "c/values.yaml",
        ".",
        "maximum template depth",
    );
    let template = "{{ $x := dict }}{{ $y := set $x \"x\" $x }}{{ toYaml $x }}";
    check_template(template, "toYaml", "too deeply nested");
    let deep = format!("{{{{ {}1{} }}}}", "(".repeat(9999), ")".repeat(9999));
    check_template(&deep, "", "max expression depth");
    let deep = format!("a: {}{}", "[".repeat(9999), "]".repeat(9999));
    check(
        &[("c/values.yaml", &deep)],
        "c/values.yaml",
        "[",
        "nested too deeply",
    );
}

#[test]
fn keys_and_hashes_have_a_limit() {
    let said = "too many keys, certificates or hashes";
    check_template("{{ range 9 }}{{ bcrypt \"a\" }}{{ end }}", "bcrypt", said);
    check_template("{{ range 9 }}{{ genCA \"a\" 1 }}{{ end }}", "genCA", said);
}

#[test]
fn aliases_of_yaml_do_not_explode() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let alias = format!("*a{}, ", level - 1).repeat(9);
        text.push_str(&format!("a{level}: &a{level} [{alias}]\n"));
    }
    let said = "aliases expand to too much";
    check(&[("c/values.yaml", &text)], "c/values.yaml", "", said);
    check(
        &[("c/templates/a.yaml", &text)],
        "c/templates/a.yaml",
        "",
        said,
    );
}

#[test]
fn aliases_of_charts_do_not_explode() {
    let mut files = Vec::new();
    let mut path = "c/".to_owned();
    for level in 0..12 {
        let mut chart = format!("apiVersion: v2\nname: c{level}\nversion: 1.0.0\ndependencies:\n");
        for alias in 0..10 {
            let name = level + 1;
            chart.push_str(&format!(
                "- {{name: c{name}, version: 1.0.0, alias: x{alias}}}\n"
            ));
        }
        files.push((format!("{path}Chart.yaml"), chart));
        path.push_str(&format!("charts/c{}/", level + 1));
    }
    let last = "apiVersion: v2\nname: c12\nversion: 1.0.0\n";
    files.push((format!("{path}Chart.yaml"), last.to_owned()));
    let files = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    let error = failed(&Memory::new(files), &[]);
    assert!(error.to_string().contains("too many charts"), "{error}");
    assert!(error.place.is_some());
}

#[test]
fn schemas_end() {
    let all_of = |level: u32| {
        format!(
            "\"a{level}\": {{\"allOf\": [{{\"$ref\": \"#/definitions/a{0}\"}}, {{\"$ref\": \"#/definitions/a{0}\"}}]}}",
            level + 1
        )
    };
    let definitions: Vec<String> = (0..60).map(all_of).collect();
    let doubling = format!(
        "{{\"$ref\": \"#/definitions/a0\", \"definitions\": {{{}, \"a60\": {{}}}}}}",
        definitions.join(", ")
    );
    let slow = "{\"properties\": {\"a\": {\"pattern\": \"^(a*)*(a*)*(a+)+$b\"}}}";
    let text = format!("a: {}\n", "a".repeat(10_000));
    for (schema, path, said) in [
        (&*doubling, "c/values.schema.json", "too many steps"),
        (
            "{\"$ref\": \"#\"}",
            "c/values.schema.json",
            "leads to itself",
        ),
        (slow, "c/values.yaml", "does not match"),
    ] {
        let files = [("c/values.yaml", &*text), ("c/values.schema.json", schema)];
        check(&files, path, "", said);
    }
}

#[test]
fn lists_of_flags_have_a_limit() {
    let error = failed(
        &Memory::new([("c/Chart.yaml", CHART)]),
        &["a[9999999999]=1"],
    );
    assert!(error.to_string().contains("is above"), "{error}");
    assert!(error.place.is_some());
}

fn unpacked(files: &[(&str, &str)]) -> Result<String, ErrorKind> {
    let options = Options {
        limits: limits(),
        ..Options::default()
    };
    let chart = Chart::from_archive("c.tgz", &pack(files), &options.limits);
    let rendering = chart.and_then(|chart| render(&chart, &options));
    rendering
        .map(|rendering| rendering.text.text().to_owned())
        .map_err(|error| error.kind)
}

#[test]
fn archives_have_limits() {
    let chart = ("c/Chart.yaml", CHART);
    let zeros = "0".repeat(2 << 20);
    let large = unpacked(&[chart, ("c/templates/a.yaml", &zeros)]);
    assert!(matches!(large, Err(ErrorKind::TooLarge(_))), "{large:?}");
    let names: Vec<String> = (0..300).map(|index| format!("c/{index}")).collect();
    let files = names.iter().map(|name| (name.as_str(), ""));
    let many = unpacked(&[chart].into_iter().chain(files).collect::<Vec<_>>());
    assert!(matches!(many, Err(ErrorKind::TooLarge(_))), "{many:?}");
}

#[test]
fn archives_do_not_lead_out() {
    let chart = ("c/Chart.yaml", CHART);
    for path in ["c/../../etc/passwd", "c/templates/../../../a.yaml"] {
        let escaped = unpacked(&[chart, (path, "a: 1")]);
        assert!(
            matches!(escaped, Err(ErrorKind::Archive(_))),
            "{path}: {escaped:?}"
        );
    }
}

//! Results lead back to the values that they were made of.

use std::rc::Rc;

use gotemplate::{Functions, Map, Options, Origin, Rendered, Set, Value};
use sprig::Environment;

fn at(number: u32, value: impl Into<Value>) -> Value {
    value.into().with_origin(Origin::source(number))
}

fn data() -> Value {
    let context = Map::from_iter([
        ("runAsUser", at(11, Value::int64(0))),
        ("privileged", at(12, true)),
    ]);
    let image = Map::from_iter([
        ("repository", at(21, "nginx")),
        ("tag", at(22, "1.25 \"x\"")),
        ("policy", at(23, "")),
    ]);
    Map::from_iter([
        ("context", at(10, context)),
        ("image", at(20, image)),
        ("list", at(30, Value::list(vec![at(31, "a"), at(32, "b")]))),
        ("on", at(1, true)),
        ("text", at(40, "one two  ")),
    ])
    .into()
}

fn render(template: &str) -> Rendered {
    let mut functions = Functions::new();
    sprig::define(&mut functions, &Rc::new(Environment::seeded(1)));
    functions.define(
        "include",
        gotemplate::Function::new(
            gotemplate::Signature::new(&[gotemplate::Type::String, gotemplate::Type::Any]),
            |context, arguments| {
                let name = arguments[0].as_str().unwrap_or_default().to_owned();
                context.execute(&name, &arguments[1])
            },
        ),
    );
    let mut set = Set::new(Rc::new(functions));
    set.parse("main", template).unwrap();
    let options = Options {
        trace: true,
        ..Options::default()
    };
    set.execute("main", &data(), &options)
        .unwrap_or_else(|error| panic!("{template}: {error}"))
}

/// A piece of an output, and its sources.
type Part = (&'static str, &'static [u32]);

/// Checks the pieces of the output that have sources.
#[track_caller]
fn check(template: &str, expected: &[(&str, &[u32])]) {
    let rendered = render(template);
    let trace = rendered.trace.as_ref().unwrap();
    let mut found: Vec<(String, Vec<u32>)> = Vec::new();
    for piece in trace.pieces() {
        let text = &rendered.text[piece.range()];
        match found.last_mut() {
            Some((before, sources)) if *sources == piece.sources() => before.push_str(text),
            _ => found.push((text.to_owned(), piece.sources())),
        }
    }
    let expected: Vec<(String, Vec<u32>)> = expected
        .iter()
        .map(|(text, sources)| ((*text).to_owned(), sources.to_vec()))
        .collect();
    assert_eq!(found, expected, "{template}");
}

#[test]
fn every_scalar_of_a_yaml_text_knows_its_value() {
    check(
        "{{ toYaml .context | nindent 2 }}",
        &[
            ("\n  ", &[]),
            ("privileged: true\n", &[12]),
            ("  ", &[]),
            ("runAsUser: 0", &[11]),
        ],
    );
}

#[test]
fn cuts_keep_their_value() {
    check("{{ .text | trunc 3 }}", &[("one", &[40])]);
    check(
        "{{ .text | trimSuffix \"  \" | quote }}",
        &[("\"one two\"", &[40])],
    );
    check(
        "{{ join \"-\" .list }}",
        &[("a", &[31]), ("-", &[]), ("b", &[32])],
    );
    check("{{ index (splitList \" \" .text) 1 }}", &[("two", &[40])]);
}

#[test]
fn choices_keep_what_was_chosen_and_what_decided() {
    check(
        "{{ .image.policy | default .image.repository }}",
        &[("nginx", &[21, 23])],
    );
    check(
        "{{ .image.repository | default .image.tag }}",
        &[("nginx", &[21])],
    );
    check(
        "{{ ternary .image.repository \"x\" .on }}",
        &[("nginx", &[21, 1])],
    );
    check("{{ ternary \"x\" \"y\" .on }}", &[("x", &[1])]);
    check(
        "{{ coalesce .image.policy .image.repository }}",
        &[("nginx", &[21, 23])],
    );
    check("{{ get .image \"repository\" }}", &[("nginx", &[21])]);
    check("{{ dig \"image\" \"nope\" \"x\" . }}", &[("x", &[20])]);
    check(
        "{{ dig \"image\" \"repository\" \"x\" . }}",
        &[("nginx", &[21])],
    );
    check(
        "{{ (pick .image \"repository\").repository }}",
        &[("nginx", &[21])],
    );
    check(
        "{{ (merge (dict) .image).repository }}",
        &[("nginx", &[21])],
    );
    check("{{ first .list }}", &[("a", &[31])]);
}

#[test]
fn yaml_and_back_leads_to_the_same_value() {
    let template = "{{ define \"t\" }}a: {{ .image.repository }}\nb: {{ .context.runAsUser }}{{ end }}\
                    {{ $m := include \"t\" . | fromYaml }}{{ $m.a }}/{{ $m.b }}";
    check(template, &[("nginx", &[21]), ("/", &[]), ("0", &[11])]);
    check(
        "{{ dict \"x\" (printf \"%s\" .image.repository) \"z\" (list .on) | toYaml }}",
        &[("x: nginx\n", &[21]), ("z:\n- true", &[1])],
    );
}

#[test]
fn json_and_toml_texts_know_their_values() {
    check(
        "{{ toJson .context }}",
        &[
            ("{", &[10]),
            ("\"privileged\":true", &[12]),
            (",", &[10]),
            ("\"runAsUser\":0", &[11]),
            ("}", &[10]),
        ],
    );
    check(
        "{{ toPrettyJson .list }}",
        &[
            ("[\n  ", &[30]),
            ("\"a\"", &[31]),
            (",\n  ", &[30]),
            ("\"b\"", &[32]),
            ("\n]", &[30]),
        ],
    );
    check(
        "{{ toToml .context }}",
        &[("privileged = true\n", &[12]), ("runAsUser = 0\n", &[11])],
    );
    let nginx: &[(&str, &[u32])] = &[("nginx", &[21])];
    check("{{ (toJson .image | fromJson).repository }}", nginx);
    check("{{ (toToml .image | fromToml).repository }}", nginx);
    check("{{ (toYaml .image | fromYaml).repository }}", nginx);
    let second: &[(&str, &[u32])] = &[("b", &[32])];
    check("{{ index (toYaml .list | fromYamlArray) 1 }}", second);
    check("{{ index (toJson .list | fromJsonArray) 1 }}", second);
}

#[test]
fn changes_of_a_rendered_text_keep_the_origins_of_its_parts() {
    let include = "{{ define \"t\" }}<{{ .image.repository }}:{{ .context.runAsUser }}>{{ end }}";
    let nginx: (&str, &[u32]) = ("nginx", &[21]);
    let root: (&str, &[u32]) = ("0", &[11]);
    let both: &[u32] = &[21, 11];
    let (open, colon, close) = (("<", &[][..]), (":", &[][..]), (">", &[][..]));
    let whole = [open, nginx, colon, root, close];
    let cases: &[(&str, &[Part])] = &[
        ("toYaml", &whole),
        ("nindent 2 | trim", &whole),
        ("indent 2", &[("  <", &[]), nginx, colon, root, close]),
        ("cat \"a\"", &[("a <", &[]), nginx, colon, root, close]),
        (
            "replace \"<\" \"--\"",
            &[("--", &[]), nginx, colon, root, close],
        ),
        ("upper", &[open, ("NGINX", &[21]), colon, root, close]),
        ("trimSuffix \">\"", &[open, nginx, colon, root]),
        ("trimAll \"<>\"", &[nginx, colon, root]),
        ("trunc 4", &[open, ("ngi", &[21])]),
        ("substr 1 4", &[("ngi", &[21])]),
        ("splitList \":\" | last", &[root, close]),
        ("regexFind \"n.*0\"", &[nginx, colon, root]),
        (
            "quote",
            &[("\"", both), open, nginx, colon, root, close, ("\"", both)],
        ),
        (
            "squote",
            &[("'", both), open, nginx, colon, root, close, ("'", both)],
        ),
        // Nothing of what comes out can be told apart.
        ("b64enc", &[("PG5naW54OjA+", both)]),
        ("sha256sum | trunc 4", &[("aaa2", both)]),
    ];
    for (call, expected) in cases {
        check(
            &format!("{include}{{{{ include \"t\" . | {call} }}}}"),
            expected,
        );
    }
    check(
        &format!("{include}{{{{ regexReplaceAll \"n(g)\" (include \"t\" .) \"$1\" }}}}"),
        &[open, ("ginx", &[21]), colon, root, close],
    );
    check(
        &format!(
            "{include}{{{{ regexReplaceAll \"n(g)\" (include \"t\" .) (printf \"$1-%s\" .text) }}}}"
        ),
        &[
            open,
            ("g", &[21]),
            ("-one two  ", &[40]),
            ("inx", &[21]),
            colon,
            root,
            close,
        ],
    );
}

#[test]
fn maps_made_of_others_keep_the_origins_of_their_entries() {
    let nginx: &[(&str, &[u32])] = &[("nginx", &[21])];
    check("{{ (omit .image \"tag\").repository }}", nginx);
    check("{{ (deepCopy .image).repository }}", nginx);
    check("{{ (set .image \"tag\" \"x\").repository }}", nginx);
    check("{{ first (pluck \"repository\" .image) }}", nginx);
    check(
        "{{ (mergeOverwrite (dict \"repository\" \"x\") .image).repository }}",
        nginx,
    );
    check(
        "{{ keys .context | sortAlpha | join \",\" }}",
        &[("privileged", &[12]), (",", &[]), ("runAsUser", &[11])],
    );
    check("{{ hasKey .context \"privileged\" }}", &[("true", &[12])]);
    check("{{ hasKey .context \"nope\" }}", &[("false", &[10])]);
    check("{{ without .list \"a\" | toYaml }}", &[("- b", &[32])]);
    check("{{ int .context.runAsUser | add 1 }}", &[("1", &[11])]);
    check("{{ empty .image.policy }}", &[("true", &[23])]);
    check("{{ kindOf .context.runAsUser }}", &[("int64", &[11])]);
}

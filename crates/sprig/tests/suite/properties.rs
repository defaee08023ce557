//! Whatever the values and texts: what is written is read as the same, and clever ways give what plain ones do.

use std::rc::Rc;

use gotemplate::{Functions, Map, Options, Origin, Set, Value};
use proptest::collection::{btree_map, vec};
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use sprig::Environment;

use crate::checks;

/// Pieces of texts that formats have to write with care. Helm writes `<<` and U+2028 as YAML that it reads as
/// something else.
const PIECES: &[&str] = &[
    "a",
    "Z",
    "é",
    "→",
    "𝄞",
    " ",
    "  ",
    "\n",
    "\t",
    "\r",
    "\"",
    "'",
    "\\",
    "`",
    "#",
    ":",
    ": ",
    "- ",
    "-",
    "?",
    "!",
    "&",
    "*",
    "%",
    "@",
    "|",
    ">",
    "<",
    "=",
    "[",
    "]",
    "{",
    "}",
    ",",
    "~",
    ".",
    "0",
    "1",
    "-1",
    "1.5",
    "1e3",
    "0x1",
    "0o7",
    "0b1",
    "1_0",
    "190:20:30",
    "true",
    "True",
    "no",
    "on",
    "y",
    "n",
    "null",
    ".inf",
    "-.inf",
    ".nan",
    "2001-01-01",
    "2001-12-14t21:59:43Z",
    "---",
    "...",
    "--- ",
    "\u{feff}",
    "\u{a0}",
    "\u{0}",
    "\u{7}",
    "$",
    "${x}",
    "a-rather-long-word-without-spaces",
    "nine more words that have some spaces between them",
];

fn text() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(PIECES);
    vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => text().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i32>().prop_map(|number| Value::float(f64::from(number))),
        1 => any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(|number| Value::float(number + 0.0)),
        1 => Just(Value::nil()),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::list),
            btree_map(text(), inner, 0..6)
                .prop_map(|entries| Value::from(entries.into_iter().collect::<Map>())),
        ]
    })
}

fn render(template: &str, data: &[(&str, Value)], trace: bool) -> Result<String, String> {
    let mut functions = Functions::new();
    sprig::define(&mut functions, &Rc::new(Environment::seeded(1)));
    let mut set = Set::new(Rc::new(functions));
    set.parse("main", template).unwrap();
    let data: Map = data
        .iter()
        .zip(1..)
        .map(|((name, value), number)| (*name, value.clone().with_origin(Origin::source(number))))
        .collect();
    let options = Options {
        trace,
        ..Options::default()
    };
    set.execute("main", &data.into(), &options)
        .map(|rendered| rendered.text)
        .map_err(|error| error.to_string())
}

/// The output with and without a trace, which is the same.
fn output(template: &str, data: &[(&str, Value)]) -> Result<String, String> {
    let plain = render(template, data, false);
    assert_eq!(plain, render(template, data, true), "{template}");
    plain
}

fn of_text(template: &str, text: &str) -> String {
    output(template, &[("x", Value::from(text))]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn yaml_is_read_as_what_was_written(value in value()) {
        let data = [("x", value)];
        let json = output("{{ toJson .x }}", &data).unwrap();
        for call in ["toYaml", "toYamlPretty"] {
            // In a map and before another key, because a line feed at the end is cut off.
            let again = output(&format!("{{{{ ({call} (dict \"k\" .x \"z\" 1) | fromYaml).k | toJson }}}}"), &data);
            prop_assert_eq!(&again.unwrap(), &json, "{}", call);
        }
        let indented = output("{{ (printf \"k:\\n%s\" (toYaml (dict \"a\" .x \"z\" 1) | indent 2) | fromYaml).k.a | toJson }}", &data);
        prop_assert_eq!(indented.unwrap(), json);
    }

    #[test]
    fn json_is_read_as_what_was_written(value in value()) {
        let data = [("x", value)];
        let json = output("{{ toJson .x }}", &data).unwrap();
        for call in ["toJson", "toPrettyJson", "toRawJson"] {
            let again = output(&format!("{{{{ {call} .x | mustFromJson | toJson }}}}"), &data);
            prop_assert_eq!(&again.unwrap(), &json);
        }
    }

    #[test]
    fn toml_is_read_as_what_was_written(value in value()) {
        // TOML has no null, and only maps at the top. What nulls leave behind is not written again.
        let data = [("x", value)];
        let Ok(toml) = output("{{ mustToToml (dict \"k\" .x) }}", &data) else { return Ok(()) };
        let json = output("{{ fromToml .x | toJson }}", &[("x", Value::from(toml.as_str()))]).unwrap();
        let again = output("{{ fromToml .x | toToml | fromToml | toJson }}", &[("x", Value::from(toml))]).unwrap();
        prop_assert_eq!(&again, &json);
        prop_assert!(!json.contains("Error"));
    }

    #[test]
    fn cutting_and_joining_is_that_of_texts(found in text(), other in text(), width in 0_usize..12) {
        let data = [("x", Value::from(found.as_str())), ("y", Value::from(other.as_str()))];
        let call = |template: &str| output(template, &data).unwrap();
        if !other.is_empty() {
            prop_assert_eq!(call("{{ replace .y \"<>\" .x }}"), found.replace(&other, "<>"));
            let parts: Vec<_> = found.split(&other).collect();
            prop_assert_eq!(call("{{ splitList .y .x | join \"<>\" }}"), parts.join("<>"));
        }
        prop_assert_eq!(call("{{ contains .y .x }}"), found.contains(&other).to_string());
        prop_assert_eq!(call("{{ trimPrefix .y .x }}"), found.strip_prefix(&other).unwrap_or(&found));
        prop_assert_eq!(call("{{ trimSuffix .y .x }}"), found.strip_suffix(&other).unwrap_or(&found));
        prop_assert_eq!(call("{{ trimAll .y .x }}"), found.trim_matches(|letter| other.contains(letter)));
        let pad = " ".repeat(width);
        let lines: Vec<_> = found.split('\n').map(|line| format!("{pad}{line}")).collect();
        prop_assert_eq!(call(&format!("{{{{ indent {width} .x }}}}")), lines.join("\n"));
        prop_assert_eq!(call(&format!("{{{{ nindent {width} .x }}}}")), format!("\n{}", lines.join("\n")));
        if found.is_char_boundary(width.min(found.len())) {
            let cut = &found[..width.min(found.len())];
            prop_assert_eq!(call(&format!("{{{{ trunc {width} .x }}}}")), cut);
        }
        prop_assert_eq!(call("{{ b64enc .x | b64dec }}"), found.as_str());
        prop_assert_eq!(call("{{ b32enc .x | b32dec }}"), found.as_str());
        prop_assert_eq!(call("{{ regexMatch (regexQuoteMeta .y) .x }}"), found.contains(&other).to_string());
        prop_assert_eq!(call("{{ regexReplaceAllLiteral (regexQuoteMeta \"a\") .x .y }}"), found.replace('a', &other));
        prop_assert_eq!(call("{{ encryptAES .y .x | decryptAES .y }}"), found.as_str());
    }

    #[test]
    fn lists_are_what_they_are_plainly(items in vec(text(), 0..8), other in text()) {
        let list = Value::list(items.iter().map(|item| Value::from(item.as_str())).collect());
        let data = [("x", list), ("y", Value::from(other.as_str()))];
        let call = |template: &str| {
            let json = output(&format!("{{{{ {template} | toJson }}}}"), &data).unwrap();
            serde_json::from_str::<Vec<String>>(&json).unwrap()
        };
        let mut unique = Vec::new();
        for item in &items {
            if !unique.contains(item) {
                unique.push(item.clone());
            }
        }
        prop_assert_eq!(call("uniq .x"), unique);
        let mut sorted = items.clone();
        sorted.sort();
        prop_assert_eq!(call("sortAlpha .x"), sorted);
        let kept: Vec<_> = items.iter().filter(|item| **item != other).cloned().collect();
        prop_assert_eq!(call("without .x .y"), kept);
        let compact: Vec<_> = items.iter().filter(|item| !item.is_empty()).cloned().collect();
        prop_assert_eq!(call("compact .x"), compact);
        let reversed: Vec<_> = items.iter().rev().cloned().collect();
        prop_assert_eq!(call("reverse .x"), reversed);
        let mut both = items.clone();
        both.push(other.clone());
        both.extend(items.iter().cloned());
        prop_assert_eq!(call("concat (append .x .y) .x"), both);
    }

    #[test]
    fn any_texts_are_fine(choice in any::<u8>(), texts in vec(text(), 1..4)) {
        let mut input = vec![choice];
        input.extend(texts.join("\n").bytes());
        checks::check(&input);
    }

    #[test]
    fn wrapped_lines_are_no_longer_than_asked(found in "[a-z ]{0,60}", width in 1_usize..20) {
        let wrapped = of_text(&format!("{{{{ wrap {width} .x }}}}"), &found);
        assert!(wrapped.split_whitespace().eq(found.split_whitespace()), "{wrapped:?}");
        for line in wrapped.lines() {
            assert!(line.len() <= width || !line.trim().contains(' '), "{line:?}");
        }
    }
}

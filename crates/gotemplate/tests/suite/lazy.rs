//! Sources that are parsed when their templates are asked for are held against those that are parsed at once.

use proptest::prelude::{ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::{Index, select};

use crate::checks::check_lazy;

#[test]
fn all_that_go_was_asked_is_the_same() {
    let text = include_str!("../data/oracle.jsonl");
    for line in text.lines() {
        let fields: Vec<serde_json::Value> = serde_json::from_str(line).unwrap();
        let template = fields[1].as_str().unwrap();
        check_lazy(template);
        check_lazy(&format!("{{{{define \"d\"}}}}{template}{{{{end}}}}"));
    }
}

const OPERANDS: &[&str] = &[
    ".",
    ".a",
    ".a.b",
    ".list",
    ".text",
    "$",
    "$.a.b",
    "$x",
    "$y.b",
    "nil",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "+7",
    "007",
    "10",
    "1.5",
    "'c'",
    "\"s\"",
    "\"a\\nb\"",
    "\"\\x41\"",
    "`r\nw`",
    "print",
    "len",
    "dict",
    "list",
    "nofunc",
    "(len .list)",
    "(dict \"a\" .).a",
    "( print )",
    "((1))",
];
const OPENINGS: &[&str] = &["{{", "{{", "{{ ", "{{- ", "{{-\n"];
const CLOSINGS: &[&str] = &["}}", "}}", " }}", " -}}", "\n-}}", "\t }}"];
/// More than what a body of a control structure must have to be left for later.
const LONG: &str = "\
    A body as long as this one is parsed when a condition holds, and not before; a short one would cost more to \
    remember than to parse. In charts of everything that can be switched on most bodies of this length are never \
    needed, so that much of a source is passed over. \n";
const TEXTS: &[&str] = &[
    "", " ", "\n", "text", "\u{a0}", "}", "{", "- ", "é", LONG, LONG, LONG,
];

fn pipeline() -> impl Strategy<Value = String> {
    let command =
        proptest::collection::vec(select(OPERANDS), 1..4).prop_map(|operands| operands.join(" "));
    proptest::collection::vec(command, 1..4).prop_map(|commands| commands.join(" | "))
}

fn action(inside: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (inside, select(OPENINGS), select(CLOSINGS))
        .prop_map(|(inside, opening, closing)| format!("{opening}{inside}{closing}"))
}

fn part() -> impl Strategy<Value = String> {
    let declared = (
        select(vec!["", "$x := ", "$y := ", "$x = ", "$x:="]),
        pipeline(),
    )
        .prop_map(|(declaration, pipeline)| declaration.to_owned() + &pipeline);
    let leaf = prop_oneof![
        select(TEXTS).prop_map(str::to_owned),
        action(declared),
        action(pipeline().prop_map(|pipeline| format!("template \"d\" {pipeline}"))),
        select(vec![
            "{{/* c */}}",
            "{{- /* }} */ -}}",
            "{{template \"e\"}}",
            "{{break}}"
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let body = proptest::collection::vec(inner, 0..3).prop_map(|parts| parts.concat());
        let heads = vec!["if", "with", "range", "range $x, $y :=", "range $x :=", "with $x :="];
        let head = (select(heads), pipeline())
            .prop_map(|(keyword, pipeline)| format!("{keyword} {pipeline}"));
        let middle = prop_oneof![
            3 => select(vec!["", "{{else}}x", "{{- else -}}"]).prop_map(str::to_owned),
            1 => pipeline().prop_map(|pipeline| format!("{{{{else if {pipeline}}}}}y")),
            1 => pipeline().prop_map(|pipeline| format!("{{{{else with {pipeline}}}}}y{{{{else}}}}")),
        ];
        (action(head), body, middle)
            .prop_map(|(head, body, middle)| format!("{head}{body}{middle}{{{{end}}}}"))
    })
}

fn source() -> impl Strategy<Value = String> {
    let names = select(vec![
        "\"d\"", "\"e\"", "\"f\"", "`g`", "\"main\"", "\"h\\n\"",
    ]);
    let definition = (
        names,
        proptest::collection::vec(part(), 0..4),
        select(CLOSINGS),
    )
        .prop_map(|(name, parts, closing)| {
            format!("{{{{define {name}{closing}{}{{{{end}}}}", parts.concat())
        });
    let item = prop_oneof![3 => definition, 1 => part()];
    proptest::collection::vec(item, 1..4).prop_map(|items| items.concat())
}

/// Takes out, doubles or replaces a character.
fn changed(text: &str, at: Index, how: u8) -> String {
    let characters: Vec<char> = text.chars().collect();
    if characters.is_empty() {
        return String::new();
    }
    let at = at.index(characters.len());
    let (before, rest) = characters.split_at(at);
    let middle = match how % 6 {
        0 => String::new(),
        1 => String::from_iter([rest[0]; 2]),
        2 => " ".to_owned(),
        3 => "}".to_owned(),
        4 => ".".to_owned(),
        _ => "-".to_owned(),
    };
    String::from_iter(before) + &middle + &String::from_iter(&rest[1..])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_nearly_right_is_the_same(
        sources in proptest::collection::vec((source(), any::<Index>(), any::<u8>()), 10)
    ) {
        for (source, at, how) in sources {
            check_lazy(&source);
            check_lazy(&changed(&source, at, how));
        }
    }
}

//! Whatever the text, nothing panics, and an execution that traces writes the same.

use proptest::prelude::{ProptestConfig, Strategy, prop_oneof, proptest};

use crate::checks;

const TOKENS: &[&str] = &[
    "{{",
    "}}",
    "{{-",
    "-}}",
    " ",
    "\n",
    "if",
    "else",
    "end",
    "range",
    "with",
    "define",
    "template",
    "block",
    "break",
    "continue",
    "nil",
    ".",
    ".a",
    ".a.b",
    ".list",
    "$",
    "$x",
    "$x.a",
    "$i, $e",
    "print",
    "printf",
    "len",
    "index",
    "slice",
    "dict",
    "list",
    "include",
    "tpl",
    "every",
    "set",
    ".text",
    ".n",
    ".on",
    "\"main\"",
    "0",
    "1",
    "1.5",
    "0x1p-2",
    "1i",
    "'c'",
    "\"a\"",
    "\"%#v %5.1q\"",
    "`b`",
    "|",
    "(",
    ")",
    ",",
    ":=",
    "=",
    "+",
    "-",
    "!",
    "é",
    "true",
    "/*",
    "*/",
    "\"",
    "`",
    "'",
    "\\",
    "and",
    "eq",
    "lt",
    "html",
];

fn template() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        9 => proptest::sample::select(TOKENS).prop_map(str::to_owned),
        1 => ".{0,4}",
    ];
    let action = proptest::collection::vec(proptest::sample::select(TOKENS), 0..6)
        .prop_map(|words| format!("{{{{{}}}}}", words.join(" ")));
    let part = prop_oneof![token, action];
    proptest::collection::vec(part, 0..20).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_templates_do_not_panic(templates in proptest::collection::vec(template(), 20)) {
        for template in templates {
            checks::check(template.as_bytes());
        }
    }
}

//! Generated texts.

use proptest::prelude::*;

/// Well-formed block YAML: what the fast path is for.
pub(crate) fn block(depth: u32) -> BoxedStrategy<Vec<String>> {
    let scalar = prop::sample::select(vec![
        "x",
        "1",
        "'q'",
        "\"q\"",
        "\"a\\tb\"",
        "'it''s'",
        "true",
        "[]",
        "{}",
        "x # c",
        "\"x\"   # c",
        "",
        "  ",
        "# c",
        "|\n  one\n   two\n",
        "|-\n    one\n\n    two\n\n\n",
        "|+\n one\n\n",
        "one\n  two",
        "one  \n\n    two \n",
        "one\n  - two\n\n\n three # c",
        "1\n  2\n  # c",
        "one\n two:three\n #four",
        "'one\n\n   it''s '",
        "\"one \\n \n  two\\\" \n\"",
        "\"\n one\n\n\"",
        "x:y",
        "-1",
        "1e3",
        "~",
        "[a, 'b', \"c\"]",
        "{a: 1, b: [2]}",
        "[ a b,c , d:e ]",
        "{\"k\": v, 'l' : [], m: {n: o p}}",
    ])
    .prop_map(|text| vec![text.to_owned()]);
    if depth == 0 {
        return scalar.boxed();
    }
    let key = prop::sample::select(vec![
        "a", "b", "name", "\"k k\"", "'k'", "1", "true", "k/x.y",
    ]);
    let inner = block(depth - 1);
    let map = (
        proptest::collection::vec((key, inner.clone()), 1..4),
        1..4_usize,
    )
        .prop_map(|(entries, indent)| {
            entries
                .into_iter()
                .flat_map(|(key, value)| nest(&format!("{key}:"), &value, indent))
                .collect::<Vec<_>>()
        });
    let sequence = (
        proptest::collection::vec(inner, 1..4),
        1..4_usize,
        any::<bool>(),
    )
        .prop_map(|(items, indent, compact)| {
            let dash = |item: Vec<String>| {
                if compact {
                    compact_item(&item, indent)
                } else {
                    nest("-", &item, indent)
                }
            };
            items.into_iter().flat_map(dash).collect::<Vec<_>>()
        });
    prop_oneof![2 => scalar, 3 => map, 2 => sequence].boxed()
}

fn is_container(lines: &[String]) -> bool {
    let first = lines[0].trim_start();
    first.starts_with("- ")
        || first == "-"
        || first
            .split(" #")
            .next()
            .is_some_and(|first| first.contains(": ") || first.ends_with(':'))
            && !first.starts_with(['{', '['])
}

fn indented(lines: &[String], indent: usize) -> Vec<String> {
    lines
        .iter()
        .flat_map(|line| line.split('\n'))
        .map(|line| format!("{:indent$}{line}", ""))
        .collect()
}

fn nest(head: &str, value: &[String], indent: usize) -> Vec<String> {
    if is_container(value) {
        let indent = if head != "-" && value[0].starts_with('-') && indent == 1 {
            0
        } else {
            indent
        };
        return [vec![head.to_owned()], indented(value, indent)].concat();
    }
    let mut lines: Vec<String> = value
        .iter()
        .flat_map(|line| line.split('\n'))
        .map(str::to_owned)
        .collect();
    lines[0] = format!("{head} {}", lines[0]);
    lines
}

fn compact_item(value: &[String], indent: usize) -> Vec<String> {
    if !is_container(value) {
        return nest("-", value, indent);
    }
    let mut lines = indented(value, indent + 1);
    lines[0].replace_range(..=0, "-");
    lines
}

//! YAML in: what becomes of texts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::sync::Arc;

use document::{Keys, Kind, Limits, NodeRef, Parsed, Source, parse_yaml};

fn parse(text: &str) -> Parsed {
    let keys = Arc::new(Keys::new(["kind", "metadata", "name"]));
    parse_yaml(Source::new("test.yaml", text), &keys, &Limits::default())
}

/// Every node on a line: depth, what it is, the text it was written as.
fn dump(node: NodeRef<'_>, label: &str, depth: usize, out: &mut String) {
    let place = node.document().place(node.origin());
    let written = place.source.slice(&place.span);
    let value = match node.kind() {
        Kind::Null => "null".to_owned(),
        Kind::Bool => format!("{:?}", node.as_bool().unwrap()),
        Kind::Int => format!("{}", node.as_i64().unwrap()),
        Kind::Uint => format!("{}", node.as_u64().unwrap()),
        Kind::Float => format!("{:?}", node.as_f64().unwrap()),
        Kind::String => format!("{:?}", node.as_str().unwrap()),
        Kind::Sequence => "[]".to_owned(),
        Kind::Mapping => "{}".to_owned(),
    };
    writeln!(
        out,
        "{:depth$}{label}{value} <- {written:?}",
        "",
        depth = depth * 2
    )
    .unwrap();
    if node.is_reference() {
        return;
    }
    for item in node.items() {
        dump(item, "- ", depth + 1, out);
    }
    for entry in node.written_entries() {
        dump(entry.value, &format!("{}: ", entry.name()), depth + 1, out);
    }
}

fn check(text: &str, expected: &str) {
    let parsed = parse(text);
    let mut out = String::new();
    for root in parsed.document.roots() {
        dump(root, "", 0, &mut out);
    }
    for error in &parsed.errors {
        writeln!(
            out,
            "! {} {:?} {}",
            error.kind.as_str(),
            error.span,
            error.message
        )
        .unwrap();
    }
    assert_eq!(
        out.trim_end(),
        expected.trim_end().trim_start_matches('\n'),
        "for:\n{text}"
    );
}

#[test]
fn containers_span_from_first_key_or_dash_to_last_child() {
    check(
        "# top\na:\n  b: 1 # c\n  l:\n  - x: 1\n    z:\n  -\n  - - q\nlast: \"x\"\n\n# end\n",
        r#"
{} <- "a:\n  b: 1 # c\n  l:\n  - x: 1\n    z:\n  -\n  - - q\nlast: \"x\""
  a: {} <- "b: 1 # c\n  l:\n  - x: 1\n    z:\n  -\n  - - q"
    b: 1 <- "1"
    l: [] <- "- x: 1\n    z:\n  -\n  - - q"
      - {} <- "x: 1\n    z:"
        x: 1 <- "1"
        z: null <- ""
      - null <- ""
      - [] <- "- q"
        - "q" <- "q"
  last: "x" <- "\"x\""
"#,
    );
}

#[test]
fn block_scalars_span_from_indicator_to_last_line() {
    check(
        "a: |  # why\n  foo\n\n  bar\n\n# end\nb: >-\n\n   x\n   y\n\nc:\n- |2-\n   z\n- |\nd: &x !!str |+\n  q\n\n",
        r#"
{} <- "a: |  # why\n  foo\n\n  bar\n\n# end\nb: >-\n\n   x\n   y\n\nc:\n- |2-\n   z\n- |\nd: &x !!str |+\n  q"
  a: "foo\n\nbar\n" <- "|  # why\n  foo\n\n  bar"
  b: "\nx y" <- ">-\n\n   x\n   y"
  c: [] <- "- |2-\n   z\n- |"
    - " z" <- "|2-\n   z"
    - "" <- "|"
  d: "q\n\n" <- "|+\n  q"
"#,
    );
}

#[test]
fn a_block_scalar_that_the_text_ends_in_has_no_line_feed() {
    // As Kubernetes' converter reads them.
    for (text, expected) in [
        ("a: |\n  x", "x"),
        ("a: |\n  x\n", "x\n"),
        ("a: |+\n  x", "x"),
        ("a: >\n  x", "x"),
        ("a: |\n  x\n  ", "x\n"),
        ("a: |\n  x\n  y", "x\ny"),
        ("a: |+\n  x\n  ", "x\n"),
        ("a: |\n  x ", "x "),
        ("a: |\n  x\n   y ", "x\n y "),
    ] {
        for parse in [parse_yaml, document::parse_yaml_fully] {
            let keys = Arc::new(Keys::new([]));
            let parsed = parse(Source::new("a", text), &keys, &Limits::default());
            let root = parsed.document.root(0).unwrap();
            assert_eq!(
                root.get_str("a").unwrap().as_str(),
                Some(expected),
                "{text:?}"
            );
        }
    }
}

#[test]
fn a_broken_document_loses_only_itself() {
    check(
        "a: 1\n---\nb: [1\n---\nc: 3\n",
        "
{} <- \"a: 1\"
  a: 1 <- \"1\"
{} <- \"c: 3\"
  c: 3 <- \"3\"
! yaml-syntax 12..12 unclosed bracket '['
",
    );
}

fn check_error(text: &str, limits: &Limits, expected: &str) {
    let keys = Arc::new(Keys::new([]));
    let parsed = parse_yaml(Source::new("test.yaml", text), &keys, limits);
    let errors: Vec<String> = parsed
        .errors
        .iter()
        .map(|error| {
            let hint = error
                .hint
                .as_deref()
                .map_or(String::new(), |hint| format!(" ({hint})"));
            format!(
                "{} {:?} {}{hint}",
                error.kind.as_str(),
                error.span,
                error.message
            )
        })
        .collect();
    assert_eq!(errors.join("\n"), expected, "for:\n{text}");
}

#[test]
fn limits_are_located_errors() {
    let small = Limits {
        bytes: 200,
        depth: 3,
        nodes: 10,
        alias_factor: 0,
        alias_bytes: 20,
    };
    check_error("a: [[1]]", &small, "");
    check_error("a: [[[1]]]", &small, "depth 5..5 nested too deeply");
    check_error("a:\n- - - 1", &small, "depth 7..7 nested too deeply");
    check_error("a: [1, 2, 3, 4, 5, 6, 7, 8]", &small, "");
    check_error(
        "a: [1, 2, 3, 4, 5, 6, 7, 8, 9]",
        &small,
        "nodes 28..29 too many values",
    );
    check_error("a: &a [x, x]\nb: [*a, *a]", &small, "");
    check_error(
        "a: &a [x, x]\nb: [*a, *a, *a]",
        &small,
        "alias-expansion 25..27 aliases expand to too much",
    );
    check_error(
        &"a: 1\n".repeat(41),
        &small,
        "size 0..0 205 bytes of text, the limit is 200",
    );
    check_error(
        &"[".repeat(100_000),
        &Limits::default(),
        "depth 129..129 nested too deeply",
    );
    check_error(
        &"- ".repeat(100_000),
        &Limits::default(),
        "depth 256..256 nested too deeply",
    );
}

#[test]
fn aliases_that_multiply_are_refused_early() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let items = format!("*a{}", level - 1).repeat(1) + &format!(", *a{}", level - 1).repeat(9);
        writeln!(text, "a{level}: &a{level} [{items}]").unwrap();
    }
    let parsed = parse(&text);
    assert_eq!(parsed.errors.len(), 1);
    assert_eq!(parsed.errors[0].kind.as_str(), "alias-expansion");
}

#[test]
fn errors_say_what_to_do() {
    let limits = Limits::default();
    check_error(
        "a: b: c\n",
        &limits,
        "yaml-syntax 4..4 mapping values are not allowed in this context (quote a text that contains `: `)",
    );
    check_error(
        "a: {{ .Values.x }}\n",
        &limits,
        "yaml-value 4..5 a key must be a string, a number or a boolean (the text looks like a template: scan what it renders to)",
    );
    check_error(
        "? [a]\n: 1\n",
        &limits,
        "yaml-value 2..3 a key must be a string, a number or a boolean",
    );
    check_error(
        "a: &a [*a]\n",
        &limits,
        "yaml-value 7..9 the alias stands inside the value that it names",
    );
    check_error(
        "a: *b\n",
        &limits,
        "yaml-syntax 3..3 while parsing node, found unknown anchor (an anchor must stand before its alias, in the same YAML document)",
    );
    check_error(
        "a: .inf\n",
        &limits,
        "yaml-value 3..7 JSON has no such number",
    );
    check_error(
        "a: !!int x\n",
        &limits,
        "yaml-value 9..10 the value is not what its tag says",
    );
    check_error(
        "<<: 1\n",
        &limits,
        "yaml-value 4..5 only mappings can be merged",
    );
}

#[test]
fn line_ends_and_byte_order_marks_are_no_content() {
    check(
        "\u{FEFF}a: x\r\nb: |\r\n  y\r\n  z\r\n",
        "
{} <- \"a: x\\r\\nb: |\\r\\n  y\\r\\n  z\"
  a: \"x\" <- \"x\"
  b: \"y\\nz\\n\" <- \"|\\r\\n  y\\r\\n  z\"
",
    );
    let parsed = parse("\u{FEFF}a: x\r\nb: y\r\n");
    let root = parsed.document.roots().next().unwrap();
    let place = root.get_str("a").unwrap().place();
    let position = place.source.line_column(place.span.start);
    assert_eq!((position.line, position.column), (1, 4));
    assert_eq!(place.source.offset(position), Some(place.span.start));
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let check = |bytes: &[u8], expected: Result<&str, &str>| {
        let decoded = document::decode(bytes.to_vec()).map_err(|error| error.to_string());
        assert_eq!(decoded.as_deref().map_err(String::as_str), expected);
    };
    check(b"a: 1", Ok("a: 1"));
    check("\u{FEFF}a".as_bytes(), Ok("\u{FEFF}a"));
    check(
        b"\xFF\xFEa\0",
        Err("the file is UTF-16, only UTF-8 is read"),
    );
    check(b"a\0:\0 \0", Err("the file is UTF-16, only UTF-8 is read"));
    check(
        b"\x7FELF\0\0",
        Err("the file is binary: NUL byte at offset 4"),
    );
    check(b"a: \xE9", Err("invalid UTF-8 at offset 3"));
}

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

//! What comments speak for: by example, and against a line-by-line reading of generated texts.

use std::sync::Arc;

use document::{Document, Keys, Limits, Source, parse_yaml};
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};

use super::Lines;

fn parse(text: &str) -> Document {
    let source = Source::new("a.yaml", text);
    let parsed = parse_yaml(source, &Arc::new(Keys::new([])), &Limits::default());
    assert_eq!(parsed.errors, [], "{text}");
    parsed.document
}

/// For each comment of a text, the paths of the first and last node that it speaks for.
fn spoken_for(text: &str) -> Vec<Option<(String, String)>> {
    let document = parse(text);
    let lines = Lines::new(&document, &document.sources()[0]);
    let path = |id| {
        let mut paths = document.roots().enumerate().filter_map(|(index, root)| {
            let path = document.path_of(root, document.at(id))?;
            Some(format!("{index}:{path}"))
        });
        paths.next().unwrap()
    };
    document
        .comments()
        .map(|comment| lines.scope(comment.span.start))
        .map(|scope| scope.map(|scope| (path(scope.first), path(scope.last))))
        .collect()
}

fn check(text: &str, expected: &[Option<(&str, &str)>]) {
    let spoken = spoken_for(text);
    let spoken: Vec<_> = spoken
        .iter()
        .map(|scope| scope.as_ref().map(|(a, b)| (a.as_str(), b.as_str())))
        .collect();
    assert_eq!(spoken, expected, "{text}");
}

#[test]
fn a_comment_on_a_line_speaks_for_the_outermost_node_of_the_line() {
    check("a: 1\nb: 2 # x", &[Some(("0:b", "0:b"))]);
    check(
        "a: 1\nb: # x\n  c: 1\n  d: 2\ne: 3",
        &[Some(("0:b", "0:b.d"))],
    );
    check(
        "a:\n- b: 1 # x\n  c: 2\n- d: 3",
        &[Some(("0:a[0]", "0:a[0].c"))],
    );
    check("a: 1 # the whole object\nb: 2", &[Some(("0:", "0:b"))]);
    check("x: 0\na: {b: 1, c: 2} # x\n", &[Some(("0:a", "0:a.c"))]);
}

#[test]
fn a_comment_above_speaks_for_the_next_node() {
    check(
        "a: 1\n# x\n\n# y\nb:\n  c: 1\nd: 2",
        &[Some(("0:b", "0:b.c")); 2],
    );
    check("# x\na: 1\nb: 2", &[Some(("0:", "0:b"))]);
    check("a:\n  b: 1\n  # x\nc: 2", &[Some(("0:c", "0:c"))]);
    check(
        "a:\n# x\n-\n  b: 1\n  c: 2",
        &[Some(("0:a[0]", "0:a[0].c"))],
    );
}

#[test]
fn a_comment_does_not_reach_over_the_end_of_its_document() {
    check("a: 1\n# x\n---\nb: 2", &[None]);
    check("# head\n---\na: 1", &[Some(("0:", "0:a"))]);
    check("a: 1\n---\n# x\nb: 2", &[Some(("1:", "1:b"))]);
    check("a: 1\n# the end", &[None]);
}

#[test]
fn lines_where_nothing_begins_have_no_node() {
    check("z: 0\na: [\n  1\n] # x\n", &[None]);
    check("z: 0\na: |\n  text # no comment\n  # nor this\nb: 1", &[]);
}

/// A value of a generated text.
#[derive(Clone, Debug)]
enum Value {
    Scalar,
    Flow,
    Map(Vec<Value>),
    List(Vec<Value>),
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Scalar), Just(Value::Flow)];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Value::Map),
            prop::collection::vec(inner, 1..4).prop_map(Value::List),
        ]
    })
}

/// A line of a generated text, with the outermost node that begins there.
struct Line {
    text: String,
    node: Option<String>,
}

/// Writes a value at an indentation; `lead` is what stands before it on its first line.
fn write(value: &Value, path: &str, begins: &str, lead: &str, indent: usize, out: &mut Vec<Line>) {
    let line = |text: String| Line {
        text,
        node: Some(begins.to_owned()),
    };
    let pad = " ".repeat(indent);
    let is_bare = lead.trim().is_empty() || lead.trim_end().ends_with('-');
    match value {
        Value::Scalar => out.push(line(format!("{lead}1"))),
        Value::Flow => out.push(line(format!("{lead}{{f: [2]}}"))),
        Value::Map(values) | Value::List(values) => {
            let is_list = matches!(value, Value::List(_));
            if !is_bare {
                out.push(line(lead.trim_end().to_owned()));
            }
            for (index, item) in values.iter().enumerate() {
                let (own, mark) = if is_list {
                    (format!("{path}[{index}]"), "- ".to_owned())
                } else {
                    let dot = if path.ends_with(':') { "" } else { "." };
                    (format!("{path}{dot}k{index}"), format!("k{index}: "))
                };
                let shares_line = is_bare && index == 0;
                let begins = if shares_line { begins } else { &own };
                let lead = if shares_line {
                    format!("{lead}{mark}")
                } else {
                    format!("{pad}{mark}")
                };
                write(item, &own, begins, &lead, indent + 2, out);
            }
        }
    }
}

/// Reads a text line by line: what each comment speaks for.
fn naive(lines: &[Line]) -> Vec<Option<String>> {
    let mut spoken = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if !line.text.contains('#') {
            continue;
        }
        if line.node.is_some() {
            spoken.push(line.node.clone());
            continue;
        }
        let head = lines[..index].iter().all(|line| line.node.is_none());
        let below = lines[index..].iter();
        let mut below = below.take_while(|line| head || line.text != "---");
        spoken.push(below.find_map(|line| line.node.clone()));
    }
    spoken
}

proptest! {
    #[test]
    fn scopes_are_those_of_reading_line_by_line(
        documents in prop::collection::vec(prop::collection::vec(value(), 1..4), 1..4),
        marks in prop::collection::vec(any::<u8>(), 1..64),
    ) {
        let mut lines: Vec<Line> = Vec::new();
        for (index, values) in documents.iter().enumerate() {
            if index > 0 {
                lines.push(Line { text: "---".to_owned(), node: None });
            }
            let root = format!("{index}:");
            write(&Value::Map(values.clone()), &root, &root, "", 0, &mut lines);
        }
        let mut marked = Vec::new();
        for (line, mark) in lines.into_iter().zip(marks.iter().cycle()) {
            let comment = |text: &str| Line { text: text.to_owned(), node: None };
            marked.extend((mark & 1 > 0).then(|| comment("   # above")));
            marked.extend((mark & 2 > 0).then(|| comment("")));
            let text = if mark & 4 > 0 && line.node.is_some() { line.text + " # on" } else { line.text };
            marked.push(Line { text, ..line });
        }
        let text: Vec<&str> = marked.iter().map(|line| line.text.as_str()).collect();
        let spoken = spoken_for(&text.join("\n"));
        let spoken: Vec<_> = spoken.into_iter().map(|scope| Some(scope?.0)).collect();
        assert_eq!(spoken, naive(&marked), "{}", text.join("\n"));
    }
}

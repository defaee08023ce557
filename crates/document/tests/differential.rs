//! The fast path against the full parser: the same text must give the same document.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/dump.rs"]
mod dump;
#[path = "common/texts.rs"]
mod texts;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::{Keys, Limits, Source, parse_yaml, parse_yaml_fully};
use proptest::prelude::*;
use texts::block;

fn check(name: &str, text: &str) {
    let keys = Arc::new(Keys::new(["metadata", "name", "a"]));
    let limits = Limits::default();
    let source = Source::new(name, text);
    let one = parse_yaml(Arc::clone(&source), &keys, &limits);
    let other = parse_yaml_fully(source, &keys, &limits);
    // A text that ends inside a document is cut elsewhere by the two, and so are the comments around it.
    let (one, other) = if other.errors.is_empty() {
        (dump::all(&one), dump::all(&other))
    } else {
        assert_eq!(
            one.errors.is_empty(),
            other.errors.is_empty(),
            "{name}: {text}"
        );
        (dump::roots(&one.document), dump::roots(&other.document))
    };
    if one != other {
        let (line, (one, other)) = one
            .lines()
            .zip(other.lines())
            .enumerate()
            .find(|(_, (one, other))| one != other)
            .unwrap_or((0, (&one, &other)));
        panic!(
            "{name} differs at line {line} of the dump\nfast: {one}\nfull: {other}\n{}",
            &text[..text.len().min(2000)]
        );
    }
}

fn yaml_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            yaml_files(&path, found);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml")
        {
            found.push(path);
        }
    }
}

#[test]
#[ignore = "needs ../shared"]
fn every_file_of_the_corpus_is_read_alike() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let shared = std::env::var_os("CORPUS").map_or(shared, PathBuf::from);
    let mut files = Vec::new();
    yaml_files(&shared, &mut files);
    assert!(files.len() > 500);
    for file in files {
        if let Ok(text) = std::fs::read_to_string(&file) {
            check(&file.to_string_lossy(), &text);
        }
    }
}

#[test]
fn scalars_over_several_lines_are_read_alike() {
    for scalar in [
        "one\n  two",
        "one\n two",
        "one\ntwo",
        "one\n  two: 3",
        "one # c\n  two",
        "one\n  # c\n  two",
        "one\n  two # c\n  three",
        "one\n\n\n  two\n\n",
        "one\n---\n  two",
        "1\n  2",
        "~\n  ~",
        "'one\n  two'",
        "'one\ntwo'",
        "'one\n\n ''\n  two'",
        "'one\n---\n two'",
        "\"one \\n \n  two\"",
        "\"one \\\n  two\"",
        "\"one\\t \n\n\n  two\\\"\"",
        "\"one\n  two\" # c",
        "\"one\n  two\"x",
        "\"one\n  two\": 3",
        "\"\n\n\"",
        "\"\n  \n \"",
        "'one",
        "'one\n\n",
        "[\"one\n  two\", 'x\n  y']",
    ] {
        for around in [
            "a: {}\nb: 1\n",
            "- {}\n- 1\n",
            "a:\n- {}\n- 1\n",
            "a:\n  b: {}\n  c: 1\n",
            "- - {}\n",
            "- a: {}\n  b: 1\n",
        ] {
            let text = around.replace("{}", scalar);
            check(&text, &text);
            check(&text, text.trim_end());
        }
    }
}

#[test]
fn texts_of_the_converter_are_read_alike() {
    for line in include_str!("data/converter.jsonl").lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = row["yaml"].as_str().unwrap();
        check("", text);
        check("", &format!("a: 1\n---\n{text}---\nb:\n- {text}\n"));
    }
}

/// Pieces of lines: what block YAML is made of, and a little of what it is not.
#[rustfmt::skip]
const PIECES: &[&str] = &["a", "b", "a b", "1", "0x1", "1.5", "true", "yes", "~", "null", "x-y", "a:b", "http://x", "a#b", "a #b", "# c", "#c", "'q'", "'it''s'", "\"q\"", "\"q\\n\"", "\"q\\x41\"", "''", "\"\"", "\"a: b\"", "'a", "\"a", "[ ]", "[\"a\", 'b', c]", "[a, ]", "[a,,b]", "[a b , c]", "[a:b, c]", "[a: b]", "{a: b, \"c\": [d]}", "{\"a\":1}", "{a:1}", "{a}", "{a: }", "[http://x]", "[a #b]", "[-a, - b]", "[a]: b", "{a: b}: c", "[\"a\"]x", "[*]", "[\"*\"]", "[a:]", "[:a]", "['it''s', \"q\\n\"]", "['a' 'b']", "[a", "{a: b", "]", "[]", "{}", "[ ]", "[a]", "[a, b]", "{a: 1}", "[a, {b: c}]", "|", "|-", "|+", ">", ">-", "|2", "| # c", "&x", "*x", "&x a", "!t a", "!!str 1", "?", "? a", "-", "--", "-a", "- ", "- a", "- - a", "-  a: b", "- a: b", "- b:", ":", "::", "a:", "a: ", "a: b", "a: b # c", "a:  b  ", "b: 'q'", "b: \"q\" ", "b: |", "b: |-", "b: >-", "b: []", "a: - b", "a: b: c", "\"a\": b", "'a' : b", "a : b", "\"a\":b", "<<: *x", "<<: {}", "---", "--- ", "--- # c", "--- a", "...", "%a", "@", "`", "a, b", "a]", "é", "–", "“q”: a…", "\"– \": '…'", "a\u{a0}", "\u{a0}: b", "b: \u{85}", "c: \u{2028}d", "a\u{feff}", "\u{fffe}", "# \u{7f}", "# –", "｡: \u{fb01}", "\t", "a\tb", "{{ x }}", "a: {{ x }}", "- |\n  x", "\r", "", " "];

fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(PIECES)
}

fn line() -> impl Strategy<Value = String> {
    let plain = (0..5_usize, piece()).prop_map(|(indent, piece)| format!("{:indent$}{piece}", ""));
    let doubled = (0..5_usize, piece(), piece())
        .prop_map(|(indent, one, two)| format!("{:indent$}{one} {two}", ""));
    prop_oneof![4 => plain, 1 => doubled]
}

proptest! {
    #[test]
    fn lines_of_all_kinds_are_read_alike(lines in proptest::collection::vec(line(), 0..8)) {
        check("", &lines.join("\n"));
    }

    #[test]
    fn block_yaml_is_read_alike(documents in proptest::collection::vec(block(4), 1..3), cut in any::<prop::sample::Index>(), cuts in any::<bool>()) {
        let texts: Vec<String> = documents.iter().map(|lines| lines.join("\n")).collect();
        let text = texts.join("\n---\n");
        check("", &text);
        if cuts {
            let at = cut.index(text.len() + 1);
            check("", text.get(..at).unwrap_or_default());
        }
    }
}

//! Whether a text looks like Kubernetes, before or instead of parsing it.

use memchr::memmem;

const API_VERSION: &[u8] = b"apiVersion";
const KIND: &[u8] = b"kind";

/// Whether a walked file is worth parsing: it can hold an object, or it would be a problem if it does not
/// parse. Cheap: most other YAML ends here.
pub(crate) fn is_worth_parsing(bytes: &[u8]) -> bool {
    if is_wide(bytes) {
        return looks_like_kubernetes(bytes);
    }
    match (contains(bytes, API_VERSION), contains(bytes, KIND)) {
        (true, true) => true,
        (false, false) => false,
        _ => looks_like_kubernetes(bytes),
    }
}

/// Whether a text says `apiVersion` or `kind` at column 0, or as a key of its topmost JSON object.
pub(crate) fn looks_like_kubernetes(bytes: &[u8]) -> bool {
    if is_wide(bytes) {
        let narrow: Vec<u8> = bytes[2..]
            .iter()
            .copied()
            .filter(|&byte| byte != 0)
            .collect();
        return !is_wide(&narrow) && looks_like_kubernetes(&narrow);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') if has_top_level_key(bytes) => true,
        _ => has_key_at_line_start(bytes),
    }
}

/// Whether a text has something in it that a template language would execute.
pub(crate) fn has_actions(bytes: &[u8]) -> bool {
    contains(bytes, b"{{")
}

/// Whether a text has the marks of a template language.
pub(crate) fn is_template(bytes: &[u8]) -> bool {
    has_actions(bytes) || contains(bytes, b"{%") || contains(bytes, b"<%")
}

/// Whether a text begins with the mark of UTF-16, as an old PowerShell redirects it. It cannot be read, but
/// must not be passed over in silence.
fn is_wide(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF")
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    memmem::find(bytes, word).is_some()
}

fn has_key_at_line_start(bytes: &[u8]) -> bool {
    [API_VERSION, KIND].into_iter().any(|word| {
        memmem::find_iter(bytes, word).any(|at| {
            let at_line_start = at
                .checked_sub(1)
                .is_none_or(|before| matches!(bytes[before], b'\n' | b'\r'));
            at_line_start && bytes.get(at + word.len()) == Some(&b':')
        })
    })
}

/// Looks for the two words as keys at depth 1. Works on broken JSON as far as it goes.
fn has_top_level_key(bytes: &[u8]) -> bool {
    let mut depth = 0_u32;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let text = string_at(bytes, at + 1);
                at += 1 + text.len();
                if depth == 1 && (text == API_VERSION || text == KIND) && is_key(bytes, at + 1) {
                    return true;
                }
            }
            _ => {}
        }
        at += 1;
    }
    false
}

/// The bytes of a JSON string up to its closing quote, escapes as written.
fn string_at(bytes: &[u8], start: usize) -> &[u8] {
    let mut end = start;
    while let Some(&byte) = bytes.get(end) {
        match byte {
            b'"' => break,
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
    bytes.get(start..end.min(bytes.len())).unwrap_or_default()
}

fn is_key(bytes: &[u8], after_quote: usize) -> bool {
    let rest = bytes.get(after_quote..).unwrap_or_default();
    rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use document::{Keys, Limits, Source};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn column_zero_and_top_level_keys_look_like_kubernetes() {
        let check = |text: &str, expected: bool| {
            assert_eq!(looks_like_kubernetes(text.as_bytes()), expected, "{text}");
        };
        check("apiVersion: v1\n", true);
        check("# x\nkind: Pod", true);
        check("\u{FEFF}kind: Pod", true);
        check("a: 1\r\nkind: Pod\r\n", true);
        check("spec:\n  kind: Pod", false);
        check("kindness: 1", false);
        check("", false);
        check("{\"apiVersion\": \"v1\"}", true);
        check("{ \"a\": {\"kind\": 1} }", false);
        check("{ \"a\": \"kind\", \"b\": 1 }", false);
        check("{ \"a\\\"\": [1, {}], \"kind\" : \"Pod\", \"x", true);
        check("{ \"kind", false);
        check("{{- if .x }}\nkind: Pod\n{{- end }}", true);
    }

    #[test]
    fn wide_text_is_looked_through() {
        let check = |text: &str, expected: bool| {
            let units = text.encode_utf16();
            let little: Vec<u8> = units.clone().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
            assert_eq!(is_worth_parsing(&little), expected, "{text}");
            assert_eq!(looks_like_kubernetes(&big), expected, "{text}");
        };
        check("\u{FEFF}apiVersion: v1\nkind: Pod\n", true);
        check("\u{FEFF}a: 1\r\nkind: Pod\r\n", true);
        check("\u{FEFF}on: push\n", false);
        check("\u{FEFF}", false);
    }

    #[test]
    fn other_yaml_is_not_parsed() {
        let check = |text: &str, expected: bool| {
            assert_eq!(is_worth_parsing(text.as_bytes()), expected, "{text}");
        };
        check("on: push\njobs: {}\n", false);
        check("what:\n  kind: of\n", false);
        check("- apiVersion: v1\n  kind: Pod\n", true);
        check("apiVersion: v1\nkin", true);
    }

    /// A JSON value whose keys and texts are often the words that matter.
    fn json() -> impl Strategy<Value = String> {
        let text = prop_oneof![
            Just("\"kind\"".to_owned()),
            Just("\"apiVersion\"".to_owned()),
            Just("\"a\\\"kind\"".to_owned()),
            Just("\"{\"".to_owned()),
            "\"[a-z:]{0,4}\"",
        ];
        let leaf = prop_oneof![text.clone(), Just("1".to_owned()), Just("null".to_owned())];
        leaf.prop_recursive(4, 24, 4, move |inner| {
            let entry =
                (text.clone(), inner.clone()).prop_map(|(key, value)| format!("{key} : {value}"));
            prop_oneof![
                prop::collection::vec(inner, 0..4)
                    .prop_map(|items| format!("[{}]", items.join(", "))),
                prop::collection::vec(entry, 0..4)
                    .prop_map(|items| format!("{{{}}}", items.join(",\n "))),
            ]
        })
    }

    proptest! {
        #[test]
        fn top_level_keys_are_those_that_the_parser_sees(text in json()) {
            let keys = Arc::new(Keys::new([]));
            let parsed = document::parse_json(Source::new("x", text.as_str()), &keys, &Limits::default());
            prop_assert!(parsed.errors.is_empty(), "{text}");
            let root = parsed.document.roots().next().unwrap();
            let expected = ["apiVersion", "kind"].iter().any(|word| root.get_str(word).is_some());
            prop_assert_eq!(has_top_level_key(text.as_bytes()), expected, "{}", text);
        }

        #[test]
        fn any_bytes_are_looked_at_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let looks = looks_like_kubernetes(&bytes);
            prop_assert!(!looks || is_worth_parsing(&bytes));
        }
    }
}

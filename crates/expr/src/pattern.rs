//! Regular expressions in the syntax of RE2, which CEL prescribes, for the `regex` crate.
//!
//! The differences that are bridged here: in RE2 `\d`, `\s`, `\w` and `\b` mean ASCII, and a class has
//! no nested classes and no `&&`, `--`, `~~`. What remains: `\C` and Unicode classes such as `\p{Greek}`
//! are refused.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex::{Regex, RegexBuilder};

/// Steps that it costs to make a pattern from text.
pub(crate) const COST: usize = 500;

/// Largest compiled pattern, in bytes.
const SIZE: usize = 1 << 20;

/// Longest pattern, in bytes.
const LENGTH: usize = 4096;

/// A pattern ready to use; `None` when it is malformed or too large.
pub(crate) fn compile(pattern: &str) -> Option<Regex> {
    if pattern.len() > LENGTH {
        return None;
    }
    RegexBuilder::new(&translate(pattern))
        .size_limit(SIZE)
        .dfa_size_limit(SIZE)
        .nest_limit(100)
        .build()
        .ok()
}

/// How many patterns a thread keeps; a control's parameters hold a few dozen.
const KEPT: usize = 512;

thread_local! {
    /// Patterns that are no literals (parameters, mostly) come again with every resource. A thread has
    /// its own, so that nothing is locked; what it holds changes the time taken and no answer.
    static READY: RefCell<HashMap<Box<str>, Option<Rc<Regex>>>> = RefCell::new(HashMap::new());
}

/// [`compile`], remembered. Shared, because a clone of a [`Regex`] begins with empty caches.
pub(crate) fn remembered(pattern: &str) -> Option<Rc<Regex>> {
    READY.with_borrow_mut(|ready| {
        if let Some(regex) = ready.get(pattern) {
            return regex.clone();
        }
        let regex = compile(pattern).map(Rc::new);
        if ready.len() >= KEPT {
            ready.clear();
        }
        ready.insert(pattern.into(), regex.clone());
        regex
    })
}

/// The same pattern in the syntax of the `regex` crate.
fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut in_class = false;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('Q') => quote_literal(&mut characters, &mut out),
                Some(escaped) => push_escape(escaped, in_class, &mut out),
                None => out.push('\\'),
            },
            '[' if !in_class => {
                in_class = true;
                out.push('[');
                if characters.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                if characters.next_if_eq(&']').is_some() {
                    out.push_str("\\]");
                }
            }
            '[' if characters.peek() == Some(&':') => push_named_class(&mut characters, &mut out),
            '[' => out.push_str("\\["),
            ']' => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class => out.extend(['\\', character]),
            _ => out.push(character),
        }
    }
    out
}

/// `\d` and its like mean ASCII.
fn push_escape(escaped: char, in_class: bool, out: &mut String) {
    let class = match escaped {
        'd' => "0-9",
        's' => r"\t\n\f\r ",
        'w' => "0-9A-Za-z_",
        'D' => "^0-9",
        'S' => r"^\t\n\f\r ",
        'W' => "^0-9A-Za-z_",
        'b' if !in_class => return out.push_str(r"(?-u:\b)"),
        'B' if !in_class => return out.push_str(r"(?-u:\B)"),
        _ => return out.extend(['\\', escaped]),
    };
    if in_class && escaped.is_lowercase() {
        out.push_str(class);
    } else {
        out.push('[');
        out.push_str(class);
        out.push(']');
    }
}

/// `\Q…\E`: every character for itself.
fn quote_literal(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    while let Some(character) = characters.next() {
        if character == '\\' && characters.next_if_eq(&'E').is_some() {
            return;
        }
        out.push_str(&regex::escape(character.encode_utf8(&mut [0; 4])));
    }
}

/// `[:alpha:]` inside a class, or a bracket that begins nothing.
fn push_named_class(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    let ahead: String = characters
        .clone()
        .take_while(|&character| character != ']')
        .collect();
    let is_named = ahead.len() > 2
        && ahead.ends_with(':')
        && ahead
            .trim_matches([':', '^'])
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric());
    if !is_named {
        return out.push_str("\\[");
    }
    out.push('[');
    out.push_str(&ahead);
    out.push(']');
    for _ in 0..=ahead.chars().count() {
        characters.next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: Option<&str>) {
        let regex = compile(pattern).expect(pattern);
        assert_eq!(
            regex.find(text).map(|found| found.as_str()),
            expected,
            "{pattern}"
        );
    }

    #[test]
    fn classes_mean_ascii() {
        check(r"\d+", "٣4", Some("4"));
        check(r"[\w-]+", "é-a", Some("-a"));
        check(r"[^\d]", "1x", Some("x"));
        check(r"[\D1]+", "21x", Some("1x"));
        check(r"\bx", "éx", Some("x"));
    }

    #[test]
    fn brackets_in_classes_are_plain() {
        check("[[a]+", "[a[", Some("[a["));
        check("[a&&b]+", "&ab", Some("&ab"));
        check("[]a]+", "a]", Some("a]"));
        check("[^]a]+", "a]b", Some("b"));
        check("[[:alpha:]_]+", "1ab_", Some("ab_"));
        check("[[:^alpha:]]+", "ab1", Some("1"));
        check(r"\Qa.b\E.", "a.bc", Some("a.bc"));
    }

    #[test]
    fn what_is_too_large_is_refused() {
        assert!(compile("(a{1000}){1000}").is_none());
        assert!(compile("(").is_none());
        assert!(compile(&"a".repeat(5000)).is_none());
    }
}

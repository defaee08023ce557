//! Splits a text into manifests where Helm does: at every line that begins with three dashes, whatever follows them.

use std::ops::Range;

/// The manifests of a part of a text: without space at their beginnings, empty ones left out.
pub(crate) fn split(text: &str, part: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = part.end - text[part.clone()].trim_start().len();
    let first = start;
    let dashes = memchr::memmem::Finder::new("---");
    let mut from = start;
    while let Some(at) = dashes.find(&text.as_bytes()[from..part.end]) {
        let at = from + at;
        from = at + 1;
        if at > first && text.as_bytes()[at - 1] != b'\n' {
            continue;
        }
        push(text, start..at, &mut found);
        let behind = &text[at + 3..part.end];
        start = part.end - behind.trim_start_matches([' ', '\t']).len();
        from = start;
    }
    push(text, start..part.end, &mut found);
    found
}

fn push(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let trimmed = text[range.clone()].trim_start();
    if !trimmed.is_empty() {
        found.push(range.end - trimmed.len()..range.end);
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found = split(text, 0..text.len());
        let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn manifests_are_split_as_helm_splits_them() {
        check("", &[]);
        check(" \n\t\n", &[]);
        check("a: 1\n", &["a: 1\n"]);
        check("---\na: 1\n---\nb: 2", &["a: 1\n", "b: 2"]);
        check("--- a: 1\n---b: 2\n", &["a: 1\n", "b: 2\n"]);
        check("  ---\na\n", &["a\n"]);
        check("a\n ---\nb\n", &["a\n ---\nb\n"]);
        check("------\na\n", &["---\na\n"]);
        check("---\n---\n# c\n---\n\n", &["# c\n"]);
        check("a\r\n---\r\nb\r\n", &["a\r\n", "b\r\n"]);
        check("a: |\n  x\n---\n", &["a: |\n  x\n"]);
        check("\u{a0}a\n--- \u{2003}b", &["a\n", "b"]);
    }

    #[test]
    fn a_part_is_split_by_itself() {
        let text = "x---\na\n---\nb\n---\nc";
        let found = split(text, 1..13);
        let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["a\n", "b\n"]);
    }
}

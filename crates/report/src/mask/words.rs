//! Secrets in lines of which nobody knows more than their text: templates, values, literals.

use std::ops::Range;

use document::Source;
use model::redact;

/// The bytes of values in some lines that look like secrets, or whose names say that they are.
pub(super) fn secrets(source: &Source, lines: &Range<u32>) -> Vec<Range<u32>> {
    let text = source.slice(lines);
    let mut found = Vec::new();
    let mut start = lines.start;
    for line in text.split('\n') {
        found.extend(
            in_line(line)
                .into_iter()
                .map(|secret| start + secret.start as u32..start + secret.end as u32),
        );
        start += line.len() as u32 + 1;
    }
    found
}

/// Values behind `key:` and `key=`, also several on a line.
fn in_line(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let separators = line.char_indices().filter(|&(at, c)| match c {
        ':' => line[at + 1..].starts_with(' '),
        '=' => true,
        _ => false,
    });
    for (at, separator) in separators {
        let key = key_before(&line[..at]);
        let value = value_behind(line, at + 1, separator);
        let text = &line[value.clone()];
        if !text.is_empty() && redact::shown(key, text) != text {
            found.push(value);
        }
    }
    found
}

fn key_before(text: &str) -> &str {
    let text = text.trim_end().trim_end_matches(['"', '\'']);
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let start = text
        .char_indices()
        .rev()
        .find(|&(_, c)| !is_part(c))
        .map_or(0, |(at, c)| at + c.len_utf8());
    let key = &text[start..];
    // The last part of a path of values says what it is.
    key.rsplit('.').next().unwrap_or(key)
}

/// Without quotes, and without what stands behind it.
fn value_behind(line: &str, from: usize, separator: char) -> Range<usize> {
    let rest = &line[from..];
    let start = from + (rest.len() - rest.trim_start().len());
    let value = &line[start..];
    if let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inner = start + 1;
        let end = line[inner..]
            .find(quote)
            .map_or(line.len(), |end| inner + end);
        return inner..end;
    }
    let end = value.find([',', '}', ']']).unwrap_or(value.len());
    let comment = value.find(" #").unwrap_or(value.len());
    let word = match separator {
        '=' => value.find([' ', '"', '\'']).unwrap_or(value.len()),
        _ => value.len(),
    };
    let value = value[..end.min(comment).min(word)].trim_end();
    start..start + value.len()
}

#[cfg(test)]
mod tests {
    use super::in_line;

    #[test]
    fn values_with_telling_names_are_found() {
        let check = |line: &str, expected: &[&str]| {
            let found: Vec<&str> = in_line(line).into_iter().map(|at| &line[at]).collect();
            assert_eq!(found, expected, "{line}");
        };
        check("password: hunter2-hunter2", &["hunter2-hunter2"]);
        check(
            "  - dbPassword: \"hunter2 hunter2\" # x",
            &["hunter2 hunter2"],
        );
        check(
            "auth: {user: admin, password: hunter2-hunter2}",
            &["hunter2-hunter2"],
        );
        check("- DB_PASSWORD=hunter2-hunter2", &["hunter2-hunter2"]);
        check("web.password=hunter2-hunter2", &["hunter2-hunter2"]);
        check("image: nginx:1", &[]);
        check("privileged: true", &[]);
    }
}

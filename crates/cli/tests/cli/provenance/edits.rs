//! Edits of the place that a finding names: what an author might change there.

use serde_json::Value;

/// A place of a report.
pub(super) struct Place {
    pub(super) file: String,
    /// From 1.
    pub(super) line: usize,
    pub(super) column: usize,
    /// Where it ends, if the report says so and that is on the same line.
    pub(super) end: Option<usize>,
}

impl Place {
    pub(super) fn of(place: &Value) -> Self {
        let number = |key: &str| place[key].as_u64().map(|number| number as usize);
        let line = number("line").unwrap();
        Place {
            file: place["file"].as_str().unwrap().to_owned(),
            line,
            column: number("column").unwrap(),
            end: number("endColumn").filter(|_| number("endLine") == Some(line)),
        }
    }
}

/// What else a wrong value could be.
const OTHERS: &[&str] = &[
    "false",
    "true",
    "10001",
    "Always",
    "RuntimeDefault",
    "127.0.0.1",
    "app.kubernetes.io",
    "registry.example.com/app:1.2.3@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "{}",
    "[]",
];

/// Texts of a file after an edit at a place, the likeliest first: the field of the fix added there, another value, the line
/// taken out. `fixes` are those of the finding.
pub(super) fn edited(text: &str, place: &Place, fixes: &[Value]) -> Vec<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let Some(&line) = lines.get(place.line - 1) else {
        return Vec::new();
    };
    let with = |before: usize, new: &str, after: usize| {
        let mut text = lines[..before].concat();
        text.push_str(new);
        text.push_str(&lines[after..].concat());
        text
    };
    let (here, below) = (place.line - 1, place.line);
    let mut texts = Vec::new();
    for other in OTHERS {
        texts.extend(replaced(line, place, other).map(|new| with(here, &new, below)));
    }
    texts.push(with(here, "", below));
    for field in fixes.iter().flat_map(fields) {
        for indent in indents(line, place) {
            let new = format!("{}{field}\n", " ".repeat(indent));
            texts.push(with(below, &new, below));
            texts.push(with(here, &new, here));
        }
    }
    texts
}

/// The line with another value at the place: the bytes that the report names, or the scalar that begins there.
fn replaced(line: &str, place: &Place, other: &str) -> Option<String> {
    let start = place.column - 1;
    let rest = line.get(start..)?;
    let end = match place.end {
        Some(end) => end - 1,
        None => start + rest.find([',', '}', ']', '\n', ' ']).unwrap_or(rest.len()),
    };
    // A key is no value.
    let is_value = end > start && !line.get(end..)?.starts_with(':');
    is_value.then(|| format!("{}{other}{}", &line[..start], &line[end..]))
}

/// Where a field could be added: beside what is there, and below it.
fn indents(line: &str, place: &Place) -> Vec<usize> {
    let own = line.len() - line.trim_start_matches(' ').len();
    let mut indents = vec![place.column - 1, own, own + 2];
    indents.dedup();
    indents
}

/// The last keys of what a fix sets, as one line of YAML: `securityContext: {runAsNonRoot: true}`.
fn fields(fix: &Value) -> Vec<String> {
    if fix["op"] != "set" {
        return Vec::new();
    }
    let keys = keys(fix["path"].as_str().unwrap_or_default());
    let names = keys.iter().rev().map_while(Option::as_deref);
    let mut fields = Vec::new();
    let mut value = fix["value"].to_string();
    for name in names {
        fields.push(format!("{name}: {value}"));
        value = format!("{{{name}: {value}}}");
    }
    fields
}

/// The keys of a path, as YAML has them: `spec`, `"example.com/name"`; an index is none.
fn keys(path: &str) -> Vec<Option<String>> {
    let mut keys = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (key, after) = if let Some(quoted) = rest.strip_prefix("[\"") {
            let (key, after) = quoted.split_once("\"]").unwrap_or((quoted, ""));
            (Some(format!("\"{key}\"")), after)
        } else if let Some(index) = rest.strip_prefix('[') {
            (None, index.split_once(']').map_or("", |(_, after)| after))
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            (Some(rest[..end].to_owned()), &rest[end..])
        };
        keys.push(key);
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    keys
}

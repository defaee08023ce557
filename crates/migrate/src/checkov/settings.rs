//! The keys of `.checkov.yaml` that Seawall has, too.

use document::NodeRef;
use model::{Location, Severity};

use super::config::{FAIL_IDS, ONLY, OTHER_FRAMEWORK, REGEX, SEVERITY, UNKNOWN_CHECK, WILDCARD};
use crate::draft::From;
use crate::input::{location, text_of, texts, words};
use crate::patterns;
use crate::reader::Reader;

/// What of Seawall's is Checkov's.
const FRAMEWORKS: [&str; 4] = ["all", "kubernetes", "helm", "kustomize"];

/// Severities of Checkov from the smallest on, and the rank that several share.
const SEVERITIES: [(&str, u8); 8] = [
    ("NONE", 0),
    ("INFO", 0),
    ("LOW", 1),
    ("MODERATE", 2),
    ("MEDIUM", 2),
    ("IMPORTANT", 3),
    ("HIGH", 3),
    ("CRITICAL", 4),
];

fn rank(word: &str) -> Option<u8> {
    let is_it = |(name, _): &&(&str, u8)| name.eq_ignore_ascii_case(word);
    SEVERITIES.iter().find(is_it).map(|(_, rank)| *rank)
}

/// `skip-check`: what does not run.
pub(super) fn skip_check(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    for (word, at) in words(node) {
        let ids = matching(reader, &word, &at);
        let controls = reader.controls(&ids, &at);
        let from = From {
            at,
            what: format!("{} {word}", from.what),
        };
        reader.deselect(&controls, &from);
    }
}

/// `check`: what runs, and nothing else.
pub(super) fn check(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    let words = words(node);
    if words.is_empty() {
        return;
    }
    reader.leave(&ONLY, from.at.clone(), "check");
    for (word, at) in words {
        let ids = matching(reader, &word, &at);
        let controls = reader.aliases.all_of(ids.iter().map(String::as_str));
        let from = From {
            at,
            what: format!("{} {word}", from.what),
        };
        reader.select(&controls, &from);
    }
}

/// The ids that a word of these lists names and a control of ours carries.
fn matching(reader: &mut Reader<'_>, word: &str, at: &Location) -> Vec<String> {
    if rank(word).is_some() {
        reader.leave(&SEVERITY, at.clone(), word);
        return Vec::new();
    }
    let is_pattern = word.contains(['*', '?', '[']);
    let ids: Vec<String> = if is_pattern {
        let ids = reader.aliases.ids().filter(|id| is_match(word, id));
        ids.map(str::to_owned).collect()
    } else if reader.aliases.controls(word).is_empty() {
        Vec::new()
    } else {
        vec![word.to_owned()]
    };
    if ids.is_empty() {
        reader.leave(&UNKNOWN_CHECK, at.clone(), word);
    } else if is_pattern {
        reader.meet(&WILDCARD);
    }
    ids
}

/// Python's `fnmatch`, without classes of characters, which ids do not need.
fn is_match(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.as_bytes(), text.as_bytes());
    // Where the last star was, to try it with one character more.
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern.first(), text.first()) {
            (Some(b'*'), _) => {
                pattern = &pattern[1..];
                retry = Some((pattern, text));
            }
            (Some(b'?'), Some(_)) => (pattern, text) = (&pattern[1..], &text[1..]),
            (Some(left), Some(right)) if left == right => {
                (pattern, text) = (&pattern[1..], &text[1..]);
            }
            (None, None) => return true,
            _ => {
                let Some((after, [_, rest @ ..])) = retry else {
                    return false;
                };
                (pattern, text) = (after, rest);
                retry = Some((after, rest));
            }
        }
    }
}

/// `skip-path`: expressions that are searched in paths.
pub(super) fn skip_path(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    for (regex, at) in texts(node) {
        match patterns::searched(&regex) {
            Ok(line) => {
                let from = From {
                    at,
                    what: format!("{} {regex}", from.what),
                };
                reader.exclude(&line, &from);
            }
            Err(why) => {
                reader.leave_because(&REGEX, at, &regex, why, Some(REGEX.instead));
            }
        }
    }
}

/// `soft-fail`: never fails.
pub(super) fn soft_fail(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    if text_of(node).is_some_and(|text| text.eq_ignore_ascii_case("true")) {
        reader.fail_on("none", from);
    }
}

/// `soft-fail-on`: fails above the greatest of its severities.
pub(super) fn soft_fail_on(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    let Some(greatest) = ranks(reader, node).into_iter().max() else {
        return;
    };
    let above = match greatest {
        0 => "low",
        1 => "medium",
        2 => "high",
        3 => "critical",
        _ => "none",
    };
    reader.fail_on(above, from);
}

/// `hard-fail-on`: fails from the smallest of its severities on.
pub(super) fn hard_fail_on(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    let Some(smallest) = ranks(reader, node).into_iter().min() else {
        return;
    };
    let severity = match smallest {
        0 | 1 => Severity::Low,
        2 => Severity::Medium,
        3 => Severity::High,
        _ => Severity::Critical,
    };
    reader.fail_on(severity.as_str(), from);
}

fn ranks(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Vec<u8> {
    let mut ranks = Vec::new();
    for (word, at) in words(node) {
        match rank(&word) {
            Some(rank) => ranks.push(rank),
            None => reader.leave(&FAIL_IDS, at, &word),
        }
    }
    ranks
}

/// `framework`: what is looked at.
pub(super) fn framework(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    let words = words(node);
    let is_ours = |word: &str| FRAMEWORKS.contains(&word);
    if !words.is_empty() && !words.iter().any(|(word, _)| is_ours(word)) {
        let words: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
        reader.leave(&OTHER_FRAMEWORK, from.at.clone(), &words.join(", "));
    }
}

/// `skip-framework`: what is not looked at.
pub(super) fn skip_framework(reader: &mut Reader<'_>, node: NodeRef<'_>, _: &From) {
    for (word, at) in words(node) {
        if FRAMEWORKS.contains(&word.as_str()) {
            let why = "Seawall looks at manifests, charts and kustomizations wherever they are";
            let instead = Some("`exclude` leaves out their folders");
            reader.leave_because(&OTHER_FRAMEWORK, at, &word, why, instead);
        }
    }
}

/// `baseline`: another file to name.
pub(super) fn baseline(reader: &mut Reader<'_>, node: NodeRef<'_>, _: &From) {
    if let Some(file) = text_of(node).filter(|file| !file.is_empty()) {
        let why = "name this file to `seawall migrate`, too, unless you did";
        reader.note(location(node), &file, why);
    }
}

#[cfg(test)]
mod tests {
    use super::is_match;

    #[test]
    fn wildcards_match_as_in_python() {
        for (pattern, text, expected) in [
            ("CKV_K8S_1*", "CKV_K8S_1", true),
            ("CKV_K8S_1*", "CKV_K8S_16", true),
            ("CKV_K8S_1*", "CKV_K8S_20", false),
            ("*_K8S_?", "CKV_K8S_9", true),
            ("*_K8S_?", "CKV_K8S_19", false),
            ("*a*b*", "xaxbx", true),
            ("*a*b", "xaxbx", false),
            ("*", "", true),
            ("", "x", false),
        ] {
            assert_eq!(is_match(pattern, text), expected, "{pattern} {text}");
        }
    }
}

//! `# trivy:ignore:ID` in manifests, as comments of ours in the same place.
//!
//! Trivy applies a comment to what begins on its line or on the next one, and comments on lines below one
//! another to what follows the last. A comment of ours alone on its line speaks for the next node, so one
//! above theirs says the same.

use document::edit::TextEdit;
use model::Location;

use super::{
    INLINE, INLINE_ALL, INLINE_BAD, INLINE_EXPIRY, INLINE_PARAMETER, INLINE_TEMPLATE, INLINE_TFSEC,
};
use crate::input::Input;
use crate::reader::{Reader, one_line};
use crate::{Comment, day};

/// One comment of theirs.
struct Ignore<'t> {
    id: &'t str,
    expires: Option<&'t str>,
    is_tfsec: bool,
}

/// Reads the comments of a manifest.
pub(super) fn read(reader: &mut Reader<'_>, input: &Input) {
    if !mentions(input.source.text()) {
        return;
    }
    let Some(document) = reader.document(input) else {
        return;
    };
    let places: Vec<_> = document.comments().map(|place| place.span).collect();
    for span in places {
        one(reader, input, span, true);
    }
}

/// Reads the comments of a template, which is no YAML yet.
pub(super) fn template(reader: &mut Reader<'_>, input: &Input) {
    for (start, line) in input.lines() {
        let comment = line.trim_start();
        if comment.starts_with('#') && mentions(comment) {
            let begin = start + (line.len() - comment.len()) as u32;
            one(reader, input, begin..begin + comment.len() as u32, false);
        }
    }
}

fn mentions(text: &str) -> bool {
    text.contains("trivy:ignore") || text.contains("tfsec:ignore")
}

fn one(reader: &mut Reader<'_>, input: &Input, span: document::Span, may_write: bool) {
    let text = input.source.slice(&span);
    let at = input.at(span.clone());
    let ignores = ignores(text);
    if ignores.is_empty() {
        return;
    }
    let reason = reason(text);
    for ignore in &ignores {
        let Some(comment) = translated(reader, ignore, &reason, &at) else {
            continue;
        };
        if !may_write {
            let instead = format!("write above it by hand: {comment}");
            let why = INLINE_TEMPLATE.text;
            reader.leave_because(&INLINE_TEMPLATE, at.clone(), text, why, Some(&instead));
            continue;
        }
        reader.comments.push(Comment {
            edit: line_above(input, span.start, &comment),
            text: comment,
            at: at.clone(),
        });
    }
}

/// The edit that writes a line above the one of a byte, as far to the right.
fn line_above(input: &Input, at: u32, comment: &str) -> TextEdit {
    let line = input.source.line_column(at).line;
    let span = input.source.line_span(line).unwrap_or(at..at);
    let text = input.source.slice(&span);
    let indent: String = text
        .chars()
        .take_while(|character| *character == ' ')
        .collect();
    let end = if input.source.text().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    TextEdit {
        span: span.start..span.start,
        text: format!("{indent}{comment}{end}"),
    }
}

/// The comment of ours; what there is none for is said.
fn translated(
    reader: &mut Reader<'_>,
    ignore: &Ignore<'_>,
    reason: &str,
    at: &Location,
) -> Option<String> {
    if ignore.id.contains('[') {
        reader.leave(&INLINE_PARAMETER, at.clone(), ignore.id);
        return None;
    }
    let expires = match ignore.expires.map(|text| (text, day::before(text))) {
        None => None,
        Some((_, Some(day))) => Some(day),
        Some((text, None)) => {
            reader.leave(&INLINE_BAD, at.clone(), text);
            return None;
        }
    };
    let ids: Vec<String> = if ignore.id == "*" {
        reader.aliases.ids().map(str::to_owned).collect()
    } else {
        vec![ignore.id.to_owned()]
    };
    let controls = reader.controls(&ids, at);
    if controls.is_empty() {
        reader.leave(&INLINE_BAD, at.clone(), ignore.id);
        return None;
    }
    reader.meet(&INLINE);
    if ignore.id == "*" {
        reader.meet(&INLINE_ALL);
    }
    if ignore.is_tfsec {
        reader.meet(&INLINE_TFSEC);
    }
    let reason = if reason.is_empty() {
        "migrated from Trivy, no reason given"
    } else {
        reason
    };
    let mut comment = format!("# seawall: ignore[{}] {reason}", controls.join(", "));
    if let Some(day) = expires {
        reader.meet(&INLINE_EXPIRY);
        comment += &format!(" expires={day}");
    }
    Some(comment)
}

/// What a comment ignores.
fn ignores(comment: &str) -> Vec<Ignore<'_>> {
    words(comment).filter_map(ignored).collect()
}

fn words(comment: &str) -> impl Iterator<Item = &str> {
    let words = comment.split_whitespace();
    words.map(|word| word.trim_start_matches(['#', '/', '*']))
}

/// One word of a comment: `trivy:ignore:ID:exp:DAY`, in pairs of key and value.
fn ignored(word: &str) -> Option<Ignore<'_>> {
    let (rest, is_tfsec) = match word.strip_prefix("trivy:") {
        Some(rest) => (rest, false),
        None => (word.strip_prefix("tfsec:")?, true),
    };
    let segments: Vec<&str> = rest.split(':').collect();
    let (mut id, mut expires) = (None, None);
    for pair in segments.chunks_exact(2) {
        match pair {
            ["ignore", value] if !value.is_empty() => id = Some(*value),
            ["exp", value] => expires = Some(*value),
            _ => {}
        }
    }
    Some(Ignore {
        id: id?,
        expires,
        is_tfsec,
    })
}

/// What the other words of a comment say.
fn reason(comment: &str) -> String {
    let others: Vec<&str> = words(comment)
        .filter(|word| !word.is_empty() && ignored(word).is_none())
        .collect();
    let text = one_line(&others.join(" "));
    // Words that a comment of ours would take for something else.
    let is_ours = |word: &str| word.starts_with("owner=") || word.starts_with("expires=");
    let words: Vec<&str> = text.split(' ').filter(|word| !is_ours(word)).collect();
    words
        .join(" ")
        .trim_start_matches([':', '-', ' '])
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::{ignores, reason};

    #[test]
    fn comments_are_read_word_by_word() {
        let read = |text| -> Vec<_> {
            let found = ignores(text).into_iter();
            found
                .map(|ignore| (ignore.id.to_owned(), ignore.expires.map(str::to_owned)))
                .collect()
        };
        let one = |id: &str, day: Option<&str>| vec![(id.to_owned(), day.map(str::to_owned))];
        assert_eq!(
            read("#trivy:ignore:AVD-KSV-0012"),
            one("AVD-KSV-0012", None)
        );
        assert_eq!(
            read("# trivy:ignore:KSV012:exp:2027-01-31 why"),
            one("KSV012", Some("2027-01-31"))
        );
        assert_eq!(read("# trivy:ignore:a trivy:ignore:b").len(), 2);
        for nothing in [
            "# trivy:ignore",
            "# ignore:a",
            "# trivy:exp:2027-01-31",
            "#",
        ] {
            assert!(read(nothing).is_empty(), "{nothing}");
        }
        assert_eq!(reason("# trivy:ignore:a it is fine"), "it is fine");
        assert_eq!(reason("# trivy:ignore:a - owner=x fine"), "fine");
    }
}

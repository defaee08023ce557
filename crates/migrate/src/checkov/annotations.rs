//! What manifests and Dockerfiles say to Checkov: annotations and comments.

use document::EntryRef;
use model::Location;

use super::{
    COMMENT_DOCKERFILE, COMMENT_MANIFEST, SKIP, SKIP_INNER, SKIP_PLACE, SKIP_TEMPLATE,
    SKIP_UNKNOWN, SKIP_WITHOUT_REASON,
};
use crate::draft::From;
use crate::input::{Input, key_location};
use crate::manifest::{self, Object};
use crate::reader::{Because, Reader};

/// What keys of annotations contain.
const KEYS: [&str; 2] = ["checkov.io/skip", "bridgecrew.io/skip"];

/// What comments begin with.
const COMMENTS: [&str; 2] = ["checkov:skip=", "bridgecrew:skip="];

fn is_skip(key: &str) -> bool {
    KEYS.iter().any(|known| key.contains(known))
}

/// Reads the annotations of a manifest.
pub(super) fn read(reader: &mut Reader<'_>, input: &Input) {
    let text = input.source.text();
    let mentions = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if !mentions(&KEYS) && !mentions(&COMMENTS) {
        return;
    }
    let Some(document) = reader.document(input) else {
        return;
    };
    for object in manifest::objects(&document) {
        for entry in object.annotations().filter(|entry| is_skip(entry.name())) {
            one(reader, input, &object, &entry);
        }
        for entry in object.inner_annotations() {
            if is_skip(entry.name()) {
                reader.leave(&SKIP_INNER, key_location(&entry), entry.name());
            }
        }
    }
    for place in document.comments() {
        let comment = place.source.slice(&place.span);
        if let Some((id, reason)) = skipped(comment) {
            let at = input.at(place.span.clone());
            commented(reader, id, reason, &at);
        }
    }
}

fn one(reader: &mut Reader<'_>, input: &Input, object: &Object<'_>, entry: &EntryRef<'_>) {
    let at = key_location(entry);
    let text = entry.value.as_str().unwrap_or_default();
    let (id, reason) = match text.split_once('=') {
        Some((id, reason)) => (id.trim(), Some(reason.trim())),
        None => (text.trim(), None),
    };
    let controls = reader.controls(&[id.to_owned()], &at);
    if controls.is_empty() {
        return reader.leave(&SKIP_UNKNOWN, at, id);
    }
    let resources = match object.resources(input) {
        Ok(resources) => resources,
        Err(why) => {
            let instead = Some(SKIP_PLACE.instead);
            return reader.leave_because(&SKIP_PLACE, at, id, why, instead);
        }
    };
    reader.meet(if reason.is_some() {
        &SKIP
    } else {
        &SKIP_WITHOUT_REASON
    });
    let because = Because {
        reason: reason.map(str::to_owned),
        ..Because::default()
    };
    let from = From {
        at,
        what: id.to_owned(),
    };
    reader.accept(&controls, resources, &because, &from);
}

/// Reads the template of a chart, which is no YAML yet.
pub(super) fn template(reader: &mut Reader<'_>, input: &Input) {
    for (start, line) in input.lines() {
        let text = line.trim_start();
        if is_skip(text) && !text.starts_with('#') {
            let begin = start + (line.len() - text.len()) as u32;
            let at = input.at(begin..begin + text.len() as u32);
            reader.leave(&SKIP_TEMPLATE, at, text);
        } else if text.starts_with('#')
            && let Some((id, reason)) = skipped(text)
        {
            let begin = start + (line.len() - text.len()) as u32;
            let at = input.at(begin..begin + text.len() as u32);
            commented(reader, id, reason, &at);
        }
    }
}

/// Reads the comments of a Dockerfile.
pub(super) fn dockerfile(reader: &mut Reader<'_>, input: &Input) {
    for (start, line) in input.lines() {
        if skipped(line).is_some() {
            let at = input.at(start..start + line.len() as u32);
            reader.leave(&COMMENT_DOCKERFILE, at, line.trim());
        }
    }
}

/// The id and the reason of a comment.
fn skipped(comment: &str) -> Option<(&str, &str)> {
    let rest = COMMENTS
        .iter()
        .find_map(|head| comment.split_once(head))?
        .1
        .trim_start();
    let is_id = |character: char| {
        character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_'
    };
    let end = rest
        .find(|character| !is_id(character))
        .unwrap_or(rest.len());
    let (id, rest) = rest.split_at(end);
    let reason = rest.strip_prefix(':').unwrap_or_default().trim();
    (!id.is_empty()).then_some((id, reason.trim_matches('"')))
}

fn commented(reader: &mut Reader<'_>, id: &str, reason: &str, at: &Location) {
    let controls = reader.controls(&[id.to_owned()], at);
    if controls.is_empty() {
        return reader.leave(&COMMENT_MANIFEST, at.clone(), id);
    }
    let reason = if reason.is_empty() { "reason" } else { reason };
    let instead = format!(
        "if it was meant to skip, write `# seawall: ignore[{}] {reason}`",
        controls.join(", ")
    );
    let why = COMMENT_MANIFEST.text;
    reader.leave_because(&COMMENT_MANIFEST, at.clone(), id, why, Some(&instead));
}

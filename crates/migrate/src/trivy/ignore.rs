//! `.trivyignore` and `.trivyignore.yaml`.

use document::{Kind, NodeRef};
use model::Location;

use super::{
    BAD_EXPIRED_AT, BAD_EXPIRY, BAD_PATH, COMMENT_ABOVE, EXPIRED_AT, EXPIRY, FOREIGN_ID, ID,
    LICENSES, MISCONFIGURATION, OTHER_FIELD, OTHER_ID, PATHS, SECRETS, STATEMENT, UNKNOWN_ID,
    VULNERABILITIES, VULNERABILITY_ID,
};
use crate::Construct;
use crate::draft::{From, Resources};
use crate::input::{Input, key_location, location, text_of};
use crate::reader::{Because, Reader};
use crate::{day, patterns};

/// Whether a text without a telling name is an ignore file: ids, each on its line.
pub(crate) fn looks_like_ignore(input: &Input) -> bool {
    let mut found = false;
    for (_, line) in input.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let id = line.split_whitespace().next().unwrap_or_default();
        if !["AVD-", "CVE-", "GHSA-", "KSV"]
            .iter()
            .any(|head| id.starts_with(head))
        {
            return false;
        }
        found = true;
    }
    found
}

/// Reads lines of ids.
pub(super) fn lines(reader: &mut Reader<'_>, input: &Input) {
    let mut comment: Vec<&str> = Vec::new();
    let mut was_id = false;
    for (start, line) in input.lines() {
        let text = line.trim();
        if text.is_empty() {
            comment.clear();
        } else if let Some(said) = text.strip_prefix('#') {
            if was_id {
                comment.clear();
            }
            comment.push(said.trim_start_matches('#').trim());
        } else {
            let indent = (line.len() - line.trim_start().len()) as u32;
            let begin = start + indent;
            let at = input.at(begin..begin + text.len() as u32);
            one(reader, text, &comment.join(" "), &at);
        }
        was_id = !text.is_empty() && !text.starts_with('#');
    }
}

fn one(reader: &mut Reader<'_>, line: &str, comment: &str, at: &Location) {
    let mut fields = line.split_whitespace();
    let id = fields.next().unwrap_or_default();
    let fields: Vec<&str> = fields.collect();
    let mut because = Because::default();
    if let Some(text) = fields.iter().find_map(|field| field.strip_prefix("exp:")) {
        let Some(day) = day::before(text) else {
            return reader.leave(&BAD_EXPIRY, at.clone(), line);
        };
        reader.meet(&EXPIRY);
        because.expires = Some(day);
    }
    let behind = line.split_once(" #").map(|(_, behind)| behind.trim());
    let reason = behind.unwrap_or(comment);
    let Some(controls) = controls(reader, id, at) else {
        return;
    };
    reader.meet(&ID);
    if !reason.is_empty() {
        reader.meet(&COMMENT_ABOVE);
        because.reason = Some(reason.to_owned());
    }
    let from = From {
        at: at.clone(),
        what: id.to_owned(),
    };
    reader.accept(&controls, Resources::default(), &because, &from);
}

/// The controls of an id; what there are none for is said.
fn controls(reader: &mut Reader<'_>, id: &str, at: &Location) -> Option<std::sync::Arc<[String]>> {
    let controls = reader.controls(&[id.to_owned()], at);
    if controls.is_empty() {
        reader.leave(of_nobody(id), at.clone(), id);
        return None;
    }
    Some(controls)
}

/// What an id is about that no control carries.
fn of_nobody(id: &str) -> &'static Construct {
    let is = |heads: &[&str]| heads.iter().any(|head| id.starts_with(head));
    if is(&["AVD-KSV", "KSV", "AVD-KCV", "KCV"]) {
        &UNKNOWN_ID
    } else if is(&["AVD-", "DS-", "DS0", "AWS-", "AZU-", "GCP-"]) {
        &FOREIGN_ID
    } else if is(&[
        "CVE-", "GHSA-", "RHSA-", "DSA-", "DLA-", "ELSA-", "USN-", "ALAS",
    ]) {
        &VULNERABILITY_ID
    } else {
        &OTHER_ID
    }
}

/// Reads `.trivyignore.yaml`.
pub(super) fn yaml(reader: &mut Reader<'_>, input: &Input) {
    let Some(document) = reader.document(input) else {
        return;
    };
    let Some(root) = document.roots().next() else {
        return;
    };
    for entry in root.entries() {
        let refused = match entry.name() {
            "misconfigurations" => {
                entry
                    .value
                    .items()
                    .for_each(|item| misconfiguration(reader, item));
                continue;
            }
            "vulnerabilities" => &VULNERABILITIES,
            "secrets" => &SECRETS,
            "licenses" => &LICENSES,
            other => {
                reader.leave(&OTHER_FIELD, key_location(&entry), other);
                continue;
            }
        };
        for item in entry.value.items() {
            let id = item.get_str("id").and_then(text_of).unwrap_or_default();
            reader.leave(refused, location(item), &id);
        }
    }
}

fn misconfiguration(reader: &mut Reader<'_>, item: NodeRef<'_>) {
    let at = location(item);
    let Some(id) = item.get_str("id").and_then(text_of) else {
        return reader.leave(&OTHER_FIELD, at, "an entry without an id");
    };
    let mut resources = Resources::default();
    let mut because = Because::default();
    for entry in item.entries() {
        match entry.name() {
            "id" => {}
            "paths" => {
                if !paths(reader, entry.value, &mut resources) {
                    return;
                }
            }
            "statement" => {
                reader.meet(&STATEMENT);
                because.reason = text_of(entry.value);
            }
            "expired_at" => {
                let text = text_of(entry.value).unwrap_or_default();
                let Some(day) = day::before(&text) else {
                    return reader.leave(&BAD_EXPIRED_AT, location(entry.value), &text);
                };
                reader.meet(&EXPIRED_AT);
                because.expires = Some(day);
            }
            other => reader.leave(&OTHER_FIELD, key_location(&entry), other),
        }
    }
    let Some(controls) = controls(reader, &id, &at) else {
        return;
    };
    reader.meet(&MISCONFIGURATION);
    let from = From { at, what: id };
    reader.accept(&controls, resources, &because, &from);
}

/// Takes the paths of an entry; `false` when none of them can be taken, so that the entry would cover more.
fn paths(reader: &mut Reader<'_>, node: NodeRef<'_>, resources: &mut Resources) -> bool {
    if node.kind() != Kind::Sequence || node.is_empty() {
        return true;
    }
    reader.meet(&PATHS);
    for path in node.items() {
        let text = text_of(path).unwrap_or_default();
        match patterns::path_glob(&text) {
            Ok(glob) => resources.paths.push(glob),
            Err(why) => {
                let instead = Some(BAD_PATH.instead);
                reader.leave_because(&BAD_PATH, location(path), &text, why, instead);
            }
        }
    }
    !resources.paths.is_empty()
}

//! What manifests say to KubeLinter: `ignore-check.kube-linter.io/CHECK` and `kube-linter.io/ignore-all`.

use document::EntryRef;

use super::{
    IGNORE_ALL, IGNORE_CHECK, IGNORE_INNER, IGNORE_PLACE, IGNORE_TEMPLATE, IGNORE_UNKNOWN,
};
use crate::draft::From;
use crate::input::{Input, key_location};
use crate::manifest::{self, Object};
use crate::reader::{Because, Reader};

const CHECK: &str = "ignore-check.kube-linter.io/";
const ALL: &str = "kube-linter.io/ignore-all";

fn is_ignore(key: &str) -> bool {
    key.starts_with(CHECK) || key == ALL
}

/// Reads the annotations of a manifest.
pub(super) fn read(reader: &mut Reader<'_>, input: &Input) {
    if !input.source.text().contains("kube-linter.io/") {
        return;
    }
    let Some(document) = reader.document(input) else {
        return;
    };
    for object in manifest::objects(&document) {
        for entry in object.annotations().filter(|entry| is_ignore(entry.name())) {
            one(reader, input, &object, &entry);
        }
        for entry in object.inner_annotations() {
            if is_ignore(entry.name()) {
                reader.leave(&IGNORE_INNER, key_location(&entry), entry.name());
            }
        }
    }
}

fn one(reader: &mut Reader<'_>, input: &Input, object: &Object<'_>, entry: &EntryRef<'_>) {
    let at = key_location(entry);
    let (what, controls) = match entry.name().strip_prefix(CHECK) {
        None => {
            let ids: Vec<String> = reader.aliases.ids().map(str::to_owned).collect();
            let controls = reader.aliases.all_of(ids.iter().map(String::as_str));
            ("ignore-all", controls.into())
        }
        Some(check) => match reader.custom.get(check) {
            Some(controls) => (check, controls.clone().into()),
            None => (check, reader.controls(&[check.to_owned()], &at)),
        },
    };
    if controls.is_empty() {
        return reader.leave(&IGNORE_UNKNOWN, at, what);
    }
    let resources = match object.resources(input) {
        Ok(resources) => resources,
        Err(why) => {
            let instead = Some(IGNORE_PLACE.instead);
            return reader.leave_because(&IGNORE_PLACE, at, what, why, instead);
        }
    };
    reader.meet(if what == "ignore-all" {
        &IGNORE_ALL
    } else {
        &IGNORE_CHECK
    });
    let because = Because {
        reason: entry.value.as_str().map(str::to_owned),
        ..Because::default()
    };
    let from = From {
        at,
        what: what.to_owned(),
    };
    reader.accept(&controls, resources, &because, &from);
}

/// Reads the template of a chart, which is no YAML yet.
pub(super) fn template(reader: &mut Reader<'_>, input: &Input) {
    for (start, line) in input.lines() {
        let text = line.trim_start();
        if is_ignore(text.trim_start_matches(['"', '\''])) || text.starts_with(ALL) {
            let begin = start + (line.len() - text.len()) as u32;
            let at = input.at(begin..begin + text.len() as u32);
            reader.leave(&IGNORE_TEMPLATE, at, text);
        }
    }
}

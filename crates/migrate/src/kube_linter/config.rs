//! `.kube-linter.yaml`.

use std::sync::Arc;

use document::NodeRef;
use model::Location;

use super::{OUTSIDE, UNKNOWN_CHECK, custom};
use crate::Construct;
use crate::draft::From;
use crate::input::{Input, texts};
use crate::keys::{self, File, Key, Table};
use crate::patterns;
use crate::reader::Reader;

const FILE: File = File("`.kube-linter.yaml`");

static UNKNOWN: Construct = Construct::refused(
    FILE.0,
    "any other key",
    "it is not known here",
    "KubeLinter says whether it is a key at all; keep it there",
);

/// What becomes of each key.
pub(crate) static TABLE: Table = Table {
    keys: KEYS,
    unknown: &UNKNOWN,
};

static KEYS: &[Key] = &[
    FILE.read(
        "customChecks",
        "`controls` and `params`, below",
        custom_checks,
    ),
    FILE.read(
        "checks.addAllBuiltIn",
        "`controls`: every one that carries the id of a built-in check",
        add_all,
    ),
    FILE.read("checks.include", "`controls`", include),
    FILE.read("checks.exclude", "`exclude-controls`", exclude),
    FILE.read("checks.ignorePaths", "`exclude`", ignore_paths),
    FILE.refused(
        "checks.doNotAutoAddDefaults",
        "no profile is empty: what Seawall finds by default goes on running",
        "`exclude-controls` leaves controls out, and takes tags, too",
    ),
];

/// Reads the file.
pub(super) fn read(reader: &mut Reader<'_>, input: &Input) {
    let Some(document) = reader.document(input) else {
        return;
    };
    for root in document.roots() {
        keys::read(reader, root, &TABLE);
    }
}

/// Custom checks run; the lists after them may name them.
fn custom_checks(reader: &mut Reader<'_>, node: NodeRef<'_>, _: &From) {
    for check in node.items() {
        custom::read(reader, check);
    }
}

/// The controls of a check, built-in or custom; that there are none is said.
fn named(reader: &mut Reader<'_>, name: &str, at: &Location) -> Arc<[String]> {
    if let Some(controls) = reader.custom.get(name) {
        return controls.clone().into();
    }
    let controls = reader.controls(&[name.to_owned()], at);
    if controls.is_empty() {
        reader.leave(&UNKNOWN_CHECK, at.clone(), name);
    }
    controls
}

fn add_all(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    if node.as_bool() != Some(true) {
        return;
    }
    let ids: Vec<String> = reader.aliases.ids().map(str::to_owned).collect();
    let controls = reader.aliases.all_of(ids.iter().map(String::as_str));
    reader.select(&controls, from);
    for id in &ids {
        custom::parameters_of_built_in(reader, id, from);
    }
}

fn include(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    for (name, at) in texts(node) {
        let controls = named(reader, &name, &at);
        let from = From {
            at,
            what: format!("{} {name}", from.what),
        };
        reader.select(&controls, &from);
        custom::parameters_of_built_in(reader, &name, &from);
    }
}

fn exclude(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    for (name, at) in texts(node) {
        let controls = named(reader, &name, &at);
        let from = From {
            at,
            what: format!("{} {name}", from.what),
        };
        reader.deselect(&controls, &from);
    }
}

fn ignore_paths(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    for (path, at) in texts(node) {
        match patterns::anchored(&path) {
            Ok(glob) => {
                let from = From {
                    at,
                    what: from.what.clone(),
                };
                reader.exclude(&glob, &from);
            }
            Err(why) => {
                reader.leave_because(&OUTSIDE, at, &path, why, Some(OUTSIDE.instead));
            }
        }
    }
}

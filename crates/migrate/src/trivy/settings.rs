//! The keys of `trivy.yaml` that Seawall has, too.

use document::NodeRef;
use model::{KubernetesVersion, Severity};

use super::config::{SEVERITIES, SKIPPED, VERSIONS};
use crate::draft::{From, Sourced};
use crate::input::{location, text_of, texts, words};
use crate::patterns;
use crate::reader::Reader;

/// `severity`: which ones are reported.
pub(super) fn severity(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    let said = words(node);
    let has = |severity: &Severity| {
        said.iter()
            .any(|(word, _)| word.eq_ignore_ascii_case(severity.as_str()))
    };
    // Worst first: without a gap, they begin like all of them.
    let reported: Vec<Severity> = Severity::ALL.into_iter().filter(has).collect();
    let smallest = reported
        .last()
        .filter(|_| Severity::ALL.starts_with(&reported));
    let Some(smallest) = smallest else {
        let words: Vec<&str> = said.iter().map(|(word, _)| word.as_str()).collect();
        return reader.leave(&SEVERITIES, from.at.clone(), &words.join(", "));
    };
    if reported.len() < Severity::ALL.len() {
        reader.min_severity(smallest.as_str(), from);
        let why = "severities of Seawall's controls are Seawall's own: some findings are told that Trivy does not tell, and the other way round";
        reader.note(from.at.clone(), "severity", why);
    }
}

/// `exit-code`: whether findings make it fail.
pub(super) fn exit_code(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    let code = node.as_i64().unwrap_or_default();
    let smallest = reader.draft.min_severity.as_ref().map(|word| word.value);
    let value = if code == 0 {
        "none"
    } else {
        smallest.unwrap_or(Severity::Low.as_str())
    };
    reader.fail_on(value, from);
    if !matches!(code, 0 | 1) {
        let why = "Seawall exits with 1 when there are findings, with 2 when it could not complete";
        reader.note(from.at.clone(), &format!("exit-code: {code}"), why);
    }
}

/// `skip-dirs`: globs over folders.
pub(super) fn skip_dirs(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    skip(reader, node, from, "/");
}

/// `skip-files`: globs over files.
pub(super) fn skip_files(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    skip(reader, node, from, "");
}

fn skip(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From, tail: &str) {
    for (path, at) in texts(node) {
        let from = From {
            at: at.clone(),
            what: from.what.clone(),
        };
        match patterns::anchored(&path) {
            // Trivy's documentation: such a folder right in the root is not left out.
            Ok(glob) if glob.starts_with("/**/") => {
                reader.exclude(&format!("/*{glob}{tail}"), &from);
            }
            Ok(glob) => reader.exclude(&format!("{glob}{tail}"), &from),
            Err(why) => {
                let instead = Some(SKIPPED.instead);
                reader.leave_because(&SKIPPED, at, &path, why, instead);
            }
        }
    }
}

/// A version of Kubernetes.
pub(super) fn version(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    let text = text_of(node).unwrap_or_default();
    if text.is_empty() {
        return;
    }
    let parsed = text.parse::<KubernetesVersion>().ok();
    let known = reader.draft.kubernetes_version.as_ref();
    let known = known.map(|version| version.value.clone());
    match (parsed.map(|version| version.to_string()), known) {
        (Some(version), None) => {
            reader.draft.kubernetes_version = Some(Sourced {
                value: version,
                from: from.clone(),
            });
        }
        (Some(version), Some(known)) if version == known => {}
        _ => reader.leave(&VERSIONS, location(node), &text),
    }
}

/// `ignorefile`: another file to name.
pub(super) fn ignore_file(reader: &mut Reader<'_>, node: NodeRef<'_>, from: &From) {
    if let Some(file) = text_of(node).filter(|file| !file.is_empty() && file != ".trivyignore") {
        let why = "name this file to `seawall migrate`, too, unless you did";
        reader.note(from.at.clone(), &file, why);
    }
}

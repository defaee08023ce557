//! Hygiene of the control folders that the loader does not ask for.

use std::collections::BTreeMap;

use anyhow::Result;
use fs_err as fs;

use crate::workspace::{files, relative, root};

/// Kinds that only lead to a pod spec: a pod-scoped control that names one asks the wrong question.
const WORKLOAD_KINDS: [&str; 9] = [
    "Deployment",
    "DaemonSet",
    "StatefulSet",
    "ReplicaSet",
    "ReplicationController",
    "CronJob",
    "Job",
    "PodTemplate",
    "Rollout",
];

/// Words that DESIGN's vocabulary has another word for.
const FOREIGN_WORDS: [&str; 2] = ["misconfiguration", "violation"];

pub(super) fn run() -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    let mut titles: BTreeMap<String, String> = BTreeMap::new();
    for path in files(&root().join("controls"), "yaml")? {
        if path.file_name().is_none_or(|name| name != "control.yaml") {
            continue;
        }
        let name = relative(&path);
        let text = fs::read_to_string(&path)?;
        complaints.extend(
            look(&text)
                .into_iter()
                .map(|what| format!("{name}: {what}")),
        );
        if let Some(title) = field(&text, "title")
            && let Some(other) = titles.insert(title.to_owned(), name.clone())
        {
            complaints.push(format!("{name}: same title as {other}"));
        }
    }
    Ok(complaints)
}

fn look(text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let scope = field(text, "for").unwrap_or_default();
    let is_inside_pods = matches!(scope, "pod" | "container" | "image" | "volume");
    if is_inside_pods && field(text, "kinds").is_none() {
        for key in ["fail", "when", "each"] {
            let expression = field(text, key).unwrap_or_default();
            for kind in WORKLOAD_KINDS {
                if expression.contains(&format!("'{kind}'"))
                    || expression.contains(&format!("\"{kind}\""))
                {
                    complaints.push(format!(
                        "`{key}` names the kind {kind}; use `kinds` when the control means it"
                    ));
                }
            }
        }
    }
    let lower = text.to_lowercase();
    for word in FOREIGN_WORDS {
        if lower.contains(word) {
            complaints.push(format!("says `{word}`; the word is finding or control"));
        }
    }
    complaints
}

/// The text of a top-level field, block and indented lines included.
fn field<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let start = if text.starts_with(&format!("{key}:")) {
        0
    } else {
        text.find(&format!("\n{key}:"))? + 1
    };
    let value = &text[start + key.len() + 1..];
    let mut end = 0;
    for (position, line) in value.split_inclusive('\n').enumerate() {
        if position > 0 && !line.starts_with([' ', '-', '\n']) {
            break;
        }
        end += line.len();
    }
    Some(value[..end].trim())
}

#[cfg(test)]
mod tests {
    use super::{field, look};

    #[test]
    fn a_field_ends_where_the_next_begins() {
        let text = "id: x\nfail: >-\n  a &&\n  b\nat: [c]\n";
        assert_eq!(field(text, "fail"), Some(">-\n  a &&\n  b"));
        assert_eq!(field(text, "at"), Some("[c]"));
        assert_eq!(field(text, "when"), None);
    }

    #[test]
    fn a_pod_control_that_names_a_workload_kind_is_found() {
        assert_eq!(look("for: pod\nfail: pod.kind == 'CronJob'\n").len(), 1);
        assert!(
            look("for: pod\nkinds: [batch/CronJob]\nfail: object.kind == 'CronJob'\n").is_empty()
        );
    }
}

//! The header of a snapshot, as it is written.

use std::collections::BTreeMap;

use model::{Problem, ProblemKind, ProblemLevel};
use serde::{Deserialize, Serialize};

use crate::served::Served;

/// What the header begins with, and what this version reads.
pub(super) const SCHEMA: &str = "seawall.dev/snapshot/v1";

/// What a snapshot is of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct About {
    /// The version of Seawall that wrote it.
    pub tool_version: String,
    /// What the cluster was called.
    pub context: String,
    /// The version of the API server as it said it.
    pub server_version: String,
    /// When it was read, as RFC 3339 says it.
    pub time: String,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Header {
    pub(super) schema: String,
    pub(super) tool: Tool,
    pub(super) context: String,
    pub(super) server_version: String,
    pub(super) time: String,
    /// Whether it is all that the cluster has.
    pub(super) complete: bool,
    /// Number of objects behind the header: tells whether the end is missing.
    pub(super) resources: usize,
    pub(super) problems: Vec<WireProblem>,
    pub(super) served: Vec<WireServed>,
    /// The feature gates of the API server, where they were asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) feature_gates: BTreeMap<String, bool>,
}

#[derive(Serialize, Deserialize, Debug)]
pub(super) struct Tool {
    pub(super) name: String,
    pub(super) version: String,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireProblem {
    kind: String,
    file: String,
    message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

#[derive(Serialize, Deserialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireServed {
    group: String,
    version: String,
    resource: String,
    kind: String,
    namespaced: bool,
    names: Vec<String>,
}

impl From<&Problem> for WireProblem {
    fn from(problem: &Problem) -> Self {
        WireProblem {
            kind: problem.kind.as_str().to_owned(),
            file: problem.file.clone(),
            message: problem.message.clone(),
            hint: problem.hint.clone(),
        }
    }
}

impl From<WireProblem> for Problem {
    fn from(wire: WireProblem) -> Self {
        Problem {
            level: ProblemLevel::Error,
            // A later version may have kinds that this one does not know.
            kind: wire.kind.parse().unwrap_or(ProblemKind::ListFailed),
            file: wire.file,
            location: None,
            message: wire.message,
            hint: wire.hint,
        }
    }
}

impl From<&Served> for WireServed {
    fn from(served: &Served) -> Self {
        WireServed {
            group: served.group.clone(),
            version: served.version.clone(),
            resource: served.plural.clone(),
            kind: served.kind.clone(),
            namespaced: served.is_namespaced,
            names: served.names.clone(),
        }
    }
}

impl From<WireServed> for Served {
    fn from(wire: WireServed) -> Self {
        Served {
            group: wire.group,
            version: wire.version,
            plural: wire.resource,
            kind: wire.kind,
            is_namespaced: wire.namespaced,
            can_watch: true,
            names: wire.names,
        }
    }
}

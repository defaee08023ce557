//! What answers are made of, as their JSON has it. Text is made from the same. Fields are only ever added.

use model::{Location, Problem};
use serde::Serialize;

/// Where something is written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Debug)]
pub(crate) struct At {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// Whether it is an object of a cluster, which has no lines.
    #[serde(skip)]
    is_live: bool,
}

impl At {
    pub(crate) fn new(location: &Location) -> Self {
        let start = location.start();
        At {
            file: location.file().to_owned(),
            line: start.line,
            column: start.column,
            is_live: location.is_live(),
        }
    }

    /// `file:line`, or what an object of a cluster is called.
    pub(crate) fn text(&self) -> String {
        if self.is_live {
            self.file.clone()
        } else {
            format!("{}:{}", self.file, self.line)
        }
    }
}

/// What could not be read.
#[derive(Serialize, Debug)]
pub(crate) struct Lost {
    level: &'static str,
    kind: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<At>,
}

impl Lost {
    pub(crate) fn all<'p>(problems: impl IntoIterator<Item = &'p Problem>) -> Vec<Self> {
        let lost = problems.into_iter().map(|problem| Lost {
            level: problem.level.as_str(),
            kind: problem.kind.as_str(),
            message: problem.message.clone(),
            location: problem.location.as_ref().map(At::new),
        });
        lost.collect()
    }
}

/// JSON for people too: indented, with a line feed at the end.
pub(crate) fn json(answer: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(answer)? + "\n")
}

//! The flags of `seawall paths`.

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use model::Severity;

use super::answers::{AnswerFormat, Printing, Reading};
use super::scan::{severity, threshold};
use crate::threshold::Threshold;

/// The flags of `seawall paths`, as given.
#[derive(Args, Debug)]
pub(crate) struct PathsArgs {
    /// Files, folders and globs to look at; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) paths: Vec<String>,
    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Where the attacker starts: `internet`, `pod`, `deployment/shop/web`, `service-account/shop/web`,
    /// `user/jane`, … [default: internet and every pod]
    #[arg(long, value_name = "WHO", help_heading = "Question")]
    pub(crate) from: Vec<String>,
    /// What the attacker is after: `cluster-admin`, `node`, `secrets`, `secrets/shop`, `secret/shop/db`,
    /// `pod/shop/db`, `cloud`, … [default: cluster-admin, node and secrets]
    #[arg(long, value_name = "WHAT", help_heading = "Question")]
    pub(crate) to: Vec<String>,
    /// Say for each step what it rests on, with the lines, and what cuts it
    #[arg(long, help_heading = "Question")]
    pub(crate) why: bool,
    /// Rank single changes by how many paths they cut, with the edit of the manifest
    #[arg(long, help_heading = "Question")]
    pub(crate) choke_points: bool,
    /// What remains where a control finds nothing any more
    #[arg(
        long,
        value_name = "CONTROL",
        value_delimiter = ',',
        help_heading = "Question"
    )]
    pub(crate) if_fixed: Vec<String>,
    /// List every step that is possible, not only those of the paths
    #[arg(long, conflicts_with = "choke_points", help_heading = "Question")]
    pub(crate) edges: bool,

    /// Leave out paths below this severity
    #[arg(long, value_parser = severity(), value_name = "SEVERITY", default_value = "medium", help_heading = "Outcome")]
    pub(crate) min_severity: Severity,
    /// How many paths or changes to print; 0 prints all
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Outcome")]
    pub(crate) limit: usize,
    /// Exit with 1 when there is a path at or above this severity [default: high]
    #[arg(long, value_parser = threshold(), value_name = "SEVERITY", help_heading = "Outcome")]
    pub(crate) fail_on: Option<Threshold>,

    /// How to print the answer
    #[arg(
        long,
        value_enum,
        default_value = "text",
        value_name = "FORMAT",
        help_heading = "Output"
    )]
    pub(crate) format: AnswerFormat,
    #[command(flatten)]
    pub(crate) printing: Printing,
    /// Write where the time went to a file, as JSON
    #[arg(long, value_name = "FILE", hide = true)]
    pub(crate) timings: Option<PathBuf>,
}

impl PathsArgs {
    /// How many paths or changes are printed.
    pub(crate) fn most(&self) -> usize {
        match self.limit {
            0 => usize::MAX,
            limit => limit,
        }
    }
}

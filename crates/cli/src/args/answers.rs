//! The flags that commands which answer questions share: what is read, and how the answer is printed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::scan::allowed_problems;
use super::{ChartArgs, ColorChoice};
use crate::threshold::AllowedProblems;

/// What is read. `--namespace` is what questions ask about, and so that of charts has another name.
#[derive(Args, Debug)]
#[command(mut_arg("namespace", |arg| arg.long("release-namespace")))]
pub(crate) struct Reading {
    /// Leave out files that match a glob
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub(crate) exclude: Vec<String>,
    /// The paths hold everything that the cluster has: what is not in them does not exist
    #[arg(long, help_heading = "Input")]
    pub(crate) complete: bool,
    /// Read this configuration instead of the nearest seawall.yaml above the first PATH
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "no_config",
        help_heading = "Input"
    )]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long, help_heading = "Input")]
    pub(crate) no_config: bool,
    /// Do not exit with 2 for problems, or for problems of this kind
    #[arg(
        long,
        value_name = "KIND",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = AllowedProblems::ALL,
        value_delimiter = ',',
        value_parser = allowed_problems(),
        hide_possible_values = true,
        help_heading = "Input"
    )]
    pub(crate) allow_problems: Vec<AllowedProblems>,
    #[command(flatten)]
    pub(crate) charts: ChartArgs,
}

/// Where the answer goes.
#[derive(Args, Debug)]
pub(crate) struct Printing {
    /// Write the answer to a file
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
    /// When to use colour
    #[arg(
        long,
        value_enum,
        default_value = "auto",
        value_name = "WHEN",
        help_heading = "Output"
    )]
    pub(crate) color: ColorChoice,
}

/// How an answer is printed that is also a picture.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AnswerFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// A picture for browsers
    Svg,
    /// A graph for Graphviz
    Dot,
    /// A graph for Mermaid, as Markdown shows it
    Mermaid,
}

impl AnswerFormat {
    /// The same as that of a graph, where it is a picture.
    pub(crate) fn picture(self) -> Option<PictureFormat> {
        match self {
            AnswerFormat::Text | AnswerFormat::Json => None,
            AnswerFormat::Svg => Some(PictureFormat::Svg),
            AnswerFormat::Dot => Some(PictureFormat::Dot),
            AnswerFormat::Mermaid => Some(PictureFormat::Mermaid),
        }
    }
}

/// How a graph is printed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PictureFormat {
    /// A picture for browsers
    Svg,
    /// A graph for Graphviz
    Dot,
    /// A graph for Mermaid, as Markdown shows it
    Mermaid,
    /// All of it for programs, nothing summarised
    Json,
}

/// How it is printed what is as expected and what is not.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CheckFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// Test cases, for CI systems
    Junit,
}

/// How a list is printed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TextOrJson {
    /// For people
    Text,
    /// For programs
    Json,
}

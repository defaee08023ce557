//! The flags of `seawall scan`.

use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use model::{KubernetesVersion, Profile, Severity};
use report::Format;

use super::ChartArgs;
use crate::threshold::{AllowedProblems, Threshold};

/// The flags of `seawall scan`, as given.
#[derive(Args, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct ScanArgs {
    /// Files, folders and globs to scan; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) paths: Vec<String>,
    /// Leave out files that match a glob
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// The paths hold everything that the cluster has: what is not in them does not exist
    #[arg(long)]
    pub(crate) complete: bool,
    /// Report only on what differs from where the branch left BASE, uncommitted changes included, and on what refers to it;
    /// everything is still read
    #[arg(long, value_name = "BASE", conflicts_with = "write_baseline")]
    pub(crate) git_changed: Option<String>,

    /// Which controls to run: `default` (security, few false alarms), `strict` (best practice too), `all`
    #[arg(long, value_parser = profile(), value_name = "PROFILE", help_heading = "Controls")]
    pub(crate) profile: Option<Profile>,
    /// Run the controls of a framework, or of one in a file of yours, whatever the profile, and report by
    /// requirement; `ID@1.25` sets its Kubernetes version
    #[arg(
        long = "framework",
        value_delimiter = ',',
        value_name = "ID|FILE",
        help_heading = "Controls"
    )]
    pub(crate) frameworks: Vec<String>,
    /// Run this control, whatever the profile
    #[arg(
        long = "control",
        value_delimiter = ',',
        value_name = "ID",
        help_heading = "Controls"
    )]
    pub(crate) controls: Vec<String>,
    /// Do not run this control
    #[arg(
        long = "exclude-control",
        value_delimiter = ',',
        value_name = "ID",
        help_heading = "Controls"
    )]
    pub(crate) exclude_controls: Vec<String>,
    /// Load further controls from a folder
    #[arg(long = "controls", value_name = "DIR", help_heading = "Controls")]
    pub(crate) controls_dirs: Vec<PathBuf>,
    /// Take parameters from Kubescape's `{"postureControlInputs": …}`
    #[arg(long, value_name = "FILE", help_heading = "Controls")]
    pub(crate) kubescape_inputs: Option<PathBuf>,
    /// The version of Kubernetes to assume [default: the newest known]
    #[arg(long, value_name = "VERSION", help_heading = "Controls")]
    pub(crate) kubernetes_version: Option<KubernetesVersion>,
    /// The day to assume, for what expires [default: today]
    #[arg(long, value_name = "YYYY-MM-DD", help_heading = "Controls")]
    pub(crate) date: Option<jiff::civil::Date>,

    /// Leave findings below this severity out of the report
    #[arg(long, value_parser = severity(), value_name = "SEVERITY", help_heading = "Outcome")]
    pub(crate) min_severity: Option<Severity>,
    /// Exit with 1 when there is a new finding at or above this severity [default: high]
    #[arg(long, value_parser = threshold(), value_name = "SEVERITY", help_heading = "Outcome")]
    pub(crate) fail_on: Option<Threshold>,
    /// Exit with 2 when something could not be decided
    #[arg(long, help_heading = "Outcome")]
    pub(crate) fail_on_unknown: bool,
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
        help_heading = "Outcome"
    )]
    pub(crate) allow_problems: Vec<AllowedProblems>,
    /// Findings that this file knows do not count
    #[arg(long, value_name = "FILE", help_heading = "Outcome")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write the findings of this scan as a baseline
    #[arg(long, value_name = "FILE", help_heading = "Outcome")]
    pub(crate) write_baseline: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) charts: ChartArgs,
    /// Render each chart with each of its `ci/*-values.yaml`, too
    #[arg(long, help_heading = "Charts")]
    pub(crate) helm_ci_values: bool,

    /// Read this configuration instead of the nearest seawall.yaml above the first PATH
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "no_config",
        help_heading = "Configuration"
    )]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long, help_heading = "Configuration")]
    pub(crate) no_config: bool,
    /// Number of threads [default: one for each core]
    #[arg(long, value_name = "N", help_heading = "Configuration")]
    pub(crate) threads: Option<usize>,

    /// How to print the report [default: pretty on a terminal, else table]
    #[arg(long, value_parser = format(), value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<Format>,
    /// Write the report to a file; may be repeated. The format is the one named, else the extension's
    #[arg(
        long = "output",
        short = 'o',
        value_name = "[FORMAT=]FILE",
        help_heading = "Output"
    )]
    pub(crate) outputs: Vec<OutputArg>,
    /// Print nothing but errors
    #[arg(long, short, conflicts_with = "verbose", help_heading = "Output")]
    pub(crate) quiet: bool,
    /// Also print what is folded or skipped
    #[arg(long, short, help_heading = "Output")]
    pub(crate) verbose: bool,
    /// When to use colour
    #[arg(
        long,
        value_enum,
        default_value = "auto",
        value_name = "WHEN",
        help_heading = "Output"
    )]
    pub(crate) color: ColorChoice,
    /// Columns to use [default: the terminal's]
    #[arg(long, value_name = "COLUMNS", help_heading = "Output")]
    pub(crate) width: Option<usize>,
    /// Write where the time went to a file, as JSON
    #[arg(long, value_name = "FILE", hide = true)]
    pub(crate) timings: Option<PathBuf>,
}

/// When to use colour.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// A value of `--output`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct OutputArg {
    /// The format, when it is named.
    pub(crate) format: Option<Format>,
    /// The file.
    pub(crate) file: PathBuf,
}

impl std::str::FromStr for OutputArg {
    type Err = std::convert::Infallible;

    /// `FORMAT=FILE` where the word before `=` is a format; anything else is a file.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = text
            .split_once('=')
            .and_then(|(word, file)| Some((word.parse::<Format>().ok()?, file)));
        Ok(match named {
            Some((format, file)) => OutputArg {
                format: Some(format),
                file: file.into(),
            },
            None => OutputArg {
                format: None,
                file: text.into(),
            },
        })
    }
}

pub(super) fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::as_str))
        .try_map(|word| word.parse::<Severity>())
}

pub(super) fn threshold() -> impl TypedValueParser<Value = Threshold> {
    PossibleValuesParser::new(Threshold::WORDS).try_map(|word| word.parse::<Threshold>())
}

pub(super) fn allowed_problems() -> impl TypedValueParser<Value = AllowedProblems> {
    PossibleValuesParser::new(AllowedProblems::words())
        .try_map(|word| word.parse::<AllowedProblems>())
}

pub(crate) fn profile() -> impl TypedValueParser<Value = Profile> {
    PossibleValuesParser::new(Profile::ALL.map(Profile::as_str))
        .try_map(|word| word.parse::<Profile>())
}

fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::as_str))
        .try_map(|word| word.parse::<Format>())
}

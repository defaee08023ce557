//! The flags of `seawall fix`.

use clap::Args;

use super::{ScanArgs, TextOrJson};

/// The flags of `seawall fix`, as given: its own, and those of the scans.
#[derive(Args, Debug)]
#[command(
    mut_arg("paths", |arg| arg.help("Files, folders and globs to fix; nothing else is written")),
    mut_arg("git_changed", |arg| arg.help("Fix only what differs from where the branch left BASE, uncommitted changes included, and what refers to it")),
    mut_arg("baseline", |arg| arg.help("Findings that this file knows stay as they are")),
    mut_arg("min_severity", |arg| arg.help("Leave findings below this severity as they are")),
    mut_arg("write_baseline", |arg| arg.hide(true)),
    mut_arg("format", |arg| arg.hide(true).long("report-format")),
    mut_arg("outputs", |arg| arg.hide(true)),
    mut_arg("fail_on", |arg| arg.hide(true)),
    mut_arg("verbose", |arg| arg.help("Also list findings that no fix is known for, and those whose fix can change behaviour")),
    mut_arg("width", |arg| arg.hide(true))
)]
pub(crate) struct FixArgs {
    /// Write nothing: print what would change as a unified diff
    #[arg(long, help_heading = "Fixes")]
    pub(crate) dry_run: bool,
    /// Apply only fixes that cannot change behaviour; this is the default
    #[arg(long, conflicts_with = "unsafe_controls", help_heading = "Fixes")]
    pub(crate) safe: bool,
    /// Also apply the fixes of these controls that can change behaviour; without a control, ask for each, on a terminal
    #[arg(
        long = "unsafe",
        value_name = "CONTROL",
        num_args = 0..=1,
        value_delimiter = ',',
        default_missing_value = UnsafeArg::ASK,
        help_heading = "Fixes"
    )]
    pub(crate) unsafe_controls: Vec<UnsafeArg>,
    #[command(flatten)]
    pub(crate) scan: ScanArgs,
    /// How to print what was done
    #[arg(
        long = "format",
        value_enum,
        default_value = "text",
        value_name = "FORMAT",
        help_heading = "Output"
    )]
    pub(crate) answer_format: TextOrJson,
}

/// A value of `--unsafe`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum UnsafeArg {
    /// Ask control by control.
    Ask,
    /// This control.
    Control(String),
}

impl UnsafeArg {
    /// What stands for no value.
    const ASK: &'static str = "?";
}

impl std::str::FromStr for UnsafeArg {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            UnsafeArg::ASK => UnsafeArg::Ask,
            id => UnsafeArg::Control(id.to_owned()),
        })
    }
}

//! The flags of `seawall diff`.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use model::Severity;

use super::ScanArgs;

/// The flags of `seawall diff`, as given: its own, and those of the scans.
#[derive(Args, Debug)]
#[command(
    override_usage = "seawall diff [OPTIONS] BASE HEAD\n       seawall diff [OPTIONS] --git BASE..HEAD [PATH]...",
    mut_arg("paths", |arg| arg.help("BASE and HEAD; with `--git` the files, folders and globs to scan")),
    mut_arg("baseline", |arg| arg.hide(true)),
    mut_arg("write_baseline", |arg| arg.hide(true)),
    mut_arg("git_changed", |arg| arg.hide(true)),
    mut_arg("fail_on", |arg| arg.hide(true)),
    mut_arg("fail_on_unknown", |arg| arg.hide(true))
)]
pub(crate) struct DiffArgs {
    /// Compare two revisions: `BASE..HEAD`; `BASE...HEAD` compares with where HEAD left BASE, and `BASE` alone
    /// with the files as they are now
    #[arg(long, value_name = "BASE..HEAD", help_heading = "Comparison")]
    pub(crate) git: Option<String>,
    /// Exit with 1 when there is a new finding, or one at or above this severity
    #[arg(
        long,
        value_name = "SEVERITY",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "low",
        value_parser = severity(),
        help_heading = "Comparison"
    )]
    pub(crate) fail_on_new: Option<Severity>,
    #[command(flatten)]
    pub(crate) scan: ScanArgs,
}

fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::as_str))
        .try_map(|word| word.parse::<Severity>())
}

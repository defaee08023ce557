//! The flags of `seawall controls`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use model::{KubernetesVersion, Profile};

#[derive(Args, Debug)]
pub(crate) struct ControlsArgs {
    #[command(subcommand)]
    pub(crate) command: ControlsCommand,
}

/// The commands below `seawall controls`.
#[derive(Subcommand, Debug)]
pub(crate) enum ControlsCommand {
    /// Make the folder of a new control, with its three files
    New(NewControlArgs),
    /// Run controls over their own `fail.yaml` and `pass.yaml`
    Test(TestControlsArgs),
    /// Write controls as policies that the API server evaluates
    Export(ExportControlsArgs),
}

#[derive(Args, Debug)]
pub(crate) struct NewControlArgs {
    /// Group and id, such as `team/unpinned-base-image`: the id names what is wrong
    #[arg(value_name = "GROUP/ID")]
    pub(crate) name: String,
    /// The folder of the controls
    #[arg(long, value_name = "DIR", default_value = "controls")]
    pub(crate) dir: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct TestControlsArgs {
    /// Folders with controls, at any depth
    #[arg(value_name = "DIR", required = true)]
    pub(crate) dirs: Vec<PathBuf>,
    /// Also print what each control says about its `fail.yaml`
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ExportControlsArgs {
    /// As what to write them
    #[arg(long, value_enum, default_value = "vap")]
    pub(crate) format: ExportFormat,
    /// Export the controls of a profile [default: `default`, unless controls or frameworks are named]
    #[arg(long, value_parser = super::profile(), value_name = "PROFILE")]
    pub(crate) profile: Option<Profile>,
    /// Export this control, or those with this tag, or with this id of another scanner
    #[arg(long = "control", value_delimiter = ',', value_name = "ID")]
    pub(crate) controls: Vec<String>,
    /// Export the controls of a framework
    #[arg(long = "framework", value_delimiter = ',', value_name = "ID")]
    pub(crate) frameworks: Vec<String>,
    /// Load further controls from a folder
    #[arg(long = "controls", value_name = "DIR")]
    pub(crate) controls_dirs: Vec<PathBuf>,
    /// Write a file for each policy into this folder instead of all of them to standard output
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// What the API server does with an object that does not pass
    #[arg(
        long = "action",
        value_enum,
        value_delimiter = ',',
        default_value = "deny",
        value_name = "ACTION"
    )]
    pub(crate) actions: Vec<ExportAction>,
    /// Leave a namespace out; `none` leaves out none
    #[arg(
        long = "exclude-namespace",
        value_delimiter = ',',
        value_name = "NAMESPACE",
        default_value = "kube-system,kube-public,kube-node-lease"
    )]
    pub(crate) excluded_namespaces: Vec<String>,
    /// The version of Kubernetes to export for [default: the newest known]
    #[arg(long, value_name = "VERSION")]
    pub(crate) kubernetes_version: Option<KubernetesVersion>,
    /// Take parameters from this configuration instead of the nearest seawall.yaml
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long)]
    pub(crate) no_config: bool,
}

/// What controls can be written as.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ExportFormat {
    /// `ValidatingAdmissionPolicy` and binding
    Vap,
}

/// What a binding does with an object that does not pass.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ExportAction {
    /// Turn it away
    Deny,
    /// Let it in, and tell who sent it
    Warn,
    /// Let it in, and write it into the audit log
    Audit,
}

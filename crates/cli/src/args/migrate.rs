//! The flags of `seawall migrate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::TextOrJson;

/// The flags of `seawall migrate`, as given.
#[derive(Args, Debug)]
pub(crate) struct MigrateArgs {
    /// Files of the other scanner; of folders, the files that it looks for by itself, and manifests with its comments or annotations
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// The scanner to move in from
    #[arg(long, value_enum, value_name = "SCANNER")]
    pub(crate) from: PeerArg,
    /// Write seawall.yaml to this file instead of standard output; paths in it are relative to its folder
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace the output when it exists
    #[arg(long, requires = "output")]
    pub(crate) force: bool,
    /// Also write comments of Seawall into manifests, above the other scanner's
    #[arg(long)]
    pub(crate) edit: bool,
    /// How to print: seawall.yaml, or everything for programs
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: TextOrJson,
    /// Also know the controls of this folder
    #[arg(long = "controls", value_name = "DIR")]
    pub(crate) controls_dirs: Vec<PathBuf>,
}

/// A scanner that people come from.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PeerArg {
    /// Exceptions, inputs of controls, `SecurityException` objects
    Kubescape,
    /// `.trivyignore`, `.trivyignore.yaml`, `trivy.yaml`, comments
    Trivy,
    /// `.checkov.yaml`, `.checkov.baseline`, annotations
    Checkov,
    /// `.kube-linter.yaml`, annotations
    KubeLinter,
}

impl From<PeerArg> for migrate::Peer {
    fn from(peer: PeerArg) -> Self {
        match peer {
            PeerArg::Kubescape => migrate::Peer::Kubescape,
            PeerArg::Trivy => migrate::Peer::Trivy,
            PeerArg::Checkov => migrate::Peer::Checkov,
            PeerArg::KubeLinter => migrate::Peer::KubeLinter,
        }
    }
}

//! The flags of `seawall cluster`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use super::ScanArgs;

/// The flags of `seawall cluster`, as given: its own, and those of a scan that have a meaning here.
#[derive(Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    mut_arg("paths", |arg| arg.hide(true)),
    mut_arg("exclude", |arg| arg.hide(true)),
    mut_arg("complete", |arg| arg.hide(true)),
    mut_arg("git_changed", |arg| arg.hide(true)),
    mut_arg("values", |arg| arg.hide(true)),
    mut_arg("set", |arg| arg.hide(true)),
    mut_arg("set_string", |arg| arg.hide(true)),
    mut_arg("set_file", |arg| arg.hide(true)),
    mut_arg("set_json", |arg| arg.hide(true)),
    mut_arg("set_literal", |arg| arg.hide(true)),
    mut_arg("release_name", |arg| arg.hide(true)),
    mut_arg("namespace", |arg| arg.hide(true).long("release-namespace")),
    mut_arg("api_versions", |arg| arg.hide(true)),
    mut_arg("seed", |arg| arg.hide(true)),
    mut_arg("helm_ci_values", |arg| arg.hide(true)),
    mut_arg("kubernetes_version", |arg| arg.help("The version of Kubernetes to assume [default: that of the server]"))
)]
pub(crate) struct ClusterArgs {
    #[command(subcommand)]
    pub(crate) command: Option<ClusterCommand>,
    #[command(flatten)]
    pub(crate) access: AccessArgs,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
    /// Write what was read to a file, without the data of Secrets: other commands take it as a PATH
    #[arg(long, value_name = "FILE", help_heading = "Cluster")]
    pub(crate) save: Option<PathBuf>,
    /// Read this file that `--save` wrote instead of a cluster
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["save", "kubeconfig", "context", "namespaces", "excluded_namespaces", "kinds", "selector", "node_config", "feature_gates"],
        help_heading = "Cluster"
    )]
    pub(crate) snapshot: Option<PathBuf>,
    /// Go on watching: print findings as they appear (`+`) and go (`-`), until interrupted
    #[arg(long, conflicts_with = "snapshot", help_heading = "Cluster")]
    pub(crate) watch: bool,
    /// The database of published vulnerabilities, to tell those of the versions that run; `sample` for one of four advisories
    /// [default: advisories.db in the user's data folder, if it is there]
    #[arg(long, value_name = "FILE", help_heading = "Cluster")]
    pub(crate) db: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) scan: ScanArgs,
}

#[derive(Subcommand, Debug)]
pub(crate) enum ClusterCommand {
    /// Print the least role that reading the cluster needs; with `--namespace`, one for each
    Permissions(PermissionsArgs),
}

/// The flags of `seawall cluster permissions`.
#[derive(Args, Debug)]
pub(crate) struct PermissionsArgs {
    /// Also what `--watch` needs
    #[arg(long, help_heading = "Cluster")]
    pub(crate) watch: bool,
    #[command(flatten)]
    pub(crate) access: AccessArgs,
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
}

/// Which cluster, and how fast.
#[derive(Args, Debug)]
#[command(next_help_heading = "Cluster")]
pub(crate) struct AccessArgs {
    /// The kubeconfig [default: $KUBECONFIG, else ~/.kube/config, else the service account of the pod around]
    #[arg(long, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// The context in the kubeconfig [default: its current one]
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
    /// Requests a second, on average
    #[arg(long, value_name = "N", default_value_t = 50.0, value_parser = qps)]
    pub(crate) qps: f64,
    /// Objects that one answer of the API server may hold
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) page_size: u32,
}

/// Which part of it.
#[derive(Args, Debug)]
#[command(next_help_heading = "Cluster")]
pub(crate) struct ScopeArgs {
    /// Read only this namespace; may be repeated. What lives in no namespace is not read then
    #[arg(id = "namespaces", long = "namespace", short = 'n', value_name = "NAMESPACE", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    pub(crate) namespaces: Vec<String>,
    /// Leave this namespace out; may be repeated
    #[arg(id = "excluded_namespaces", long = "exclude-namespace", value_name = "NAMESPACE", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    pub(crate) excluded_namespaces: Vec<String>,
    /// Read only these kinds: `Deployment`, `deployments.apps`, `deploy`
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    pub(crate) kinds: Vec<String>,
    /// Read only objects that this label selector selects
    #[arg(long, short = 'l', value_name = "SELECTOR", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) selector: Option<String>,
    /// Also read what the kubelet of each node runs with; needs `get` on `nodes/proxy`, which allows more than reading
    #[arg(long, conflicts_with = "namespaces")]
    pub(crate) node_config: bool,
    /// Also read which feature gates the API server has on; needs `get` on the path `/metrics`
    #[arg(long, conflicts_with = "namespaces")]
    pub(crate) feature_gates: bool,
}

fn qps(text: &str) -> Result<f64, String> {
    let qps: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.1..=10_000.0).contains(&qps) {
        Ok(qps)
    } else {
        Err("must be from 0.1 to 10000".to_owned())
    }
}

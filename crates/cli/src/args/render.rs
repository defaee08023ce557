//! The flags of `seawall render`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::{ChartArgs, ColorChoice};

/// The flags of `seawall render`, as given.
#[derive(Args, Debug)]
pub(crate) struct RenderArgs {
    /// The folder of a chart or a kustomization, or the `.tgz` of a chart
    #[arg(value_name = "PATH", default_value = ".", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) path: String,
    /// Add comments that say where each object and each decided field comes from
    #[arg(long)]
    pub(crate) show_provenance: bool,
    /// Also print the files of a chart's `crds/`
    #[arg(long)]
    pub(crate) include_crds: bool,
    #[command(flatten)]
    pub(crate) charts: ChartArgs,
    /// The version of Kubernetes that charts see [default: the newest known]
    #[arg(long, value_name = "VERSION", help_heading = "Charts")]
    pub(crate) kubernetes_version: Option<String>,
    /// When to use colour, in what is wrong
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: ColorChoice,
}

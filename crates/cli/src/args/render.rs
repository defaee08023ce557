//! The flags of `seawall render`.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::ColorChoice;

/// The flags of `seawall render`, as given.
#[derive(Args, Debug)]
pub(crate) struct RenderArgs {
    /// The folder of a kustomization
    #[arg(value_name = "PATH", default_value = ".", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) path: String,
    /// Add comments that say where each object and each decided field comes from
    #[arg(long)]
    pub(crate) show_provenance: bool,
    /// When to use colour, in what is wrong
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: ColorChoice,
}

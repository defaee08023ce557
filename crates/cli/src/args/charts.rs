//! The flags that say how charts are rendered: those of `helm template`.

use std::path::PathBuf;

use clap::Args;
use manifests::{Flag, FlagKind};

/// How charts are rendered, as given.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Charts")]
pub(crate) struct ChartArgs {
    /// Render charts with this file of values; may be repeated, the last one wins
    #[arg(long = "values", short = 'f', value_name = "FILE")]
    pub(crate) values: Vec<PathBuf>,
    /// Set values: `key1=value1,key2=value2`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Set values that are strings whatever they look like
    #[arg(long = "set-string", value_name = "KEY=VALUE")]
    pub(crate) set_string: Vec<String>,
    /// Set values to what files say: `key1=path1,key2=path2`
    #[arg(long = "set-file", value_name = "KEY=FILE")]
    pub(crate) set_file: Vec<String>,
    /// Set values to JSON: `key=[1, 2]`, or a whole object
    #[arg(long = "set-json", value_name = "KEY=JSON")]
    pub(crate) set_json: Vec<String>,
    /// Set a value to a text as it is
    #[arg(long = "set-literal", value_name = "KEY=TEXT")]
    pub(crate) set_literal: Vec<String>,
    /// The name of the release [default: release-name]
    #[arg(long, value_name = "NAME")]
    pub(crate) release_name: Option<String>,
    /// The namespace of the release, and of its objects that name none [default: default]
    #[arg(long, value_name = "NAMESPACE")]
    pub(crate) namespace: Option<String>,
    /// API versions that charts find besides those of Kubernetes, such as `monitoring.coreos.com/v1`
    #[arg(
        long = "api-versions",
        short = 'a',
        value_name = "VERSION",
        value_delimiter = ','
    )]
    pub(crate) api_versions: Vec<String>,
    /// What random values in charts begin with: the same number makes the same passwords
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0,
        hide_default_value = true
    )]
    pub(crate) seed: u64,
}

impl ChartArgs {
    /// The flags that set single values.
    pub(crate) fn flags(&self) -> Vec<Flag> {
        let kinds = [
            (FlagKind::SetJson, &self.set_json),
            (FlagKind::Set, &self.set),
            (FlagKind::SetString, &self.set_string),
            (FlagKind::SetFile, &self.set_file),
            (FlagKind::SetLiteral, &self.set_literal),
        ];
        let flags = kinds
            .into_iter()
            .flat_map(|(kind, texts)| texts.iter().map(move |text| Flag::new(kind, text)));
        flags.collect()
    }
}

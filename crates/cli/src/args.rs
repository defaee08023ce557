//! The command line as clap sees it. These types stay in this crate, and end where
//! [`Settings`](crate::settings::Settings) begin.

mod answers;
mod charts;
mod cluster;
mod controls;
mod diff;
mod fix;
mod later;
mod migrate;
mod network;
mod packages;
mod paths;
mod rbac;
mod registries;
mod render;
mod scan;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use answers::{AnswerFormat, CheckFormat, PictureFormat, Printing, Reading, TextOrJson};
pub(crate) use charts::ChartArgs;
pub(crate) use cluster::{AccessArgs, ClusterArgs, ClusterCommand, PermissionsArgs, ScopeArgs};
pub(crate) use controls::{
    ControlsArgs, ControlsCommand, ExportAction, ExportControlsArgs, NewControlArgs,
    TestControlsArgs,
};
pub(crate) use diff::DiffArgs;
pub(crate) use fix::{FixArgs, UnsafeArg};
use later::Later;
pub(crate) use migrate::MigrateArgs;
pub(crate) use network::{
    ExposedArgs, NetworkArgs, NetworkCheckArgs, NetworkGraphArgs, NetworkQuestion, ReachArgs,
    SuggestArgs, YamlOrJson, port,
};
pub(crate) use packages::{
    BuildArgs, DbArgs, DbCommand, DbFile, FileArgs, FsArgs, ImageArgs, ImageFrom, PackageArgs,
    PackageFormatArg, SbomArgs, UpdateArgs, VerifyArgs,
};
pub(crate) use paths::PathsArgs;
pub(crate) use rbac::{
    AskedArgs, CanArgs, DiffFormat, ExplainSubjectArgs, GraphArgs, ListSubjectsArgs, MinimizeArgs,
    MinimizeFormat, RbacArgs, RbacCheckArgs, RbacDiffArgs, RbacQuestion, Shown, WhoCanArgs,
};
pub(crate) use registries::RegistryArgs;
pub(crate) use render::RenderArgs;
pub(crate) use scan::{ColorChoice, OutputArg, ScanArgs, profile};

/// Finds what an attacker could do with your Kubernetes, at the line, and says what to change.
#[derive(Parser, Debug)]
#[command(
    name = "seawall",
    version,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Scan manifests in files and folders
    Scan(Later<ScanArgs>),
    /// Scan a running cluster, read-only
    ///
    /// Reads everything that the API server lists, custom resources too, and evaluates what a scan of files evaluates. What may not be read is a
    /// problem that names the permission. What a controller made is reported at its owner. Exits as a scan does.
    Cluster(Later<ClusterArgs>),
    /// Compare two scans: what is new, fixed and unchanged
    ///
    /// BASE and HEAD are JSON reports, or files or folders to scan. Findings are recognised by their fingerprints, so that what was
    /// moved, reordered or written differently is unchanged.
    Diff(Later<DiffArgs>),
    /// Fix findings in the files that their authors wrote: manifests, values, templates, patches and bases
    ///
    /// Every edit is proven by a scan before it is written: the finding is gone, nothing else changed. Comments and layout stay. Exits with 0 when every
    /// fix that was asked for is applied, with 1 when one is not, with 2 when something could not be read.
    Fix(Later<FixArgs>),
    /// Print what a chart or a kustomization renders to: what a scan looks at
    Render(Later<RenderArgs>),
    /// Write controls of your own, test them, and export them
    Controls(Later<ControlsArgs>),
    /// Explain a control: why it matters, what to change, before and after; what a framework asks for; or what is published of a flaw
    Explain(Later<ExplainArgs>),
    /// List controls or frameworks
    List(Later<ListArgs>),
    /// Move in from another scanner: its exceptions, settings and ignore files become seawall.yaml
    ///
    /// What has no counterpart is listed on standard error, each with its place, the reason and what to do instead. `docs/migrate.md` says
    /// what becomes of everything that the other scanner's documentation names. Exits with 0 when everything was taken over, with 1 when something
    /// has no counterpart or a comment is left to write, and with 2 when something could not be read.
    Migrate(Later<MigrateArgs>),
    /// Find the packages of an image that published vulnerabilities affect
    ///
    /// Reads archives and layouts where they lie, and images of registries as they come: nothing is unpacked to the disk. What an image cannot be
    /// read for is told; then the command exits with 2.
    Image(Later<ImageArgs>),
    /// Find the packages of a folder that published vulnerabilities affect: the root of a system, or a project
    Fs(Later<FsArgs>),
    /// Find the packages of a bill of materials that published vulnerabilities affect
    Sbom(Later<SbomArgs>),
    /// The database of published vulnerabilities
    Db(Later<DbArgs>),
    /// Who can do what, why, and what a change does to it
    Rbac(Later<RbacArgs>),
    /// Who can talk to whom, and what is reached from outside
    Network(Later<NetworkArgs>),
    /// Find attack paths: how whoever is outside, or in a pod, gets to the cluster, its nodes and its Secrets
    Paths(Later<PathsArgs>),
    /// Hold lines `A < B`, `A = B`, `A > B` against the version order of an ecosystem
    VersionCompare(Later<VersionCompareArgs>),
    /// Print completions for a shell
    Completions(Later<CompletionsArgs>),
    /// Print the man page
    Man,
    /// Print a page or a schema that is made from the program itself
    #[command(hide = true)]
    Generate(Later<GenerateArgs>),
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// Id of a control, another scanner's id for the same thing, a framework, FRAMEWORK/REQUIREMENT, or an id of an advisory (`CVE-…`, `GHSA-…`,
    /// that of a distribution)
    #[arg(value_name = "CONTROL|ALIAS|FRAMEWORK|ADVISORY")]
    pub(crate) what: String,
    #[command(flatten)]
    pub(crate) database: DbFile,
    /// How to print what is known of an advisory
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: ExplainFormat,
    /// Also look in this folder
    #[arg(long = "controls", value_name = "DIR")]
    pub(crate) controls_dirs: Vec<PathBuf>,
    /// When to use colour
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: ColorChoice,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ExplainFormat {
    /// A page for people
    Text,
    /// JSON
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// What to list
    #[arg(value_enum)]
    pub(crate) what: Listed,
    /// How to print the list
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: ListFormat,
    /// How much of each framework controls decide
    #[arg(long)]
    pub(crate) coverage: bool,
    /// Also list the controls of this folder
    #[arg(long = "controls", value_name = "DIR")]
    pub(crate) controls_dirs: Vec<PathBuf>,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Listed {
    /// Everything Seawall can find
    Controls,
    /// Published benchmarks, as requirements and the controls that evidence them
    Frameworks,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ListFormat {
    /// For people
    Text,
    /// An array
    Json,
    /// One row each
    Csv,
}

#[derive(Args, Debug)]
pub(crate) struct VersionCompareArgs {
    /// An ecosystem as advisories name it (`Debian`, `PyPI`, `npm`), or a type of package URLs (`deb`, `pypi`)
    #[arg(value_name = "ECOSYSTEM")]
    pub(crate) ecosystem: String,
    /// Read the lines from this file instead of standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub(crate) file: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
pub(crate) struct GenerateArgs {
    /// What to print
    #[arg(value_enum)]
    pub(crate) what: Generated,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Generated {
    /// The reference of the command line, in Markdown
    CliReference,
    /// The reference of seawall.yaml, in Markdown
    ConfigReference,
    /// The JSON schema of seawall.yaml
    ConfigSchema,
    /// The JSON schema of what `seawall network check` expects
    ExpectationsSchema,
}

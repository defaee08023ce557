//! The flags of `seawall image`, `fs`, `sbom` and `db`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::registries::RegistryArgs;
use super::scan::profile;
use crate::threshold::Threshold;

/// Where the database lies.
#[derive(Args, Debug)]
pub(crate) struct DbFile {
    /// The database, or `sample` for one of four advisories [default: advisories.db in the user's data folder, where
    /// `seawall db update` puts it]
    #[arg(long = "db", value_name = "FILE", global = true)]
    pub(crate) db: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct SbomArgs {
    /// `CycloneDX` in JSON or XML, `SPDX` 2 or 3 in JSON; `-` reads standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) packages: PackageArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ImageArgs {
    /// A file or folder: an archive (`docker save`, OCI; also compressed) or an OCI layout, with `:NAME` where it holds several images; `-` reads an
    /// archive from standard input. Else an image of a registry: `registry.example.com/shop/web:1.2`, `nginx`, `NAME@DIGEST`
    #[arg(value_name = "TAR|LAYOUT[:NAME]|IMAGE")]
    pub(crate) image: String,
    /// Where to look for the image [default: files and folders, then the registry]
    #[arg(long, value_enum, value_name = "SOURCE")]
    pub(crate) from: Option<ImageFrom>,
    #[command(flatten)]
    pub(crate) registries: RegistryArgs,
    /// Look at the image for this platform [default: Linux on this machine's architecture, where there are several]
    #[arg(long, value_name = "OS/ARCH[/VARIANT]")]
    pub(crate) platform: Option<images::Platform>,
    /// Read every layer again, and keep nothing of what is in it
    #[arg(long)]
    pub(crate) no_cache: bool,
    #[command(flatten)]
    pub(crate) files: FileArgs,
    #[command(flatten)]
    pub(crate) packages: PackageArgs,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ImageFrom {
    /// A file or folder
    File,
    /// The registry that the name of the image says
    Registry,
    /// The docker engine on this machine
    Docker,
    /// The podman service on this machine
    Podman,
    /// What containerd keeps on this machine, by digest: `NAME@sha256:…`
    Containerd,
}

#[derive(Args, Debug)]
pub(crate) struct FsArgs {
    /// The root of a system, or a project
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    #[command(flatten)]
    pub(crate) files: FileArgs,
    #[command(flatten)]
    pub(crate) packages: PackageArgs,
}

/// What else is looked at than packages, where there are files.
#[derive(Args, Debug)]
pub(crate) struct FileArgs {
    /// Do not look for credentials in files
    #[arg(long)]
    pub(crate) no_secrets: bool,
    /// Look for further kinds of credentials, which a file of patterns tells of
    #[arg(long, value_name = "FILE", conflicts_with = "no_secrets")]
    pub(crate) secret_patterns: Option<PathBuf>,
    /// Do not look at how images are built: Dockerfiles, and the configuration of an image
    #[arg(long)]
    pub(crate) no_controls: bool,
    /// Which controls to run on that: `default` (security, few false alarms), `strict` (best practice too), `all`
    #[arg(long, value_parser = profile(), value_name = "PROFILE")]
    pub(crate) profile: Option<model::Profile>,
}

/// What every command that looks packages up has.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct PackageArgs {
    #[command(flatten)]
    pub(crate) database: DbFile,
    /// Exit with 2 when the data is older
    #[arg(long, value_name = "DAYS")]
    pub(crate) max_db_age: Option<u32>,
    /// Leave out what has no fix
    #[arg(long)]
    pub(crate) only_fixed: bool,
    /// Leave out what is less likely exploited (EPSS, from 0 to 1)
    #[arg(long, value_name = "PROBABILITY")]
    pub(crate) min_epss: Option<f64>,
    /// Leave out what is not known to be exploited
    #[arg(long)]
    pub(crate) kev: bool,
    /// Exit with 1 when there is a finding at or above this severity
    #[arg(long, default_value = "high", value_name = "SEVERITY")]
    pub(crate) fail_on: Threshold,
    /// How to print the report
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: PackageFormatArg,
    /// List every package, not only those with findings
    #[arg(long)]
    pub(crate) list_packages: bool,
    /// The day to tell the age of the data by, and what expires [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<jiff::civil::Date>,
    /// What a VEX document states of flaws (`OpenVEX`, CSAF, `CycloneDX`); may be repeated, the last that fits decides
    #[arg(long, value_name = "FILE")]
    pub(crate) vex: Vec<PathBuf>,
    /// Findings that this file knows do not count
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write the findings as a baseline
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Read this configuration instead of the nearest seawall.yaml
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long)]
    pub(crate) no_config: bool,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PackageFormatArg {
    /// One line a finding
    Table,
    /// Counts alone
    Summary,
    /// The versioned report
    Json,
    /// SARIF 2.1.0, for code scanning services
    Sarif,
    /// `JUnit` XML, for CI servers
    Junit,
    /// A bill of materials with its vulnerabilities: `CycloneDX` 1.6
    Cyclonedx,
    /// A bill of materials: SPDX 2.3
    Spdx,
    /// A bill of materials: SPDX 3.0 in JSON-LD
    Spdx3,
    /// What is decided of the flaws: `OpenVEX` 0.2.0
    Openvex,
}

#[derive(Args, Debug)]
pub(crate) struct DbArgs {
    #[command(subcommand)]
    pub(crate) command: DbCommand,
    #[command(flatten)]
    pub(crate) database: DbFile,
}

#[derive(Subcommand, Debug)]
pub(crate) enum DbCommand {
    /// Make a database of advisories and feeds
    Build(BuildArgs),
    /// Fetch a database, or what is new of it
    Update(UpdateArgs),
    /// Say what the database is made of and how old it is
    Status {
        /// The day to tell the age of the data by [default: today]
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Option<jiff::civil::Date>,
    },
    /// Hold the content against its digest, and the signature against keys
    Verify(VerifyArgs),
    /// Say what is known of a package, or of an advisory
    Query(QueryArgs),
    /// Make a key to sign databases with: a secret file, and beside it the public key
    Keygen {
        /// The file of the secret key; the public key goes to FILE.pub
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Args, Debug)]
pub(crate) struct BuildArgs {
    /// OSV records: folders, archives (tar, zip, gzip, Zstandard) and files, in JSON and YAML
    #[arg(long, value_name = "PATH", num_args = 1.., required_unless_present = "feeds")]
    pub(crate) osv: Vec<PathBuf>,
    /// Feeds of any known kind, recognised by what they hold
    #[arg(long = "feed", value_name = "PATH", num_args = 1..)]
    pub(crate) feeds: Vec<PathBuf>,
    /// Where to write the database
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// The day of the data [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<jiff::civil::Date>,
    /// Sign the database with the secret key of this file
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Also write the database as a mirror from which updates fetch only what is new
    #[arg(long, value_name = "DIR")]
    pub(crate) mirror: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct UpdateArgs {
    /// A database file, a mirror's folder, `https://…` of either (a mirror ends in `/`), or `oci://REGISTRY/NAME:TAG`
    #[arg(long, value_name = "WHERE")]
    pub(crate) from: String,
    /// Take only what this public key signed: 64 hexadecimal digits, or a file of them
    #[arg(long, value_name = "KEY")]
    pub(crate) public_key: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct VerifyArgs {
    /// Also fail unless this public key signed it: 64 hexadecimal digits, or a file of them
    #[arg(long, value_name = "KEY")]
    pub(crate) public_key: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct QueryArgs {
    /// An id of an advisory, a package URL, or the name of a package
    #[arg(value_name = "PACKAGE|ID")]
    pub(crate) what: String,
}

//! The flags of `seawall rbac`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand, ValueEnum};
use model::Severity;

use super::answers::{AnswerFormat, CheckFormat, PictureFormat, Printing, Reading, TextOrJson};
use super::scan::severity;

#[derive(Args, Debug)]
pub(crate) struct RbacArgs {
    #[command(subcommand)]
    pub(crate) question: RbacQuestion,
}

#[derive(Subcommand, Debug)]
pub(crate) enum RbacQuestion {
    /// Who can do something, and what allows it
    WhoCan(WhoCanArgs),
    /// Whether a subject can do something, and what allows it: exits with 0 for yes, 1 for no
    Can(CanArgs),
    /// Whether permissions are as `SubjectAccessReviews` in a file expect them: exits with 1 when one is not
    Check(RbacCheckArgs),
    /// Everything that a subject can do, and what it can become
    Explain(ExplainSubjectArgs),
    /// Subjects by how dangerous they are, bindings, and roles that nobody has
    List(ListSubjectsArgs),
    /// What subjects gain and lose from one version of the manifests to another
    Diff(RbacDiffArgs),
    /// The least roles for what a subject does, and what of its present permissions is not used
    Minimize(MinimizeArgs),
    /// Draw who has which permissions
    Graph(GraphArgs),
}

/// Something that can be done.
#[derive(Args, Debug)]
pub(crate) struct AskedArgs {
    /// `get`, `list`, `create`, `bind`, …
    #[arg(value_name = "VERB", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) verb: String,
    /// `secrets`, `deployments.apps`, `pods/exec`, or a path such as `/metrics`
    #[arg(value_name = "RESOURCE", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) resource: String,
    /// The name of one object, then files, folders and globs to read [default: .]; `-` reads standard input
    #[arg(value_name = "NAME|PATH")]
    pub(crate) rest: Vec<String>,
    /// The name of one object, where it could be taken for a path
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Ask for one namespace [default: anywhere]
    #[arg(
        id = "asked_namespace",
        long = "namespace",
        short = 'n',
        value_name = "NAMESPACE",
        conflicts_with = "all_namespaces"
    )]
    pub(crate) namespace: Option<String>,
    /// Ask for all namespaces at once
    #[arg(long, short = 'A')]
    pub(crate) all_namespaces: bool,
}

#[derive(Args, Debug)]
pub(crate) struct WhoCanArgs {
    #[command(flatten)]
    pub(crate) asked: AskedArgs,
    /// Also who could get there: by becoming someone who can
    #[arg(long)]
    pub(crate) escalation: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How to print the answer
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub(crate) format: AnswerFormat,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

#[derive(Args, Debug)]
pub(crate) struct CanArgs {
    /// `sa:NAMESPACE/NAME`, `user:NAME`, `group:NAME`, `system:serviceaccount:NAMESPACE:NAME`
    #[arg(value_name = "SUBJECT", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) subject: String,
    #[command(flatten)]
    pub(crate) asked: AskedArgs,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How to print the answer
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub(crate) format: AnswerFormat,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

#[derive(Args, Debug)]
pub(crate) struct RbacCheckArgs {
    /// `SubjectAccessReviews`, as YAML or JSON: `spec` asks, `status.allowed` says what is expected; `-` reads standard input
    #[arg(value_name = "REVIEWS")]
    pub(crate) reviews: String,
    /// Files, folders and globs with the permissions; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<String>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How to print the answers
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub(crate) format: CheckFormat,
    /// Also print those that are as expected
    #[arg(long, short, help_heading = "Output")]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainSubjectArgs {
    /// `sa:NAMESPACE/NAME`, `user:NAME`, `group:NAME`, `system:serviceaccount:NAMESPACE:NAME`
    #[arg(value_name = "SUBJECT", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) subject: String,
    /// Files, folders and globs to read; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<String>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How to print the answer
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub(crate) format: AnswerFormat,
    /// Also print what is shortened otherwise
    #[arg(long, short, help_heading = "Output")]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

#[derive(Args, Debug)]
pub(crate) struct ListSubjectsArgs {
    /// Files, folders and globs to read; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<String>,
    /// What to list [default: all of them]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT")]
    pub(crate) show: Vec<Shown>,
    /// Only subjects at least so dangerous
    #[arg(long, value_parser = severity(), value_name = "SEVERITY")]
    pub(crate) min_severity: Option<Severity>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How to print the list
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub(crate) format: TextOrJson,
    /// Also print what is shortened otherwise
    #[arg(long, short, help_heading = "Output")]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shown {
    /// Users, groups and service accounts, the most dangerous first
    Subjects,
    /// Bindings, with their roles and subjects
    Bindings,
    /// Roles that no binding gives to anybody
    Roles,
}

#[derive(Args, Debug)]
pub(crate) struct RbacDiffArgs {
    /// The manifests before and after; with `--git` what to read of both revisions [default: .]
    #[arg(value_name = "BASE HEAD|PATH")]
    pub(crate) paths: Vec<String>,
    /// Compare two revisions of the repository; one alone is compared with the files as they are
    #[arg(long, value_name = "BASE[..HEAD]")]
    pub(crate) git: Option<String>,
    /// Exit with 1 when a subject gains something
    #[arg(long)]
    pub(crate) fail_on_gain: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How to print the comparison
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub(crate) format: DiffFormat,
    /// Also print what is shortened otherwise
    #[arg(long, short, help_heading = "Output")]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum DiffFormat {
    /// For people
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For programs
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct MinimizeArgs {
    /// `sa:NAMESPACE/NAME`, `user:NAME`, `group:NAME`, `system:serviceaccount:NAMESPACE:NAME`
    #[arg(value_name = "SUBJECT", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) subject: String,
    /// Files, folders and globs with the permissions; `-` reads standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<String>,
    /// Kubernetes audit events, one JSON object a line, also compressed with gzip; several times for several files
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) audit_log: Vec<PathBuf>,
    /// Name single objects as long as there are not more
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    pub(crate) max_names: usize,
    /// Make a Role for each namespace as long as there are not more
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    pub(crate) max_namespaces: usize,
    /// The name of the new roles and bindings [default: the subject's, with `-least`]
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) role_name: Option<String>,
    /// Exit with 1 when something of the present permissions is not needed
    #[arg(long)]
    pub(crate) fail_on_unused: bool,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How to print the answer
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    pub(crate) format: MinimizeFormat,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum MinimizeFormat {
    /// For people
    Text,
    /// The new roles and bindings alone
    Yaml,
    /// For programs
    Json,
}

#[derive(Args, Debug)]
pub(crate) struct GraphArgs {
    /// A subject to look from, as `sa:NAMESPACE/NAME`, `user:NAME` or `group:NAME`; then files, folders and globs to
    /// read [default: .]
    #[arg(value_name = "SUBJECT|PATH")]
    pub(crate) rest: Vec<String>,
    /// How many escalations to follow from the subject
    #[arg(long, value_name = "STEPS", default_value_t = 1)]
    pub(crate) depth: u32,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How to draw
    #[arg(long, value_enum, default_value = "svg", help_heading = "Output")]
    pub(crate) format: PictureFormat,
    #[command(flatten)]
    pub(crate) printing: Printing,
}

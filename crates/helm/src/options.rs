//! What a rendering is asked for.

use std::sync::Arc;

use document::{Document, Keys, Source};

use crate::error::Place;
use crate::folder::Folder;

/// How to render a chart. The defaults are those of `helm template`.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of Helm's")]
pub struct Options<'o> {
    /// `.Release.Name`.
    pub release_name: String,
    /// `.Release.Namespace`.
    pub namespace: String,
    /// Whether `.Release` says that it is an upgrade.
    pub is_upgrade: bool,
    /// `.Capabilities.KubeVersion`, such as `1.34` or `v1.34.2`.
    pub kubernetes_version: String,
    /// What `.Capabilities.APIVersions` has besides the built-in ones.
    pub api_versions: Vec<String>,
    /// Files of values and the like, the later ones over the earlier ones.
    pub values: Vec<Given>,
    /// Flags that set single values. Helm applies them kind by kind, in the order of [`FlagKind`].
    pub flags: Vec<Flag>,
    /// Where the files of `--set-file` are; without it there are none.
    pub flag_files: Option<&'o dyn Folder>,
    /// Whether the files of `crds/` are printed, too.
    pub include_crds: bool,
    /// Whether hooks are left out.
    pub no_hooks: bool,
    /// Whether tests are left out.
    pub skip_tests: bool,
    /// Print only what these templates print: paths in the chart, or patterns with `*`.
    pub show_only: Vec<String>,
    /// Whether values may contradict `values.schema.json`.
    pub skip_schema_validation: bool,
    /// What random functions begin with: the same seed makes the same passwords.
    pub seed: u64,
    /// The time that `now` gives, in seconds since 1970.
    pub now: i64,
    /// Whether to make a [`Document`](document::Document) that knows the origin of every node.
    pub origins: bool,
    /// The table of keys of that document.
    pub keys: Arc<Keys>,
    /// How much the rendering may use.
    pub limits: Limits,
    /// Whether the memory of templates and values is left to the end of the process: quicker where that is near.
    pub leaks: bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            release_name: "release-name".to_owned(),
            namespace: "default".to_owned(),
            is_upgrade: false,
            kubernetes_version: "1.36.0".to_owned(),
            api_versions: Vec::new(),
            values: Vec::new(),
            flags: Vec::new(),
            flag_files: None,
            include_crds: false,
            no_hooks: false,
            skip_tests: false,
            show_only: Vec::new(),
            skip_schema_validation: false,
            seed: 0,
            now: 0,
            origins: false,
            keys: Arc::new(Keys::new([])),
            limits: Limits::default(),
            leaks: false,
        }
    }
}

impl Options<'_> {
    /// Drops something large, unless its memory may be left.
    pub(crate) fn discard<T>(&self, used: T) {
        if self.leaks {
            std::mem::forget(used);
        }
    }
}

/// Values that are given.
#[derive(Clone, Debug)]
pub enum Given {
    /// A file of them (`--values`).
    File(Arc<Source>),
    /// What lies in another file. Its roots are merged, the later ones over the earlier ones.
    Document(Arc<Document>),
}

/// A flag that sets values.
#[derive(Clone, Debug)]
pub struct Flag {
    /// Which flag.
    pub kind: FlagKind,
    /// Its argument, such as `image.tag=1.2,replicas=3`.
    pub text: String,
    /// Where that is written, if it is in a file. What it sets has its origin there, instead of in a source that is
    /// called like the flag and has the argument as its text.
    pub place: Option<Place>,
}

impl Flag {
    /// A flag of a command line.
    pub fn new(kind: FlagKind, text: impl Into<String>) -> Self {
        Flag {
            kind,
            text: text.into(),
            place: None,
        }
    }
}

/// The flags that set values, in the order in which Helm applies them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum FlagKind {
    /// `--set-json`: `key=JSON`, or a whole object.
    SetJson,
    /// `--set`: `key=value`, where the value may be a number, a boolean, null or a list.
    Set,
    /// `--set-string`: the value is a string whatever it looks like.
    SetString,
    /// `--set-file`: the value is what a file says.
    SetFile,
    /// `--set-literal`: the value is all that follows, without escapes and lists.
    SetLiteral,
}

impl FlagKind {
    /// The flag as it is written.
    pub fn name(self) -> &'static str {
        match self {
            FlagKind::SetJson => "--set-json",
            FlagKind::Set => "--set",
            FlagKind::SetString => "--set-string",
            FlagKind::SetFile => "--set-file",
            FlagKind::SetLiteral => "--set-literal",
        }
    }
}

/// What a chart and its rendering may use. A limit that is hit is an [`Error`](crate::Error).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of all files that are read, archives unpacked.
    pub bytes: u64,
    /// Files of a chart with all its dependencies.
    pub files: usize,
    /// Folders in folders, and charts in charts.
    pub depth: usize,
    /// Charts that take part, each as often as an alias makes another one of it.
    pub charts: usize,
    /// Keys, certificates and hashes of passwords, which take long by design: about so many milliseconds.
    pub effort: u32,
    /// Limits on each text of YAML.
    pub yaml: document::Limits,
    /// Limits of executing the templates.
    pub templates: gotemplate::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 100 << 20,
            files: 20_000,
            depth: 32,
            charts: 2_000,
            effort: 2_500,
            yaml: document::Limits::default(),
            templates: gotemplate::Limits::default(),
        }
    }
}

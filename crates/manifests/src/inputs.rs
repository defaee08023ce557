//! What a scan was asked to look at.

use std::path::{Path, PathBuf};

use ignore::overrides::{Override, OverrideBuilder};

use crate::charts::ChartOptions;
use crate::file::Texts;

/// The name of standard input in reports.
pub const STDIN_NAME: &str = "<stdin>";

/// What a scan was asked to look at, as the command line says it.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// Files, folders and globs, relative to the root; `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// Globs in the style of `.gitignore`, relative to the root: what walks and globs leave out.
    /// A file that is named itself is read all the same.
    pub excludes: Vec<String>,
    /// What names in reports are relative to.
    pub root: PathBuf,
    /// Whether walks obey `.gitignore` and `.seawallignore`.
    pub obey_ignore_files: bool,
    /// Whether to take the digests of the files that are read and not skipped.
    pub takes_digest: bool,
    /// What standard input holds; `None` reads it when some path is `-`.
    pub stdin: Option<Vec<u8>>,
    /// How charts are rendered.
    pub charts: ChartOptions,
    /// What is read instead of files that are there: how they would be after an edit.
    pub texts: Texts,
}

impl Inputs {
    /// Paths relative to a root, everything else as usual.
    pub fn new(
        root: impl Into<PathBuf>,
        paths: impl IntoIterator<Item = impl Into<PathBuf>>,
    ) -> Self {
        Inputs {
            paths: paths.into_iter().map(Into::into).collect(),
            excludes: Vec::new(),
            root: root.into(),
            obey_ignore_files: true,
            takes_digest: false,
            stdin: None,
            charts: ChartOptions::default(),
            texts: Texts::new(),
        }
    }

    /// The root as an absolute path; links are not resolved.
    pub(crate) fn absolute_root(&self) -> PathBuf {
        std::path::absolute(&self.root).unwrap_or_else(|_| self.root.clone())
    }
}

/// An exclude that is no glob.
#[derive(Debug, thiserror::Error)]
#[error("`{glob}` is no glob")]
pub struct InvalidExclude {
    /// What was given.
    pub glob: String,
    /// What is wrong with it.
    #[source]
    pub source: ignore::Error,
}

/// The excludes in the form that walks understand.
pub(crate) fn excludes(inputs: &Inputs, root: &Path) -> Result<Override, InvalidExclude> {
    let mut builder = OverrideBuilder::new(root);
    let invalid = |glob: &str, source| InvalidExclude {
        glob: glob.to_owned(),
        source,
    };
    for glob in &inputs.excludes {
        let glob = glob.strip_prefix("./").unwrap_or(glob);
        builder
            .add(&format!("!{glob}"))
            .map_err(|source| invalid(glob, source))?;
    }
    builder.build().map_err(|source| invalid("", source))
}

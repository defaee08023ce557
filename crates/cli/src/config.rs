//! `seawall.yaml`: found, read, held against its description, and laid over what it extends.

mod base;
mod merge;
mod read;
mod reference;
pub(crate) mod schema;
pub(crate) mod shape;
pub(crate) mod validate;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use catalog::{Diagnostic, ParamValue};
use document::{Document, Keys, Limits, NodeRef, Source};
use engine::funnel::{Exception, InlinePolicy, PackageException, PathBase, Selector};
use model::{KubernetesVersion, Location, Profile, Severity, WorkloadRow};

use crate::mistakes::Mistakes;
use crate::threshold::Threshold;

pub(crate) use reference::reference;
pub(crate) use schema::schema;

/// The name that is looked for.
pub(crate) const FILE_NAME: &str = "seawall.yaml";

/// How many files may extend one another.
const MAX_CHAIN: usize = 8;

/// A text of the configuration, with its place.
#[derive(Clone, Debug)]
pub(crate) struct Located {
    pub(crate) text: String,
    pub(crate) at: Location,
}

/// A parameter of a control.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: Located,
    pub(crate) value: ParamValue,
}

/// A row of `overrides`.
#[derive(Clone, Debug)]
pub(crate) struct Override {
    pub(crate) resources: Selector,
    pub(crate) controls: Vec<Located>,
    pub(crate) severity: Option<Severity>,
    pub(crate) params: Vec<Parameter>,
}

/// What configuration files say, the nearest last. What nobody says is absent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    pub(crate) profile: Option<Profile>,
    pub(crate) frameworks: Option<Vec<Located>>,
    pub(crate) controls: Option<Vec<Located>>,
    pub(crate) exclude_controls: Option<Vec<Located>>,
    pub(crate) kubernetes_version: Option<KubernetesVersion>,
    pub(crate) fail_on: Option<Threshold>,
    pub(crate) fail_on_unknown: Option<bool>,
    pub(crate) min_severity: Option<Severity>,
    pub(crate) exclude: Vec<String>,
    /// Control and parameter; of several, the last decides.
    pub(crate) params: Vec<(Located, Parameter)>,
    pub(crate) overrides: Vec<Override>,
    pub(crate) exceptions: Vec<Exception>,
    pub(crate) package_exceptions: Vec<PackageException>,
    pub(crate) inline: Option<InlinePolicy>,
    pub(crate) inline_locked: Vec<Located>,
    pub(crate) workloads: Vec<WorkloadRow>,
    pub(crate) controls_dirs: Vec<PathBuf>,
    /// Keys that a file extending this one cannot loosen.
    pub(crate) locked: Vec<String>,
}

/// The nearest configuration in the folder of a scanned path, which is relative to `root`, or above it.
pub(crate) fn discover(root: &Path, first: &str) -> Option<PathBuf> {
    let start = if first == "-" {
        root.to_owned()
    } else {
        root.join(existing_part(first))
    };
    // The links of the path are resolved: `..` names the folder that the system sees there.
    let start = fs_err::canonicalize(&start)
        .or_else(|_| std::path::absolute(&start))
        .ok()?;
    start
        .ancestors()
        .map(|folder| folder.join(FILE_NAME))
        .find(|file| file.is_file())
}

/// The part of a path before its first component with a glob.
fn existing_part(path: &str) -> &Path {
    let path = Path::new(path);
    let is_glob = |path: &&Path| path.to_string_lossy().contains(['*', '?', '[', '{']);
    path.ancestors()
        .find(|part| !is_glob(part))
        .filter(|part| !part.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Reads a configuration and all that it extends, for a scan whose names are relative to `root`.
pub(crate) fn load(file: &Path, root: &Path) -> anyhow::Result<Config> {
    let whole = fs_err::canonicalize(file).context("cannot read the configuration")?;
    let base = base::of(&whole, root)?;
    load_chain(file, &Arc::new(base), &mut Vec::new())
}

/// Globs are relative to the folder of the file that the scan begins with, also those of files that it
/// extends: these do not know where they are used.
fn load_chain(
    file: &Path,
    globs: &Arc<PathBase>,
    chain: &mut Vec<PathBuf>,
) -> anyhow::Result<Config> {
    let whole = fs_err::canonicalize(file).context("cannot read the configuration")?;
    if chain.contains(&whole) || chain.len() == MAX_CHAIN {
        bail!(
            "`extends` in {} leads in a circle or is too deep",
            file.display()
        );
    }
    chain.push(whole);
    let text = fs_err::read_to_string(file).context("cannot read the configuration")?;
    let source = Source::new(display_name(file, globs), text);
    let folder = file.parent().unwrap_or(Path::new(""));
    let document = parse(&source)?;
    let Some(root) = document.roots().next() else {
        return Ok(Config::default());
    };
    let own = read_own(root, folder, globs)?;
    let Some(base) = root.get_str("extends").and_then(NodeRef::as_str) else {
        return Ok(own);
    };
    let base = load_chain(&folder.join(base), globs, chain)
        .with_context(|| format!("cannot load what {} extends", file.display()))?;
    let loosened = merge::loosened(root, &own, &base);
    if loosened.is_empty() {
        Ok(merge::over(base, own))
    } else {
        Err(Mistakes(loosened).into())
    }
}

/// Reads the text of a configuration that extends nothing and lies in the folder of the scan.
pub(crate) fn read_text(name: &str, text: &str) -> anyhow::Result<Config> {
    let document = parse(&Source::new(name, text))?;
    let here = PathBase {
        folder: String::new(),
        root: String::new(),
    };
    let root = document.roots().next();
    root.map_or(Ok(Config::default()), |root| {
        read_own(root, Path::new(""), &Arc::new(here))
    })
}

/// The one YAML document of a configuration, or of another file that people write.
pub(crate) fn parse(source: &Arc<Source>) -> anyhow::Result<Document> {
    let keys = Arc::new(Keys::new([]));
    let parsed = document::parse_yaml(Arc::clone(source), &keys, &Limits::default());
    if !parsed.errors.is_empty() {
        return Err(syntax_mistakes(source, parsed.errors).into());
    }
    if let Some(second) = parsed.document.roots().nth(1) {
        let message = "the file is one YAML document, not several".to_owned();
        let mistake = validate::mistake(second, second.origin(), message, None);
        return Err(Mistakes(vec![mistake]).into());
    }
    Ok(parsed.document)
}

/// What a file says itself.
fn read_own(root: NodeRef<'_>, folder: &Path, globs: &Arc<PathBase>) -> anyhow::Result<Config> {
    let mistakes = validate::validate(root, shape::FILE);
    if !mistakes.is_empty() {
        return Err(Mistakes(mistakes).into());
    }
    Ok(read::read(root, folder, globs).map_err(Mistakes)?)
}

fn syntax_mistakes(source: &Arc<Source>, errors: Vec<document::SyntaxError>) -> Mistakes {
    Mistakes(
        errors
            .into_iter()
            .map(|error| Diagnostic {
                source: Arc::clone(source),
                span: error.span,
                message: error.message,
                hint: error.hint.map(String::from),
            })
            .collect(),
    )
}

/// The name of a file as messages print it: relative to the root of the scan where it lies below it.
fn display_name(file: &Path, globs: &PathBase) -> String {
    let relative = file.strip_prefix(Path::new(&globs.root)).unwrap_or(file);
    relative.to_string_lossy().replace('\\', "/")
}

//! Where the resources of a scan come from: files, a snapshot, or a cluster.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use cluster::snapshot::{self, About, Snapshot};
use cluster::{Collected, Discovered, Scope, Session, UnknownKind};
use document::Keys;
use fs_err as fs;
use model::KubernetesVersion;

use crate::errors::Hinted;

/// Bytes that tell a snapshot from other files.
const BEGINNING: u64 = 64;

/// Where resources come from.
pub(crate) enum Origin {
    /// What the paths name.
    Files,
    /// A file that `--save` wrote: what messages call it, where it is, and what it is of.
    Snapshot(String, PathBuf, About),
    /// A cluster.
    Live(Box<Live>),
}

/// A cluster, and what of it is read.
pub(crate) struct Live {
    pub(crate) session: Session,
    pub(crate) discovered: Discovered,
    pub(crate) scope: Scope,
    /// Where to write what was read.
    pub(crate) save: Option<PathBuf>,
    /// When that is.
    pub(crate) time: String,
}

impl Origin {
    /// What paths name: a snapshot where the only one is one, else files.
    pub(crate) fn of_paths(root: &Path, paths: &[String]) -> anyhow::Result<Origin> {
        let mut snapshots = paths.iter().filter(|path| is_snapshot(&root.join(path)));
        match (snapshots.next(), paths.len()) {
            (None, _) => Ok(Origin::Files),
            (Some(path), 1) => Origin::snapshot(root, Path::new(path)),
            (Some(path), _) => {
                let message = format!(
                    "`{path}` is a snapshot of a cluster, and other paths are named with it"
                );
                let hint = "a snapshot is all that one cluster has: name it alone";
                Err(Hinted::new(message, hint).into())
            }
        }
    }

    /// A snapshot.
    pub(crate) fn snapshot(root: &Path, file: &Path) -> anyhow::Result<Origin> {
        let name = file.to_string_lossy().into_owned();
        let path = root.join(file);
        let about = open(&name, &path)?.about();
        Ok(Origin::Snapshot(name, path, about))
    }

    /// What the cluster is called; `None` for files.
    pub(crate) fn context(&self) -> Option<&str> {
        match self {
            Origin::Files => None,
            Origin::Snapshot(_, _, about) => Some(&about.context),
            Origin::Live(live) => Some(live.session.context()),
        }
    }

    /// The version of the API server as it says it; `None` for files.
    pub(crate) fn server_version(&self) -> Option<&str> {
        match self {
            Origin::Files => None,
            Origin::Snapshot(_, _, about) => Some(&about.server_version),
            Origin::Live(live) => Some(live.session.server_version()),
        }
    }

    /// The version of the cluster.
    pub(crate) fn kubernetes_version(&self) -> Option<KubernetesVersion> {
        match self {
            Origin::Files => None,
            Origin::Snapshot(_, _, about) => about.server_version.parse().ok(),
            Origin::Live(live) => live.session.kubernetes_version(),
        }
    }

    /// Reads what is not files.
    pub(crate) fn collect(&self, keys: &Arc<Keys>) -> anyhow::Result<Option<Collected>> {
        match self {
            Origin::Files => Ok(None),
            Origin::Snapshot(name, path, _) => Ok(Some(open(name, path)?.collect(keys))),
            Origin::Live(live) => live.collect(keys).map(Some),
        }
    }
}

impl Live {
    /// Reads what is in the scope, and keeps it where that is asked for.
    pub(crate) fn collect(&self, keys: &Arc<Keys>) -> anyhow::Result<Collected> {
        let discovered = self.discovered.clone();
        let collected = self.session.collect(discovered, &self.scope, keys);
        let collected = collected.map_err(|unknown| unknown_kind(&unknown))?;
        if let Some(file) = &self.save {
            self.write(file, &collected)?;
        }
        Ok(collected)
    }

    /// Beside the file first: one that is half written would take the place of a whole one.
    fn write(&self, file: &Path, collected: &Collected) -> anyhow::Result<()> {
        let about = About {
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            context: self.session.context().to_owned(),
            server_version: self.session.server_version().to_owned(),
            time: self.time.clone(),
        };
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let failed = || format!("cannot write {}", file.display());
        let mut made = tempfile::NamedTempFile::new_in(folder).with_context(failed)?;
        let mut out = std::io::BufWriter::new(made.as_file_mut());
        snapshot::write(collected, &about, &mut out).with_context(failed)?;
        drop(out);
        made.persist(file).with_context(failed)?;
        Ok(())
    }
}

fn open(name: &str, path: &Path) -> anyhow::Result<Snapshot> {
    let file = fs::File::open(path)?;
    Snapshot::open(name, file).with_context(|| name.to_owned())
}

/// Whether a path is a file that begins as snapshots do.
fn is_snapshot(path: &Path) -> bool {
    let is_file = fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    let mut beginning = Vec::new();
    let read = is_file.then(|| fs::File::open(path)).and_then(Result::ok);
    let read = read.map(|file| file.take(BEGINNING).read_to_end(&mut beginning));
    read.is_some_and(|read| read.is_ok()) && snapshot::is_snapshot(&beginning)
}

/// With what is served and nearest.
pub(crate) fn unknown_kind(unknown: &UnknownKind) -> anyhow::Error {
    let near = catalog::nearest(&unknown.word, unknown.known.iter().map(String::as_str));
    let message = unknown.to_string();
    match near {
        Some(near) => Hinted::new(message, format!("did you mean `{near}`?")).into(),
        None => anyhow::Error::msg(message),
    }
}

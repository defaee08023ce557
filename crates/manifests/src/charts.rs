//! How charts are rendered: what a command line says to `helm template`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::Keys;
use helm::{Flag, Folder, Given, Options, Resolved};
use model::Problem;

use crate::disk::{Disk, list};
use crate::problems;

/// How charts are rendered. Paths are relative to the root of the inputs.
#[derive(Clone, Debug)]
pub struct ChartOptions {
    /// Files of values, the later ones over the earlier ones.
    pub values: Vec<PathBuf>,
    /// Flags that set single values.
    pub flags: Vec<Flag>,
    /// The name of every release; `release-name` where none is given.
    pub release_name: Option<String>,
    /// The namespace of every release; `default` where none is given, and objects stay without one.
    pub namespace: Option<String>,
    /// The version of Kubernetes that charts see.
    pub kubernetes_version: String,
    /// API versions that charts see besides those of Kubernetes.
    pub api_versions: Vec<String>,
    /// What random functions begin with.
    pub seed: u64,
    /// The time that charts see, in seconds since 1970.
    pub now: i64,
    /// Whether to render a chart with each of its `ci/*-values.yaml`, too.
    pub with_ci_values: bool,
    /// Whether the files of `crds/` are a part of what is rendered.
    pub include_crds: bool,
    /// Whether renderings know where everything was written. Scans need that.
    pub origins: bool,
}

impl Default for ChartOptions {
    fn default() -> Self {
        ChartOptions {
            values: Vec::new(),
            flags: Vec::new(),
            release_name: None,
            namespace: None,
            kubernetes_version: Options::default().kubernetes_version,
            api_versions: Vec::new(),
            seed: 0,
            now: 0,
            with_ci_values: false,
            include_crds: true,
            origins: true,
        }
    }
}

/// The same, with the files read: what all renderings begin with.
pub(crate) struct ChartSettings<'s> {
    pub(crate) options: &'s ChartOptions,
    pub(crate) values: Vec<Given>,
    flag_files: FlagFiles<'s>,
}

impl<'s> ChartSettings<'s> {
    /// Reads the files of values. One that cannot be read is a problem, and no chart is rendered without it.
    pub(crate) fn read(
        options: &'s ChartOptions,
        root: &'s Path,
        disk: &'s Disk<'s>,
    ) -> Result<Self, Box<Problem>> {
        let mut values = Vec::new();
        for file in &options.values {
            let path = root.join(file);
            let text = path.to_str().ok_or("it is not UTF-8".to_owned());
            let text = text.and_then(|path| match disk.find(path) {
                Some(found) => disk.source(&found.path),
                None => Err("there is no such file".to_owned()),
            });
            let text = text.map_err(|why| {
                let name = file.display().to_string();
                Box::new(problems::values_file(&name, &why))
            })?;
            values.push(Given::File(text));
        }
        Ok(ChartSettings {
            options,
            values,
            flag_files: FlagFiles { root, disk },
        })
    }

    /// What `helm template` would be told by the command line.
    pub(crate) fn release(&self, keys: &Arc<Keys>, limits: &document::Limits) -> Options<'_> {
        Options {
            values: self.values.clone(),
            flags: self.options.flags.clone(),
            flag_files: Some(&self.flag_files),
            ..self.plain(keys, limits)
        }
    }

    /// The same for charts that something deploys with values, a name and a namespace of its own.
    pub(crate) fn given(&self, keys: &Arc<Keys>, limits: &document::Limits) -> Options<'_> {
        Options {
            flag_files: Some(&self.flag_files),
            ..self.plain(keys, limits)
        }
    }

    /// The same for charts that bring their own values.
    pub(crate) fn plain(&self, keys: &Arc<Keys>, limits: &document::Limits) -> Options<'_> {
        let options = self.options;
        let default = Options::default();
        Options {
            release_name: options.release_name.clone().unwrap_or(default.release_name),
            namespace: options.namespace.clone().unwrap_or(default.namespace),
            kubernetes_version: options.kubernetes_version.clone(),
            api_versions: options.api_versions.clone(),
            include_crds: options.include_crds,
            seed: options.seed,
            now: options.now,
            origins: options.origins,
            keys: Arc::clone(keys),
            limits: helm::Limits {
                yaml: *limits,
                ..helm::Limits::default()
            },
            ..Options::default()
        }
    }
}

/// The files that `--set-file` names, relative to the root.
struct FlagFiles<'f> {
    root: &'f Path,
    disk: &'f Disk<'f>,
}

impl Folder for FlagFiles<'_> {
    fn resolve(&self, path: &str) -> Option<Resolved> {
        Folder::resolve(self.disk, self.root.join(path).to_str()?)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.disk.bytes(path)
    }

    fn entries(&self, path: &str) -> Result<Vec<helm::Entry>, String> {
        list(path)
    }

    fn name(&self, path: &str) -> String {
        Folder::name(self.disk, path)
    }

    fn text(&self, path: &str) -> Result<Arc<document::Source>, String> {
        self.disk.source(path)
    }
}

//! The charts of kustomizations: what `helmCharts` asks for, rendered as `kustomize build --enable-helm` has Helm do it.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::{Document, Keys, Kind, NodeRef};
use helm::{Given, Options};
use kustomize::{ChartError, ChartRequest, Charts};

use super::chart::{load, numbered};
use crate::charts::ChartSettings;
use crate::disk::Disk;
use crate::paths::normalised;

/// Renders the charts of one kustomization.
pub(crate) struct HelmCharts<'c> {
    disk: &'c Disk<'c>,
    settings: &'c ChartSettings<'c>,
    limits: &'c document::Limits,
    roots: RefCell<Vec<PathBuf>>,
    files: RefCell<Vec<PathBuf>>,
}

impl<'c> HelmCharts<'c> {
    pub(crate) fn new(
        disk: &'c Disk<'c>,
        settings: &'c ChartSettings<'c>,
        limits: &'c document::Limits,
    ) -> Self {
        HelmCharts {
            disk,
            settings,
            limits,
            roots: RefCell::default(),
            files: RefCell::default(),
        }
    }

    /// The folders of the charts that were rendered, and the files that were read for them.
    pub(crate) fn used(&self) -> (Vec<PathBuf>, Vec<PathBuf>) {
        (self.roots.take(), self.files.take())
    }

    /// The folder of the chart that an entry names.
    fn chart(&self, request: &ChartRequest, entry: NodeRef<'_>) -> Result<PathBuf, ChartError> {
        let name = text(entry, "name");
        let home = entry.get_str("helmGlobals").map(|it| text(it, "chartHome"));
        let home = home.filter(|home| !home.is_empty()).unwrap_or("charts");
        let home = Path::new(&request.root).join(home);
        let (version, repository) = (text(entry, "version"), text(entry, "repo"));
        // What `kustomize build` fetched before.
        let fetched = (!version.is_empty() && !repository.is_empty())
            .then(|| home.join(format!("{name}-{version}")).join(name));
        let places = fetched.into_iter().chain([home.join(name)]);
        let found = places.filter_map(|path| self.disk.find(path.to_str()?));
        let mut found = found.filter(|found| found.is_folder);
        let found = found.next().map(|found| PathBuf::from(found.path));
        found.ok_or_else(|| {
            let place = self.disk.name_of(&normalised(&home.join(name)));
            let message = if repository.is_empty() {
                format!("'{place}' is not there")
            } else {
                let of = if version.is_empty() {
                    String::new()
                } else {
                    format!(" --version {version}")
                };
                let home = self.disk.name_of(&normalised(&home));
                format!(
                    "'{place}' is not there, and nothing is fetched: \
                     `helm pull {name} --repo {repository}{of} --untar --untardir {home}`"
                )
            };
            ChartError {
                message,
                place: None,
            }
        })
    }

    fn options(
        &self,
        request: &ChartRequest,
        entry: NodeRef<'_>,
    ) -> Result<Options<'_>, ChartError> {
        let keys = Arc::new(Keys::new([]));
        let mut options = self.settings.plain(&keys, self.limits);
        let is = |key| entry.get_str(key).and_then(NodeRef::as_bool) == Some(true);
        options.origins = true;
        options.include_crds = is("includeCRDs");
        options.no_hooks = is("skipHooks");
        options.skip_tests = is("skipTests");
        let release = text(entry, "releaseName");
        if !release.is_empty() {
            release.clone_into(&mut options.release_name);
        }
        if !request.namespace.is_empty() {
            options.namespace.clone_from(&request.namespace);
        }
        let version = text(entry, "kubeVersion");
        if !version.is_empty() {
            version.clone_into(&mut options.kubernetes_version);
        }
        let versions = entry.get_str("apiVersions").into_iter();
        let versions = versions.flat_map(NodeRef::items);
        let versions = versions.filter_map(|it| Some(it.as_str()?.to_owned()));
        options.api_versions.extend(versions);
        options.values = self.values(request, entry)?;
        Ok(options)
    }

    /// The values in their order: the file, what is inline, further files.
    fn values(&self, request: &ChartRequest, entry: NodeRef<'_>) -> Result<Vec<Given>, ChartError> {
        let mut values = Vec::new();
        let file = text(entry, "valuesFile");
        if !file.is_empty() {
            values.push(self.values_file(request, entry, "valuesFile", file)?);
        }
        let inline = entry.get_str("valuesInline");
        if let Some(inline) = inline.filter(|it| it.kind() == Kind::Mapping) {
            let document = inline.to_document(self.limits);
            let document = document.map_err(|limit| ChartError {
                message: limit.to_string(),
                place: None,
            })?;
            let inline = Given::Document(Arc::new(document));
            match text(entry, "valuesMerge") {
                "replace" => values = vec![inline],
                "merge" => values.insert(0, inline),
                _ => values.push(inline),
            }
        }
        let more = entry.get_str("additionalValuesFiles").into_iter();
        for file in more.flat_map(NodeRef::items).filter_map(NodeRef::as_str) {
            values.push(self.values_file(request, entry, "additionalValuesFiles", file)?);
        }
        Ok(values)
    }

    fn values_file(
        &self,
        request: &ChartRequest,
        entry: NodeRef<'_>,
        key: &str,
        file: &str,
    ) -> Result<Given, ChartError> {
        let path = Path::new(&request.root).join(file);
        let found = path.to_str().and_then(|path| self.disk.find(path));
        let wrong = |message| {
            let place = entry.get_str(key).unwrap_or(entry).place();
            ChartError {
                message,
                place: Some((Arc::clone(place.source), place.span)),
            }
        };
        let Some(found) = found else {
            let name = self.disk.name_of(&normalised(&path));
            return Err(wrong(format!("cannot read '{name}'")));
        };
        if !Path::new(&found.path).starts_with(&request.root) {
            let (path, root) = (Path::new(&found.path), Path::new(&request.root));
            let (path, root) = (self.disk.name_of(path), self.disk.name_of(root));
            return Err(wrong(format!(
                "'{path}' is not in or below '{root}'; Kustomize loads files from there only"
            )));
        }
        let source = self.disk.source(&found.path);
        self.files.borrow_mut().push(found.path.into());
        Ok(Given::File(source.map_err(wrong)?))
    }
}

impl Charts for HelmCharts<'_> {
    fn render(&self, request: &ChartRequest) -> Result<Document, ChartError> {
        let nothing = || ChartError {
            message: "the entry is empty".to_owned(),
            place: None,
        };
        let entry = request.config.root(0).ok_or_else(nothing)?;
        let options = self.options(request, entry)?;
        let path = self.chart(request, entry)?;
        let chart = load(self.disk, &path, &options.limits).map_err(error)?;
        let rendering = helm::render(&chart, &options).map_err(error)?;
        self.roots.borrow_mut().push(path);
        let files = rendering.files.iter().map(PathBuf::from);
        self.files.borrow_mut().extend(files);
        numbered(rendering).ok_or_else(nothing)
    }
}

/// What Helm says, as Kustomize passes it on.
fn error(error: helm::Error) -> ChartError {
    let mut message = error.to_string();
    if let Some(hint) = &error.hint {
        message.push_str("; ");
        message.push_str(hint);
    }
    ChartError {
        message,
        place: error.place,
    }
}

fn text<'a>(node: NodeRef<'a>, key: &str) -> &'a str {
    let found = node.get_str(key).and_then(NodeRef::as_str);
    found.unwrap_or_default()
}

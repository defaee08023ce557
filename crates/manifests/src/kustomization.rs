//! What kustomizations use, by their files alone: which of them are bases of others, and which files are no manifests
//! by themselves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::{Document, Keys, Limits, NodeRef};

use crate::disk::Disk;
use crate::paths::normalised;

/// What one kustomization names. All paths are without links where something is there.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// Its own file.
    pub(crate) file: PathBuf,
    /// Whether it can only be a part of another one.
    pub(crate) is_component: bool,
    /// Folders that it takes in: bases and components.
    pub(crate) folders: Vec<PathBuf>,
    /// Its manifests.
    pub(crate) resources: Vec<PathBuf>,
    /// Files that it reads other than as manifests: patches, generated data, settings.
    pub(crate) parts: Vec<PathBuf>,
}

impl Named {
    /// Reads a kustomization file. One that cannot be read or parsed names nothing: building it says why.
    pub(crate) fn read(file: &Path, disk: &Disk<'_>, keys: &Arc<Keys>, limits: &Limits) -> Self {
        let mut named = Named {
            file: file.to_owned(),
            ..Named::default()
        };
        let text = file.to_str().and_then(|path| disk.source(path).ok());
        let Some(source) = text else {
            return named;
        };
        let document = document::parse_yaml(source, keys, limits).document;
        let folder = file.parent().unwrap_or(Path::new(""));
        named.fill(&document, folder, disk);
        named
    }

    fn fill(&mut self, document: &Document, folder: &Path, disk: &Disk<'_>) {
        let Some(root) = document.root(0) else {
            return;
        };
        let kind = root.get_str("kind").and_then(NodeRef::as_str);
        self.is_component = kind == Some("Component");
        for list in LISTS {
            for name in names_in(root, list) {
                let path = folder.join(name);
                let found = path.to_str().and_then(|path| disk.find(path));
                match found {
                    Some(found) if found.is_folder => self.folders.push(found.path.into()),
                    Some(found) if list.are_manifests => self.resources.push(found.path.into()),
                    Some(found) => self.parts.push(found.path.into()),
                    None => self.parts.push(normalised(&path)),
                }
            }
        }
    }
}

/// A list of a kustomization.
struct List {
    key: &'static str,
    /// The field of its items that names files; none where the items are names.
    field: Option<&'static str>,
    are_manifests: bool,
}

const fn manifests(key: &'static str) -> List {
    List {
        key,
        field: None,
        are_manifests: true,
    }
}

const fn parts(key: &'static str, field: Option<&'static str>) -> List {
    List {
        key,
        field,
        are_manifests: false,
    }
}

const LISTS: &[List] = &[
    manifests("resources"),
    manifests("bases"),
    parts("components", None),
    parts("patches", Some("path")),
    parts("patchesStrategicMerge", None),
    parts("patchesJson6902", Some("path")),
    parts("replacements", Some("path")),
    parts("transformers", None),
    parts("generators", None),
    parts("validators", None),
    parts("configurations", None),
    parts("crds", None),
    parts("configMapGenerator", Some("files")),
    parts("secretGenerator", Some("files")),
    parts("helmCharts", Some("valuesFile")),
    parts("helmCharts", Some("additionalValuesFiles")),
];

fn names_in<'a>(root: NodeRef<'a>, list: &List) -> Vec<&'a str> {
    let items = root.get_str(list.key).into_iter().flat_map(NodeRef::items);
    let named = items.filter_map(|item| match list.field {
        Some(field) => item.get_str(field),
        None => Some(item),
    });
    named
        .flat_map(|value| {
            value
                .as_str()
                .into_iter()
                .chain(value.items().filter_map(NodeRef::as_str))
        })
        .filter(|text| !text.contains('\n'))
        .map(|text| match text.split_once('=') {
            Some((_, path)) if list.key.ends_with("Generator") => path,
            _ => text,
        })
        .collect()
}

/// Kustomizations by their folders, without links.
pub(crate) type Kustomizations = BTreeMap<PathBuf, Named>;

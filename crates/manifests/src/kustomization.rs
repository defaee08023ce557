//! Which files of a kustomization are no manifests by themselves: patches, generated data, settings.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::{Keys, Limits, NodeRef, Source};

use crate::file;
use crate::paths::normalised;

/// The names that make a folder a kustomization.
pub(crate) const FILE_NAMES: [&str; 3] =
    ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The files that a kustomization reads other than as manifests. A file that cannot be read or parsed
/// names none: its folder is a problem already.
pub(crate) fn parts(kustomization: &Path, keys: &Arc<Keys>, limits: &Limits) -> Vec<PathBuf> {
    let Some(text) = file::text(kustomization, limits) else {
        return Vec::new();
    };
    let parsed = document::parse_yaml(Source::new("", text), keys, limits);
    let folder = kustomization.parent().unwrap_or(Path::new(""));
    let roots = parsed.document.roots();
    let names = roots.flat_map(|root| LISTS.iter().flat_map(move |list| names_in(root, list)));
    names.map(|name| normalised(&folder.join(name))).collect()
}

/// A list of the file, and the field of its items that names files; none where the items are names.
struct List(&'static str, Option<&'static str>);

const LISTS: &[List] = &[
    List("patches", Some("path")),
    List("patchesStrategicMerge", None),
    List("patchesJson6902", Some("path")),
    List("replacements", Some("path")),
    List("transformers", None),
    List("generators", None),
    List("validators", None),
    List("configurations", None),
    List("crds", None),
    List("configMapGenerator", Some("files")),
    List("secretGenerator", Some("files")),
    List("helmCharts", Some("valuesFile")),
    List("helmCharts", Some("additionalValuesFiles")),
];

fn names_in<'a>(root: NodeRef<'a>, list: &List) -> Vec<&'a str> {
    let items = root.get_str(list.0).into_iter().flat_map(NodeRef::items);
    let named = items.filter_map(|item| match list.1 {
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
        // A generator writes `key=path`.
        .map(|text| text.split_once('=').map_or(text, |(_, path)| path))
        .collect()
}

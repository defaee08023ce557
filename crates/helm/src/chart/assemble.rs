//! Files to a chart: what each is for, and the charts in `charts/`.

use std::collections::BTreeMap;
use std::sync::Arc;

use document::Kind;

use super::archive;
use super::file::{File, Reader};
use super::{Metadata, Parts};
use crate::error::{Error, ErrorKind, Result};

/// Files to a chart, as they are found.
#[derive(Default)]
struct Sorted {
    values: Option<File>,
    schema: Option<File>,
    templates: Vec<File>,
    files: Vec<File>,
    /// What lies in `charts/`, by its name there; paths are those below `charts/`.
    charts: BTreeMap<String, Vec<File>>,
    requirements: Option<File>,
}

/// Makes a chart of its files. `name` is what it is called before its metadata is known.
pub(super) fn assemble(
    files: Vec<File>,
    name: &str,
    reader: &Reader<'_>,
    depth: usize,
) -> Result<Parts> {
    if depth >= reader.limits.depth {
        let message = format!("'{name}' lies too deep in other charts");
        return Err(ErrorKind::TooLarge(message).into());
    }
    let limits = &reader.limits.yaml;
    let mut metadata = None;
    for file in &files {
        if &*file.name == "Chart.yaml" {
            let read = metadata.get_or_insert_with(Metadata::default);
            read.read(file.source(reader)?, limits)?;
            if read.api_version.is_empty() {
                "v1".clone_into(&mut read.api_version);
            }
        }
    }
    let Some(mut metadata) = metadata else {
        let message = format!("'{name}' has no Chart.yaml");
        return Err(ErrorKind::Metadata(message).into());
    };
    if depth == 0 && !matches!(&*metadata.api_version, "v1" | "v2") {
        let version = &metadata.api_version;
        let message = format!("apiVersion '{version}' of a chart: v1 and v2 are known");
        return Err(metadata.at_key("apiVersion", message));
    }
    let is_first_version = metadata.api_version == "v1";
    let mut sorted = sort(files, is_first_version, reader)?;
    if let Some(requirements) = &sorted.requirements {
        metadata.read(requirements.source(reader)?, limits)?;
        if is_first_version {
            sorted.files.extend(sorted.requirements.take());
        }
    }
    metadata.validate()?;
    let mut dependencies = Vec::new();
    for (inner, files) in sorted.charts {
        if !inner.starts_with(['_', '.']) {
            dependencies.push(dependency(&inner, files, reader, depth)?);
        }
    }
    Ok(Parts {
        metadata,
        values: sorted.values,
        schema: sorted.schema,
        templates: sorted.templates,
        files: sorted.files,
        dependencies,
    })
}

fn sort(files: Vec<File>, is_first_version: bool, reader: &Reader<'_>) -> Result<Sorted> {
    let mut sorted = Sorted::default();
    for file in files {
        match &*file.name {
            "Chart.yaml" => {}
            "values.yaml" => sorted.values = Some(file),
            "values.schema.json" => sorted.schema = Some(file),
            "requirements.yaml" => sorted.requirements = Some(file),
            "Chart.lock" => check_lock(&file, reader)?,
            "requirements.lock" => {
                check_lock(&file, reader)?;
                if is_first_version {
                    sorted.files.push(file);
                }
            }
            name if name.starts_with("templates/") => sorted.templates.push(file),
            name if name.starts_with("charts/") && !has_extension(name, "prov") => {
                let below = name["charts/".len()..].to_owned();
                let inner = below.split('/').next().unwrap_or_default().to_owned();
                let inner = sorted.charts.entry(inner).or_default();
                inner.push(file.renamed(&below));
            }
            _ => sorted.files.push(file),
        }
    }
    Ok(sorted)
}

/// Whether a name ends like this, in lower case as Helm wants it.
fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, found)| found == extension)
}

/// Helm reads lock files whenever it loads a chart, though nothing comes of it.
fn check_lock(file: &File, reader: &Reader<'_>) -> Result<()> {
    let source = file.source(reader)?;
    let keys = Arc::new(document::Keys::new([]));
    let parsed = document::parse_yaml(Arc::clone(source), &keys, &reader.limits.yaml);
    let wrong =
        |message: String, span| Err(Error::from(ErrorKind::Metadata(message)).at(source, span));
    if let Some(error) = parsed.errors.first() {
        return wrong(error.to_string(), error.span.clone());
    }
    match parsed.document.root(0) {
        Some(root) if !matches!(root.kind(), Kind::Mapping | Kind::Null) => wrong(
            "a lock file must be a mapping".to_owned(),
            root.place().span,
        ),
        _ => Ok(()),
    }
}

/// The chart that something in `charts/` is.
fn dependency(name: &str, files: Vec<File>, reader: &Reader<'_>, depth: usize) -> Result<Parts> {
    if has_extension(name, "tgz") {
        let [file] = &files[..] else {
            let message = format!("charts/{name} is a folder; a chart in it cannot be called .tgz");
            return Err(ErrorKind::Archive(message).into());
        };
        // What lies in it is called after it in reports, which show no path of this machine.
        let name = reader.name(&file.path);
        let files = archive::unpack(&name, file.bytes(reader)?, reader)?;
        return assemble(files, &name, reader, depth + 1);
    }
    let below = |file: File| {
        let inner = file.name.split_once('/')?.1.to_owned();
        Some(file.renamed(&inner))
    };
    let files = files.into_iter().filter_map(below).collect();
    assemble(files, &format!("charts/{name}"), reader, depth + 1)
}

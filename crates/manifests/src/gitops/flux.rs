//! Flux: `Kustomization` and `HelmRelease`. <https://fluxcd.io/flux/components/>

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use document::{Builder, Document, Keys, Kind, NodeRef};
use helm::{Flag, FlagKind, Given};
use model::Resource;

use super::node::{at, is, items, scalar, text};
use super::substitute::Substitution;
use super::{Change, Deployment, Found, Release, Scene, What, edits, place};
use crate::walk::CHART_FILE;

/// What a Kustomization deploys.
pub(super) fn kustomization(resource: &Resource, name: &str, scene: &Scene<'_>, found: &mut Found) {
    let object = resource.object();
    let Some(spec) = at(object, &["spec"]) else {
        return;
    };
    let inner = text(spec, &["path"]);
    let node = at(spec, &["path"]).unwrap_or(spec);
    let source = Source::of(resource, at(spec, &["sourceRef"]), scene);
    let folder = source
        .find(inner, scene)
        .filter(|(_, folder)| folder.is_dir());
    let Some((_, folder)) = folder else {
        let inner = if inner.is_empty() { "./" } else { inner };
        found.elsewhere(
            node,
            &format!("{name} deploys '{inner}' of {}", source.name),
        );
        return;
    };
    let substitution =
        at(spec, &["postBuild"]).map(|it| substitution(it, resource, name, scene, found));
    found.deployments.push(Deployment {
        name: name.to_owned(),
        at: place(node),
        folder,
        namespace: None,
        what: What::Kustomization(Box::new(Change {
            edits: edits::of_flux(spec, scene.limits),
            takes_all: true,
            substitution,
        })),
    });
}

/// What a `HelmRelease` deploys.
pub(super) fn release(resource: &Resource, name: &str, scene: &Scene<'_>, found: &mut Found) {
    let object = resource.object();
    let Some(spec) = at(object, &["spec"]) else {
        return;
    };
    let chart = at(spec, &["chart", "spec"]);
    let Some(chart) = chart else {
        let node = at(spec, &["chartRef"]).unwrap_or(spec);
        let of = format!("{} {}", text(node, &["kind"]), text(node, &["name"]));
        found.elsewhere(node, &format!("{name} deploys the chart of {of}"));
        return;
    };
    let inner = text(chart, &["chart"]);
    let node = at(chart, &["chart"]).unwrap_or(chart);
    let source = Source::of(resource, at(chart, &["sourceRef"]), scene);
    let folder = source.find(inner, scene);
    let folder = folder.filter(|(_, folder)| folder.join(CHART_FILE).is_file());
    let Some((root, folder)) = folder else {
        let version = text(chart, &["version"]);
        let what = format!(
            "{name} deploys the chart {inner} {version} of {}",
            source.name
        );
        found.elsewhere(node, &what.replace("  ", " "));
        return;
    };
    let Some(release) = given(resource, spec, chart, &root, name, scene, found) else {
        return;
    };
    found.deployments.push(Deployment {
        name: name.to_owned(),
        at: place(node),
        folder,
        namespace: release.namespace.clone(),
        what: What::Chart(Box::new(release)),
    });
}

/// What a `HelmRelease` gives its chart.
fn given(
    resource: &Resource,
    spec: NodeRef<'_>,
    chart: NodeRef<'_>,
    root: &Path,
    name: &str,
    scene: &Scene<'_>,
    found: &mut Found,
) -> Option<Release> {
    let target = text(spec, &["targetNamespace"]);
    let own = resource.namespace.as_deref();
    let namespace = Some(target).filter(|it| !it.is_empty()).or(own);
    let mut release = Release {
        name: match (text(spec, &["releaseName"]), target) {
            ("", "") => resource.name.to_string(),
            ("", target) => format!("{target}-{}", resource.name),
            (given, _) => given.to_owned(),
        },
        namespace: namespace.map(str::to_owned),
        skips_crds: text(spec, &["install", "crds"]) == "Skip",
        skips_schema: is(spec, &["install", "disableSchemaValidation"]),
        edits: post_renderers(spec, scene),
        ..Release::default()
    };
    for file in items(chart, &["valuesFiles"]) {
        let path = file.as_str().unwrap_or_default();
        // Relative to the source, not to the chart.
        let path = scene.tree.below(root, path).filter(|path| path.is_file());
        match path
            .as_deref()
            .and_then(Path::to_str)
            .map(|path| scene.tree.disk().source(path))
        {
            Some(Ok(source)) => release.values.push(Given::File(source)),
            _ if is(chart, &["ignoreMissingValuesFiles"]) => {}
            _ => {
                let path = file.as_str().unwrap_or_default();
                found.wrong(
                    file,
                    format!("{name}: the file of values '{path}' is not in the tree"),
                );
                return None;
            }
        }
    }
    for reference in items(spec, &["valuesFrom"]) {
        values_from(reference, resource, name, scene, &mut release, found);
    }
    if let Some(values) = at(spec, &["values"]).filter(|it| it.kind() == Kind::Mapping) {
        let document = values.to_document(scene.limits).ok();
        let document = document.map(|document| Given::Document(Arc::new(document)));
        release.values.extend(document);
    }
    Some(release)
}

/// Values that a `ConfigMap` or a Secret has.
fn values_from(
    reference: NodeRef<'_>,
    resource: &Resource,
    name: &str,
    scene: &Scene<'_>,
    release: &mut Release,
    found: &mut Found,
) {
    let key = match text(reference, &["valuesKey"]) {
        "" => "values.yaml",
        key => key,
    };
    let (kind, named) = (text(reference, &["kind"]), text(reference, &["name"]));
    let holder = look_up(kind, named, resource.namespace.as_deref(), scene);
    let value = holder.and_then(|holder| datum(holder.object(), key));
    let Some(value) = value else {
        if !is(reference, &["optional"]) {
            found.elsewhere(
                reference,
                &format!("{name} takes values from {kind} {named}"),
            );
        }
        return;
    };
    let target = text(reference, &["targetPath"]);
    if target.is_empty() {
        let keys = Arc::new(Keys::new([]));
        let parsed = document::parse_inside(value, &keys, scene.limits);
        let values = parsed.filter(|parsed| parsed.errors.is_empty());
        match values {
            Some(values) => release
                .values
                .push(Given::Document(Arc::new(values.document))),
            None => found.wrong(
                value,
                format!("{name}: the values of {kind} {named} are no YAML"),
            ),
        }
    } else if let Some(text) = scalar(value) {
        let place = value.place();
        release.flags.push(Flag {
            place: Some((Arc::clone(place.source), place.span)),
            ..Flag::new(FlagKind::Set, format!("{target}={}", text.trim_end()))
        });
    }
}

/// What stands under a key of a `ConfigMap` or Secret, if it is written as a text.
fn datum<'a>(object: NodeRef<'a>, key: &str) -> Option<NodeRef<'a>> {
    let data = (text(object, &["kind"]) == "ConfigMap").then_some("data");
    at(object, &[data.unwrap_or("stringData"), key])
}

/// A `ConfigMap` or Secret; a generated one may have a hash behind its name.
fn look_up<'s>(
    kind: &str,
    name: &str,
    namespace: Option<&str>,
    scene: &Scene<'s>,
) -> Option<&'s Resource> {
    let mut objects = scene.objects.iter();
    objects.find(|it| {
        let is_there =
            it.namespace.is_none() || namespace.is_none() || it.namespace.as_deref() == namespace;
        &*it.kind == kind && it.group().is_empty() && &*it.name == name && is_there
    })
}

/// The patches and images of all post renderers, as one kustomization.
fn post_renderers(spec: NodeRef<'_>, scene: &Scene<'_>) -> Option<Document> {
    let renderers: Vec<_> = items(spec, &["postRenderers"])
        .filter_map(|it| at(it, &["kustomize"]))
        .collect();
    if let [only] = renderers[..] {
        return edits::of_flux(only, scene.limits);
    }
    let mut builder = Builder::new(&Arc::new(Keys::new([])), scene.limits);
    let first = renderers.first()?;
    let origin = builder.copy_origin(first.document(), first.origin());
    builder.begin_mapping(origin).ok()?;
    for key in ["patches", "images"] {
        let mut all = renderers
            .iter()
            .flat_map(|it| items(*it, &[key]))
            .peekable();
        if all.peek().is_some() {
            builder.key(key, origin);
            builder.begin_sequence(origin).ok()?;
            for item in all {
                builder.copy(item).ok()?;
            }
            builder.end(None);
        }
    }
    builder.end(None);
    Some(builder.finish())
}

/// The variables of `postBuild`.
fn substitution(
    node: NodeRef<'_>,
    resource: &Resource,
    name: &str,
    scene: &Scene<'_>,
    found: &mut Found,
) -> Substitution {
    let mut variables = BTreeMap::new();
    for reference in items(node, &["substituteFrom"]) {
        let (kind, named) = (text(reference, &["kind"]), text(reference, &["name"]));
        let holder = look_up(kind, named, resource.namespace.as_deref(), scene);
        let Some(holder) = holder else {
            if !is(reference, &["optional"]) {
                found.elsewhere(
                    reference,
                    &format!("{name} takes variables from {kind} {named}"),
                );
            }
            continue;
        };
        let key = if kind == "Secret" {
            "stringData"
        } else {
            "data"
        };
        let data = at(holder.object(), &[key]);
        for entry in data.into_iter().flat_map(NodeRef::entries) {
            let value = scalar(entry.value).unwrap_or_default();
            variables.insert(entry.name().to_owned(), value.trim_end().to_owned());
        }
    }
    let own = at(node, &["substitute"]);
    for entry in own.into_iter().flat_map(NodeRef::entries) {
        let value = scalar(entry.value).unwrap_or_default();
        variables.insert(entry.name().to_owned(), value);
    }
    Substitution(variables)
}

/// Where an object of Flux takes its files from.
struct Source {
    /// For people.
    name: String,
    /// The repository, where it is one and known.
    url: String,
    is_git: bool,
    /// The file of the object that asks.
    file: String,
}

impl Source {
    fn of(resource: &Resource, reference: Option<NodeRef<'_>>, scene: &Scene<'_>) -> Self {
        let of = |key| reference.map_or("", |it| text(it, &[key]));
        let (kind, name) = (of("kind"), of("name"));
        let namespace = Some(of("namespace")).filter(|it| !it.is_empty());
        let namespace = namespace.or(resource.namespace.as_deref());
        let mut known = scene.objects.iter().filter(|it| {
            let is_source = it.group() == "source.toolkit.fluxcd.io";
            is_source && &*it.kind == kind && &*it.name == name
        });
        let is_there = |it: &&Resource| namespace.is_none() || it.namespace.as_deref() == namespace;
        let known = known.clone().find(is_there).or_else(|| known.next());
        let url = known
            .map_or("", |it| text(it.object(), &["spec", "url"]))
            .to_owned();
        let file = resource.location(resource.root).file().to_owned();
        Source {
            name: if url.is_empty() {
                format!("{kind} {name}")
            } else {
                url.clone()
            },
            url,
            is_git: kind == "GitRepository",
            file,
        }
    }

    fn find(&self, path: &str, scene: &Scene<'_>) -> Option<(PathBuf, PathBuf)> {
        let found = || scene.tree.find(&self.url, path, &self.file);
        self.is_git.then(found).flatten()
    }
}

//! Accumulates resources, bases and components, and finishes what only the whole knows: hashes, names, variables, order.

use std::rc::Rc;

use document::Role;

use crate::error::{Error, ErrorKind, Result, field};
use crate::field_spec::FieldSpecs;
use crate::folder::{Folder, Loader};
use crate::generator::Files;
use crate::kustomization::{FILE_NAMES, Kustomization};
use crate::merge_schema::MergeSchema;
use crate::metadata;
use crate::origin::{At, Origins};
use crate::provenance::Origin;
use crate::read::{Reader, objects};
use crate::resource::Resource;
use crate::resources::Resources;
use crate::tree::Node;
use crate::variables::{self, Variable, Variables};
use crate::{Options, Rendering, order};

/// One build.
pub(crate) struct Build<'b> {
    pub(crate) options: &'b Options<'b>,
    pub(crate) origins: Origins,
    pub(crate) reader: Reader,
    pub(crate) schema: MergeSchema,
    is_schema_set: bool,
    pub(crate) tracks_origins: bool,
    pub(crate) roots: Vec<String>,
}

/// What has come together so far.
#[derive(Debug, Default)]
pub(crate) struct Accumulated {
    pub(crate) resources: Resources,
    pub(crate) specs: FieldSpecs,
    pub(crate) variables: Variables,
}

/// A kustomization and where it stands.
pub(crate) struct Target<'t> {
    pub(crate) kustomization: Rc<Kustomization>,
    pub(crate) loader: Loader<'t>,
    /// Where Kustomize says that it is, for `buildMetadata`.
    pub(crate) origin: Origin,
    /// The namespace of the kustomizations around it, for charts.
    pub(crate) namespace: String,
}

/// Builds the kustomization of a folder.
pub(crate) fn run(folder: &dyn Folder, root: &str, options: &Options<'_>) -> Result<Rendering> {
    let mut build = Build {
        options,
        origins: Origins::default(),
        reader: Reader::new(options.limits, options.bytes, options.files),
        schema: MergeSchema::default(),
        is_schema_set: false,
        tracks_origins: false,
        roots: Vec::new(),
    };
    let loader = Loader::new(folder, root)?;
    let kustomization = Rc::new(build.kustomization(&loader)?);
    let metadata = kustomization.items(&["buildMetadata"]);
    let asks = |what: &str| metadata.iter().any(|it| it.as_str() == Some(what));
    build.tracks_origins = !metadata.is_empty();
    let target = Target {
        kustomization: Rc::clone(&kustomization),
        loader,
        origin: Origin::default(),
        namespace: String::new(),
    };
    build.set_schema(&target)?;
    let mut all = build.accumulate(&target, Accumulated::default())?;
    build.finish(&mut all)?;
    order::sort(&mut all.resources.list, kustomization.get("sortOptions"))?;
    let at = kustomization
        .get("buildMetadata")
        .unwrap_or(kustomization.node())
        .at;
    if asks("managedByLabel") {
        for resource in &mut all.resources.list {
            resource.set_label("app.kubernetes.io/managed-by", "kustomize-unknown", at);
        }
    }
    for resource in &mut all.resources.list {
        resource.finish_annotations();
    }
    metadata::annotate(
        &mut all.resources,
        asks("originAnnotations"),
        asks("transformerAnnotations"),
        at,
    );
    build.render(&all.resources)
}

impl Build<'_> {
    /// Reads the kustomization of a folder.
    fn kustomization(&mut self, loader: &Loader<'_>) -> Result<Kustomization> {
        let found: Vec<&str> = FILE_NAMES
            .into_iter()
            .filter(|name| loader.has_file(name))
            .collect();
        let file = match found[..] {
            [] => return Err(ErrorKind::NoKustomization(loader.root_name()).into()),
            [file] => file,
            _ => return Err(ErrorKind::SeveralKustomizations(loader.root_name()).into()),
        };
        if loader.depth() > self.options.depth {
            return Err(ErrorKind::TooLarge("kustomizations nested too deeply".to_owned()).into());
        }
        let documents = self.reader.file(loader, file, None, &mut self.origins)?;
        let Some(node) = documents.into_iter().next() else {
            return Err(ErrorKind::Empty.into());
        };
        if !self.roots.iter().any(|it| it == loader.root()) {
            self.roots.push(loader.root().to_owned());
        }
        let at = node.at;
        Kustomization::new(node, file).map_err(|error| self.placed(error, at))
    }

    /// Gives an error without a place this one.
    pub(crate) fn placed(&self, mut error: Error, at: At) -> Error {
        if error.place.is_none() {
            let place = self.origins.lookup(at);
            error.place = place.map(|(source, span)| (std::sync::Arc::clone(source), span));
        }
        error
    }

    /// Takes the file of `openapi`, the first in a build counts.
    fn set_schema(&mut self, target: &Target<'_>) -> Result<()> {
        let Some(openapi) = target.kustomization.get("openapi") else {
            return Ok(());
        };
        let path = openapi.text_at(&["path"]).map(str::to_owned);
        let version = openapi.text_at(&["version"]).map(str::to_owned);
        let at = openapi.at;
        if path.is_some() && version.is_some() {
            return Err(self.placed(field("openapi has both path and version"), at));
        }
        if self.is_schema_set {
            return Ok(());
        }
        if let Some(version) = version {
            if version != "v1.21.2" {
                let message = format!("OpenAPI version '{version}' is not built into Kustomize");
                return Err(self.placed(field(message), at));
            }
            self.is_schema_set = true;
        } else if let Some(path) = path {
            let file = self
                .reader
                .file(&target.loader, &path, None, &mut self.origins)?;
            let file = file.into_iter().next();
            let file = file.ok_or_else(|| field("the file of openapi is empty"))?;
            self.schema = MergeSchema::custom(file);
            self.is_schema_set = true;
        }
        Ok(())
    }

    /// All that a kustomization stands for, added to what is there.
    pub(crate) fn accumulate(
        &mut self,
        target: &Target<'_>,
        into: Accumulated,
    ) -> Result<Accumulated> {
        let kustomization = &target.kustomization;
        let mut all = into;
        self.resources(
            target,
            &kustomization.items(&["resources", "bases"]),
            &mut all,
        )?;
        all.specs.merge(&FieldSpecs::built_in())?;
        for path in kustomization.items(&["configurations"]) {
            for document in self.path_documents(target, &path)? {
                let specs = FieldSpecs::parse(&document)
                    .map_err(|error| self.placed(error, document.at))?;
                all.specs
                    .merge(&specs)
                    .map_err(|error| self.placed(error, document.at))?;
            }
        }
        for path in kustomization.items(&["crds"]) {
            for document in self.path_documents(target, &path)? {
                let specs = crate::custom_kinds::field_specs(&document)?;
                all.specs
                    .merge(&specs)
                    .map_err(|error| self.placed(error, document.at))?;
            }
        }
        self.generate(target, &mut all)?;
        for path in kustomization.items(&["components"]) {
            let sub = self.enter(target, &path, true)?;
            let brought = all.resources.list.len();
            all = self.accumulate(&sub, all)?;
            for resource in all.resources.list.iter_mut().skip(brought) {
                resource.bases.push(path.at);
            }
        }
        self.transform(target, &mut all)?;
        let variables = kustomization.items(&["vars"]);
        let variables = variables.iter().map(Variable::parse).collect();
        variables::declare(&mut all.resources, &mut all.variables, variables)
            .map_err(|error| self.placed(error, kustomization.node().at))?;
        Ok(all)
    }

    /// What generators of a kustomization read.
    pub(crate) fn files<'f, 'l>(&'f mut self, target: &'f Target<'l>) -> Files<'f, 'l> {
        Files {
            reader: &mut self.reader,
            loader: &target.loader,
            origins: &mut self.origins,
        }
    }

    /// The documents of a file that a field names.
    pub(crate) fn path_documents(&mut self, target: &Target<'_>, path: &Node) -> Result<Vec<Node>> {
        let text = path.as_str().unwrap_or_default();
        let documents = self
            .reader
            .file(&target.loader, text, None, &mut self.origins);
        documents.map_err(|error| self.placed(error, path.at))
    }

    /// Adds files and bases.
    fn resources(
        &mut self,
        target: &Target<'_>,
        paths: &[Node],
        all: &mut Accumulated,
    ) -> Result<()> {
        for path in paths {
            let text = path.as_str().unwrap_or_default();
            if target.loader.is_folder(text) {
                self.base(target, path, all)?;
            } else {
                self.origins.repeated = None;
                let documents = self.path_documents(target, path)?;
                if let Some(at) = self.origins.repeated {
                    let message = "a mapping has a key twice".to_owned();
                    return Err(self.placed(ErrorKind::Resource(message).into(), at));
                }
                let mut found = objects(documents).map_err(|error| self.placed(error, path.at))?;
                if self.tracks_origins {
                    for resource in &mut found {
                        resource.origin = Some(target.origin.join(text));
                    }
                }
                let added = all.resources.append(found);
                added.map_err(|error| self.placed(error, path.at))?;
            }
        }
        Ok(())
    }

    fn base(&mut self, target: &Target<'_>, path: &Node, all: &mut Accumulated) -> Result<()> {
        let sub = self.enter(target, path, false)?;
        let mut base = self.accumulate(&sub, Accumulated::default())?;
        for resource in &mut base.resources.list {
            resource.bases.push(path.at);
        }
        let added = all.resources.append(base.resources.list);
        added.map_err(|error| self.placed(error, path.at))?;
        all.specs.merge(&base.specs)?;
        let new = base.variables.into_values().collect();
        variables::merge(&mut all.variables, new).map_err(|error| self.placed(error, path.at))
    }

    /// The kustomization of a base or a component.
    fn enter<'t>(
        &mut self,
        from: &Target<'t>,
        path: &Node,
        is_component: bool,
    ) -> Result<Target<'t>> {
        let text = path.as_str().unwrap_or_default();
        let entered = from.loader.enter(text);
        let loader = entered.map_err(|error| self.placed(error, path.at))?;
        let kustomization = self
            .kustomization(&loader)
            .map_err(|error| self.placed(error, path.at))?;
        if kustomization.is_component() != is_component {
            let message = if is_component {
                format!("'{text}' is no component")
            } else {
                format!("'{text}' is a component; it belongs under components")
            };
            return Err(self.placed(ErrorKind::Kind(message).into(), path.at));
        }
        let own = from.kustomization.text("namespace");
        let target = Target {
            kustomization: Rc::new(kustomization),
            loader,
            origin: from.origin.join(text),
            namespace: if own.is_empty() {
                from.namespace.clone()
            } else {
                own.to_owned()
            },
        };
        self.set_schema(&target)?;
        Ok(target)
    }

    /// The configurations of generators or transformers that a field lists, inline or in files.
    pub(crate) fn configs(&mut self, target: &Target<'_>, key: &str) -> Result<Vec<Resource>> {
        let mut all = Accumulated::default();
        let mut paths = Vec::new();
        for item in target.kustomization.items(&[key]) {
            let text = item.as_str().unwrap_or_default();
            let inline = self.reader.text(text, item.at, None, &mut self.origins);
            match inline.and_then(objects) {
                Ok(mut configs) => {
                    if self.tracks_origins {
                        for config in &mut configs {
                            config.origin = Some(target.origin.join(&target.kustomization.file));
                        }
                    }
                    all.resources.append(configs)?;
                }
                Err(_) => paths.push(item),
            }
        }
        self.resources(target, &paths, &mut all)?;
        Ok(all.resources.list)
    }
}

/// The cause of what stands in a patch: the entry of the kustomization.
pub(crate) fn patch_cause(entry: &Node) -> (Role, At) {
    (Role::Patch, entry.at)
}

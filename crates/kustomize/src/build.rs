//! One build: the kustomization at its root, what it reads, and what becomes of all that came together.

use std::rc::Rc;
use std::sync::Arc;

use document::{Document, NodeRef, Role};

use crate::error::{Error, ErrorKind, Result, field};
use crate::field_spec::FieldSpecs;
use crate::folder::{Folder, Loader};
use crate::kustomization::{FILE_NAMES, Kustomization};
use crate::merge_schema::MergeSchema;
use crate::metadata;
use crate::origin::{At, Origins};
use crate::provenance::Origin;
use crate::read::{Reader, objects};
use crate::resource::Resource;
use crate::resources::Resources;
use crate::tree::Node;
use crate::variables::Variables;
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
    pub(crate) specs: Arc<FieldSpecs>,
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
    let mut build = Build::new(options);
    let loader = Loader::new(folder, root)?;
    let kustomization = build.root(&loader)?;
    build.whole(kustomization, loader, Accumulated::default())
}

/// Applies the edits of the options to objects as if they were the resources of a kustomization.
pub(crate) fn run_on(
    objects: &Document,
    folder: &dyn Folder,
    root: &str,
    options: &Options<'_>,
) -> Result<Rendering> {
    let mut build = Build::new(options);
    let loader = Loader::new(folder, root)?;
    let resources = build.imported(objects)?;
    let mut all = Accumulated::default();
    all.resources.append(resources)?;
    let Some(kustomization) = build.edits()? else {
        return build.render(&all.resources);
    };
    build.whole(kustomization, loader, all)
}

impl<'b> Build<'b> {
    fn new(options: &'b Options<'b>) -> Self {
        Build {
            options,
            origins: Origins::default(),
            reader: Reader::new(options.limits, options.bytes, options.files),
            schema: MergeSchema::default(),
            is_schema_set: false,
            tracks_origins: false,
            roots: Vec::new(),
        }
    }

    /// The kustomization at the root of the build, or what stands in for it, edited.
    fn root(&mut self, loader: &Loader<'_>) -> Result<Kustomization> {
        let has_file = FILE_NAMES.into_iter().any(|name| loader.has_file(name));
        let kustomization = match self.options.stand_in {
            Some(stand_in) if !has_file => {
                self.roots.push(loader.root().to_owned());
                self.given(stand_in)?
            }
            _ => self.kustomization(loader)?,
        };
        let edits = self.edits()?;
        Ok(match edits {
            Some(edits) => kustomization.edited(&edits),
            None => kustomization,
        })
    }

    fn edits(&mut self) -> Result<Option<Kustomization>> {
        let edits = self.options.edits;
        edits.map(|edits| self.given(edits)).transpose()
    }

    /// A kustomization that is no file.
    fn given(&mut self, node: NodeRef<'_>) -> Result<Kustomization> {
        let placed = self.origins.known(node.document());
        let node = Node::from_ref(node, &placed, &mut self.origins);
        let at = node.at;
        let made = Kustomization::new(node, FILE_NAMES[0]);
        made.map_err(|error| self.placed(error, at))
    }

    /// The objects of another document.
    pub(crate) fn imported(&mut self, document: &Document) -> Result<Vec<Resource>> {
        let placed = self.origins.known(document);
        let mut nodes = Vec::new();
        for root in document.roots() {
            let node = Node::from_ref(root, &placed, &mut self.origins);
            self.reader.count_node(&node)?;
            nodes.push(node);
        }
        objects(nodes)
    }

    /// Everything from the kustomization at the root on.
    fn whole(
        mut self,
        kustomization: Kustomization,
        loader: Loader<'_>,
        objects: Accumulated,
    ) -> Result<Rendering> {
        let kustomization = Rc::new(kustomization);
        let metadata = kustomization.items(&["buildMetadata"]);
        let asks = |what: &str| metadata.iter().any(|it| it.as_str() == Some(what));
        self.tracks_origins = !metadata.is_empty();
        let target = Target {
            kustomization: Rc::clone(&kustomization),
            loader,
            origin: Origin::default(),
            namespace: String::new(),
        };
        self.set_schema(&target)?;
        let mut all = self.accumulate(&target, objects)?;
        self.finish(&mut all)?;
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
        self.render(&all.resources)
    }
}

impl Build<'_> {
    /// Reads the kustomization of a folder.
    pub(crate) fn kustomization(&mut self, loader: &Loader<'_>) -> Result<Kustomization> {
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
            error.place = place.map(|(source, span)| (Arc::clone(source), span));
        }
        error
    }

    /// Takes the file of `openapi`, the first in a build counts.
    pub(crate) fn set_schema(&mut self, target: &Target<'_>) -> Result<()> {
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
}

/// The cause of what stands in a patch: the entry of the kustomization.
pub(crate) fn patch_cause(entry: &Node) -> (Role, At) {
    (Role::Patch, entry.at)
}

//! Brings resources, bases and components together, and what kustomizations say of fields and variables.

use std::rc::Rc;
use std::sync::Arc;

use crate::build::{Accumulated, Build, Target};
use crate::error::{ErrorKind, Result};
use crate::field_spec::{self, FieldSpecs};
use crate::generator::Files;
use crate::read::objects;
use crate::resource::Resource;
use crate::tree::Node;
use crate::variables::{self, Variable};

impl Build<'_> {
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
        field_spec::share(&mut all.specs, FieldSpecs::built_in())?;
        for path in kustomization.items(&["configurations"]) {
            for document in self.path_documents(target, &path)? {
                let specs = FieldSpecs::parse(&document)
                    .map_err(|error| self.placed(error, document.at))?;
                Arc::make_mut(&mut all.specs)
                    .merge(&specs)
                    .map_err(|error| self.placed(error, document.at))?;
            }
        }
        for path in kustomization.items(&["crds"]) {
            for document in self.path_documents(target, &path)? {
                let specs = crate::custom_kinds::field_specs(&document)?;
                Arc::make_mut(&mut all.specs)
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
        field_spec::share(&mut all.specs, &base.specs)?;
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

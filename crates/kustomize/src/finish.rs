//! What only the whole of a build knows: hashes, references to names, variables, and the document.

use document::{Builder, Document};

use crate::build::{Accumulated, Build};
use crate::error::{ErrorKind, Result};
use crate::origin::OriginWriter;
use crate::resource::Resource;
use crate::resources::Resources;
use crate::tree::Node;
use crate::{Rendering, hash, name_reference, variables};

impl Build<'_> {
    /// What is done once, on the whole.
    pub(crate) fn finish(&mut self, all: &mut Accumulated) -> Result<()> {
        for resource in &mut all.resources.list {
            add_hash(resource);
        }
        name_reference::update(
            &mut all.resources,
            &all.specs.name_reference,
            &mut self.origins,
        )?;
        let specs = &all.specs.var_reference;
        variables::resolve(&mut all.resources, &all.variables, specs, &mut self.origins)?;
        all.resources.list.retain(|resource| {
            let local = resource.annotation("config.kubernetes.io/local-config");
            local.is_none_or(|local| local == "false")
        });
        self.check_size(&all.resources)
    }

    /// Fails when the objects have become too large.
    pub(crate) fn check_size(&self, resources: &Resources) -> Result<()> {
        let size: usize = resources.list.iter().map(|it| it.node.weight()).sum();
        if size > self.options.bytes {
            return Err(ErrorKind::TooLarge(format!("the objects take {size} bytes")).into());
        }
        Ok(())
    }

    /// A document with one node.
    pub(crate) fn document_of(&self, node: &Node) -> Result<Document> {
        let mut builder = Builder::new(&self.options.keys, &self.options.limits);
        let mut writer = OriginWriter::new(&self.origins, &mut builder);
        node.write(&mut builder, &mut writer)?;
        Ok(builder.finish())
    }

    /// Makes the document.
    pub(crate) fn render(self, resources: &Resources) -> Result<Rendering> {
        let mut builder = Builder::new(&self.options.keys, &self.options.limits);
        let mut writer = OriginWriter::new(&self.origins, &mut builder);
        for resource in &resources.list {
            writer.resource(&mut builder, &resource.bases);
            resource.node.write(&mut builder, &mut writer)?;
        }
        Ok(Rendering {
            document: builder.finish(),
            roots: self.roots,
            files: self.reader.files,
        })
    }
}

/// Gives a generated object its hash.
pub(crate) fn add_hash(resource: &mut Resource) {
    if !resource.needs_hash {
        return;
    }
    let suffix = hash::suffix(&resource.node);
    let at = match resource.node.get("metadata").and_then(|it| it.get("name")) {
        Some(name) => name.at,
        None => return,
    };
    let name = format!("{}-{suffix}", resource.name());
    resource.remember();
    resource.set_metadata("name", Node::text(&name, at));
}

//! What takes part of a chart in one rendering.

use std::rc::Rc;

use document::Role;
use gotemplate::Map;

use crate::chart::{Dependency, Metadata, Parts, Reader};
use crate::error::{Error, ErrorKind, Result};
use crate::values::{self, Sources};

/// A chart of one rendering: what takes part of it, under which name, with which default values.
#[derive(Clone)]
pub(crate) struct Node<'c> {
    pub(crate) parts: &'c Parts,
    /// What its parent calls it.
    pub(crate) name: Rc<str>,
    /// Its default values. Not changed; later steps put other ones in their place.
    pub(crate) values: Map,
    /// What `Chart.yaml` says of its dependencies, changed by what takes part.
    pub(crate) requirements: Option<Vec<Dependency>>,
    pub(crate) children: Vec<Node<'c>>,
}

impl<'c> Node<'c> {
    /// A chart with all that it has, nothing decided yet.
    pub(crate) fn read(parts: &'c Parts, reader: &Reader<'_>, sources: &Sources) -> Result<Self> {
        let limits = &reader.limits.yaml;
        let values = match &parts.values {
            Some(file) => {
                let source = file.source(reader)?;
                if let Some(at) = file.lost(source.text()) {
                    let message = format!("'{}' is not UTF-8", source.name());
                    let at = at as u32;
                    return Err(Error::from(ErrorKind::Values(message)).at(source, at..at + 3));
                }
                values::read(source, Role::Value, sources, limits)?
            }
            None => Map::new(),
        };
        let children = parts.dependencies.iter();
        Ok(Node {
            parts,
            name: parts.metadata.name.as_str().into(),
            values,
            requirements: parts.metadata.dependencies.clone(),
            children: children
                .map(|child| Node::read(child, reader, sources))
                .collect::<Result<_>>()?,
        })
    }

    /// It and the charts below it.
    pub(crate) fn size(&self) -> usize {
        1 + self.children.iter().map(Node::size).sum::<usize>()
    }

    pub(crate) fn metadata(&self) -> &'c Metadata {
        &self.parts.metadata
    }
}

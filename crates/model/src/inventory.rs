//! All the resources of one scan.

use std::sync::Arc;

use document::{Document, NodeId, NodeRef};

use crate::entry::{Entry, Rendered};
use crate::problem::Location;

/// A Kubernetes object: a node of a document, and who it is.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The document that holds it.
    pub document: Arc<Document>,
    /// Its root node (for an item of a `List`, the item).
    pub root: NodeId,
    /// `group/version`, or the version alone for the core group.
    pub api_version: Box<str>,
    /// Kind.
    pub kind: Box<str>,
    /// Namespace, when the manifest names one.
    pub namespace: Option<Box<str>>,
    /// `metadata.name`; empty when there is none.
    pub name: Box<str>,
    /// `metadata.generateName`, when there is no name.
    pub generate_name: Option<Box<str>>,
    /// Where it stands in a rendering; `None` for what is written as it is.
    pub rendered: Option<Rendered>,
}

impl Resource {
    /// The object.
    pub fn object(&self) -> NodeRef<'_> {
        self.document.at(self.root)
    }

    /// The API group: empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version
            .split_once('/')
            .map_or("", |(group, _)| group)
    }

    /// The API version without its group.
    pub fn version(&self) -> &str {
        self.api_version
            .split_once('/')
            .map_or(&*self.api_version, |(_, version)| version)
    }

    /// Where a node of the resource is written.
    pub fn location(&self, node: NodeId) -> Location {
        let place = self.document.place(self.document.at(node).origin());
        Location {
            source: Arc::clone(place.source),
            span: place.span,
        }
    }
}

/// All the resources of one scan, sorted by file and place in the file.
#[derive(Debug, Default)]
pub struct Inventory {
    /// The resources.
    pub resources: Vec<Resource>,
    /// What was rendered, sorted by path and variant.
    pub entries: Vec<Entry>,
    /// Whether it holds everything that the cluster has: what is not in it does not exist. A folder of
    /// manifests is a part, so that what is not in it may be elsewhere.
    pub is_complete: bool,
}

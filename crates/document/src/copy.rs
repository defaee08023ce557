//! Nodes of documents in other documents, with where they were written and what led to them.

use std::sync::Arc;

use crate::builder::{Builder, SourceId};
use crate::document::node::{Kind, NodeRef, OriginId};
use crate::document::{Document, Role};
use crate::keys::Keys;
use crate::limits::{LimitExceeded, Limits};
use crate::source::Source;

/// Causes of one node that are copied.
const MOST: usize = 32;

impl Builder {
    /// Adds a copy of a node and all below it: references become copies of what they refer to.
    pub fn copy(&mut self, node: NodeRef<'_>) -> Result<(), LimitExceeded> {
        let origin = self.copy_origin(node.document(), node.origin());
        match node.kind() {
            Kind::Null => self.null(origin).map(drop),
            Kind::Bool => self.bool(node.as_bool() == Some(true), origin).map(drop),
            Kind::Int => self
                .int(node.as_i64().unwrap_or_default(), origin)
                .map(drop),
            Kind::Uint => self
                .uint(node.as_u64().unwrap_or_default(), origin)
                .map(drop),
            Kind::Float => self
                .float(node.as_f64().unwrap_or_default(), origin)
                .map(drop),
            Kind::String => self
                .string(node.as_str().unwrap_or_default(), origin)
                .map(drop),
            Kind::Sequence => {
                self.begin_sequence(origin)?;
                for item in node.items() {
                    self.copy(item)?;
                }
                self.end(None);
                Ok(())
            }
            Kind::Mapping => {
                self.begin_mapping(origin)?;
                for entry in node.entries() {
                    let key = self.copy_origin(node.document(), entry.key_origin);
                    self.key(entry.name(), key);
                    self.copy(entry.value)?;
                }
                self.end(None);
                Ok(())
            }
        }
    }

    /// An origin of another document as one of this.
    pub fn copy_origin(&mut self, document: &Document, origin: OriginId) -> OriginId {
        let causes: Vec<_> = document.causes(origin).take(MOST).collect();
        let mut before: Option<(Role, OriginId)> = None;
        for cause in causes.into_iter().rev() {
            let copied = self.copy_place(document, cause.at, before);
            before = Some((cause.role, copied));
        }
        self.copy_place(document, origin, before)
    }

    fn copy_place(
        &mut self,
        document: &Document,
        origin: OriginId,
        cause: Option<(Role, OriginId)>,
    ) -> OriginId {
        let place = document.place(origin);
        let source = self.known_source(place.source);
        match cause {
            Some((role, at)) => self.origin_from(source, place.span, role, at),
            None => self.origin(source, place.span),
        }
    }

    /// A source that may have been added before.
    pub fn known_source(&mut self, source: &Arc<Source>) -> SourceId {
        let known = self.find_source(source);
        known.unwrap_or_else(|| self.source(source))
    }
}

impl NodeRef<'_> {
    /// A document with a copy of the node as its only root.
    pub fn to_document(self, limits: &Limits) -> Result<Document, LimitExceeded> {
        let mut builder = Builder::new(&Arc::new(Keys::new([])), limits);
        builder.copy(self)?;
        Ok(builder.finish())
    }
}

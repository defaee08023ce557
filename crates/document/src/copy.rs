//! Nodes of documents in other documents, with where they were written and what led to them.

use std::sync::Arc;

use crate::builder::{Builder, SourceId};
use crate::document::node::{Kind, NodeRef, OriginId};
use crate::document::{Document, Role};
use crate::keys::Keys;
use crate::limits::{LimitExceeded, Limits};
use crate::source::Source;
use crate::yaml::parse_yaml;

/// Causes of one node that are copied.
const MOST: usize = 32;

/// What stands in the copy of a string.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Replaced {
    /// This string.
    Text(String),
    /// What YAML reads in this text where it has no quotes: `3` is a number. Anything but a scalar stays a string.
    Plain(String),
}

/// Says what stands in the copy of a string; `None` for the string itself.
pub type Replace<'r> = &'r mut dyn FnMut(NodeRef<'_>) -> Option<Replaced>;

impl Builder {
    /// Adds a copy of a node and all below it: references become copies of what they refer to.
    pub fn copy(&mut self, node: NodeRef<'_>) -> Result<(), LimitExceeded> {
        self.copy_replacing(node, &mut |_| None)
    }

    /// The same with other strings, which lie where those they replace are written.
    pub fn copy_replacing(
        &mut self,
        node: NodeRef<'_>,
        replace: Replace<'_>,
    ) -> Result<(), LimitExceeded> {
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
            Kind::String => match replace(node) {
                Some(Replaced::Text(text)) => self.string(&text, origin).map(drop),
                Some(Replaced::Plain(text)) => self.plain(&text, origin),
                None => self
                    .string(node.as_str().unwrap_or_default(), origin)
                    .map(drop),
            },
            Kind::Sequence => {
                self.begin_sequence(origin)?;
                for item in node.items() {
                    self.copy_replacing(item, replace)?;
                }
                self.end(None);
                Ok(())
            }
            Kind::Mapping => {
                self.begin_mapping(origin)?;
                for entry in node.entries() {
                    let key = self.copy_origin(node.document(), entry.key_origin);
                    self.key(entry.name(), key);
                    self.copy_replacing(entry.value, replace)?;
                }
                self.end(None);
                Ok(())
            }
        }
    }

    /// A scalar as YAML reads it without quotes.
    pub fn plain(&mut self, text: &str, origin: OriginId) -> Result<(), LimitExceeded> {
        let keys = Arc::new(Keys::new([]));
        let parsed = parse_yaml(Source::new("", text), &keys, &Limits::default());
        let read = parsed.document.root(0).filter(|_| parsed.errors.is_empty());
        let read = read.map_or(Kind::String, NodeRef::kind);
        let node = parsed.document.root(0);
        let added = match (read, node) {
            (Kind::Bool, Some(node)) => self.bool(node.as_bool() == Some(true), origin),
            (Kind::Int, Some(node)) => self.int(node.as_i64().unwrap_or_default(), origin),
            (Kind::Uint, Some(node)) => self.uint(node.as_u64().unwrap_or_default(), origin),
            (Kind::Float, Some(node)) => self.float(node.as_f64().unwrap_or_default(), origin),
            (Kind::Null, Some(_)) => self.null(origin),
            _ => self.string(text, origin),
        };
        added.map(drop)
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

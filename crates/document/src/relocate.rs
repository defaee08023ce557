//! Moves a document that was parsed from a made text (a rendered template) to the texts that it was made of.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::builder::SourceId;
use crate::document::made::Made;
use crate::document::node::{OriginId, Tag};
use crate::document::{Cause, Document, Origin, Role};
use crate::source::{Source, Span};

/// Where something in a made text was really written.
#[derive(Clone, Debug)]
pub struct Written {
    /// The text.
    pub source: SourceId,
    /// The bytes.
    pub span: Span,
    /// The nearest step of how it came to be; the chain goes on at that origin's own cause.
    pub cause: Option<(Role, OriginId)>,
}

/// What stands at a span of a made text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// A key, or a comment.
    Name,
    /// A scalar or a reference.
    Scalar,
    /// A mapping or a sequence.
    Container,
}

/// The sources and origins that a made text leads to, while a document is [moved](Document::relocate).
#[derive(Debug)]
pub struct Relocation {
    sources: Vec<Arc<Source>>,
    origins: Vec<Origin>,
    causes: Vec<Cause>,
    paths: BTreeMap<OriginId, Box<str>>,
}

impl Relocation {
    /// Adds a text that origins can point into.
    pub fn source(&mut self, source: &Arc<Source>) -> SourceId {
        self.sources.push(Arc::clone(source));
        SourceId(self.sources.len() as u32 - 1)
    }

    /// An origin for causes to lead to.
    pub fn origin(&mut self, written: &Written) -> OriginId {
        let origin = self.row(written);
        self.origins.push(origin);
        OriginId(self.origins.len() as u32 - 1)
    }

    /// An origin that lies at a path of its own text, such as a value of a file with many.
    pub fn origin_at(&mut self, written: &Written, path: impl Into<Box<str>>) -> OriginId {
        let id = self.origin(written);
        self.paths.insert(id, path.into());
        id
    }

    fn row(&mut self, written: &Written) -> Origin {
        let cause = match written.cause {
            None => 0,
            Some((role, at)) => self.cause(Cause { role, at }),
        };
        Origin {
            source: written.source.0,
            start: written.span.start,
            end: written.span.end,
            cause,
        }
    }

    /// The number of a cause; nodes beside each other tend to have the same one.
    fn cause(&mut self, cause: Cause) -> u32 {
        if self.causes.last() != Some(&cause) {
            self.causes.push(cause);
        }
        self.causes.len() as u32
    }
}

impl Document {
    /// Gives every key, node and comment of a document with one source another origin: `locate` says where what
    /// stands at a span of that text was really written. The text is kept: see [`made`](Self::made).
    pub fn relocate(&mut self, mut locate: impl FnMut(&mut Relocation, Span, Standing) -> Written) {
        let Some(source) = self.sources.first().map(Arc::clone) else {
            return;
        };
        let standing = self.standing();
        let mut spans = Vec::with_capacity(standing.len());
        let mut relocation = Relocation {
            sources: Vec::new(),
            origins: std::mem::take(&mut self.origins),
            causes: Vec::new(),
            paths: BTreeMap::new(),
        };
        for (index, stands) in standing.into_iter().enumerate() {
            let Origin { start, end, .. } = relocation.origins[index];
            spans.push((start, end));
            let written = locate(&mut relocation, start..end, stands);
            relocation.origins[index] = relocation.row(&written);
        }
        for comment in &mut self.comments {
            let written = locate(&mut relocation, comment.start..comment.end, Standing::Name);
            *comment = relocation.row(&written);
        }
        self.comments
            .sort_by_key(|comment| (comment.source, comment.start));
        self.comments
            .dedup_by_key(|comment| (comment.source, comment.start, comment.end));
        self.keep_strings(source.text());
        if relocation.sources.is_empty() {
            relocation.sources.push(Arc::clone(&source));
        }
        self.sources = relocation.sources.into();
        self.origins = relocation.origins;
        self.causes = relocation.causes;
        self.paths = relocation.paths;
        self.made = Some(Made { source, spans });
    }

    /// What stands at each origin.
    fn standing(&self) -> Vec<Standing> {
        let mut standing = vec![Standing::Name; self.origins.len()];
        for node in &self.nodes {
            if let Some(standing) = standing.get_mut(node.origin.0 as usize) {
                *standing = match node.tag {
                    Tag::Mapping | Tag::IrregularMapping | Tag::Sequence => Standing::Container,
                    _ => Standing::Scalar,
                };
            }
        }
        standing
    }

    /// Strings that lie in the only source lie in the pool instead.
    fn keep_strings(&mut self, text: &str) {
        let base = self.pool.len() as u32;
        self.pool.push_str(text);
        for node in &mut self.nodes {
            if node.tag == Tag::SourceStr {
                node.tag = Tag::PoolStr;
                node.a += base;
                node.b += base;
            }
        }
    }
}

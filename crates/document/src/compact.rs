//! Documents without their text, for inventories of live clusters.

use std::collections::BTreeMap;

use hashbrown::HashTable;

use crate::builder::Builder;
use crate::document::Document;
use crate::document::node::{Kind, NodeId, NodeRef, OriginId, Tag};
use crate::keys::{self, Keys};
use crate::limits::{LimitExceeded, Limits};
use crate::path::{Path, Step, StepRef};
use crate::source::Source;

/// What a compacted copy changes.
#[derive(Clone, Copy, Default, Debug)]
pub struct Compaction<'c> {
    /// What lies at these paths is left out (such as `metadata.managedFields`).
    pub dropped: &'c [Path],
    /// Strings at these paths, and all below them, become empty (such as `data` of a Secret).
    pub emptied: &'c [Path],
    /// Keys and values that the mapping at the root begins with, where it lacks them.
    pub given: &'c [(&'c str, &'c str)],
}

impl Document {
    /// The same values without texts, spans and comments, and without what lies at the paths to drop
    /// (such as `metadata.managedFields`) below each root. Equal strings are kept once.
    #[must_use]
    pub fn compacted(&self, dropped: &[Path]) -> Document {
        let name = self.sources().first().map_or("", |source| source.name());
        let compaction = Compaction {
            dropped,
            ..Compaction::default()
        };
        Copy::of(self, name, &mut self.roots(), &compaction)
    }
}

impl NodeRef<'_> {
    /// A document with the value of the node as its only root, without text, spans and comments. Equal strings are kept once.
    /// `name` is that of its source, which is empty.
    #[must_use]
    pub fn compacted(self, name: &str, compaction: &Compaction<'_>) -> Document {
        Copy::of(
            self.document(),
            name,
            &mut std::iter::once(self),
            compaction,
        )
    }
}

struct Copy {
    builder: Builder,
    origin: OriginId,
    /// For nodes of the original that references may mean their copy.
    copied: BTreeMap<NodeId, NodeId>,
    has_references: bool,
    /// Ranges of the pool.
    strings: HashTable<(u32, u32)>,
}

/// What is to be changed below a node, as the rest of the way there.
#[derive(Clone, Default)]
struct Below<'p> {
    dropped: Vec<&'p [Step]>,
    emptied: Vec<&'p [Step]>,
    /// Everything is emptied.
    is_emptied: bool,
}

impl<'p> Below<'p> {
    fn new(compaction: &Compaction<'p>) -> Self {
        let rest = |paths: &'p [Path]| paths.iter().map(|path| &path.0[..]).collect();
        Below {
            dropped: rest(compaction.dropped),
            emptied: rest(compaction.emptied),
            is_emptied: false,
        }
    }

    /// One step further down; `None` for what is dropped.
    fn step(&self, step: StepRef<'_>) -> Option<Below<'p>> {
        let is = |wanted: &Step| match (wanted, step) {
            (Step::Key(wanted), StepRef::Key(key)) => &**wanted == key,
            (Step::Index(wanted), StepRef::Index(index)) => *wanted == index,
            _ => false,
        };
        let rest = |paths: &[&'p [Step]]| -> Vec<&'p [Step]> {
            let paths = paths.iter().filter_map(|path| path.split_first());
            paths
                .filter(|(first, _)| is(first))
                .map(|(_, rest)| rest)
                .collect()
        };
        let ends_here = |paths: &[&[Step]]| paths.iter().any(|rest| rest.is_empty());
        let dropped = rest(&self.dropped);
        let emptied = rest(&self.emptied);
        (!ends_here(&dropped)).then(|| Below {
            is_emptied: self.is_emptied || ends_here(&emptied),
            dropped,
            emptied,
        })
    }
}

impl Copy {
    fn of<'a>(
        document: &'a Document,
        name: &str,
        roots: &mut dyn Iterator<Item = NodeRef<'a>>,
        compaction: &Compaction<'_>,
    ) -> Document {
        let mut builder = Builder::new(
            document.keys(),
            &Limits {
                depth: u32::MAX,
                nodes: u32::MAX,
                alias_bytes: u32::MAX,
                ..Limits::default()
            },
        );
        let source = builder.source(&Source::new(name, ""));
        let origin = builder.origin(source, 0..0);
        let mut copy = Copy {
            builder,
            origin,
            copied: BTreeMap::new(),
            has_references: document.nodes.iter().any(|node| node.tag == Tag::Alias),
            strings: HashTable::new(),
        };
        let below = Below::new(compaction);
        for root in roots {
            // With these limits nothing is refused.
            let _ = copy.root(root, &below, compaction.given);
        }
        copy.builder.finish()
    }

    fn root(
        &mut self,
        root: NodeRef<'_>,
        below: &Below<'_>,
        given: &[(&str, &str)],
    ) -> Result<(), LimitExceeded> {
        if root.kind() != Kind::Mapping || given.is_empty() {
            return self.node(root, below);
        }
        self.builder.begin_mapping(self.origin)?;
        for (key, value) in given.iter().filter(|(key, _)| root.get_str(key).is_none()) {
            self.builder.key(key, self.origin);
            self.string(value)?;
        }
        self.entries(root, below)?;
        self.builder.end(None);
        Ok(())
    }

    fn node(&mut self, node: NodeRef<'_>, dropped: &Below<'_>) -> Result<(), LimitExceeded> {
        let target = node.resolved();
        let known = self.copied.get(&target.id).copied();
        let copy = match (node.is_reference(), known) {
            (true, Some(copy)) => self.builder.alias(copy, self.origin)?,
            _ => self.written(target, dropped)?,
        };
        if self.has_references {
            self.copied.insert(node.id, copy);
        }
        Ok(())
    }

    fn written(&mut self, node: NodeRef<'_>, below: &Below<'_>) -> Result<NodeId, LimitExceeded> {
        let (builder, origin) = (&mut self.builder, self.origin);
        match node.kind() {
            Kind::Sequence => {
                let copy = builder.begin_sequence(origin)?;
                for (index, item) in node.items().enumerate() {
                    if let Some(below) = below.step(StepRef::Index(index)) {
                        self.node(item, &below)?;
                    }
                }
                self.builder.end(None);
                Ok(copy)
            }
            Kind::Mapping => {
                let copy = builder.begin_mapping(origin)?;
                self.entries(node, below)?;
                self.builder.end(None);
                Ok(copy)
            }
            _ if below.is_emptied => self.string(""),
            Kind::Null => builder.null(origin),
            Kind::Bool => builder.bool(node.as_bool().unwrap_or_default(), origin),
            Kind::Int => builder.int(node.as_i64().unwrap_or_default(), origin),
            Kind::Uint => builder.uint(node.as_u64().unwrap_or_default(), origin),
            Kind::Float => builder.float(node.as_f64().unwrap_or_default(), origin),
            Kind::String => self.string(node.as_str().unwrap_or_default()),
        }
    }

    fn entries(&mut self, node: NodeRef<'_>, below: &Below<'_>) -> Result<(), LimitExceeded> {
        for entry in node.written_entries() {
            let below = below.step(StepRef::Key(entry.name()));
            match below {
                _ if entry.key == Keys::MERGE => self.builder.merge_key(self.origin),
                Some(_) => self.builder.key(entry.name(), self.origin),
                None => continue,
            }
            self.node(entry.value, &below.unwrap_or_default())?;
        }
        Ok(())
    }

    fn string(&mut self, text: &str) -> Result<NodeId, LimitExceeded> {
        let hash = keys::hash(text);
        let pool = self.builder.pool();
        let range_text = |&(start, end): &(u32, u32)| &pool[start as usize..end as usize];
        if let Some(&(start, end)) = self.strings.find(hash, |range| range_text(range) == text) {
            return self.builder.pooled_string(start..end, self.origin);
        }
        let start = pool.len() as u32;
        let id = self.builder.string(text, self.origin)?;
        let pool = self.builder.pool();
        let range = (start, pool.len() as u32);
        self.strings.insert_unique(hash, range, |&(start, end)| {
            keys::hash(&pool[start as usize..end as usize])
        });
        Ok(id)
    }
}

//! Documents without their text, for inventories of live clusters.

use hashbrown::HashTable;

use crate::builder::Builder;
use crate::document::Document;
use crate::document::node::{Kind, NodeId, NodeRef, OriginId};
use crate::keys::{self, Keys};
use crate::limits::{LimitExceeded, Limits};
use crate::path::{Path, Step};
use crate::source::Source;

impl Document {
    /// The same values without texts, spans and comments, and without what lies at the paths to drop
    /// (such as `metadata.managedFields`) below each root. Equal strings are kept once.
    #[must_use]
    pub fn compacted(&self, dropped: &[Path]) -> Document {
        let mut builder = Builder::new(
            self.keys(),
            &Limits {
                depth: u32::MAX,
                nodes: u32::MAX,
                alias_bytes: u32::MAX,
                ..Limits::default()
            },
        );
        let name = self.sources().first().map_or("", |source| source.name());
        let source = builder.source(&Source::new(name, ""));
        let origin = builder.origin(source, 0..0);
        let mut copy = Copy {
            builder,
            origin,
            copied: vec![None; self.nodes.len()],
            strings: HashTable::new(),
        };
        let dropped: Vec<&[Step]> = dropped.iter().map(|path| &path.0[..]).collect();
        for root in self.roots() {
            // With these limits nothing is refused.
            let _ = copy.node(root, &dropped);
        }
        copy.builder.finish()
    }
}

struct Copy {
    builder: Builder,
    origin: OriginId,
    /// For each node of the original its copy.
    copied: Vec<Option<NodeId>>,
    /// Ranges of the pool.
    strings: HashTable<(u32, u32)>,
}

impl Copy {
    fn node(&mut self, node: NodeRef<'_>, dropped: &[&[Step]]) -> Result<(), LimitExceeded> {
        let target = node.resolved();
        let known = self.copied.get(target.id.0 as usize).copied().flatten();
        let copy = match (node.is_reference(), known) {
            (true, Some(copy)) => self.builder.alias(copy, self.origin)?,
            _ => self.written(target, dropped)?,
        };
        if let Some(slot) = self.copied.get_mut(node.id.0 as usize) {
            *slot = Some(copy);
        }
        Ok(())
    }

    fn written(&mut self, node: NodeRef<'_>, dropped: &[&[Step]]) -> Result<NodeId, LimitExceeded> {
        let (builder, origin) = (&mut self.builder, self.origin);
        match node.kind() {
            Kind::Null => builder.null(origin),
            Kind::Bool => builder.bool(node.as_bool().unwrap_or_default(), origin),
            Kind::Int => builder.int(node.as_i64().unwrap_or_default(), origin),
            Kind::Uint => builder.uint(node.as_u64().unwrap_or_default(), origin),
            Kind::Float => builder.float(node.as_f64().unwrap_or_default(), origin),
            Kind::String => self.string(node.as_str().unwrap_or_default()),
            Kind::Sequence => {
                let copy = builder.begin_sequence(origin)?;
                for (index, item) in node.items().enumerate() {
                    let below = below(dropped, &Step::Index(index));
                    if !is_dropped(&below) {
                        self.node(item, &below)?;
                    }
                }
                self.builder.end(None);
                Ok(copy)
            }
            Kind::Mapping => {
                let copy = builder.begin_mapping(origin)?;
                for entry in node.written_entries() {
                    let below = below(dropped, &Step::Key(entry.name().into()));
                    if entry.key == Keys::MERGE {
                        self.builder.merge_key(origin);
                    } else if is_dropped(&below) {
                        continue;
                    } else {
                        self.builder.key(entry.name(), origin);
                    }
                    self.node(entry.value, &below)?;
                }
                self.builder.end(None);
                Ok(copy)
            }
        }
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

/// What is to be dropped one step further down.
fn below<'p>(dropped: &[&'p [Step]], step: &Step) -> Vec<&'p [Step]> {
    let rest = |path: &&'p [Step]| path.split_first().filter(|(first, _)| *first == step);
    dropped
        .iter()
        .filter_map(rest)
        .map(|(_, rest)| rest)
        .collect()
}

fn is_dropped(below: &[&[Step]]) -> bool {
    below.iter().any(|rest| rest.is_empty())
}

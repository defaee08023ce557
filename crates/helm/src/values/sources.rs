//! Numbers for all that may decide a value: every node of a file of values, every setting of a flag, every file.

use std::cell::RefCell;
use std::sync::Arc;

use document::{Document, NodeRef, Role, Source, Span};
use gotemplate::Origin;

/// What origins of template values mean: [`Origin::source`] of a number that this table gave.
#[derive(Default)]
pub(crate) struct Sources {
    /// By the first number of each.
    tables: RefCell<Vec<(u32, Table)>>,
}

enum Table {
    /// Each node has a number.
    Document(Arc<Document>, Role),
    /// One number.
    Place(Arc<Source>, Span, Role, Box<str>),
}

impl Table {
    fn len(&self) -> u32 {
        match self {
            Table::Document(document, _) => document.size(),
            Table::Place(..) => 1,
        }
    }
}

/// What a number stands for.
pub(crate) struct Found {
    pub(crate) role: Role,
    pub(crate) source: Arc<Source>,
    pub(crate) span: Span,
    /// Inside of its file, or what the flag sets; empty for a whole file.
    pub(crate) path: String,
}

impl Sources {
    fn add(&self, table: Table) -> u32 {
        let mut tables = self.tables.borrow_mut();
        let next = tables.last().map_or(0, |(first, last)| first + last.len());
        tables.push((next, table));
        next
    }

    /// Numbers all nodes of a document; a node's number is the one that is given plus its index.
    pub(crate) fn document(&self, document: &Arc<Document>, role: Role) -> u32 {
        self.add(Table::Document(Arc::clone(document), role))
    }

    /// Numbers one place.
    pub(crate) fn place(
        &self,
        source: &Arc<Source>,
        span: Span,
        role: Role,
        path: impl Into<Box<str>>,
    ) -> Origin {
        Origin::source(self.add(Table::Place(Arc::clone(source), span, role, path.into())))
    }

    /// What a number stands for.
    pub(crate) fn find(&self, number: u32) -> Option<Found> {
        let tables = self.tables.borrow();
        let index = tables.partition_point(|(first, _)| *first <= number);
        let (first, table) = tables.get(index.checked_sub(1)?)?;
        Some(match table {
            Table::Document(document, role) => {
                let node = document.nth(number - first);
                let place = node.place();
                Found {
                    role: *role,
                    source: Arc::clone(place.source),
                    span: place.span,
                    path: path_of(document, node),
                }
            }
            Table::Place(source, span, role, path) => Found {
                role: *role,
                source: Arc::clone(source),
                span: span.clone(),
                path: path.to_string(),
            },
        })
    }
}

impl Sources {
    /// The number of the mapping or list that a value lies in.
    pub(crate) fn parent(&self, number: u32) -> Option<u32> {
        self.in_document(number, |document, node, first| {
            let roots = document.roots();
            let mut roots = roots;
            let (root, steps) =
                roots.find_map(|root| Some((root, document.steps_to(root, node)?)))?;
            let parent = match steps.len() {
                0 => return None,
                1 => root,
                length => steps[length - 2].1,
            };
            Some(first + parent.id().index())
        })
    }

    /// Whether a value is a text that has another one in it.
    pub(crate) fn has_text(&self, number: u32, text: &str) -> bool {
        let has = self.in_document(number, |_, node, _| Some(node.as_str()?.contains(text)));
        has.unwrap_or(false)
    }

    fn in_document<T>(
        &self,
        number: u32,
        look: impl FnOnce(&Document, NodeRef<'_>, u32) -> Option<T>,
    ) -> Option<T> {
        let tables = self.tables.borrow();
        let index = tables.partition_point(|(first, _)| *first <= number);
        match tables.get(index.checked_sub(1)?)? {
            (first, Table::Document(document, _)) => {
                look(document, document.nth(number - first), *first)
            }
            _ => None,
        }
    }
}

fn path_of(document: &Document, node: NodeRef<'_>) -> String {
    let path = document
        .roots()
        .find_map(|root| document.path_of(root, node));
    path.map(|path| path.to_string()).unwrap_or_default()
}

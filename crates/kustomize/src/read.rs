//! Reads texts into trees: files once, and texts that stand in values.

use std::collections::HashMap;
use std::sync::Arc;

use document::{Keys, Limits, Role, Source, parse_yaml};

use crate::error::{Error, ErrorKind, Result};
use crate::folder::Loader;
use crate::origin::{At, Origins, Placed};
use crate::resource::{Resource, check};
use crate::tree::{Node, Value};

/// Reads and counts.
#[derive(Debug)]
pub(crate) struct Reader {
    keys: Arc<Keys>,
    limits: Limits,
    /// Bytes that may still be read into trees.
    left: usize,
    files_left: usize,
    sources: HashMap<String, (u32, Arc<Source>)>,
    pub(crate) files: Vec<String>,
}

impl Reader {
    pub(crate) fn new(limits: Limits, bytes: usize, files: usize) -> Self {
        Reader {
            keys: Arc::new(Keys::new([])),
            limits,
            left: bytes,
            files_left: files,
            sources: HashMap::new(),
            files: Vec::new(),
        }
    }

    /// The documents of a file, and the file's source.
    pub(crate) fn file(
        &mut self,
        loader: &Loader<'_>,
        path: &str,
        cause: Option<(Role, At)>,
        origins: &mut Origins,
    ) -> Result<Vec<Node>> {
        let path = loader.file(path)?;
        self.count_file()?;
        let (id, source) = if let Some((id, source)) = self.sources.get(&path) {
            (*id, Arc::clone(source))
        } else {
            let source = loader.text(&path)?;
            let id = origins.source(&source);
            self.files.push(path.clone());
            self.sources.insert(path, (id, Arc::clone(&source)));
            (id, source)
        };
        self.parse(&source, &Placed::File(id, cause), origins)
    }

    /// The resolved path and the bytes of a file that is not parsed.
    pub(crate) fn bytes(&mut self, loader: &Loader<'_>, path: &str) -> Result<(String, Vec<u8>)> {
        let path = loader.file(path)?;
        self.count_file()?;
        let bytes = loader.bytes(&path)?;
        self.left = self.left.checked_sub(bytes.len()).ok_or_else(too_much)?;
        self.files.push(path.clone());
        Ok((path, bytes))
    }

    /// Counts what was made of a text.
    pub(crate) fn count_node(&mut self, node: &Node) -> Result<()> {
        self.left = self.left.checked_sub(node.weight()).ok_or_else(too_much)?;
        Ok(())
    }

    fn count_file(&mut self) -> Result<()> {
        let left = self.files_left.checked_sub(1);
        self.files_left = left.ok_or_else(|| ErrorKind::TooLarge("too many files".to_owned()))?;
        Ok(())
    }

    /// The documents of a text that stands in a value.
    pub(crate) fn text(
        &mut self,
        text: &str,
        at: At,
        cause: Option<(Role, At)>,
        origins: &mut Origins,
    ) -> Result<Vec<Node>> {
        let placed = origins.inside(at, text, cause);
        let name = origins
            .lookup(at)
            .map_or("", |(source, _)| source.name())
            .to_owned();
        self.parse(&Source::new(name, text), &placed, origins)
    }

    fn parse(
        &mut self,
        source: &Arc<Source>,
        placed: &Placed,
        origins: &mut Origins,
    ) -> Result<Vec<Node>> {
        let parsed = parse_yaml(Arc::clone(source), &self.keys, &self.limits);
        if let Some(error) = parsed.errors.first() {
            let line = source.line_column(error.span.start);
            return Err(Error {
                kind: ErrorKind::Syntax {
                    file: source.name().to_owned(),
                    message: format!("line {}: {error}", line.line),
                },
                place: Some((Arc::clone(source), error.span.clone())),
            });
        }
        let mut nodes = Vec::new();
        for root in parsed.document.roots() {
            let node = Node::from_ref(root, placed, origins);
            self.count_node(&node)?;
            nodes.push(node);
        }
        Ok(nodes)
    }
}

fn too_much() -> Error {
    ErrorKind::TooLarge("too many values".to_owned()).into()
}

/// The objects of the documents of a text, lists of objects opened.
pub(crate) fn objects(documents: Vec<Node>) -> Result<Vec<Resource>> {
    let mut queue: std::collections::VecDeque<Node> = documents.into();
    let mut objects = Vec::new();
    while let Some(mut node) = queue.pop_front() {
        if node.is_null_or_empty() && !matches!(node.value, Value::List(_)) {
            continue;
        }
        if !matches!(node.value, Value::Map(_)) {
            let message = "an object must be a mapping".to_owned();
            return Err(ErrorKind::Resource(message).into());
        }
        check(&node)?;
        let kind = node.text_at(&["kind"]).unwrap_or_default();
        let (is_list, is_plain) = (
            kind.ends_with("List"),
            matches!(kind, "List" | "ResourceList"),
        );
        let items = if is_list { node.remove("items") } else { None };
        match items.map(|items| items.value) {
            Some(Value::List(items)) if is_plain => {
                for item in items.into_iter().rev() {
                    queue.push_front(item);
                }
            }
            // The items of a list of one kind come last.
            Some(Value::List(items)) => queue.extend(items),
            Some(Value::Null(_)) => {}
            Some(_) => {
                let message = "the items of a list of objects must be a list".to_owned();
                return Err(ErrorKind::Resource(message).into());
            }
            None => objects.push(Resource::new(node)),
        }
    }
    Ok(objects)
}

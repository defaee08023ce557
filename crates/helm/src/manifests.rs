//! From what templates wrote to manifests: split, told from hooks, and in the order of installation.

mod head;
mod order;
mod split;

pub(crate) use split::split;

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use document::{Keys, NodeRef, Source, Span};

use crate::engine::Output;
use head::Head;

/// One manifest.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// The template that wrote it.
    pub(crate) template: Rc<str>,
    /// Its bytes in the text of all templates.
    pub(crate) range: Range<usize>,
    pub(crate) kind: String,
    pub(crate) hook: Hook,
}

/// Whether a manifest is a hook (<https://helm.sh/docs/topics/charts_hooks/>).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Hook {
    /// No hook.
    None,
    /// A hook that only tests.
    Test,
    /// Any other one.
    Other,
}

/// The manifests of a rendering, hooks apart.
pub(crate) struct Manifests {
    pub(crate) plain: Vec<Manifest>,
    pub(crate) hooks: Vec<Manifest>,
}

/// A manifest that Helm would refuse, and where in the text of all templates.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) template: Rc<str>,
    pub(crate) message: String,
    pub(crate) range: Range<usize>,
}

/// A manifest in the text that is parsed: its template, its bytes in what templates wrote, and where it begins here.
struct Chunk<'o> {
    template: &'o Rc<str>,
    range: Range<usize>,
    at: usize,
}

impl Chunk<'_> {
    fn end(&self) -> usize {
        self.at + self.range.len()
    }

    /// An error about a span of the text that is parsed.
    fn refused(&self, message: String, span: &Span) -> Refused {
        let inside = |offset: u32| {
            let offset = (offset as usize).clamp(self.at, self.end()) - self.at;
            self.range.start + offset
        };
        Refused {
            template: Rc::clone(self.template),
            message,
            range: inside(span.start)..inside(span.end),
        }
    }
}

/// Reads what templates wrote, in the order of their names.
pub(crate) fn read(
    text: &str,
    outputs: &[Output],
    limits: &document::Limits,
    warn: &mut dyn FnMut(String),
) -> Result<Manifests, Refused> {
    let (joined, chunks) = join(text, outputs);
    let keys = Arc::new(Keys::new([]));
    let parsed = document::parse_yaml(Source::new("", joined), &keys, limits);
    if let Some(error) = parsed.errors.first() {
        let index = chunks.partition_point(|chunk| chunk.end() < error.span.start as usize);
        if let Some(chunk) = chunks.get(index).or(chunks.last()) {
            return Err(chunk.refused(error.to_string(), &error.span));
        }
    }
    let mut roots = parsed.document.roots().peekable();
    let mut manifests = Manifests {
        plain: Vec::new(),
        hooks: Vec::new(),
    };
    for chunk in chunks {
        if let Some(at) = early_end(&text[chunk.range.clone()]) {
            let at = (chunk.at + at) as u32;
            return Err(chunk.refused(
                "`...` ends a document that did not begin".to_owned(),
                &(at..at + 3),
            ));
        }
        let begins_here = |root: &NodeRef<'_>| (root.place().span.start as usize) < chunk.end();
        let root = roots.next_if(begins_here);
        // Helm reads only the first document, should there be more.
        while roots.next_if(begins_here).is_some() {}
        let head = Head::read(root).map_err(|(message, span)| chunk.refused(message, &span))?;
        let Some(hook) = head.hook(warn) else {
            continue;
        };
        let list = match hook {
            Hook::None => &mut manifests.plain,
            _ => &mut manifests.hooks,
        };
        list.push(Manifest {
            template: Rc::clone(chunk.template),
            range: chunk.range,
            kind: head.kind,
            hook,
        });
    }
    order::sort(&mut manifests.plain);
    order::sort(&mut manifests.hooks);
    Ok(manifests)
}

/// Where a manifest has an end of a document before anything else, which Helm's parser does not take.
fn early_end(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        if content == "..." && line.starts_with("...") {
            return Some(at);
        }
        if !content.is_empty() && !content.starts_with('#') {
            return None;
        }
        at += line.len();
    }
    None
}

/// All manifests in one text, in the order of their templates' names, so that they are parsed at once.
fn join<'o>(text: &str, outputs: &'o [Output]) -> (String, Vec<Chunk<'o>>) {
    let mut sorted: Vec<&Output> = outputs
        .iter()
        .filter(|output| !output.name.ends_with("NOTES.txt"))
        .collect();
    sorted.sort_by(|left, right| left.name.cmp(&right.name));
    let mut joined = String::with_capacity(text.len() + 8 * outputs.len());
    let mut chunks = Vec::new();
    for output in sorted {
        for range in split(text, output.range.clone()) {
            joined.push_str("---\n");
            let at = joined.len();
            joined.push_str(&text[range.clone()]);
            joined.push('\n');
            chunks.push(Chunk {
                template: &output.name,
                range,
                at,
            });
        }
    }
    (joined, chunks)
}

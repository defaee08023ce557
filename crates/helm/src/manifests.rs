//! From what templates wrote to manifests: split, told from hooks, and in the order of installation.

mod crew;
mod head;
mod order;
mod piece;
mod split;

pub(crate) use split::split;

use std::ops::Range;
use std::rc::Rc;

use document::{Limits, Span};

use crate::engine::Output;
use crew::Crew;
use head::Head;
use piece::{Heads, Piece};

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

/// A manifest in a piece: the number of its template's output, its bytes in what templates wrote, and where it begins in the
/// text of the piece.
struct Chunk {
    output: usize,
    range: Range<usize>,
    at: usize,
}

impl Chunk {
    fn end(&self) -> usize {
        self.at + self.range.len()
    }

    /// An error about a span of the text of the piece.
    fn refused(&self, outputs: &[Output], message: String, span: &Span) -> Refused {
        let inside = |offset: u32| {
            let offset = (offset as usize).clamp(self.at, self.end()) - self.at;
            self.range.start + offset
        };
        Refused {
            template: Rc::clone(&outputs[self.output].name),
            message,
            range: inside(span.start)..inside(span.end),
        }
    }
}

/// Reads manifests as templates write them: while one template is executed, others look at what the last ones wrote.
pub(crate) struct Reading {
    crew: Crew,
    /// What is not handed over yet.
    open: Piece,
    /// The manifests of each piece that was.
    handed: Vec<Vec<Chunk>>,
}

/// What came of the pieces: the manifests and what Helm reads of them.
type Read = Vec<(Vec<Chunk>, Heads)>;

impl Reading {
    pub(crate) fn new(limits: &Limits) -> Self {
        Reading {
            crew: Crew::new(*limits),
            open: Piece::default(),
            handed: Vec::new(),
        }
    }

    /// Takes what a template wrote: a part of the text so far.
    pub(crate) fn take(&mut self, number: usize, output: &Output, text: &str) {
        if is_notes(output) {
            return;
        }
        for range in split(text, output.range.clone()) {
            if self.open.is_full() {
                let (work, chunks) = std::mem::take(&mut self.open).work();
                self.handed.push(chunks);
                self.crew.hand_over(work);
            }
            self.open.add(number, text, range);
        }
    }

    /// The manifests, in the order of their templates' names.
    pub(crate) fn finish(
        mut self,
        text: &str,
        outputs: &[Output],
        warn: &mut dyn FnMut(String),
    ) -> Result<Manifests, Refused> {
        let limits = self.crew.limits;
        let (last, chunks) = self.open.work();
        self.handed.push(chunks);
        let heads = self.crew.finish(last);
        let read: Read = self.handed.into_iter().zip(heads).collect();
        if let Some(refused) = refused(&read, text, outputs, &limits) {
            return Err(refused);
        }
        let pieces = read.into_iter();
        let mut all: Vec<_> = pieces
            .flat_map(|(chunks, heads)| chunks.into_iter().zip(heads.list))
            .collect();
        all.sort_by(|(left, _), (right, _)| {
            outputs[left.output].name.cmp(&outputs[right.output].name)
        });
        let mut manifests = Manifests {
            plain: Vec::new(),
            hooks: Vec::new(),
        };
        for (chunk, head) in all {
            manifests.add(text, outputs, chunk, head, warn)?;
        }
        order::sort(&mut manifests.plain);
        order::sort(&mut manifests.hooks);
        Ok(manifests)
    }
}

fn is_notes(output: &Output) -> bool {
    output.name.ends_with("NOTES.txt")
}

/// The first manifest, in the order of names, that is no YAML. Behind a mistake the others of its piece were not read, so each is
/// looked at by itself.
fn refused(read: &Read, text: &str, outputs: &[Output], limits: &Limits) -> Option<Refused> {
    let (chunks, error) = read
        .iter()
        .find_map(|(chunks, heads)| Some((chunks, heads.error.as_ref()?)))?;
    let mut sorted: Vec<(usize, &Output)> = outputs.iter().enumerate().collect();
    sorted.retain(|(_, output)| !is_notes(output));
    sorted.sort_by(|(_, left), (_, right)| left.name.cmp(&right.name));
    for (number, output) in sorted {
        for range in split(text, output.range.clone()) {
            let mut piece = Piece::default();
            piece.add(number, text, range);
            let (work, alone) = piece.work();
            if let (Some(error), [chunk]) = (work.read(limits).error, &alone[..]) {
                return Some(chunk.refused(outputs, error.to_string(), &error.span));
            }
        }
    }
    let start = error.span.start as usize;
    let index = chunks.partition_point(|chunk| chunk.end() < start);
    let chunk = chunks.get(index).or(chunks.last())?;
    Some(chunk.refused(outputs, error.to_string(), &error.span))
}

impl Manifests {
    fn add(
        &mut self,
        text: &str,
        outputs: &[Output],
        chunk: Chunk,
        head: Result<Head, (String, Span)>,
        warn: &mut dyn FnMut(String),
    ) -> Result<(), Refused> {
        if let Some(at) = early_end(&text[chunk.range.clone()]) {
            let at = (chunk.at + at) as u32;
            return Err(chunk.refused(
                outputs,
                "`...` ends a document that did not begin".to_owned(),
                &(at..at + 3),
            ));
        }
        let head = head.map_err(|(message, span)| chunk.refused(outputs, message, &span))?;
        let Some(hook) = head.hook(warn) else {
            return Ok(());
        };
        let list = match hook {
            Hook::None => &mut self.plain,
            _ => &mut self.hooks,
        };
        list.push(Manifest {
            template: Rc::clone(&outputs[chunk.output].name),
            range: chunk.range,
            kind: head.kind,
            hook,
        });
        Ok(())
    }
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

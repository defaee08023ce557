//! From what templates wrote to manifests: split, told from hooks, and in the order of installation.

mod head;
mod order;
mod split;

pub(crate) use split::split;

use std::num::NonZero;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use document::{Keys, NodeRef, Parsed, Source, Span, SyntaxError};

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
    let pieces = join(text, outputs);
    let heads = heads(&pieces, limits);
    for (piece, heads) in pieces.iter().zip(&heads) {
        if let Some(error) = &heads.error {
            let start = error.span.start as usize;
            let index = piece.chunks.partition_point(|chunk| chunk.end() < start);
            if let Some(chunk) = piece.chunks.get(index).or(piece.chunks.last()) {
                return Err(chunk.refused(error.to_string(), &error.span));
            }
        }
    }
    let mut manifests = Manifests {
        plain: Vec::new(),
        hooks: Vec::new(),
    };
    let chunks = pieces.into_iter().flat_map(|piece| piece.chunks);
    for (chunk, head) in chunks.zip(heads.into_iter().flat_map(|heads| heads.list)) {
        manifests.add(text, chunk, head, warn)?;
    }
    order::sort(&mut manifests.plain);
    order::sort(&mut manifests.hooks);
    Ok(manifests)
}

impl Manifests {
    fn add(
        &mut self,
        text: &str,
        chunk: Chunk<'_>,
        head: Result<Head, (String, Span)>,
        warn: &mut dyn FnMut(String),
    ) -> Result<(), Refused> {
        if let Some(at) = early_end(&text[chunk.range.clone()]) {
            let at = (chunk.at + at) as u32;
            return Err(chunk.refused(
                "`...` ends a document that did not begin".to_owned(),
                &(at..at + 3),
            ));
        }
        let head = head.map_err(|(message, span)| chunk.refused(message, &span))?;
        let Some(hook) = head.hook(warn) else {
            return Ok(());
        };
        let list = match hook {
            Hook::None => &mut self.plain,
            _ => &mut self.hooks,
        };
        list.push(Manifest {
            template: Rc::clone(chunk.template),
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

/// Manifests that are parsed at once.
struct Piece<'o> {
    source: Arc<Source>,
    chunks: Vec<Chunk<'o>>,
}

/// Bytes of manifests that are read at once: what is made of them stays near.
const ENOUGH: usize = 64 << 10;

/// All manifests, in the order of their templates' names: usually in one piece.
fn join<'o>(text: &str, outputs: &'o [Output]) -> Vec<Piece<'o>> {
    let mut sorted: Vec<&Output> = outputs
        .iter()
        .filter(|output| !output.name.ends_with("NOTES.txt"))
        .collect();
    sorted.sort_by(|left, right| left.name.cmp(&right.name));
    let mut pieces = Vec::new();
    let mut joined = String::with_capacity(text.len().min(ENOUGH));
    let mut chunks = Vec::new();
    for output in sorted {
        for range in split(text, output.range.clone()) {
            if joined.len() >= ENOUGH {
                pieces.push(Piece {
                    source: Source::new("", std::mem::take(&mut joined)),
                    chunks: std::mem::take(&mut chunks),
                });
            }
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
    pieces.push(Piece {
        source: Source::new("", joined),
        chunks,
    });
    pieces
}

/// What Helm reads of the manifests of a piece.
struct Heads {
    /// The first place that is not YAML.
    error: Option<SyntaxError>,
    /// One for each chunk.
    list: Vec<Result<Head, (String, Span)>>,
}

/// Reads the pieces, side by side where there are several and nothing else is.
fn heads(pieces: &[Piece<'_>], limits: &document::Limits) -> Vec<Heads> {
    let keys = Arc::new(Keys::new([]));
    let mut ends = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let of_chunks: Vec<usize> = piece.chunks.iter().map(Chunk::end).collect();
        ends.push((Arc::clone(&piece.source), of_chunks));
    }
    let read = |(source, ends): &(Arc<Source>, Vec<usize>)| {
        heads_of(Arc::clone(source), ends, &keys, limits)
    };
    // In a thread of the pool other renderings are made at the same time.
    if ends.len() == 1 || rayon::current_thread_index().is_some() {
        return ends.iter().map(read).collect();
    }
    side_by_side(&ends, read)
}

/// Threads that share the work of one rendering, at most: what there is to do takes some milliseconds.
const MAX_THREADS: usize = 4;

/// Does something to all items, this thread and a few others. A pool would take a thread more, while this one waits.
fn side_by_side<T: Sync, R: Send>(items: &[T], each: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let index = next.fetch_add(1, Ordering::Relaxed)
            && let Some(item) = items.get(index)
        {
            done.push((index, each(item)));
        }
        done
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let others = threads.min(MAX_THREADS).min(items.len()) - 1;
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (0..others).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            done.extend(
                other
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            );
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Reads a piece whose manifests end at some bytes. Little of a document is wanted, so it goes at once.
fn heads_of(
    source: Arc<Source>,
    ends: &[usize],
    keys: &Arc<Keys>,
    limits: &document::Limits,
) -> Heads {
    let Parsed { document, errors } = document::parse_yaml(source, keys, limits);
    let mut roots = document.roots().peekable();
    let mut list = Vec::with_capacity(ends.len());
    for &end in ends {
        let begins_here = |root: &NodeRef<'_>| (root.place().span.start as usize) < end;
        let root = roots.next_if(begins_here);
        // Helm reads only the first document, should there be more.
        while roots.next_if(begins_here).is_some() {}
        list.push(Head::read(root));
    }
    Heads {
        error: errors.into_iter().next(),
        list,
    }
}

//! Finds the exceptions that the files behind a rendering carry: comments in templates, values, patches and bases.
//!
//! A comment speaks for what it would speak for in its own file; in the rendering that is every node that was written
//! there, or that something there had a part in, and all below that node.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use document::{Document, Keys, Limits, NodeRef, OriginId, Source, Span};
use foldhash::fast::FixedState;

use super::directive::{self, Directive};
use super::inline::{InlineException, comments_of, spread};
use super::scope::Scope;

/// What every such comment has in it.
const MARK: &str = "seawall:";

/// The exceptions of the files that renderings were made from. Each file is read once for all of them.
#[derive(Default)]
pub(super) struct RenderedExceptions {
    files: HashMap<String, Arc<Vec<Written>>, FixedState>,
}

/// A comment, and what it speaks for in its own file.
struct Written {
    at: Span,
    reach: Reach,
}

enum Reach {
    /// Nodes that lie in these bytes.
    Bytes(Span),
    /// Nodes that begin on a line; of several lines in question the first that has some.
    Lines(Vec<u32>),
    /// Nothing follows.
    Nothing,
}

impl RenderedExceptions {
    /// The exceptions for the nodes of a rendering.
    pub(super) fn find(&mut self, document: &Document) -> Vec<InlineException> {
        let mut found = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for source in document.sources() {
            if !source.text().contains(MARK) || seen.contains(&source.name()) {
                continue;
            }
            seen.push(source.name());
            let known = self.files.get(source.name()).cloned();
            let written = known.unwrap_or_else(|| {
                let written = Arc::new(written_in(source));
                let name = source.name().to_owned();
                self.files.insert(name, Arc::clone(&written));
                written
            });
            for comment in &*written {
                let text = source.slice(&comment.at);
                if let Some(directive) = directive::comment(text) {
                    let scopes = scopes(document, source, &comment.reach);
                    spread(&directive, &scopes, source, &comment.at, &mut found);
                }
            }
        }
        found
    }
}

/// The comments of a file that are exceptions.
fn written_in(source: &Arc<Source>) -> Vec<Written> {
    let keys = Arc::new(Keys::new([]));
    let parsed = document::parse_yaml(Arc::clone(source), &keys, &Limits::default());
    if !parsed.errors.is_empty() {
        return in_template(source);
    }
    let document = parsed.document;
    let comments = comments_of(&document).into_iter();
    comments
        .map(|(_, scope, at)| Written {
            at,
            reach: scope.map_or(Reach::Nothing, |scope| bytes(&document, scope)),
        })
        .collect()
}

/// The bytes of a node with its key or dash.
fn bytes(document: &Document, scope: Scope) -> Reach {
    let node = document.at(scope.first);
    let root = document.roots().find(|root| root.holds(node));
    root.map_or(Reach::Nothing, |root| {
        Reach::Bytes(document.entry_place(root, node).span)
    })
}

/// The same for a text that is no YAML before it is rendered: by its lines.
fn in_template(source: &Arc<Source>) -> Vec<Written> {
    let mut written = Vec::new();
    let lines: Vec<&str> = source.text().split('\n').collect();
    let mut start = 0;
    for (index, line) in lines.iter().enumerate() {
        if let Some(comment) = comment_in(line) {
            let at = start + comment.start as u32..start + comment.end as u32;
            let (before, after) = (&line[..comment.start], &line[comment.end..]);
            let alone = is_only_action(before) && is_only_action(after);
            let number = index as u32 + 1;
            let reach = if alone {
                Reach::Lines(lines_below(&lines, index))
            } else {
                Reach::Lines(vec![number])
            };
            written.push(Written { at, reach });
        }
        start += line.len() as u32 + 1;
    }
    written
}

/// The bytes of the comment in a line of a template, from its `#` or its first word.
fn comment_in(line: &str) -> Option<Range<usize>> {
    let mark = line.find(MARK)?;
    let before = line[..mark].trim_end();
    let end = line[mark..].find("*/").map(|end| mark + end);
    let start = match before.strip_suffix('#') {
        Some(_) => before.trim_end_matches('#').len(),
        // A comment of the template language, `{{/* … */}}`, which may have several lines.
        None if before.ends_with("/*") || before.trim().is_empty() => mark,
        None => return None,
    };
    let end = end.unwrap_or(line.len());
    let comment = line[start..end].trim_end();
    let is_exception = |directive: &Directive<'_>| !directive.controls.is_empty();
    directive::comment(comment)
        .filter(|directive| is_exception(directive) || before.ends_with('#'))
        .map(|_| start..start + comment.len())
}

/// The lines below that may have the node that a comment alone on its line is for: up to the first that is more than
/// an action or a comment.
fn lines_below(lines: &[&str], index: usize) -> Vec<u32> {
    let mut below = Vec::new();
    for (line, number) in lines.iter().zip(1..).skip(index + 1) {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if text.starts_with("---") {
            break;
        }
        below.push(number);
        if !is_only_action(text) {
            break;
        }
    }
    below
}

/// Whether a part of a line is nothing but actions and blanks.
fn is_only_action(text: &str) -> bool {
    let mut rest = text.trim();
    // What is left of a comment that began on a line above, or goes on below.
    for part in ["/*", "{{-", "{{", "-}}", "}}", "*/"] {
        if rest == part {
            return true;
        }
    }
    rest = rest.strip_prefix("*/").unwrap_or(rest).trim_start();
    rest = rest.strip_suffix("/*").unwrap_or(rest).trim_end();
    if let Some(after) = rest.strip_prefix("-}}").or_else(|| rest.strip_prefix("}}")) {
        rest = after.trim_start();
    }
    if let Some(before) = rest.strip_suffix("{{-").or_else(|| rest.strip_suffix("{{")) {
        rest = before.trim_end();
    }
    while let Some(inner) = rest.strip_prefix("{{") {
        match inner.find("}}") {
            Some(end) => rest = inner[end + 2..].trim_start(),
            None => return false,
        }
    }
    rest.is_empty()
}

/// The nodes of a rendering that a comment reaches, outermost ones.
fn scopes(document: &Document, source: &Source, reach: &Reach) -> Vec<Scope> {
    match reach {
        Reach::Nothing => Vec::new(),
        Reach::Bytes(bytes) => outermost(document, &|at| {
            has_place(document, at, source, |span| {
                bytes.start <= span.start && span.end <= bytes.end
            })
        }),
        Reach::Lines(lines) => {
            let on = |number: u32| {
                let line = source.line_span(number).unwrap_or_default();
                outermost(document, &|at| {
                    has_place(document, at, source, |span| {
                        line.start <= span.start && span.start <= line.end
                    })
                })
            };
            let mut all = lines.iter().map(|&number| on(number));
            all.find(|scopes| !scopes.is_empty()).unwrap_or_default()
        }
    }
}

/// Whether something was written in a place of a source, or something there had a part in it.
fn has_place(
    document: &Document,
    origin: OriginId,
    source: &Source,
    fits: impl Fn(&Span) -> bool,
) -> bool {
    let own = std::iter::once(origin);
    let mut all = own.chain(document.causes(origin).map(|cause| cause.at));
    all.any(|at| {
        let place = document.place(at);
        place.source.name() == source.name() && fits(&place.span)
    })
}

/// The nodes for whose place, or that of their key, a predicate is true, without those below others. The value of a key
/// can be written elsewhere: by the next action, or in a file of values.
fn outermost(document: &Document, fits: &dyn Fn(OriginId) -> bool) -> Vec<Scope> {
    fn visit(
        node: NodeRef<'_>,
        key: Option<OriginId>,
        fits: &dyn Fn(OriginId) -> bool,
        found: &mut Vec<Scope>,
    ) {
        if fits(node.origin()) || key.is_some_and(fits) {
            found.push(Scope::of(node));
        } else if !node.is_reference() {
            node.items().for_each(|item| visit(item, None, fits, found));
            let entries = node.written_entries();
            entries.for_each(|entry| visit(entry.value, Some(entry.key_origin), fits, found));
        }
    }
    let mut found = Vec::new();
    for root in document.roots() {
        visit(root, None, fits, &mut found);
    }
    found
}

//! Finds the exceptions that manifests carry: comments and annotations.

use std::sync::Arc;

use document::{Document, KeyId, Kind, NodeRef, Source, Span};
use model::{AppliedException, Location};

use super::directive::{self, Directive};
use super::scope::{Lines, Scope};

/// The annotation's key.
const ANNOTATION: &str = "seawall.dev/ignore";

/// An exception from one control that a manifest carries.
pub(crate) struct InlineException {
    /// As written, perhaps unknown.
    pub(crate) control: String,
    /// What it says; `at` still empty.
    pub(crate) applied: AppliedException,
    /// The nodes it speaks for; none when no node begins where it points.
    pub(crate) scopes: Vec<Scope>,
    /// Where it is written.
    pub(crate) at: Location,
}

/// The inline exceptions of a document: comments, then annotations, each in the order of the text.
pub(crate) fn find(document: &Document) -> Vec<InlineException> {
    let mut found = comments(document);
    found.extend(annotations(document));
    found
}

fn comments(document: &Document) -> Vec<InlineException> {
    let mut found = Vec::new();
    for (source, scope, span) in comments_of(document) {
        if let Some(directive) = directive::comment(source.slice(&span)) {
            spread(&directive, scope.as_slice(), source, &span, &mut found);
        }
    }
    found
}

/// The comments of a document that are exceptions: the source, the nodes that each speaks for, and where it is.
pub(super) fn comments_of(document: &Document) -> Vec<(&Arc<Source>, Option<Scope>, Span)> {
    let mut found = Vec::new();
    let mut lines: Option<(*const Source, Lines<'_>)> = None;
    for place in document.comments() {
        if directive::comment(place.source.slice(&place.span)).is_none() {
            continue;
        }
        let source = Arc::as_ptr(place.source);
        let (_, lines) = match lines.take() {
            Some(known) if known.0 == source => lines.insert(known),
            _ => lines.insert((source, Lines::new(document, place.source))),
        };
        let scope = lines.scope(place.span.start);
        found.push((place.source, scope, place.span));
    }
    found
}

/// The exceptions that objects carry in their annotations.
pub(super) fn annotations(document: &Document) -> Vec<InlineException> {
    let mut found = Vec::new();
    let keys = ["metadata", "annotations", ANNOTATION].map(|name| document.key_id(name));
    if let [Some(metadata), Some(annotations), Some(ignore)] = keys {
        for root in document.roots() {
            annotated(root, [metadata, annotations, ignore], &mut found);
        }
    }
    found
}

/// Looks at a node and all below it for objects whose metadata carries the annotation: resources,
/// items of lists, and pod templates.
fn annotated(node: NodeRef<'_>, keys: [KeyId; 3], found: &mut Vec<InlineException>) {
    if node.is_reference() {
        return;
    }
    match node.kind() {
        Kind::Sequence => node.items().for_each(|item| annotated(item, keys, found)),
        Kind::Mapping => {
            let [metadata, annotations, ignore] = keys;
            let value = node
                .get(metadata)
                .and_then(|metadata| metadata.get(annotations))
                .and_then(|annotations| annotations.get(ignore));
            if let Some(value) = value {
                annotation(node, value, found);
            }
            node.written_entries()
                .for_each(|entry| annotated(entry.value, keys, found));
        }
        _ => {}
    }
}

fn annotation(owner: NodeRef<'_>, value: NodeRef<'_>, found: &mut Vec<InlineException>) {
    let place = value.document().place(value.origin());
    for directive in directive::annotation(value.as_str().unwrap_or_default()) {
        spread(
            &directive,
            &[Scope::of(owner)],
            place.source,
            &place.span,
            found,
        );
    }
}

/// One exception for each control that a directive names; a nameless one when it names none.
pub(super) fn spread(
    directive: &Directive<'_>,
    scopes: &[Scope],
    source: &Arc<Source>,
    span: &Span,
    found: &mut Vec<InlineException>,
) {
    let nameless = directive.controls.is_empty().then_some("");
    for control in directive.controls.iter().copied().chain(nameless) {
        found.push(InlineException {
            control: control.to_owned(),
            applied: AppliedException {
                reason: directive.reason.clone(),
                owner: directive.owner.clone(),
                expires: directive.expires.clone(),
                at: String::new(),
            },
            scopes: scopes.to_vec(),
            at: Location {
                source: Arc::clone(source),
                span: span.clone(),
            },
        });
    }
}

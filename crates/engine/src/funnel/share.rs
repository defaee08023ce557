//! Findings that several renderings share: shown once, with the list.
//!
//! They are the same when the author would change the same place for the same reason: control, location, path, and the
//! values, flags and patches that decided what stands there.

use std::collections::HashMap;

use document::{Role, Span};
use foldhash::fast::FixedState;
use model::{AppliedException, Instance, Severity, State};

use super::{Described, Draft, Evaluated};
use crate::place::{location_of, path_of};

/// A part of a key: a file and bytes of it.
type Where = (String, Span);

/// What findings have in common that are shown once.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    control: u32,
    severity: Severity,
    state: State,
    /// Where the exception is written, if there is one.
    excepted_at: Option<String>,
    kind: Box<str>,
    path: String,
    location: Where,
    decided_by: Vec<(Role, Where)>,
}

impl Key {
    /// `None` for what is written as it is: that is there once.
    fn new(evaluated: &Evaluated, draft: &Draft, excepted_at: Option<String>) -> Option<Self> {
        let finding = draft.finding;
        let resource = &evaluated.inventory.resources[finding.resource as usize];
        resource.rendered?;
        let document = &resource.document;
        let at = location_of(resource, finding.node);
        let causes = document.causes(document.at(finding.node).origin());
        let decided_by = causes
            .filter(|cause| !matches!(cause.role, Role::Base | Role::Template | Role::Alias))
            .map(|cause| {
                let place = document.place(cause.at);
                (cause.role, (place.source.name().to_owned(), place.span))
            });
        Some(Key {
            control: finding.control,
            severity: draft.severity,
            state: draft.state,
            excepted_at,
            kind: resource.kind.clone(),
            path: path_of(resource, finding.node),
            location: (at.file().to_owned(), at.span),
            decided_by: decided_by.collect(),
        })
    }
}

/// Where the exceptions of findings are written, by their index.
pub(super) type Accepted = HashMap<usize, AppliedException, FixedState>;

/// Which of some findings the others share: for each the position of the one that is shown.
fn leaders<'d>(
    evaluated: &Evaluated,
    drafts: impl Iterator<Item = &'d Draft>,
    accepted: &Accepted,
) -> Vec<usize> {
    let mut known: HashMap<Key, usize, FixedState> = HashMap::default();
    let drafts = drafts.enumerate();
    drafts
        .map(|(index, draft)| {
            let excepted = accepted.get(&draft.raw);
            let excepted_at = excepted.map(|exception| exception.at.clone());
            let key = Key::new(evaluated, draft, excepted_at);
            key.map_or(index, |key| *known.entry(key).or_insert(index))
        })
        .collect()
}

/// Whether there is nothing to share.
fn is_alone(evaluated: &Evaluated) -> bool {
    evaluated.inventory.entries.len() < 2
}

/// Leaves one of the findings that renderings share, the first, and notes the others with it.
pub(super) fn share(evaluated: &Evaluated, described: &mut Vec<Described>, accepted: &Accepted) {
    if is_alone(evaluated) {
        return;
    }
    let drafts = described.iter().map(|one| &one.draft);
    let leaders = leaders(evaluated, drafts, accepted);
    let instance = |one: &Described| {
        let rendered = one.detail.rendered?;
        Some(Instance {
            entry: rendered.entry,
            resource: one.draft.finding.resource,
            fingerprint: one.detail.fingerprint.clone(),
        })
    };
    for index in 0..described.len() {
        let leader = leaders[index];
        if leader == index {
            continue;
        }
        let (own, first) = (instance(&described[index]), instance(&described[leader]));
        let instances = &mut described[leader].detail.instances;
        if instances.is_empty() {
            instances.extend(first);
        }
        instances.extend(own);
    }
    let mut index = 0;
    described.retain(|_| {
        index += 1;
        leaders[index - 1] == index - 1
    });
}

/// The same where nobody needs texts.
pub(super) fn share_plain(evaluated: &Evaluated, drafts: &mut Vec<Draft>, accepted: &Accepted) {
    if is_alone(evaluated) {
        return;
    }
    let leaders = leaders(evaluated, drafts.iter(), accepted);
    let mut index = 0;
    drafts.retain(|_| {
        index += 1;
        leaders[index - 1] == index - 1
    });
}

//! `seawall rbac graph [SUBJECT]`, and the pictures of other answers.

use std::process::ExitCode;

use layout::summary::{Budget, fit};
use rbac::{EscalationMemory, Escalator, Grant, Subject};

use super::Permissions;
use super::subject::{find, is_explicit, word};
use crate::answers::{self, is_path, paths_or_here};
use crate::args::{GraphArgs, PictureFormat};
use crate::scan::Scene;

/// How many steps of escalation other answers draw.
const DEPTH: u32 = 1;

pub(super) fn run(args: &GraphArgs) -> anyhow::Result<ExitCode> {
    let (subject, paths) = match args.rest.split_first() {
        Some((first, rest)) if is_explicit(first) || !is_path(first) => (Some(first), rest),
        _ => (None, &args.rest[..]),
    };
    let read = Permissions::read(&Scene::here(), &paths_or_here(paths), &args.reading)?;
    let memory = EscalationMemory::new(&read.graph);
    let escalator = Escalator::new(&read.graph, &memory);
    let graph = match subject {
        None => escalator.picture("Who has which permissions"),
        Some(subject) => {
            let named = find(subject, &read.graph)?;
            read.note_unknown(&named);
            let title = format!("What {} may do", word(named.subject()));
            escalator.picture_around(&title, named.subject(), args.depth)
        }
    };
    let graph = fit(&graph, Budget::default());
    let text = match args.format {
        PictureFormat::Svg => layout::svg(&graph),
        PictureFormat::Dot => layout::dot(&graph),
        PictureFormat::Mermaid => layout::mermaid(&graph),
    };
    answers::write(&args.printing, &text)?;
    Ok(read.finish(0))
}

/// The chains of grants, for Graphviz.
pub(super) fn dot_of_grants(read: &Permissions, title: &str, grants: &[Grant]) -> String {
    let memory = EscalationMemory::new(&read.graph);
    let escalator = Escalator::new(&read.graph, &memory);
    layout::dot(&escalator.picture_of_grants(title, grants))
}

/// A subject, for Graphviz.
pub(super) fn dot_of_subject(read: &Permissions, subject: Subject<'_>) -> String {
    let memory = EscalationMemory::new(&read.graph);
    let escalator = Escalator::new(&read.graph, &memory);
    let title = format!("What {} may do", word(subject));
    layout::dot(&escalator.picture_around(&title, subject, DEPTH))
}

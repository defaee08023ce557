//! `seawall rbac graph [SUBJECT]`, and the pictures of other answers.

use std::process::ExitCode;

use rbac::{EscalationMemory, Escalator, Grant, Subject};

use super::Permissions;
use super::subject::{find, is_explicit, word};
use crate::answers::{self, DETAIL, OVERVIEW, is_path, paths_or_here};
use crate::args::{GraphArgs, PictureFormat};
use crate::scan::Scene;

pub(super) fn run(args: &GraphArgs) -> anyhow::Result<ExitCode> {
    let (subject, paths) = match args.rest.split_first() {
        Some((first, rest)) if is_explicit(first) || !is_path(first) => (Some(first), rest),
        _ => (None, &args.rest[..]),
    };
    let read = Permissions::read(&Scene::here(), &paths_or_here(paths), &args.reading)?;
    let output = match subject {
        None => {
            let memory = EscalationMemory::new(&read.graph);
            let escalator = Escalator::new(&read.graph, &memory);
            answers::picture(
                &escalator.picture("Who has which permissions"),
                OVERVIEW,
                args.format,
            )?
        }
        Some(subject) => {
            let named = find(subject, &read.graph)?;
            read.note_unknown(&named);
            of_subject(&read, named.subject(), args.depth, args.format)?
        }
    };
    answers::write(&args.printing, &output)?;
    Ok(read.finish(0))
}

/// The chains of grants.
pub(super) fn of_grants(
    read: &Permissions,
    title: &str,
    grants: &[Grant],
    format: PictureFormat,
) -> anyhow::Result<String> {
    let memory = EscalationMemory::new(&read.graph);
    let escalator = Escalator::new(&read.graph, &memory);
    answers::picture(
        &escalator.picture_of_grants(title, grants),
        OVERVIEW,
        format,
    )
}

/// A subject with all that it has, and what that leads to in some steps.
pub(super) fn of_subject(
    read: &Permissions,
    subject: Subject<'_>,
    depth: u32,
    format: PictureFormat,
) -> anyhow::Result<String> {
    let memory = EscalationMemory::new(&read.graph);
    let escalator = Escalator::new(&read.graph, &memory);
    let title = format!("What {} may do", word(subject));
    answers::picture(
        &escalator.picture_around(&title, subject, depth),
        DETAIL,
        format,
    )
}

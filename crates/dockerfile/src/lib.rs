//! Dockerfiles, and what configurations of images say of the one that they were built from.
//!
//! [`parse`] gives the instructions of a Dockerfile with their places, as `BuildKit` reads them; [`read`] what they mean together,
//! as a document that controls look at: stages, what each is built on and who runs in it, instructions with their variables put
//! in where the file says what they hold, and the commands of shell scripts. Runs nothing and reads no other file.

mod expand;
mod heredoc;
mod image;
mod lines;
mod node;
mod parse;
mod shell;
mod stages;
mod text;
mod words;

use std::sync::Arc;

use document::{Document, Keys, LimitExceeded, Limits, Source};

pub use heredoc::Heredoc;
pub use image::{Image, ImageStep, ReadImage, read_image};
pub use lines::{Directive, Mistake};
pub use parse::{Assignment, Dockerfile, Form, Instruction, parse};
pub use words::Word;

/// The API version of the documents.
pub const API_VERSION: &str = "seawall.dev/v1";

/// A Dockerfile as controls see it.
#[derive(Debug)]
pub struct Read {
    /// The document: one object of kind `Dockerfile`; none where there is no instruction.
    pub document: Document,
    /// It builds something: there is a `FROM`.
    pub has_stages: bool,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
}

/// Reads a Dockerfile as a document, under the name of its source. `has_ignore_file`: files are left out of its build context, where
/// that is known.
pub fn read(
    (source, has_ignore_file): (&Arc<Source>, Option<bool>),
    keys: &Arc<Keys>,
    limits: &Limits,
) -> Result<Read, LimitExceeded> {
    let file = parse(source.text());
    let stages = stages::resolve(file.instructions, file.escape, false);
    let ignore_file = has_ignore_file.map(|has| if has { "yes" } else { "no" });
    let facts: Vec<_> = ignore_file
        .map(|word| ("ignoreFile", word.to_owned()))
        .into_iter()
        .collect();
    let header = node::Header {
        kind: model::DOCKERFILE,
        name: source.name(),
        facts: &facts,
        layers: &[],
    };
    let document = node::document(source, keys, limits, (&header, &stages, &file.comments))?;
    Ok(Read {
        document,
        has_stages: !stages.stages.is_empty(),
        mistakes: file.mistakes,
    })
}

/// Whether a file's name says that it is a Dockerfile: `Dockerfile`, `Dockerfile.web`, `web.Dockerfile`, `Containerfile`.
pub fn is_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let (first, last) = (
        lower.split(['.', '-', '_']).next(),
        lower.rsplit('.').next(),
    );
    let is_word = |part: Option<&str>| matches!(part, Some("dockerfile" | "containerfile"));
    let is_about_it = matches!(last, Some("dockerignore" | "md"));
    (is_word(first) || is_word(last)) && !is_about_it
}

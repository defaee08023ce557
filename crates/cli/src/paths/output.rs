//! What is printed, of all worlds together.

use model::{Graph, Problem, Severity};

use super::{Answer, json, text};
use crate::answers::{self, OVERVIEW, Scanned};
use crate::args::{AnswerFormat, PathsArgs, PictureFormat};

/// What is printed, as it grows world by world.
pub(super) enum Output {
    Text(String),
    Json(json::Whole),
    Picture(PictureFormat, Drawn),
}

/// The picture of the world with the worst path.
#[derive(Default)]
pub(super) struct Drawn {
    picture: Option<Graph>,
    worst: Option<Severity>,
    /// Worlds that are not drawn.
    others: usize,
}

impl Output {
    pub(super) fn new(args: &PathsArgs) -> Self {
        match args.format.picture() {
            Some(format) => Output::Picture(format, Drawn::default()),
            None if args.format == AnswerFormat::Json => Output::Json(json::Whole::new(args)),
            None => Output::Text(String::new()),
        }
    }

    /// Adds what was found in a world.
    pub(super) fn add(&mut self, args: &PathsArgs, answer: &Answer<'_, '_>) {
        match self {
            Output::Text(text) => text::render(args, answer, text),
            Output::Json(whole) => whole.add(args, answer),
            Output::Picture(_, drawn) => drawn.add(args, answer),
        }
    }

    /// The whole text.
    pub(super) fn finish(self, scanned: &Scanned, problems: &[Problem]) -> anyhow::Result<String> {
        match self {
            Output::Text(text) => Ok(text),
            Output::Json(whole) => whole.finish(scanned.problems.iter().chain(problems)),
            Output::Picture(format, drawn) => answers::picture(&drawn.finish(), OVERVIEW, format),
        }
    }
}

impl Drawn {
    fn add(&mut self, args: &PathsArgs, answer: &Answer<'_, '_>) {
        let worst = answer.paths.first().map(|path| path.severity);
        if self.picture.is_some() {
            self.others += 1;
        }
        if self.picture.is_none() || worst > self.worst {
            self.picture = Some(picture(args, answer));
            self.worst = worst;
        }
    }

    fn finish(self) -> Graph {
        let mut picture = self.picture.unwrap_or_default();
        if self.others > 0 {
            picture.notes.push(format!(
                "{} alternatives are not drawn: they cannot be in one cluster with this.",
                self.others
            ));
        }
        picture
    }
}

/// The paths that the text would show.
fn picture(args: &PathsArgs, answer: &Answer<'_, '_>) -> Graph {
    let shown = &answer.paths[..answer.paths.len().min(args.most())];
    let title = match answer.world.as_str() {
        "" => "Attack paths".to_owned(),
        world => format!("Attack paths in {world}"),
    };
    let mut picture = answer.graph.picture(shown, &title);
    let hidden = answer.paths.len() - shown.len();
    if hidden > 0 {
        let note = format!("{hidden} more paths are not shown.");
        picture.notes.push(note);
    }
    picture
}

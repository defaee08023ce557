//! What is printed, of all worlds together.

use layout::summary::{Budget, fit};
use model::{Graph, Problem, Severity};

use super::{Answer, json, text};
use crate::answers::Scanned;
use crate::args::{PathsArgs, PathsFormat};

/// What is printed, as it grows world by world.
pub(super) enum Output {
    Text(String),
    Json(json::Whole),
    Picture(Drawn),
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
        match args.format {
            PathsFormat::Text => Output::Text(String::new()),
            PathsFormat::Json => Output::Json(json::Whole::new(args)),
            PathsFormat::Svg | PathsFormat::Dot | PathsFormat::Mermaid => {
                Output::Picture(Drawn::default())
            }
        }
    }

    /// Adds what was found in a world.
    pub(super) fn add(&mut self, args: &PathsArgs, answer: &Answer<'_, '_>) {
        match self {
            Output::Text(text) => text::render(args, answer, text),
            Output::Json(whole) => whole.add(args, answer),
            Output::Picture(drawn) => drawn.add(args, answer),
        }
    }

    /// The whole text.
    pub(super) fn finish(
        self,
        args: &PathsArgs,
        scanned: &Scanned,
        problems: &[Problem],
    ) -> anyhow::Result<String> {
        match self {
            Output::Text(text) => Ok(text),
            Output::Json(whole) => whole.finish(scanned.problems.iter().chain(problems)),
            Output::Picture(drawn) => {
                let picture = drawn.finish();
                Ok(match args.format {
                    PathsFormat::Dot => layout::dot(&picture),
                    PathsFormat::Mermaid => layout::mermaid(&picture),
                    _ => layout::svg(&picture),
                })
            }
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
        fit(&picture, Budget::default())
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

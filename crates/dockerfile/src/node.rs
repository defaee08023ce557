//! Stages, instructions and commands as a document: what controls look at.

use std::sync::Arc;

use document::{Builder, Document, Keys, LimitExceeded, Limits, OriginId, Source, SourceId, Span};
use model::ImageRef;

use crate::parse::{Form, Instruction};
use crate::shell::{self, Command};
use crate::stages::{Stage, Stages, Step, Value};
use crate::text::Text;
use crate::words::Word;

/// What is beside the instructions.
pub(crate) struct Header<'h> {
    pub(crate) kind: &'h str,
    pub(crate) name: &'h str,
    /// Scalars of the topmost mapping.
    pub(crate) facts: &'h [(&'h str, String)],
    /// The layer that a step made, and whether it is of the base image, by where the step begins.
    pub(crate) layers: &'h [(u32, Option<String>, bool)],
}

/// The document of some stages.
pub(crate) fn document(
    source: &Arc<Source>,
    keys: &Arc<Keys>,
    limits: &Limits,
    (header, stages, comments): (&Header<'_>, &Stages, &[Span]),
) -> Result<Document, LimitExceeded> {
    let mut builder = Builder::new(keys, limits);
    let id = builder.source(source);
    for comment in comments {
        builder.comment(id, comment.clone());
    }
    let mut writer = Writer {
        builder,
        source: id,
        header,
    };
    writer.root(stages)?;
    Ok(writer.builder.finish())
}

struct Writer<'h> {
    builder: Builder,
    source: SourceId,
    header: &'h Header<'h>,
}

type Done = Result<(), LimitExceeded>;

impl Writer<'_> {
    fn origin(&mut self, span: &Span) -> OriginId {
        self.builder.origin(self.source, span.clone())
    }

    fn key(&mut self, name: &str, span: &Span) -> OriginId {
        let origin = self.origin(span);
        self.builder.key(name, origin);
        origin
    }

    fn text(&mut self, key: &str, text: &str, span: &Span) -> Done {
        let origin = self.key(key, span);
        self.builder.string(text, origin).map(drop)
    }

    fn switch(&mut self, key: &str, is_on: bool, span: &Span) -> Done {
        let origin = self.key(key, span);
        self.builder.bool(is_on, origin).map(drop)
    }

    fn number(&mut self, key: &str, number: i64, span: &Span) -> Done {
        let origin = self.key(key, span);
        self.builder.int(number, origin).map(drop)
    }

    fn mapping(&mut self, key: &str, span: &Span, fill: impl FnOnce(&mut Self) -> Done) -> Done {
        let origin = self.key(key, span);
        self.builder.begin_mapping(origin)?;
        fill(self)?;
        self.builder.end(None);
        Ok(())
    }

    fn list<T>(
        &mut self,
        key: &str,
        span: &Span,
        items: impl IntoIterator<Item = T>,
        mut fill: impl FnMut(&mut Self, T) -> Done,
    ) -> Done {
        let origin = self.key(key, span);
        self.builder.begin_sequence(origin)?;
        for item in items {
            fill(self, item)?;
        }
        self.builder.end(None);
        Ok(())
    }

    fn item(&mut self, span: &Span, fill: impl FnOnce(&mut Self) -> Done) -> Done {
        let origin = self.origin(span);
        self.builder.begin_mapping(origin)?;
        fill(self)?;
        self.builder.end(None);
        Ok(())
    }

    fn texts<'w>(
        &mut self,
        key: &str,
        span: &Span,
        words: impl Iterator<Item = (&'w str, &'w Span)>,
    ) -> Done {
        self.list(key, span, words, |writer, (text, span)| {
            let origin = writer.origin(span);
            writer.builder.string(text, origin).map(drop)
        })
    }

    fn root(&mut self, stages: &Stages) -> Done {
        let steps = stages.before.iter();
        let mut all = steps
            .chain(stages.stages.iter().flat_map(|stage| &stage.steps))
            .peekable();
        let start = all.peek().map_or(0, |step| step.instruction.span.start);
        let end = all.last().map_or(start, |step| step.instruction.span.end);
        // Keys that nobody wrote stand at the beginning, so that a comment at the head speaks for all of it.
        let head = start..start;
        let origin = self.origin(&(start..end));
        self.builder.begin_mapping(origin)?;
        self.text("apiVersion", crate::API_VERSION, &head)?;
        self.text("kind", self.header.kind, &head)?;
        let name = self.header.name;
        self.mapping("metadata", &head, |writer| writer.text("name", name, &head))?;
        for (key, value) in self.header.facts {
            self.text(key, value, &head)?;
        }
        self.list("arguments", &head, &stages.before, |writer, step| {
            writer.step(step, false)
        })?;
        self.list("stages", &head, &stages.stages, |writer, stage| {
            writer.stage(stage, stages)
        })?;
        self.builder.end(None);
        Ok(())
    }

    fn stage(&mut self, stage: &Stage, stages: &Stages) -> Done {
        let first = stage
            .steps
            .first()
            .map_or(0..0, |step| step.instruction.span.clone());
        let end = stage
            .steps
            .last()
            .map_or(first.end, |step| step.instruction.span.end);
        let head = first.start..first.start;
        self.item(&(first.start..end), |writer| {
            writer.text("name", &stage.name, &head)?;
            writer.switch("isFinal", stage.is_final, &head)?;
            writer.switch("isShipped", stage.is_shipped, &head)?;
            writer.base(stage, stages)?;
            writer.user(stage, &first)?;
            writer.list("instructions", &head, &stage.steps, |writer, step| {
                writer.step(step, stage.is_shipped)
            })
        })
    }

    fn base(&mut self, stage: &Stage, stages: &Stages) -> Done {
        let base = &stage.base;
        let span = base.span.clone();
        self.mapping("base", &span, |writer| {
            let image = ImageRef::split(&base.text);
            let is_stage = stage.below.is_some();
            let is_image =
                base.is_known && !is_stage && base.text != "scratch" && !base.text.is_empty();
            writer.text("reference", &base.text, &span)?;
            writer.switch("isImage", is_image, &span)?;
            writer.switch("isKnown", base.is_known, &span)?;
            let name = stage.below.and_then(|index| stages.stages.get(index));
            writer.text("stage", name.map_or("", |stage| &stage.name), &span)?;
            let part = |text: &str| {
                if is_image {
                    text.to_owned()
                } else {
                    String::new()
                }
            };
            writer.text("registry", &part(image.registry), &span)?;
            writer.text("repository", &part(&image.repository()), &span)?;
            writer.text("tag", &part(image.tag), &span)?;
            writer.text("digest", &part(image.digest), &span)?;
            let platform = stage.platform.as_ref();
            let at = platform.map_or(&span, |platform| &platform.span).clone();
            writer.text(
                "platform",
                platform.map_or("", |platform| &platform.text),
                &at,
            )
        })
    }

    fn user(&mut self, stage: &Stage, from: &Span) -> Done {
        let span = stage.user.as_ref().map_or(from, |user| &user.span).clone();
        self.mapping("user", &span, |writer| {
            let user = stage.user.as_ref();
            let text = user.map_or("", |user| user.text.as_str());
            let name = text.split(':').next().unwrap_or_default();
            writer.switch("isSet", user.is_some(), &span)?;
            writer.switch("isKnown", user.is_some_and(|user| user.is_known), &span)?;
            writer.text("id", name, &span)
        })
    }

    fn step(&mut self, step: &Step, is_shipped: bool) -> Done {
        let instruction = &step.instruction;
        let span = instruction.span.clone();
        let keyword = instruction.keyword.span.clone();
        let name = instruction.name();
        self.item(&span, |writer| {
            writer.text("keyword", &name, &keyword)?;
            writer.switch("isShipped", is_shipped, &keyword)?;
            writer.switch("isOnBuild", step.is_on_build, &keyword)?;
            writer.layer(&span)?;
            let form = match instruction.form {
                Form::Shell => "shell",
                Form::Exec => "exec",
            };
            writer.text("form", form, &keyword)?;
            writer.switch("isOverridden", step.is_overridden, &keyword)?;
            writer.list("flags", &keyword, &step.flags, |writer, (name, value)| {
                writer.item(&value.span, |writer| {
                    writer.text("name", name, &value.span)?;
                    writer.text("value", &value.text, &value.span)
                })
            })?;
            writer.arguments(&name, step, &keyword)?;
            writer.variables(step, &keyword)?;
            let commands = commands(&name, step);
            writer.list("commands", &keyword, &commands, Writer::command)
        })
    }

    /// The layer of an image that a step made.
    fn layer(&mut self, span: &Span) -> Done {
        let layers = self.header.layers;
        let Some((_, layer, is_base)) = layers.iter().find(|(start, ..)| *start == span.start)
        else {
            return self.switch("isBase", false, span);
        };
        if let Some(layer) = layer {
            self.text("layer", layer, span)?;
        }
        self.switch("isBase", *is_base, span)
    }

    fn arguments(&mut self, name: &str, step: &Step, keyword: &Span) -> Done {
        // What a shell reads is in the commands.
        let is_script = step.instruction.form == Form::Shell;
        let count = match name {
            "RUN" | "CMD" | "ENTRYPOINT" if is_script => 0,
            "HEALTHCHECK" if is_script => 1,
            _ => step.arguments.len(),
        };
        let words = step.arguments.iter().take(count);
        let words = words.map(|it| (it.text.as_str(), &it.span));
        self.texts("arguments", keyword, words)?;
        match name {
            "ADD" | "COPY" => {
                let written = step.arguments.iter().zip(&step.instruction.arguments);
                let sources = step.arguments.len().saturating_sub(1);
                let sources = written.take(sources);
                let sources = sources.filter(|(_, word)| !crate::heredoc::is_heredoc(&word.text));
                let sources = sources.map(|(value, _)| (value.text.as_str(), &value.span));
                self.texts("sources", keyword, sources)?;
                match step.arguments.last() {
                    Some(destination) => {
                        self.text("destination", &destination.text, &destination.span)
                    }
                    None => self.text("destination", "", keyword),
                }
            }
            "EXPOSE" => {
                let ports = step.arguments.iter().filter_map(port);
                self.list(
                    "ports",
                    keyword,
                    ports,
                    |writer, (first, last, protocol, span)| {
                        writer.item(&span, |writer| {
                            writer.number("first", first, &span)?;
                            writer.number("last", last, &span)?;
                            writer.text("protocol", &protocol, &span)
                        })
                    },
                )
            }
            _ => Ok(()),
        }
    }

    fn variables(&mut self, step: &Step, keyword: &Span) -> Done {
        self.list(
            "variables",
            keyword,
            &step.variables,
            |writer, (assignment, value)| {
                let span = &assignment.span;
                writer.item(span, |writer| {
                    writer.text("name", &assignment.name, span)?;
                    writer.switch("isSet", value.is_some(), span)?;
                    writer.switch(
                        "isKnown",
                        value.as_ref().is_some_and(|it| it.is_known),
                        span,
                    )?;
                    let value_span = value.as_ref().map_or(span, |it| &it.span);
                    writer.text(
                        "value",
                        value.as_ref().map_or("", |it| &it.text),
                        value_span,
                    )
                })
            },
        )
    }

    fn command(&mut self, command: &Command) -> Done {
        let span = command.span.clone();
        self.item(&span, |writer| {
            writer.text("program", &command.program, &span)?;
            writer.texts("arguments", &span, places(&command.arguments))?;
            writer.texts("assignments", &span, places(&command.assignments))?;
            writer.text("pipedInto", &command.piped_into, &span)
        })
    }
}

fn places(words: &[Word]) -> impl Iterator<Item = (&str, &Span)> {
    words.iter().map(|word| (word.text.as_str(), &word.span))
}

/// First and last number, protocol, and where it is written.
fn port(value: &Value) -> Option<(i64, i64, String, Span)> {
    let (numbers, protocol) = value.text.split_once('/').unwrap_or((&value.text, "tcp"));
    let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let number = |text: &str| text.trim().parse::<u16>().ok().map(i64::from);
    Some((
        number(first)?,
        number(last)?,
        protocol.to_ascii_lowercase(),
        value.span.clone(),
    ))
}

/// The commands that an instruction runs.
fn commands(name: &str, step: &Step) -> Vec<Command> {
    let instruction = &step.instruction;
    let skipped = match name {
        "RUN" | "CMD" | "ENTRYPOINT" => 0,
        "HEALTHCHECK" => 1,
        _ => return Vec::new(),
    };
    if instruction.form == Form::Exec {
        let words = instruction.arguments.iter().skip(skipped);
        return shell::command_of(words.cloned().collect());
    }
    if !step.has_shell {
        return Vec::new();
    }
    let mut commands = shell::commands(&script(instruction, skipped));
    for heredoc in &instruction.heredocs {
        let reads = commands.last().map(|command| command.program.as_str());
        let is_script = reads.is_none_or(shell::is_shell);
        let first = heredoc.content.text.lines().next().unwrap_or_default();
        let of_other = first.starts_with("#!") && !first.ends_with("sh");
        if is_script && !of_other {
            let text = Text::plain(&heredoc.content.text, heredoc.content.span.start);
            commands.extend(shell::commands(&text));
        }
    }
    commands
}

/// The text that a shell reads.
fn script(instruction: &Instruction, skipped: usize) -> Text {
    if skipped == 0 {
        return instruction.text.clone();
    }
    let whole = instruction.text.as_str();
    let start = whole.find(char::is_whitespace).unwrap_or(whole.len());
    instruction.text.part(&(start..whole.len()))
}

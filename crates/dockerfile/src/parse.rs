//! A Dockerfile as its instructions, each with its place.
//!
//! What is wrong is noted and the rest read on, other than `BuildKit`, which ends at the first mistake.

use document::Span;

use crate::heredoc::{Heredoc, announced};
use crate::lines::{Directive, Logical, Mistake, Reader};
use crate::text::Text;
use crate::words::{Json, Slice, Word, by_blanks, by_quotes, flags, is_blank, json, split_first};

/// Triggers inside of triggers that are read: the builder allows none.
const MAX_TRIGGERS: u32 = 4;

/// A Dockerfile.
#[derive(Clone, Debug)]
pub struct Dockerfile {
    /// `syntax`, `escape` and `check` of the first lines.
    pub directives: Vec<Directive>,
    /// The character that escapes and continues lines.
    pub escape: char,
    /// The instructions in order.
    pub instructions: Vec<Instruction>,
    /// The comments, each from its `#` to the end of its line.
    pub comments: Vec<Span>,
    /// What is wrong, in order.
    pub mistakes: Vec<Mistake>,
}

/// How the arguments of an instruction are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// As text: of `RUN`, `CMD` and `ENTRYPOINT`, for a shell.
    Shell,
    /// As a JSON list of texts.
    Exec,
}

/// A variable or label with its value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Assignment {
    /// Its name, as written.
    pub name: String,
    /// Its value, quotes and all; `None` for an `ARG` without one.
    pub value: Option<String>,
    /// Both of them.
    pub span: Span,
    /// It is written `NAME value` rather than `NAME=value`.
    pub is_old: bool,
}

impl Assignment {
    /// Where the value is written.
    pub(crate) fn value_span(&self) -> Span {
        let behind = self.span.start + self.name.len() as u32 + 1;
        behind.min(self.span.end)..self.span.end
    }
}

/// An instruction.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// As written.
    pub keyword: Word,
    /// Its flags, each from its two dashes on, quotes taken away.
    pub flags: Vec<Word>,
    /// How its arguments are written.
    pub form: Form,
    /// Its arguments as words; of what a shell reads one text. Those of `HEALTHCHECK` begin with `CMD` or `NONE`.
    pub arguments: Vec<Word>,
    /// What `ARG`, `ENV` and `LABEL` set.
    pub assignments: Vec<Assignment>,
    /// The here-documents that it reads.
    pub heredocs: Vec<Heredoc>,
    /// The instruction that `ONBUILD` puts off.
    pub trigger: Option<Box<Instruction>>,
    /// All that comes after the flags, continuation lines joined.
    pub rest: Word,
    /// First and last line, from 1, here-documents and what is ignored in between included.
    pub lines: (u32, u32),
    /// The same in bytes.
    pub span: Span,
    /// The text behind the flags with its places.
    pub(crate) text: Text,
}

impl Instruction {
    /// In upper case.
    pub fn name(&self) -> String {
        self.keyword.text.to_ascii_uppercase()
    }
}

/// Reads a Dockerfile.
pub fn parse(text: &str) -> Dockerfile {
    let mut reader = Reader::new(text);
    let mut instructions = Vec::new();
    while let Some(logical) = reader.logical() {
        let mut found = Vec::new();
        let mut instruction = instruction(&logical, reader.escape, &mut found);
        if reads_heredocs(&instruction) && logical.text.as_str().contains("<<") {
            heredocs(&mut reader, &logical, &mut instruction);
        }
        reader.mistakes.append(&mut found);
        instructions.push(instruction);
    }
    Dockerfile {
        directives: reader.directives,
        escape: reader.escape,
        instructions,
        comments: reader.comments,
        mistakes: reader.mistakes,
    }
}

/// The instruction that joined lines hold.
fn instruction(logical: &Logical, escape: char, mistakes: &mut Vec<Mistake>) -> Instruction {
    let slice = Slice::of(&logical.text).trimmed();
    read(slice, logical, (escape, 0), mistakes)
}

/// The instruction that one text holds, whose lines are its own: a step of an image's history.
pub(crate) fn of_text(text: &Text, span: Span, escape: char) -> (Instruction, Vec<Mistake>) {
    let logical = Logical {
        text: text.clone(),
        lines: (0, 0),
        span,
    };
    let mut mistakes = Vec::new();
    let instruction = instruction(&logical, escape, &mut mistakes);
    (instruction, mistakes)
}

fn read(
    slice: Slice<'_>,
    logical: &Logical,
    (escape, depth): (char, u32),
    mistakes: &mut Vec<Mistake>,
) -> Instruction {
    let (keyword, after) = split_first(slice);
    let behind = after.unwrap_or_else(|| slice.from(slice.as_str().len()));
    let (flags, rest) = flags(behind, escape);
    let mut instruction = Instruction {
        keyword: keyword.word(),
        flags,
        form: Form::Shell,
        arguments: Vec::new(),
        assignments: Vec::new(),
        heredocs: Vec::new(),
        trigger: None,
        rest: rest.word(),
        lines: logical.lines,
        span: logical.span.clone(),
        text: rest.text(),
    };
    let name = instruction.name();
    match arguments(&name, rest, escape, &mut instruction) {
        Ok(()) => {}
        Err(message) => mistakes.push(Mistake {
            span: slice.span(),
            message,
        }),
    }
    if name == "ONBUILD" && !rest.as_str().is_empty() {
        if depth < MAX_TRIGGERS {
            let trigger = read(rest, logical, (escape, depth + 1), mistakes);
            instruction.trigger = Some(Box::new(trigger));
        } else {
            mistakes.push(Mistake {
                span: rest.span(),
                message: "`ONBUILD` is nested too deeply".to_owned(),
            });
        }
    }
    instruction
}

/// Reads the arguments in the way of the instruction; an error is a sentence.
fn arguments(
    name: &str,
    rest: Slice<'_>,
    escape: char,
    instruction: &mut Instruction,
) -> Result<(), String> {
    match name {
        "ENV" | "LABEL" => {
            instruction.assignments = name_values(name, rest, escape)?;
        }
        "ARG" => {
            let words = by_quotes(rest, escape).into_iter();
            instruction.assignments = words.map(argument).collect();
        }
        "RUN" | "CMD" | "ENTRYPOINT" | "SHELL" => json_or_text(rest, instruction)?,
        "ADD" | "COPY" | "VOLUME" => match json(rest) {
            Json::Texts(words) => {
                (instruction.form, instruction.arguments) = (Form::Exec, words);
            }
            Json::Other => return Err(NOT_TEXTS.to_owned()),
            Json::No => instruction.arguments = by_blanks(rest),
        },
        "EXPOSE" | "FROM" => instruction.arguments = by_blanks(rest),
        "HEALTHCHECK" => {
            let text = rest.as_str();
            let end = text.find(|it: char| it.is_ascii_whitespace() || is_blank(it));
            let end = end.unwrap_or(text.len());
            if end > 0 {
                json_or_text(rest.from(end).trimmed(), instruction)?;
                instruction.arguments.insert(0, rest.part(&(0..end)).word());
            }
        }
        "MAINTAINER" | "STOPSIGNAL" | "USER" | "WORKDIR" => {
            instruction.arguments = whole(rest);
        }
        "ONBUILD" => {}
        _ => return Err(format!("there is no instruction `{name}`")),
    }
    Ok(())
}

const NOT_TEXTS: &str = "the list holds something that is no text in quotes";

fn whole(rest: Slice<'_>) -> Vec<Word> {
    let word = (!rest.as_str().is_empty()).then(|| rest.word());
    word.into_iter().collect()
}

fn json_or_text(rest: Slice<'_>, instruction: &mut Instruction) -> Result<(), String> {
    match json(rest) {
        Json::Texts(words) => (instruction.form, instruction.arguments) = (Form::Exec, words),
        Json::Other => return Err(NOT_TEXTS.to_owned()),
        Json::No => instruction.arguments = whole(rest),
    }
    Ok(())
}

/// `NAME=value …`, or of old `NAME value`.
fn name_values(name: &str, rest: Slice<'_>, escape: char) -> Result<Vec<Assignment>, String> {
    let words = by_quotes(rest, escape);
    let Some(first) = words.first() else {
        return Ok(Vec::new());
    };
    if !first.text.contains('=') {
        let (key, value) = split_first(rest);
        let value = value.ok_or_else(|| format!("`{name}` needs a name and a value"))?;
        return Ok(vec![Assignment {
            name: key.as_str().to_owned(),
            value: Some(value.as_str().to_owned()),
            span: rest.span(),
            is_old: true,
        }]);
    }
    let assignments = words
        .into_iter()
        .map(|word| match word.text.split_once('=') {
            Some(_) => Ok(argument(word)),
            None => Err(format!("`{}` has no `=`", word.text)),
        });
    assignments.collect()
}

/// `NAME=value`, or `NAME` alone.
fn argument(word: Word) -> Assignment {
    let (name, value) = match word.text.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (word.text, None),
    };
    Assignment {
        name,
        value,
        span: word.span,
        is_old: false,
    }
}

/// Whether an instruction, or the one that it puts off, reads here-documents.
fn reads_heredocs(instruction: &Instruction) -> bool {
    let reads = instruction.trigger.as_deref().unwrap_or(instruction);
    matches!(reads.name().as_str(), "ADD" | "COPY" | "RUN") && reads.form == Form::Shell
}

/// Takes the lines of here-documents.
fn heredocs(reader: &mut Reader<'_>, logical: &Logical, instruction: &mut Instruction) {
    let mut found = Vec::new();
    for announced in announced(logical.text.as_str()) {
        let (mut content, mut span): (String, Option<Span>) = (String::new(), None);
        let mut has_ended = false;
        while let Some(line) = reader.line() {
            (instruction.lines.1, instruction.span.end) = (line.number, line.end());
            let mark = if announced.chomps {
                line.text.trim_start_matches('\t')
            } else {
                line.text
            };
            if mark == announced.name {
                has_ended = true;
                span.get_or_insert(line.start..line.start);
                break;
            }
            content.push_str(line.whole);
            span.get_or_insert(line.start..line.start).end = line.end();
        }
        if !has_ended {
            reader.mistakes.push(Mistake {
                span: logical.span.clone(),
                message: format!("the here-document `{}` does not end", announced.name),
            });
        }
        let end = instruction.span.end;
        found.push(announced.with(content, span.unwrap_or(end..end)));
    }
    if let Some(trigger) = &mut instruction.trigger {
        (trigger.lines, trigger.span) = (instruction.lines, instruction.span.clone());
        trigger.heredocs.clone_from(&found);
    }
    instruction.heredocs = found;
}

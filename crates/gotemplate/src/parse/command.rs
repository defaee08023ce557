//! Inside an action: pipelines, commands and operands.

use std::rc::Rc;

use super::{Parsed, Parser, literal};
use crate::format::quoted;
use crate::lex::{Kind, Token};
use crate::tree::{Command, Fields, Number, Pipe, Word, WordKind};
use crate::value::Value;

impl Parser<'_> {
    /// Reads a pipeline and the token that ends it.
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Parsed<Pipe> {
        let first = self.peek_non_space();
        let place = self.place(first.start, first.start, first.end);
        let start = self.commands.len();
        let mut pipe = Pipe {
            place,
            assigns: false,
            variables: Vec::new(),
            commands: Vec::new(),
        };
        while self.declaration(&mut pipe, context)? {}
        loop {
            let token = self.next_non_space();
            match token.kind {
                kind if kind == end => {
                    pipe.place.end = token.start.max(pipe.place.start);
                    pipe.commands = self.commands.drain(start..).collect();
                    self.hold_to_rules(&pipe, context)?;
                    return Ok(pipe);
                }
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParen => {
                    self.backup();
                    let command = self.command()?;
                    self.commands.push(command);
                }
                _ => return Err(self.unexpected(token, context)),
            }
        }
    }

    /// Reads a variable that is declared or assigned, and says whether another one must follow.
    fn declaration(&mut self, pipe: &mut Pipe, context: &str) -> Parsed<bool> {
        let variable = self.peek_non_space();
        if variable.kind != Kind::Variable {
            return Ok(false);
        }
        self.next();
        let after = self.peek();
        let next = self.peek_non_space();
        if matches!(next.kind, Kind::Assign | Kind::Declare) {
            pipe.assigns = next.kind == Kind::Assign;
            self.next_non_space();
            self.declare(pipe, variable);
            return Ok(false);
        }
        if next.kind == Kind::Char && self.written(next) == "," {
            self.next_non_space();
            self.declare(pipe, variable);
            if context == "range" && pipe.variables.len() < 2 {
                return match self.peek_non_space().kind {
                    Kind::Variable | Kind::RightDelimiter | Kind::RightParen => Ok(true),
                    _ => Err(self.error("range can only initialize variables")),
                };
            }
            return Err(self.error(format!("too many declarations in {context}")));
        }
        if after.kind == Kind::Space {
            self.backup3(variable, after);
        } else {
            self.backup2(variable);
        }
        Ok(false)
    }

    fn declare(&mut self, pipe: &mut Pipe, token: Token) {
        let id = self.variable(self.written(token));
        pipe.variables
            .push((id, Rc::clone(&self.names[id as usize])));
        self.state.variables.push(id);
    }

    fn hold_to_rules(&self, pipe: &Pipe, context: &str) -> Parsed<()> {
        if pipe.commands.is_empty() {
            return Err(self.error(format!("missing value for {context}")));
        }
        for (index, command) in pipe.commands.iter().enumerate().skip(1) {
            if is_constant(&command.words[0].kind) {
                return Err(self.error(format!(
                    "non executable command in pipeline stage {}",
                    index + 1
                )));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Parsed<Command> {
        let first = self.peek_non_space();
        let mut place = self.place(first.start, first.start, first.end);
        let start = self.words.len();
        loop {
            self.peek_non_space();
            if let Some(word) = self.operand()? {
                place.end = word.place.end;
                self.words.push(word);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelimiter | Kind::RightParen => self.backup(),
                Kind::Pipe => {}
                _ => return Err(self.unexpected(token, "operand")),
            }
            break;
        }
        let words: Vec<Word> = self.words.drain(start..).collect();
        if words.is_empty() {
            return Err(self.error("empty command"));
        }
        Ok(Command { place, words })
    }

    /// A term and the fields that follow it.
    fn operand(&mut self) -> Parsed<Option<Word>> {
        let Some(mut word) = self.term()? else {
            return Ok(None);
        };
        let at = self.peek();
        if at.kind != Kind::Field {
            return Ok(Some(word));
        }
        while self.peek().kind == Kind::Field {
            word.place.end = self.next().end;
        }
        let fields = Fields {
            start: at.start,
            end: word.place.end,
        };
        let place = crate::tree::Place {
            at: at.start,
            ..word.place
        };
        let kind = match word.kind {
            WordKind::Field(first) => WordKind::Field(Fields {
                start: first.start,
                ..fields
            }),
            WordKind::Variable(id, _) => WordKind::Variable(id, fields),
            kind if is_constant(&kind) => {
                let written = &self.text[word.place.start as usize..at.start as usize];
                return Err(self.error(format!("unexpected . after term {}", quoted(written))));
            }
            kind => {
                let inner = Word {
                    place: word.place,
                    kind,
                };
                let place = self.place(at.start, word.place.start, word.place.end);
                return Ok(Some(Word {
                    place,
                    kind: WordKind::Chain(Box::new(inner), fields),
                }));
            }
        };
        Ok(Some(Word { place, kind }))
    }

    fn term(&mut self) -> Parsed<Option<Word>> {
        let token = self.next_non_space();
        let written = self.written(token);
        let kind = match token.kind {
            Kind::Identifier => match self.functions.find(written) {
                Some(id) => WordKind::Function(id),
                None => return Err(self.error(format!("function {} not defined", quoted(written)))),
            },
            Kind::Dot => WordKind::Dot,
            Kind::Nil => WordKind::Nil,
            Kind::Variable => {
                let id = self.variable(written);
                if !self.state.variables.contains(&id) {
                    return Err(self.error(format!("undefined variable {}", quoted(written))));
                }
                WordKind::Variable(id, Fields::behind(token.end))
            }
            Kind::Field => WordKind::Field(Fields {
                start: token.start,
                end: token.end,
            }),
            Kind::Bool => WordKind::Bool(written == "true"),
            Kind::CharConstant => self.number(literal::character(written))?,
            Kind::Complex => self.number(literal::complex(written))?,
            Kind::Number => self.number(literal::number(written))?,
            Kind::LeftParen => {
                let pipe = self
                    .nested(|parser| parser.pipeline("parenthesized pipeline", Kind::RightParen))?;
                let end = self.state.tokens[0].end;
                let place = crate::tree::Place {
                    start: token.start,
                    end,
                    ..pipe.place
                };
                return Ok(Some(Word {
                    place,
                    kind: WordKind::Pipe(Box::new(pipe)),
                }));
            }
            Kind::String | Kind::RawString => {
                let text = literal::unquote(written).ok_or_else(|| self.error("invalid syntax"))?;
                WordKind::String(Value::from(text))
            }
            _ => {
                self.backup();
                return Ok(None);
            }
        };
        Ok(Some(Word {
            place: self.place(token.start, token.start, token.end),
            kind,
        }))
    }

    fn number(&self, number: Result<Number, String>) -> Parsed<WordKind> {
        number
            .map(|number| WordKind::Number(Box::new(number)))
            .map_err(|message| self.error(message))
    }
}

/// Whether it is no command by itself. Dot counts, because it takes no arguments.
fn is_constant(kind: &WordKind) -> bool {
    matches!(
        kind,
        WordKind::Bool(_)
            | WordKind::Dot
            | WordKind::Nil
            | WordKind::Number(_)
            | WordKind::String(_)
    )
}

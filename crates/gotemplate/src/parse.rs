//! Tokens to trees, with Go's grammar and Go's complaints.
//!
//! The parser looks ahead by up to three tokens. The line in a complaint is that of the token last read
//! from the lexer, so the order of reading is Go's everywhere.

mod command;
mod control;
pub(crate) mod literal;

use std::collections::HashMap;
use std::rc::Rc;

use crate::error::{Error, ErrorKind};
use crate::format::{quoted, quoted_start};
use crate::function::Functions;
use crate::lex::{Kind, Lexer, Token};
use crate::limits::{MAX_SOURCE, MAX_SYNTAX_DEPTH};
use crate::skim::Bodies;
use crate::source::{SourceId, Span, Text};
use crate::tree::{Command, Later, Node, Place, Tree, VariableId, Word};

/// The templates of one source, by name; the source's own is among them.
pub(crate) type Templates = HashMap<Rc<str>, Rc<Tree>, foldhash::fast::FixedState>;

type Parsed<T> = Result<T, Box<Error>>;

/// Parses a source.
pub(crate) fn parse(
    name: &Rc<str>,
    text: &Text,
    source: SourceId,
    functions: &Functions,
    bodies: &Bodies,
) -> Parsed<Templates> {
    let mut parser = Parser::new(name, text, source, functions, bodies)?;
    parser.top_level()?;
    Ok(parser.templates)
}

/// Parses a body that was left for later.
pub(crate) fn parse_body(
    tree: &Tree,
    functions: &Functions,
    bodies: &Bodies,
    later: &Later,
) -> Parsed<Vec<Node>> {
    let (name, text) = (&tree.source_name, &tree.text);
    let mut parser = Parser::new(name, text, tree.source, functions, bodies)?;
    parser.names = later.names.to_vec();
    parser.state.variables = later.variables.to_vec();
    parser.nodes = later.last_node;
    parser.lexer.skip(later.start);
    parser.nodes_up_to(later.end)
}

/// Parses one template that a source [defines](crate::skim), from where its `{{` is.
pub(crate) fn parse_definition(
    name: &Rc<str>,
    text: &Text,
    source: SourceId,
    functions: &Functions,
    bodies: &Bodies,
    start: u32,
) -> Parsed<Templates> {
    let mut parser = Parser::new(name, text, source, functions, bodies)?;
    parser.lexer.skip(start);
    parser.next();
    if parser.next_non_space().kind == Kind::Define {
        parser.inner_template(Parser::definition)?;
    }
    Ok(parser.templates)
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    name: &'t Rc<str>,
    text: &'t Text,
    source: SourceId,
    functions: &'t Functions,
    bodies: &'t Bodies,
    state: State,
    /// Names of variables, by number.
    names: Vec<Rc<str>>,
    nodes: u32,
    depth: u32,
    /// Words, commands and bodies that are not complete, so that what is kept has its size at once.
    words: Vec<Word>,
    commands: Vec<Command>,
    items: Vec<Node>,
    templates: Templates,
}

/// What a template inside another one has for itself.
struct State {
    /// The token read last, and the ones before it that were put back.
    tokens: [Token; 3],
    waiting: usize,
    variables: Vec<VariableId>,
    /// Whether an action is being read, and where it begins.
    in_action: bool,
    action_start: u32,
    loops: u32,
}

impl State {
    fn new() -> Self {
        let none = Token {
            kind: Kind::Eof,
            start: 0,
            end: 0,
        };
        Self {
            tokens: [none; 3],
            waiting: 0,
            variables: vec![0],
            in_action: false,
            action_start: 0,
            loops: 0,
        }
    }
}

/// What an action may turn out to be.
enum Item {
    Node(Node),
    End,
    Else,
}

impl Item {
    fn text(&self) -> &'static str {
        if matches!(self, Self::Else) {
            "{{else}}"
        } else {
            "{{end}}"
        }
    }
}

impl<'t> Parser<'t> {
    fn new(
        name: &'t Rc<str>,
        text: &'t Text,
        source: SourceId,
        functions: &'t Functions,
        bodies: &'t Bodies,
    ) -> Parsed<Self> {
        let mut parser = Parser {
            lexer: Lexer::new(text),
            name,
            text,
            source,
            functions,
            bodies,
            state: State::new(),
            names: vec!["$".into()],
            nodes: 0,
            depth: 0,
            words: Vec::new(),
            commands: Vec::new(),
            items: Vec::new(),
            templates: Templates::default(),
        };
        if text.len() > MAX_SOURCE {
            return Err(parser.limit("the template is too long"));
        }
        parser.lexer.break_is_keyword = functions.find("break").is_none();
        parser.lexer.continue_is_keyword = functions.find("continue").is_none();
        Ok(parser)
    }

    fn next(&mut self) -> Token {
        if self.state.waiting > 0 {
            self.state.waiting -= 1;
        } else {
            self.state.tokens[0] = self.lexer.next_token();
        }
        self.state.tokens[self.state.waiting]
    }

    fn backup(&mut self) {
        self.state.waiting += 1;
    }

    fn backup2(&mut self, before: Token) {
        self.state.tokens[1] = before;
        self.state.waiting = 2;
    }

    fn backup3(&mut self, first: Token, second: Token) {
        self.state.tokens[1] = second;
        self.state.tokens[2] = first;
        self.state.waiting = 3;
    }

    fn peek(&mut self) -> Token {
        if self.state.waiting == 0 {
            self.state.waiting = 1;
            self.state.tokens[0] = self.lexer.next_token();
        }
        self.state.tokens[self.state.waiting - 1]
    }

    fn next_non_space(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn peek_non_space(&mut self) -> Token {
        let token = self.next_non_space();
        self.backup();
        token
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Parsed<Token> {
        let token = self.next_non_space();
        if token.kind == kind {
            Ok(token)
        } else {
            Err(self.unexpected(token, context))
        }
    }

    fn written(&self, token: Token) -> &'t str {
        &self.text[token.start as usize..token.end as usize]
    }

    fn error(&self, message: impl Into<String>) -> Box<Error> {
        let message = message.into();
        let token = self.state.tokens[0];
        Box::new(Error {
            kind: ErrorKind::Parse,
            template: Rc::clone(self.name),
            text: format!(
                "template: {}:{}: {message}",
                self.name,
                self.line(token.start)
            ),
            message,
            span: Some(Span {
                source: self.source,
                start: token.start,
                end: token.end,
            }),
            cause: None,
        })
    }

    fn line(&self, offset: u32) -> usize {
        1 + memchr::memchr_iter(b'\n', &self.text.as_bytes()[..offset as usize]).count()
    }

    fn limit(&self, message: &str) -> Box<Error> {
        let mut error = self.error(message);
        error.kind = ErrorKind::Limit;
        error
    }

    fn unexpected(&self, token: Token, context: &str) -> Box<Error> {
        if token.kind != Kind::Error {
            return self.error(format!("unexpected {} in {context}", self.show(token)));
        }
        let complaint = &self.lexer.complaint;
        let started = self.line(self.state.action_start);
        if !self.state.in_action || started == self.line(token.start) {
            return self.error(complaint.clone());
        }
        let action = if complaint.ends_with(" action") {
            ""
        } else {
            " in action"
        };
        self.error(format!(
            "{complaint}{action} started at {}:{started}",
            self.name
        ))
    }

    /// A token as complaints name it.
    fn show(&self, token: Token) -> String {
        let written = self.written(token);
        match token.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Error => self.lexer.complaint.clone(),
            kind if kind.is_keyword() => format!("<{written}>"),
            _ if written.len() > 10 => format!("{}...", quoted_start(written, 10)),
            _ => quoted(written),
        }
    }

    fn place(&mut self, at: u32, start: u32, end: u32) -> Place {
        self.nodes += 1;
        Place {
            id: self.nodes,
            at,
            start,
            end,
        }
    }

    /// One more level of nesting, for what `read` reads.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_SYNTAX_DEPTH {
            return Err(self.limit("max expression depth exceeded"));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn variable(&mut self, name: &str) -> VariableId {
        let known = self.names.iter().position(|known| **known == *name);
        let id = known.unwrap_or_else(|| {
            self.names.push(name.into());
            self.names.len() - 1
        });
        id as VariableId
    }

    /// Adds a template that is complete, unless that would define it twice.
    fn add(&mut self, name: Rc<str>, body: Vec<Node>) -> Parsed<()> {
        let tree = Tree {
            name: Rc::clone(&name),
            source_name: Rc::clone(self.name),
            source: self.source,
            text: self.text.clone(),
            body,
        };
        if self
            .templates
            .get(&name)
            .is_none_or(|known| known.is_empty())
        {
            self.templates.insert(name, Rc::new(tree));
        } else if !tree.is_empty() {
            return Err(self.error(format!(
                "template: multiple definition of template {}",
                quoted(&name)
            )));
        }
        Ok(())
    }
}

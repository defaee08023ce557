//! Text and actions: the control structures.

use std::cell::OnceCell;
use std::rc::Rc;

use super::{Item, Parsed, Parser, State, literal};
use crate::lex::{Kind, Token};
use crate::tree::{Arm, Body, If, Invocation, Later, Node, Pipe, Place, Range};

/// Control structures with a body, by the name that complaints use.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Control {
    If,
    With,
}

impl Control {
    fn name(self) -> &'static str {
        if self == Self::If { "if" } else { "with" }
    }

    fn keyword(self) -> Kind {
        if self == Self::If {
            Kind::If
        } else {
            Kind::With
        }
    }
}

impl Parser<'_> {
    pub(super) fn top_level(&mut self) -> Parsed<()> {
        loop {
            let token = self.peek();
            if token.kind == Kind::Eof {
                break;
            }
            if token.kind == Kind::LeftDelimiter {
                let delimiter = self.next();
                if self.next_non_space().kind == Kind::Define {
                    self.inner_template(Self::definition)?;
                    continue;
                }
                self.backup2(delimiter);
            }
            match self.text_or_action()? {
                Item::Node(node) => self.items.push(node),
                item => return Err(self.error(format!("unexpected {}", item.text()))),
            }
        }
        let body = std::mem::take(&mut self.items);
        self.add(Rc::clone(self.name), body)
    }

    /// Reads a template that has variables and a look-ahead of its own.
    pub(super) fn inner_template(
        &mut self,
        read: impl FnOnce(&mut Self) -> Parsed<()>,
    ) -> Parsed<()> {
        let outer = std::mem::replace(&mut self.state, State::new());
        self.nested(read)?;
        self.state = outer;
        Ok(())
    }

    pub(super) fn definition(&mut self) -> Parsed<()> {
        const CONTEXT: &str = "define clause";
        let token = self.next_non_space();
        let name = self.template_name(token, CONTEXT)?;
        self.expect(Kind::RightDelimiter, CONTEXT)?;
        self.template_body(name, CONTEXT)
    }

    fn template_body(&mut self, name: Rc<str>, context: &str) -> Parsed<()> {
        let (body, end) = self.item_list()?;
        if !matches!(end, Item::End) {
            return Err(self.error(format!("unexpected {} in {context}", end.text())));
        }
        self.add(name, body)
    }

    fn template_name(&mut self, token: Token, context: &str) -> Parsed<Rc<str>> {
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return Err(self.unexpected(token, context));
        }
        literal::unquote(self.written(token)).ok_or_else(|| self.error("invalid syntax"))
    }

    /// Reads up to `{{end}}` or `{{else}}`.
    fn item_list(&mut self) -> Parsed<(Vec<Node>, Item)> {
        let start = self.items.len();
        while self.peek_non_space().kind != Kind::Eof {
            match self.text_or_action()? {
                Item::Node(node) => self.items.push(node),
                item => return Ok((self.items.drain(start..).collect(), item)),
            }
        }
        Err(self.error("unexpected EOF"))
    }

    /// Reads what is behind the action that was just read, up to `{{end}}` or `{{else}}`, or goes to that at once.
    fn body(&mut self) -> Parsed<(Body, Item)> {
        let end = self.bodies.end_of(self.state.tokens[0].end);
        let Some(end) = end.filter(|_| self.state.waiting == 0) else {
            let (nodes, end) = self.item_list()?;
            return Ok((Body::Now(nodes), end));
        };
        let start = self.lexer.skip(end);
        let later = Later {
            start,
            end,
            names: self.names.as_slice().into(),
            variables: self.state.variables.as_slice().into(),
            last_node: self.nodes,
            nodes: OnceCell::new(),
        };
        // The numbers of its nodes, of which it has fewer.
        self.nodes += 2 * (end - start);
        match self.text_or_action()? {
            Item::Node(_) => Err(self.error("unexpected action")),
            item => Ok((Body::Later(Box::new(later)), item)),
        }
    }

    /// Reads the nodes of a body up to its end.
    pub(super) fn nodes_up_to(&mut self, end: u32) -> Parsed<Vec<Node>> {
        loop {
            let token = self.peek_non_space();
            if token.kind == Kind::Eof || token.kind == Kind::LeftDelimiter && token.start >= end {
                return Ok(std::mem::take(&mut self.items));
            }
            match self.text_or_action()? {
                Item::Node(node) => self.items.push(node),
                item => return Err(self.error(format!("unexpected {}", item.text()))),
            }
        }
    }

    fn text_or_action(&mut self) -> Parsed<Item> {
        let token = self.next_non_space();
        match token.kind {
            Kind::Text => Ok(Item::Node(Node::Text(self.place(
                token.start,
                token.start,
                token.end,
            )))),
            Kind::LeftDelimiter => {
                self.state.in_action = true;
                self.state.action_start = token.start;
                let item = self.action()?;
                self.state.in_action = false;
                Ok(item)
            }
            _ => Err(self.unexpected(token, "input")),
        }
    }

    fn action(&mut self) -> Parsed<Item> {
        let start = self.state.action_start;
        let token = self.next_non_space();
        let node = match token.kind {
            Kind::Block => self.block(start)?,
            Kind::Break => self.jump("break", Node::Break)?,
            Kind::Continue => self.jump("continue", Node::Continue)?,
            Kind::Else => return self.else_control(),
            Kind::End => {
                self.expect(Kind::RightDelimiter, "end")?;
                return Ok(Item::End);
            }
            Kind::If => self.nested(|parser| parser.branch(Control::If))?,
            Kind::With => self.nested(|parser| parser.branch(Control::With))?,
            Kind::Range => self.nested(|parser| parser.range(start))?,
            Kind::Template => self.invocation(start)?,
            _ => {
                self.backup();
                let first = self.peek();
                let pipe = self.pipeline("command", Kind::RightDelimiter)?;
                Node::Action(self.action_place(first.start, start), pipe)
            }
        };
        Ok(Item::Node(node))
    }

    /// The place of an action that was read to its closing delimiter.
    fn action_place(&mut self, at: u32, start: u32) -> Place {
        let end = self.state.tokens[0].end;
        self.place(at, start, end)
    }

    fn jump(&mut self, name: &str, node: Node) -> Parsed<Node> {
        let token = self.next_non_space();
        if token.kind != Kind::RightDelimiter {
            return Err(self.unexpected(token, &format!("{{{{{name}}}}}")));
        }
        if self.state.loops == 0 {
            return Err(self.error(format!("{{{{{name}}}}} outside {{{{range}}}}")));
        }
        Ok(node)
    }

    fn else_control(&mut self) -> Parsed<Item> {
        let token = self.peek_non_space();
        if !matches!(token.kind, Kind::If | Kind::With) {
            self.expect(Kind::RightDelimiter, "else")?;
        }
        Ok(Item::Else)
    }

    /// `if` or `with`, and the chain of the same that may follow its `else`.
    fn branch(&mut self, control: Control) -> Parsed<Node> {
        let variables = self.state.variables.len();
        let mut arms = Vec::new();
        let otherwise = loop {
            let start = self.state.action_start;
            let (place, pipe) = self.head(control.name(), start)?;
            let (body, next) = self.body()?;
            arms.push(Arm { place, pipe, body });
            if matches!(next, Item::End) {
                break None;
            }
            // A keyword behind `else` was read already; what is behind a plain one is not to be.
            if self.state.waiting > 0 && self.peek().kind == control.keyword() {
                self.next();
                continue;
            }
            break Some(self.else_body()?);
        };
        self.state.variables.truncate(variables);
        let branch = Box::new(If { arms, otherwise });
        Ok(if control == Control::If {
            Node::If(branch)
        } else {
            Node::With(branch)
        })
    }

    fn head(&mut self, context: &str, start: u32) -> Parsed<(Place, Pipe)> {
        let pipe = self.pipeline(context, Kind::RightDelimiter)?;
        Ok((self.action_place(pipe.place.at, start), pipe))
    }

    fn else_body(&mut self) -> Parsed<Body> {
        let (body, end) = self.body()?;
        if !matches!(end, Item::End) {
            return Err(self.error(format!("expected end; found {}", end.text())));
        }
        Ok(body)
    }

    fn range(&mut self, start: u32) -> Parsed<Node> {
        let variables = self.state.variables.len();
        let (place, pipe) = self.head("range", start)?;
        self.state.loops += 1;
        let (body, next) = self.body()?;
        self.state.loops -= 1;
        let otherwise = if matches!(next, Item::Else) {
            Some(self.else_body()?)
        } else {
            None
        };
        self.state.variables.truncate(variables);
        Ok(Node::Range(Box::new(Range {
            place,
            pipe,
            body,
            otherwise,
        })))
    }

    fn block(&mut self, start: u32) -> Parsed<Node> {
        const CONTEXT: &str = "block clause";
        let token = self.next_non_space();
        let name = self.template_name(token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::RightDelimiter)?;
        let place = self.action_place(token.start, start);
        self.inner_template(|parser| parser.template_body(Rc::clone(&name), CONTEXT))?;
        Ok(Node::Template(Box::new(Invocation {
            place,
            name,
            pipe: Some(pipe),
        })))
    }

    fn invocation(&mut self, start: u32) -> Parsed<Node> {
        const CONTEXT: &str = "template clause";
        let token = self.next_non_space();
        let name = self.template_name(token, CONTEXT)?;
        let mut pipe = None;
        if self.next_non_space().kind != Kind::RightDelimiter {
            self.backup();
            pipe = Some(self.pipeline(CONTEXT, Kind::RightDelimiter)?);
        }
        let place = self.action_place(token.start, start);
        Ok(Node::Template(Box::new(Invocation { place, name, pipe })))
    }
}

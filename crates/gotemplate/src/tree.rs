//! Parsed templates: what an execution walks.

mod find;
mod show;

pub(crate) use find::describe;

use std::cell::OnceCell;
use std::rc::Rc;

use crate::function::FunctionId;
use crate::source::{SourceId, Span, Text};
use crate::value::Value;

/// Number of a node in its source, for errors.
pub(crate) type NodeId = u32;

/// Number of a variable's name in its source. `$` is 0.
pub(crate) type VariableId = u32;

/// Where a node lies. `at` is the offset that Go reports, which is not always where the node begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) id: NodeId,
    pub(crate) at: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// One template.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) name: Rc<str>,
    /// Name of the source, which errors begin with.
    pub(crate) source_name: Rc<str>,
    pub(crate) source: SourceId,
    pub(crate) text: Text,
    pub(crate) body: Vec<Node>,
}

impl Tree {
    pub(crate) fn span(&self, place: Place) -> Span {
        Span {
            source: self.source,
            start: place.start,
            end: place.end,
        }
    }

    /// The name that a function is called by at this place. Fields of its result may follow.
    pub(crate) fn function_name(&self, place: Place) -> &str {
        let written = &self.text[place.start as usize..place.end as usize];
        written.split('.').next().unwrap_or_default()
    }

    /// Whether there is nothing in it but space.
    pub(crate) fn is_empty(&self) -> bool {
        self.body.iter().all(|node| match node {
            Node::Text(place) => self.text[place.start as usize..place.end as usize]
                .chars()
                .all(char::is_whitespace),
            _ => false,
        })
    }
}

/// Text or an action. The place of an action goes from delimiter to delimiter.
#[derive(Debug)]
pub(crate) enum Node {
    Text(Place),
    Action(Place, Pipe),
    If(Box<If>),
    With(Box<If>),
    Range(Box<Range>),
    Template(Box<Invocation>),
    Break,
    Continue,
}

/// `if` or `with`, with all `else if` or `else with` that follow.
#[derive(Debug)]
pub(crate) struct If {
    pub(crate) arms: Vec<Arm>,
    pub(crate) otherwise: Option<Body>,
}

/// A condition and what is done if it holds.
#[derive(Debug)]
pub(crate) struct Arm {
    pub(crate) place: Place,
    pub(crate) pipe: Pipe,
    pub(crate) body: Body,
}

#[derive(Debug)]
pub(crate) struct Range {
    pub(crate) place: Place,
    pub(crate) pipe: Pipe,
    pub(crate) body: Body,
    pub(crate) otherwise: Option<Body>,
}

/// What is done where a condition holds, or for each element.
#[derive(Debug)]
pub(crate) enum Body {
    Now(Vec<Node>),
    Later(Box<Later>),
}

impl Body {
    /// The nodes, if they were parsed.
    pub(crate) fn parsed(&self) -> &[Node] {
        match self {
            Self::Now(nodes) => nodes,
            Self::Later(later) => later.nodes.get().map_or(&[], Vec::as_slice),
        }
    }
}

/// A long body that is parsed when it is done: much of what charts write is switched off.
#[derive(Debug)]
pub(crate) struct Later {
    /// Behind the action that begins it, and at the one that ends it.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// What the parser knew before it: names of variables by number, those that may be used, and the last number of a node.
    pub(crate) names: Box<[Rc<str>]>,
    pub(crate) variables: Box<[VariableId]>,
    pub(crate) last_node: NodeId,
    pub(crate) nodes: OnceCell<Vec<Node>>,
}

/// `{{template "name" pipeline}}`.
#[derive(Debug)]
pub(crate) struct Invocation {
    pub(crate) place: Place,
    pub(crate) name: Rc<str>,
    pub(crate) pipe: Option<Pipe>,
}

/// Commands, each with the result of the one before as its last argument.
#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) place: Place,
    pub(crate) assigns: bool,
    pub(crate) variables: Vec<(VariableId, Rc<str>)>,
    pub(crate) commands: Vec<Command>,
}

#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) place: Place,
    /// Never empty.
    pub(crate) words: Vec<Word>,
}

/// One operand of a command.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) place: Place,
    pub(crate) kind: WordKind,
}

#[derive(Debug)]
pub(crate) enum WordKind {
    Dot,
    Nil,
    Bool(bool),
    Number(Box<Number>),
    /// The text as it is written is at the place.
    String(Value),
    Field(Fields),
    Variable(VariableId, Fields),
    /// The name is at the place.
    Function(FunctionId),
    Chain(Box<Word>, Fields),
    Pipe(Box<Pipe>),
}

/// Where names of fields stand, one behind the other, each with its dot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Fields {
    /// None.
    pub(crate) fn behind(end: u32) -> Self {
        Self { start: end, end }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// As they are written, from the first dot on.
    pub(crate) fn text(self, tree: &Tree) -> &str {
        &tree.text[self.start as usize..self.end as usize]
    }
}

/// A constant, as every type that can hold it.
#[derive(Debug, Default)]
pub(crate) struct Number {
    pub(crate) int: Option<i64>,
    pub(crate) uint: Option<u64>,
    pub(crate) float: Option<f64>,
    pub(crate) complex: Option<(f64, f64)>,
    /// What it is where no type is asked for; none where that would overflow.
    pub(crate) ideal: Option<Value>,
}

//! Text, actions and control structures.

use super::{Executed, Execution, MissingKey};
use crate::format::{self, quoted};
use crate::origin::Origin;
use crate::trace::FrameKind;
use crate::tree::{Body, If, Invocation, Node, Pipe, Place, Range, Tree};
use crate::value::{Context as _, Data, Value};

/// How a list of nodes ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Next,
    Break,
    Continue,
}

impl Execution<'_> {
    pub(super) fn walk(&mut self, tree: &Tree, nodes: &[Node], dot: &Value) -> Executed<Flow> {
        for node in nodes {
            self.step()?;
            let flow = match node {
                Node::Text(place) => {
                    self.write(
                        tree,
                        *place,
                        &tree.text[place.start as usize..place.end as usize],
                    )?;
                    Flow::Next
                }
                Node::Action(place, pipe) => {
                    self.action(tree, *place, pipe, dot)?;
                    Flow::Next
                }
                Node::If(branch) => self.branch(tree, branch, dot, false)?,
                Node::With(branch) => self.branch(tree, branch, dot, true)?,
                Node::Range(range) => {
                    self.range(tree, range, dot)?;
                    Flow::Next
                }
                Node::Template(call) => {
                    self.template(tree, call, dot)?;
                    Flow::Next
                }
                Node::Break => Flow::Break,
                Node::Continue => Flow::Continue,
            };
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    /// The nodes of a body, which are parsed now if they were not before.
    fn nodes<'b>(&self, tree: &Tree, body: &'b Body) -> Executed<&'b [Node]> {
        match body {
            Body::Now(nodes) => Ok(nodes),
            Body::Later(later) => {
                if later.nodes.get().is_none() {
                    let _ = later.nodes.set(self.set.parse_body(tree, later)?);
                }
                Ok(body.parsed())
            }
        }
    }

    fn write(&mut self, tree: &Tree, place: Place, text: &str) -> Executed<()> {
        self.out.push_str(text);
        self.written(tree, place, text.len(), Origin::NONE, true)
    }

    fn written(
        &mut self,
        tree: &Tree,
        place: Place,
        length: usize,
        origin: Origin,
        is_text: bool,
    ) -> Executed<()> {
        self.bytes += length as u64;
        if self.bytes > self.limits.bytes {
            return Err(self.failed("", self.limits.too_many_bytes()));
        }
        let mark = self.recorder.mark();
        self.recorder
            .wrote(self.out.len(), tree.span(place), origin, is_text);
        self.work((self.recorder.mark() - mark).saturating_sub(1))
    }

    fn action(&mut self, tree: &Tree, place: Place, pipe: &Pipe, dot: &Value) -> Executed<()> {
        let value = self.pipeline(pipe, dot)?;
        if !pipe.variables.is_empty() {
            return Ok(());
        }
        self.at = place.id;
        if let Data::Function(_) = value.data() {
            let shown = self.shown(place.id);
            return Err(self.error(format!("can't print {shown} of type {}", value.type_name())));
        }
        let before = self.out.len();
        let limit = self.remaining_bytes();
        if !format::append(&mut self.out, &value, limit) {
            return Err(self.failed("", self.limits.too_many_bytes()));
        }
        self.written(tree, place, self.out.len() - before, value.origin(), false)
    }

    fn branch(&mut self, tree: &Tree, branch: &If, dot: &Value, is_with: bool) -> Executed<Flow> {
        let mark = self.variables.len();
        let mut decided = Origin::NONE;
        for arm in &branch.arms {
            let value = self.pipeline(&arm.pipe, dot)?;
            decided = self.recorder.union(value.origin(), decided);
            if value.is_true() {
                let dot = if is_with { &value } else { dot };
                return self.branch_body(tree, arm.place, decided, &arm.body, dot, mark);
            }
        }
        if let (Some(body), Some(last)) = (&branch.otherwise, branch.arms.last()) {
            return self.branch_body(tree, last.place, decided, body, dot, mark);
        }
        self.variables.truncate(mark);
        Ok(Flow::Next)
    }

    fn branch_body(
        &mut self,
        tree: &Tree,
        place: Place,
        decided: Origin,
        body: &Body,
        dot: &Value,
        mark: usize,
    ) -> Executed<Flow> {
        self.deeper()?;
        let nodes = self.nodes(tree, body)?;
        let frame = self
            .recorder
            .open(FrameKind::Branch, tree.span(place), decided);
        let flow = self.walk(tree, nodes, dot);
        self.recorder.close(&frame);
        self.nesting -= 1;
        self.variables.truncate(mark);
        flow
    }

    fn range(&mut self, tree: &Tree, range: &Range, dot: &Value) -> Executed<()> {
        let mark = self.variables.len();
        let value = self.pipeline(&range.pipe, dot)?;
        self.deeper()?;
        let ran = self.rounds(tree, range, &value)?;
        if let (false, Some(body)) = (ran, &range.otherwise) {
            let nodes = self.nodes(tree, body)?;
            let frame =
                self.recorder
                    .open(FrameKind::Branch, tree.span(range.place), value.origin());
            self.walk(tree, nodes, dot)?;
            self.recorder.close(&frame);
        }
        self.nesting -= 1;
        self.variables.truncate(mark);
        Ok(())
    }

    /// Runs the body for every element, and says whether there was any.
    fn rounds(&mut self, tree: &Tree, range: &Range, value: &Value) -> Executed<bool> {
        let origin = value.origin();
        match value.data() {
            Data::Missing | Data::Nil => Ok(false),
            Data::Int(count, kind) => {
                self.hold_to_one_variable(range, value)?;
                let rounds = (0..*count).map(|number| (Value::nil(), Value::int_of(number, *kind)));
                self.each(tree, range, origin, rounds)
            }
            Data::Uint(count, kind) => {
                self.hold_to_one_variable(range, value)?;
                let rounds =
                    (0..*count).map(|number| (Value::nil(), Value::uint_of(number, *kind)));
                self.each(tree, range, origin, rounds)
            }
            Data::List(list) => {
                let element = list.shape().element;
                let rounds = list.items().iter().enumerate();
                let rounds = rounds
                    .map(|(index, item)| (Value::count(index), item.clone().held_as(element)));
                self.each(tree, range, origin, rounds)
            }
            Data::Map(map) => {
                self.work(map.len() / 8)?;
                let element = map.shape().element;
                let rounds = map.entries().into_iter();
                self.each(
                    tree,
                    range,
                    origin,
                    rounds.map(|(key, item)| {
                        let key = Value::from(key).with_origin(item.origin());
                        (key, item.held_as(element))
                    }),
                )
            }
            Data::Bytes(bytes) => {
                let rounds = bytes.iter().enumerate().map(|(index, byte)| {
                    (
                        Value::count(index),
                        Value::uint_of(u64::from(*byte), crate::value::UintType::Uint8),
                    )
                });
                self.each(tree, range, origin, rounds)
            }
            Data::Host(host) => {
                if let Some(inner) = host.underlying() {
                    return self.rounds(tree, range, &inner.with_origin(origin));
                }
                Err(self.error(format!(
                    "range can't iterate over {}",
                    format::pointed(value)
                )))
            }
            _ => Err(self.error(format!(
                "range can't iterate over {}",
                format::pointed(value)
            ))),
        }
    }

    fn hold_to_one_variable(&self, range: &Range, value: &Value) -> Executed<()> {
        if range.pipe.variables.len() > 1 {
            let shown = format::pointed(value);
            return Err(self.error(format!(
                "can't use {shown} to iterate over more than one variable"
            )));
        }
        Ok(())
    }

    fn each(
        &mut self,
        tree: &Tree,
        range: &Range,
        origin: Origin,
        rounds: impl Iterator<Item = (Value, Value)>,
    ) -> Executed<bool> {
        let mark = self.variables.len();
        let mut ran = false;
        for (mut index, mut element) in rounds {
            self.step()?;
            ran = true;
            if element.origin().is_none() {
                element = element.with_origin(origin);
            }
            if index.origin().is_none() {
                index = index.with_origin(origin);
            }
            self.set_loop_variables(&range.pipe, mark, index, &element)?;
            let nodes = self.nodes(tree, &range.body)?;
            let decided = self.recorder.union(element.origin(), origin);
            let frame = self
                .recorder
                .open(FrameKind::Loop, tree.span(range.place), decided);
            let flow = self.walk(tree, nodes, &element);
            self.recorder.close(&frame);
            self.variables.truncate(mark);
            if flow? == Flow::Break {
                break;
            }
        }
        Ok(ran)
    }

    fn set_loop_variables(
        &mut self,
        pipe: &Pipe,
        mark: usize,
        index: Value,
        element: &Value,
    ) -> Executed<()> {
        match (pipe.variables.as_slice(), pipe.assigns) {
            ([], _) => {}
            ([(one, name)], true) => self.assign(*one, name, element.clone())?,
            ([(first, first_name), (second, second_name), ..], true) => {
                self.assign(*first, first_name, index)?;
                self.assign(*second, second_name, element.clone())?;
            }
            (declared, false) => {
                self.variables[mark - 1].1 = element.clone();
                if declared.len() > 1 {
                    self.variables[mark - 2].1 = index;
                }
            }
        }
        Ok(())
    }

    fn template(&mut self, tree: &Tree, call: &Invocation, dot: &Value) -> Executed<()> {
        self.at = call.place.id;
        let Some(target) = self.find(&call.name)? else {
            return Err(self.error(format!("template {} not defined", quoted(&call.name))));
        };
        let data = match &call.pipe {
            Some(pipe) => self.pipeline(pipe, dot)?,
            None => Value::default(),
        };
        let frame = self
            .recorder
            .open(FrameKind::Call, tree.span(call.place), Origin::NONE);
        let result = self.nested_template(&target, &data);
        self.recorder.close(&frame);
        result
    }

    pub(super) fn missing_key(&self) -> MissingKey {
        self.missing_key
    }
}

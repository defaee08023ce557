//! Running templates: the state of one execution, and what functions may do with it.

mod call;
mod evaluate;
mod session;
mod set;
mod walk;

pub use session::Session;
pub use set::Set;

use std::collections::HashMap;
use std::rc::Rc;

use crate::edit::Edit;
use crate::error::{Error, ErrorKind, Failure};
use crate::format::quoted;
use crate::limits::Limits;
use crate::origin::Origin;
use crate::parse::{self, Templates};
use crate::skim::Bodies;
use crate::source::{Source, SourceId, Span, Text};
use crate::trace::{FrameKind, Recorder, Trace};
use crate::tree::{self, NodeId, Tree, VariableId};
use crate::value::{Context, Data, Value};

pub(crate) type Executed<T> = Result<T, Box<Error>>;

/// What a key that a map does not have is worth: Go's option `missingkey`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingKey {
    /// No value, which prints as `<no value>`.
    #[default]
    Default,
    /// The zero of the map's elements.
    Zero,
    /// An error.
    Error,
}

/// How to execute.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What missing keys are worth.
    pub missing_key: MissingKey,
    /// What the execution may use.
    pub limits: Limits,
    /// Whether to keep the provenance of every byte.
    pub trace: bool,
}

/// What a template wrote.
#[derive(Debug)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// Where its bytes come from, if that was asked for.
    pub trace: Option<Trace>,
    /// Sources that functions parsed on the way; they are numbered from `first_source` on.
    pub sources: Vec<Source>,
    /// Number of sources that the set had.
    pub first_source: u32,
}

impl Rendered {
    /// Takes every occurrence of a text out; the other bytes keep their provenance.
    pub fn remove(&mut self, unwanted: &str) {
        let starts = find_all(&self.text, unwanted);
        if starts.is_empty() {
            return;
        }
        self.text = without(&self.text, &starts, unwanted.len());
        if let Some(trace) = &mut self.trace {
            trace.remove(&starts, unwanted.len());
        }
    }

    /// The source of a span, from the set or from this execution.
    pub fn source<'a>(&'a self, set: &'a Set, id: SourceId) -> Option<&'a Source> {
        set.source(id).or_else(|| {
            self.sources
                .get(id.0.checked_sub(self.first_source)? as usize)
        })
    }
}

/// Where a text stands in another one.
fn find_all(text: &str, wanted: &str) -> Vec<usize> {
    if wanted.is_empty() {
        return Vec::new();
    }
    memchr::memmem::find_iter(text.as_bytes(), wanted.as_bytes()).collect()
}

/// A text without ranges of one length.
fn without(text: &str, starts: &[usize], length: usize) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut end = 0;
    for start in starts {
        kept.push_str(&text[end..*start]);
        end = start + length;
    }
    kept.push_str(&text[end..]);
    kept
}

/// A text that was made a template: its name, itself, and what decided it.
type Dynamic = (Rc<str>, Rc<str>, Origin);

/// One execution, with all that it remembers.
pub(crate) struct Execution<'s> {
    set: &'s Set,
    missing_key: MissingKey,
    limits: Limits,
    out: String,
    /// Variables of all templates that are open; those of the current one begin at `base`.
    variables: Vec<(VariableId, Value)>,
    base: usize,
    tree: Rc<Tree>,
    /// The node that is evaluated, for errors.
    at: NodeId,
    /// The call whose function is running.
    call_span: Span,
    open_templates: u32,
    nesting: u32,
    steps: u64,
    bytes: u64,
    recorder: Recorder,
    /// Vectors for arguments, to be used again.
    spare: Vec<Vec<Value>>,
    /// Templates that functions parsed, innermost last; they hide those of the set.
    overlays: Vec<Rc<Templates>>,
    sources: Vec<Source>,
    parsed: HashMap<Dynamic, Rc<Templates>, foldhash::fast::FixedState>,
}

/// Bytes that are made room for before anything is printed.
const MOST_AHEAD: usize = 1 << 20;

impl<'s> Execution<'s> {
    pub(crate) fn new(set: &'s Set, options: &Options) -> Self {
        let empty = Tree {
            name: "".into(),
            source_name: "".into(),
            source: SourceId(0),
            text: "".into(),
            body: Vec::new(),
        };
        Self {
            set,
            missing_key: options.missing_key,
            limits: options.limits,
            // Most templates print about what they are.
            out: String::with_capacity(set.bytes().min(MOST_AHEAD)),
            variables: Vec::new(),
            base: 0,
            tree: Rc::new(empty),
            at: 0,
            call_span: Span {
                source: SourceId(0),
                start: 0,
                end: 0,
            },
            open_templates: 0,
            nesting: 0,
            steps: 0,
            bytes: 0,
            recorder: Recorder::new(options.trace),
            spare: Vec::new(),
            overlays: Vec::new(),
            sources: Vec::new(),
            parsed: HashMap::default(),
        }
    }

    /// Executes a template of the set behind what was written before.
    fn run(&mut self, name: &str, data: &Value) -> Executed<()> {
        let Some(tree) = self.set.find(name)?.cloned() else {
            return Err(self.no_template(name));
        };
        self.invoke(&tree, data)
    }

    fn into_rendered(self) -> Rendered {
        Rendered {
            text: self.out,
            trace: self.recorder.finish(),
            sources: self.sources,
            first_source: self.set.number_of_sources() as u32,
        }
    }

    fn parsed(
        &mut self,
        name: &Rc<str>,
        text: &Rc<str>,
        origin: Origin,
    ) -> Executed<Rc<Templates>> {
        let key = (
            Rc::clone(name),
            Rc::clone(text),
            if self.is_tracing() {
                origin
            } else {
                Origin::NONE
            },
        );
        if let Some(known) = self.parsed.get(&key) {
            return Ok(Rc::clone(known));
        }
        self.work(text.len() / 8)?;
        let id = SourceId((self.set.number_of_sources() + self.sources.len()) as u32);
        let text = Text::from(Rc::clone(text));
        let templates = parse::parse(name, &text, id, self.set.functions(), &Bodies::NONE)?;
        self.sources.push(Source {
            name: Rc::clone(name),
            text,
            origin,
        });
        let templates = Rc::new(templates);
        self.parsed.insert(key, Rc::clone(&templates));
        Ok(templates)
    }

    fn step(&mut self) -> Executed<()> {
        self.steps += 1;
        if self.steps > self.limits.steps {
            return Err(self.too_many_steps());
        }
        Ok(())
    }

    /// Counts work that is not in nodes.
    fn work(&mut self, steps: usize) -> Executed<()> {
        self.steps = self.steps.saturating_add(steps as u64);
        if steps > 0 && self.steps > self.limits.steps {
            return Err(self.too_many_steps());
        }
        Ok(())
    }

    fn too_many_steps(&self) -> Box<Error> {
        self.limit(&format!("more than {} steps", self.limits.steps))
    }

    fn deeper(&mut self) -> Executed<()> {
        if self.nesting >= self.limits.nesting {
            return Err(self.limit("too deeply nested"));
        }
        self.nesting += 1;
        Ok(())
    }

    fn find(&self, name: &str) -> Executed<Option<Rc<Tree>>> {
        let mut overlays = self.overlays.iter().rev();
        let found = match overlays.find_map(|overlay| overlay.get(name)) {
            Some(tree) => Some(tree),
            None => self.set.find(name)?,
        };
        Ok(found.cloned())
    }

    /// Executes a template into a value.
    fn captured(&mut self, tree: &Rc<Tree>, data: &Value) -> Executed<Value> {
        let start = self.out.len();
        let mark = self.recorder.mark();
        let frame = self
            .recorder
            .open(FrameKind::Call, self.call_span, Origin::NONE);
        let result = self.nested_template(tree, data);
        let text: Rc<str> = self.out[start..].into();
        self.out.truncate(start);
        let segments = self.recorder.mark() - mark;
        let origin = self.recorder.store(mark, start);
        self.recorder.close(&frame);
        result?;
        self.work(segments)?;
        Ok(Value::from(text).with_origin(origin))
    }

    /// Executes a template in the place of a node, if that is not too deep.
    fn nested_template(&mut self, tree: &Rc<Tree>, data: &Value) -> Executed<()> {
        if self.open_templates >= self.limits.templates {
            return Err(self.limit(&format!(
                "exceeded maximum template depth ({})",
                self.limits.templates
            )));
        }
        self.deeper()?;
        let result = self.invoke(tree, data);
        self.nesting -= 1;
        result
    }

    /// Executes a template with variables of its own, and comes back to the state of the caller.
    fn invoke(&mut self, tree: &Rc<Tree>, data: &Value) -> Executed<()> {
        let base = std::mem::replace(&mut self.base, self.variables.len());
        let caller = std::mem::replace(&mut self.tree, Rc::clone(tree));
        let (at, nesting) = (self.at, self.nesting);
        self.open_templates += 1;
        let data = data.clone().unboxed();
        self.variables.push((0, data.clone()));
        let result = self.walk(tree, &tree.body, &data);
        self.variables.truncate(self.base);
        self.base = base;
        self.tree = caller;
        self.open_templates -= 1;
        (self.at, self.nesting) = (at, nesting);
        result.map(|_| ())
    }

    /// An error at the current node.
    fn error(&self, message: impl Into<String>) -> Box<Error> {
        self.error_of(ErrorKind::Execution, message.into(), None)
    }

    fn limit(&self, message: &str) -> Box<Error> {
        self.error_of(ErrorKind::Limit, message.to_owned(), None)
    }

    fn failed(&self, before: &str, failure: Failure) -> Box<Error> {
        let kind = if failure.limit {
            ErrorKind::Limit
        } else {
            ErrorKind::Execution
        };
        self.error_of(kind, format!("{before}{}", failure.message), failure.cause)
    }

    fn error_of(&self, kind: ErrorKind, message: String, cause: Option<Box<Error>>) -> Box<Error> {
        let name = &self.tree.name;
        let (span, text) = match tree::describe(&self.tree, self.at) {
            None => (None, format!("template: {name}: {message}")),
            Some((place, node)) => {
                let text = self.tree.text.clone();
                let source = Source {
                    name: Rc::clone(name),
                    text,
                    origin: Origin::NONE,
                };
                let (line, column) = source.position(place.at);
                let location = &self.tree.source_name;
                let text = format!(
                    "template: {location}:{line}:{column}: executing {} at <{node}>: {message}",
                    quoted(name)
                );
                (Some(self.tree.span(place)), text)
            }
        };
        Box::new(Error {
            kind,
            template: Rc::clone(name),
            message,
            span,
            cause,
            text,
        })
    }

    /// The text of the current node, as errors show it.
    fn shown(&self, id: NodeId) -> String {
        tree::describe(&self.tree, id)
            .map(|(_, text)| text)
            .unwrap_or_default()
    }

    fn no_template(&self, name: &str) -> Box<Error> {
        let message = format!(
            "no template {} associated with template {}",
            quoted(name),
            quoted(self.set.name())
        );
        Box::new(Error {
            kind: ErrorKind::Execution,
            template: name.into(),
            text: format!("template: {message}"),
            message,
            span: None,
            cause: None,
        })
    }
}

impl Context for Execution<'_> {
    fn template_name(&self) -> &Rc<str> {
        &self.tree.name
    }

    fn contains(&self, name: &str) -> bool {
        let mut overlays = self.overlays.iter();
        overlays.any(|overlay| overlay.contains_key(name)) || self.set.contains(name)
    }

    fn limits(&self) -> &Limits {
        &self.limits
    }

    fn is_tracing(&self) -> bool {
        self.recorder.is_on()
    }

    fn execute(&mut self, name: &str, data: &Value) -> Result<Value, Failure> {
        let Some(tree) = self.find(name)? else {
            return Err(self.no_template(name).into());
        };
        Ok(self.captured(&tree, data)?)
    }

    fn execute_text(
        &mut self,
        name: &Rc<str>,
        text: &Value,
        data: &Value,
    ) -> Result<Value, Failure> {
        let Data::String(written) = text.data() else {
            return Err(Failure::new(format!(
                "expected string; found {}",
                text.type_name()
            )));
        };
        if !written.contains("{{") {
            return Ok(text.clone());
        }
        let templates = self.parsed(name, written, text.origin())?;
        let Some(tree) = templates.get(name).cloned() else {
            return Ok(Value::from(""));
        };
        self.overlays.push(templates);
        let result = self.captured(&tree, data);
        self.overlays.pop();
        Ok(result?)
    }

    fn union(&mut self, origins: &[Origin]) -> Origin {
        origins.iter().fold(Origin::NONE, |union, origin| {
            self.recorder.union(union, *origin)
        })
    }

    fn mixed(&mut self, origin: Origin) -> Origin {
        self.recorder.mixed(origin)
    }

    fn decided(&mut self, value: Value, by: Origin) -> Value {
        let before = self.recorder.stored();
        let origin = self.recorder.decided(value.origin(), by);
        self.steps = self
            .steps
            .saturating_add(self.recorder.stored() as u64 - before as u64);
        value.with_origin(origin)
    }

    fn edit(&self) -> Edit {
        Edit::new(self.recorder.is_on())
    }

    fn edited(&mut self, input: &Value, mut edit: Edit) -> Value {
        let before = self.recorder.stored();
        let origin = self.recorder.edited(input.origin(), &edit, self.call_span);
        self.steps = self
            .steps
            .saturating_add(self.recorder.stored() as u64 - before as u64);
        Value::from(edit.take_text()).with_origin(origin)
    }

    fn is_rendered(&self, value: &Value) -> bool {
        self.recorder.is_text(value.origin())
    }

    fn spend(&mut self, steps: u64) -> Result<(), Failure> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > self.limits.steps {
            return Err(Failure::limit(format!(
                "more than {} steps",
                self.limits.steps
            )));
        }
        Ok(())
    }

    fn reserve(&mut self, bytes: usize) -> Result<(), Failure> {
        self.bytes = self.bytes.saturating_add(bytes as u64);
        if self.bytes > self.limits.bytes {
            return Err(self.limits.too_many_bytes());
        }
        Ok(())
    }

    fn remaining_bytes(&self) -> usize {
        usize::try_from(self.limits.bytes.saturating_sub(self.bytes)).unwrap_or(usize::MAX)
    }
}

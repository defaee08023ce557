//! Templates that know each other.

use std::collections::HashMap;
use std::rc::Rc;

use super::{Execution, Options, Rendered, Session};
use crate::error::Error;
use crate::function::Functions;
use crate::origin::Origin;
use crate::parse::{self, Templates};
use crate::source::{Source, SourceId};
use crate::tree::Tree;
use crate::value::Value;

/// A set of templates, parsed once and executed any number of times. Lives on one thread.
pub struct Set {
    name: Rc<str>,
    functions: Rc<Functions>,
    sources: Vec<Source>,
    templates: Templates,
}

impl Set {
    /// An empty set whose templates may call these functions.
    pub fn new(functions: Rc<Functions>) -> Self {
        Self {
            name: "".into(),
            functions,
            sources: Vec::new(),
            templates: HashMap::default(),
        }
    }

    /// The same with a name, which errors about templates that do not exist mention.
    pub fn named(mut self, name: &str) -> Self {
        self.name = name.into();
        self
    }

    /// Parses a source and adds its templates: one of the source's name, and those that it defines.
    /// A later template takes the place of an earlier one of its name, unless there is nothing in it.
    ///
    /// # Errors
    /// The first thing in the text that is not Go's template language. The set is as it was, but for the source.
    pub fn parse(&mut self, name: &str, text: &str) -> Result<SourceId, Box<Error>> {
        let source = Source {
            name: name.into(),
            text: text.into(),
            origin: Origin::NONE,
        };
        let id = SourceId(self.sources.len() as u32);
        self.sources.push(source);
        let source = &self.sources[id.0 as usize];
        let parsed = parse::parse(&source.name, &source.text, id, &self.functions)?;
        add(&mut self.templates, parsed);
        Ok(id)
    }

    /// The source of a number that [`parse`](Self::parse) gave.
    pub fn source(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(id.0 as usize)
    }

    /// Whether there is a template of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.templates.contains_key(name)
    }

    /// Names of all templates, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.templates.keys().map(|name| &**name).collect();
        names.sort_unstable();
        names
    }

    /// Executes a template.
    ///
    /// # Errors
    /// What stopped it. What was written until then is gone.
    pub fn execute(
        &self,
        name: &str,
        data: &Value,
        options: &Options,
    ) -> Result<Rendered, Box<Error>> {
        let mut execution = Execution::new(self, options);
        execution.run(name, data)?;
        Ok(execution.into_rendered())
    }

    /// Begins to execute several templates one after the other.
    pub fn session(&self, options: &Options) -> Session<'_> {
        Session::new(Execution::new(self, options))
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn functions(&self) -> &Functions {
        &self.functions
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Rc<Tree>> {
        self.templates.get(name)
    }

    pub(crate) fn number_of_sources(&self) -> usize {
        self.sources.len()
    }
}

pub(crate) fn add(templates: &mut Templates, parsed: Templates) {
    #[expect(
        clippy::iter_over_hash_type,
        reason = "goes into another table; names differ"
    )]
    for (name, tree) in parsed {
        if tree.is_empty() && templates.contains_key(&name) {
            continue;
        }
        templates.insert(name, tree);
    }
}

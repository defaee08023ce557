//! Templates that know each other.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::{Execution, Options, Rendered, Session};
use crate::error::Error;
use crate::function::Functions;
use crate::origin::Origin;
use crate::parse;
use crate::skim::{Bodies, Outline, Outlined, skim};
use crate::source::{Source, SourceId, Text};
use crate::tree::{self, Node, Tree};
use crate::value::Value;

/// A set of templates, parsed once and executed any number of times. Lives on one thread.
pub struct Set {
    name: Rc<str>,
    functions: Rc<Functions>,
    sources: Vec<Source>,
    /// What is known of the bodies of each source.
    bodies: Vec<Bodies>,
    templates: HashMap<Rc<str>, Template, foldhash::fast::FixedState>,
}

enum Template {
    Parsed(Rc<Tree>),
    Later(Later),
}

/// A template that is parsed when it is asked for.
struct Later {
    source: SourceId,
    /// Where its `{{define` is; `None` for the source's own.
    start: Option<u32>,
    tree: OnceCell<Rc<Tree>>,
}

impl Set {
    /// An empty set whose templates may call these functions.
    pub fn new(functions: Rc<Functions>) -> Self {
        Self {
            name: "".into(),
            functions,
            sources: Vec::new(),
            bodies: Vec::new(),
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
    pub fn parse(&mut self, name: &str, text: impl Into<Text>) -> Result<SourceId, Box<Error>> {
        let id = self.add_source(name, text.into());
        self.parse_source(id)?;
        Ok(id)
    }

    /// The same, for a source of which little may be used: its templates, and long bodies of control structures in
    /// them, are parsed when they are, where it is sure that all of them can be.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse), and no later.
    pub fn parse_lazily(
        &mut self,
        name: &str,
        text: impl Into<Text>,
    ) -> Result<SourceId, Box<Error>> {
        let text = text.into();
        let outline = skim(&text, &self.functions);
        self.parse_later(name, &text, outline)
    }

    /// The same, for a source that was [looked through](Outlined) already.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse), and no later if it was looked through with the functions of this set.
    pub fn parse_outlined<T: AsRef<str> + 'static>(
        &mut self,
        name: &str,
        source: Outlined<T>,
    ) -> Result<SourceId, Box<Error>> {
        self.parse_later(name, &Text::from(source.text), source.outline)
    }

    fn parse_later(
        &mut self,
        name: &str,
        text: &Text,
        outline: Option<Outline>,
    ) -> Result<SourceId, Box<Error>> {
        let id = self.add_source(name, text.clone());
        let Some(outline) = outline.filter(|outline| !outline.defines(name, text)) else {
            self.parse_source(id)?;
            return Ok(id);
        };
        let source = &self.sources[id.0 as usize];
        let own = Rc::clone(&source.name);
        let later = |start| {
            Template::Later(Later {
                source: id,
                start,
                tree: OnceCell::new(),
            })
        };
        self.templates.reserve(outline.definitions.len() + 1);
        for definition in &outline.definitions {
            let template = later(Some(definition.start));
            self.add(definition.name(text).into(), template, definition.is_blank);
        }
        self.add(own, later(None), outline.is_blank);
        self.bodies[id.0 as usize] = outline.bodies;
        Ok(id)
    }

    fn add_source(&mut self, name: &str, text: Text) -> SourceId {
        self.sources.push(Source {
            name: name.into(),
            text,
            origin: Origin::NONE,
        });
        self.bodies.push(Bodies::NONE);
        SourceId(self.sources.len() as u32 - 1)
    }

    fn parse_source(&mut self, id: SourceId) -> Result<(), Box<Error>> {
        let source = &self.sources[id.0 as usize];
        let parsed = parse::parse(
            &source.name,
            &source.text,
            id,
            &self.functions,
            &Bodies::NONE,
        )?;
        #[expect(
            clippy::iter_over_hash_type,
            reason = "goes into another table; names differ"
        )]
        for (name, tree) in parsed {
            let is_blank = tree.is_empty();
            self.add(name, Template::Parsed(tree), is_blank);
        }
        Ok(())
    }

    fn add(&mut self, name: Rc<str>, template: Template, is_blank: bool) {
        if !is_blank || !self.templates.contains_key(&name) {
            self.templates.insert(name, template);
        }
    }

    /// Bytes of all sources.
    pub(super) fn bytes(&self) -> usize {
        self.sources.iter().map(|source| source.text.len()).sum()
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

    /// A template.
    ///
    /// # Errors
    /// What the parser says of its source, if it was to be parsed when it is asked for.
    pub(crate) fn find(&self, name: &str) -> Result<Option<&Rc<Tree>>, Box<Error>> {
        Ok(match self.templates.get(name) {
            None => None,
            Some(Template::Parsed(tree)) => Some(tree),
            Some(Template::Later(later)) => {
                if later.tree.get().is_none()
                    && let Some(tree) = self.parse_now(name, later)?
                {
                    let _ = later.tree.set(tree);
                }
                later.tree.get()
            }
        })
    }

    fn parse_now(&self, name: &str, later: &Later) -> Result<Option<Rc<Tree>>, Box<Error>> {
        let id = later.source;
        let source = &self.sources[id.0 as usize];
        let bodies = &self.bodies[id.0 as usize];
        let (of, text, functions) = (&source.name, &source.text, &*self.functions);
        let mut parsed = match later.start {
            Some(start) => parse::parse_definition(of, text, id, functions, bodies, start)?,
            None => parse::parse(of, text, id, functions, bodies)?,
        };
        Ok(parsed.remove(name))
    }

    /// Parses a body of a template that was left for later.
    ///
    /// # Errors
    /// What the parser says of it, though it is left only where it is sure that there is nothing.
    pub(crate) fn parse_body(
        &self,
        tree: &Tree,
        later: &tree::Later,
    ) -> Result<Vec<Node>, Box<Error>> {
        let bodies = self.bodies.get(tree.source.0 as usize);
        parse::parse_body(
            tree,
            &self.functions,
            bodies.unwrap_or(&Bodies::NONE),
            later,
        )
    }

    pub(crate) fn number_of_sources(&self) -> usize {
        self.sources.len()
    }
}

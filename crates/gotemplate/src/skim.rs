//! Finds the templates that a source defines without parsing them.
//!
//! A chart brings hundreds of definitions and uses a few. What is skimmed is read once, byte by byte, without a tree:
//! far enough to be sure that the parser would take it, and to know where each definition begins. Where there is the
//! slightest doubt the answer is `None`, and the source is parsed at once, so that errors are found when Go finds
//! them, and are the parser's.

mod action;
mod scan;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use crate::function::Functions;
use crate::limits::{MAX_SOURCE, MAX_SYNTAX_DEPTH};
use scan::{Scan, is_space};

/// A source that was looked through before a set gets it: [`Set::parse_outlined`](crate::Set::parse_outlined) then takes
/// as long as it has templates. May be made by another thread.
#[derive(Debug)]
pub struct Outlined<T> {
    pub(crate) text: Arc<T>,
    pub(crate) outline: Option<Outline>,
}

impl<T: AsRef<str>> Outlined<T> {
    /// Looks through a source whose templates may call these functions: those of the set that will get it.
    pub fn new(text: Arc<T>, functions: &Functions) -> Self {
        let outline = skim((*text).as_ref(), functions);
        Outlined { text, outline }
    }

    /// The text of the source.
    pub fn text(&self) -> &Arc<T> {
        &self.text
    }
}

/// What a source has.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outline {
    pub(crate) definitions: Vec<Definition>,
    /// Whether the source's own template has nothing in it but space.
    pub(crate) is_blank: bool,
    pub(crate) bodies: Bodies,
}

/// The long bodies of control structures in a source: each begins behind an action, and ends where another one begins.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Bodies(Vec<(u32, u32)>);

impl Bodies {
    /// None.
    pub(crate) const NONE: Bodies = Bodies(Vec::new());

    /// The end of the body that begins at an offset.
    pub(crate) fn end_of(&self, start: u32) -> Option<u32> {
        let found = self.0.binary_search_by_key(&start, |body| body.0);
        found.ok().map(|index| self.0[index].1)
    }
}

/// Bytes of bodies that are worth to be left for later.
const LONG: usize = 256;

/// A template that is defined inside of a source.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Definition {
    /// Where its name is.
    pub(crate) name: Range<u32>,
    /// Where its `{{` is.
    pub(crate) start: u32,
    pub(crate) is_blank: bool,
}

/// Definitions in one source: more are for the parser, because names are compared with each other.
const MAX_DEFINITIONS: usize = 500;

/// Constructs in constructs; well below what the parser can do.
const MAX_DEPTH: usize = MAX_SYNTAX_DEPTH as usize / 2;

/// Reads a source.
pub(crate) fn skim(text: &str, functions: &Functions) -> Option<Outline> {
    if text.len() > MAX_SOURCE {
        return None;
    }
    let mut skim = Skim {
        scan: Scan::new(text),
        functions,
        open: Vec::new(),
        variables: Vec::new(),
        parens: 0,
        outline: Outline {
            definitions: Vec::new(),
            is_blank: true,
            bodies: Bodies::NONE,
        },
        inside: false,
    };
    skim.run()?;
    skim.outline.bodies.0.sort_unstable();
    let definitions = skim.outline.definitions.iter();
    let names: Vec<&str> = definitions
        .map(|definition| definition.name(text))
        .collect();
    let is_twice = |index: usize| names[..index].contains(&names[index]);
    let is_plain = !(0..names.len()).any(is_twice);
    is_plain.then_some(skim.outline)
}

impl Outline {
    /// Whether a template of the source has the name of the source itself.
    pub(crate) fn defines(&self, name: &str, text: &str) -> bool {
        let mut definitions = self.definitions.iter();
        definitions.any(|definition| definition.name(text) == name)
    }
}

impl Definition {
    /// Its name, in the text of the source.
    pub(crate) fn name<'t>(&self, text: &'t str) -> &'t str {
        &text[self.name.start as usize..self.name.end as usize]
    }
}

/// A control structure that waits for its `{{end}}`.
struct Open {
    kind: Kind,
    /// Variables that were known before it.
    variables: usize,
    has_else: bool,
    /// Where what it has now begins.
    body: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    If,
    With,
    Range,
    Define,
}

struct Skim<'t, 'f> {
    scan: Scan<'t>,
    functions: &'f Functions,
    open: Vec<Open>,
    /// Variables of the template, without the `$` before their names.
    variables: Vec<&'t str>,
    parens: usize,
    outline: Outline,
    /// Whether a definition is being read.
    inside: bool,
}

impl Skim<'_, '_> {
    fn run(&mut self) -> Option<()> {
        loop {
            let text = self.scan.until_action();
            if !text.bytes().all(is_space) && !text.chars().all(char::is_whitespace) {
                self.not_blank();
            }
            if self.scan.is_at_end() {
                return self.open.is_empty().then_some(());
            }
            self.action()?;
        }
    }

    /// The template that is being read has something in it.
    fn not_blank(&mut self) {
        if !self.inside {
            self.outline.is_blank = false;
        } else if let Some(definition) = self.outline.definitions.last_mut() {
            definition.is_blank = false;
        }
    }

    fn enter(&mut self, kind: Kind) -> Option<()> {
        if self.open.len() >= MAX_DEPTH {
            return None;
        }
        self.open.push(Open {
            kind,
            variables: self.variables.len(),
            has_else: false,
            body: 0,
        });
        Some(())
    }

    /// Behind an action that begins a body.
    fn begin_body(&mut self) -> Option<()> {
        self.open.last_mut()?.body = self.scan.at;
        Some(())
    }

    /// At the start of an action that ends a body.
    fn end_body(&mut self, end: usize) -> Option<()> {
        let open = self.open.last()?;
        if open.kind != Kind::Define && end - open.body >= LONG {
            let body = (open.body as u32, end as u32);
            self.outline.bodies.0.push(body);
        }
        Some(())
    }

    /// At `{{end}}`.
    fn leave(&mut self) -> Option<()> {
        let open = self.open.pop()?;
        if open.kind == Kind::Define {
            self.inside = false;
        }
        self.variables.truncate(open.variables);
        Some(())
    }

    /// At `{{else}}`, which may go on with a condition.
    fn otherwise(&mut self, next: Option<Kind>) -> Option<()> {
        let open = self.open.last_mut().filter(|open| !open.has_else)?;
        match next {
            Some(next) => (next == open.kind).then_some(()),
            None if open.kind == Kind::Define => None,
            None => {
                open.has_else = true;
                Some(())
            }
        }
    }
}

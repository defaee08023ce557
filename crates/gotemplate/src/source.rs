//! Texts of templates, and places in them.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use crate::origin::Origin;

/// Number of a source: those of a [`Set`](crate::Set) first, then those that an execution added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u32);

/// A text that is kept once: the set's own, or one that belongs to who read it too.
#[derive(Clone)]
pub struct Text(Kept);

#[derive(Clone)]
enum Kept {
    Own(Rc<str>),
    Shared(Arc<dyn AsRef<str>>),
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Kept::Own(text) => text,
            Kept::Shared(text) => (**text).as_ref(),
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, formatter)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text(Kept::Own(text.into()))
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Text {
        Text::from(text.as_str())
    }
}

impl From<Rc<str>> for Text {
    fn from(text: Rc<str>) -> Text {
        Text(Kept::Own(text))
    }
}

impl<T: AsRef<str> + 'static> From<Arc<T>> for Text {
    fn from(text: Arc<T>) -> Text {
        Text(Kept::Shared(text))
    }
}

/// A named text that templates were parsed from. Owned by the set, or by the execution that parsed it.
#[derive(Debug, Clone)]
pub struct Source {
    /// What errors call it, usually a path.
    pub name: Rc<str>,
    /// The whole text.
    pub text: Text,
    /// What decided the text, when a function made a template of a value.
    pub origin: Origin,
}

/// Bytes of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// The source.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

impl Source {
    /// Line, from 1, and byte in the line, from 0, as Go counts them.
    pub fn position(&self, offset: u32) -> (usize, usize) {
        let before = &self.text.as_bytes()[..(offset as usize).min(self.text.len())];
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        let column =
            memchr::memrchr(b'\n', before).map_or(before.len(), |at| before.len() - at - 1);
        (line, column)
    }
}

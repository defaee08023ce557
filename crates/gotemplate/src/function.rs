//! The table of all functions that templates can call.

use std::collections::HashMap;
use std::rc::Rc;

use crate::builtin;
use crate::value::Function;

/// Functions by name, Go's own among them. Made once, shared by sets.
pub struct Functions {
    entries: Vec<Entry>,
    names: HashMap<Rc<str>, u32, foldhash::fast::FixedState>,
}

pub(crate) struct Entry {
    pub(crate) name: Rc<str>,
    pub(crate) call: Call,
}

#[derive(Clone)]
pub(crate) enum Call {
    Builtin(builtin::Builtin),
    Custom(Rc<Function>),
}

impl Default for Functions {
    fn default() -> Self {
        Self::new()
    }
}

impl Functions {
    /// The functions of Go's `text/template`.
    pub fn new() -> Self {
        let mut functions = Self {
            entries: Vec::new(),
            names: HashMap::default(),
        };
        for (name, builtin) in builtin::ALL {
            functions.insert(name, Call::Builtin(*builtin));
        }
        functions
    }

    /// Adds a function, in the place of one that has this name.
    pub fn define(&mut self, name: &str, function: Function) {
        self.insert(name, Call::Custom(Rc::new(function)));
    }

    /// Whether there is such a function.
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    fn insert(&mut self, name: &str, call: Call) {
        if let Some(id) = self.names.get(name) {
            self.entries[*id as usize].call = call;
            return;
        }
        let name: Rc<str> = name.into();
        self.names
            .insert(Rc::clone(&name), self.entries.len() as u32);
        self.entries.push(Entry { name, call });
    }

    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.names.get(name).copied()
    }

    pub(crate) fn entry(&self, id: u32) -> &Entry {
        &self.entries[id as usize]
    }
}

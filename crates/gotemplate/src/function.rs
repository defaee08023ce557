//! The table of all functions that templates can call.

use std::collections::HashMap;
use std::rc::Rc;

use crate::builtin::{self, Builtin};
use crate::value::{Function, Library};

/// Functions by name, Go's own among them. Made once, shared by sets.
#[derive(Default)]
pub struct Functions {
    defined: Vec<Rc<Function>>,
    names: HashMap<Rc<str>, u32, foldhash::fast::FixedState>,
    libraries: Vec<Rc<dyn Library>>,
}

/// Which function a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FunctionId {
    Builtin(Builtin),
    Defined(u32),
    /// A library, and a function of it.
    Library(u32, u32),
}

impl Functions {
    /// The functions of Go's `text/template`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a function, in the place of one that has this name.
    pub fn define(&mut self, name: &str, function: Function) {
        let function = Rc::new(function);
        if let Some(id) = self.names.get(name) {
            self.defined[*id as usize] = function;
            return;
        }
        self.names.insert(name.into(), self.defined.len() as u32);
        self.defined.push(function);
    }

    /// Adds the functions of a library. They go before Go's own and those of earlier libraries; what is
    /// [defined](Self::define) goes before them.
    pub fn add(&mut self, library: Rc<dyn Library>) {
        self.libraries.push(library);
    }

    /// Whether there is such a function.
    pub fn contains(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    pub(crate) fn find(&self, name: &str) -> Option<FunctionId> {
        if let Some(id) = self.names.get(name) {
            return Some(FunctionId::Defined(*id));
        }
        let in_library = |(index, library): (usize, &Rc<dyn Library>)| {
            Some(FunctionId::Library(index as u32, library.find(name)?))
        };
        self.libraries
            .iter()
            .enumerate()
            .rev()
            .find_map(in_library)
            .or_else(|| builtin::find(name).map(FunctionId::Builtin))
    }

    pub(crate) fn defined(&self, id: u32) -> &Function {
        &self.defined[id as usize]
    }

    pub(crate) fn library(&self, id: u32) -> &dyn Library {
        &*self.libraries[id as usize]
    }
}

//! What an expression may mention: variables, members and methods of host objects.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use crate::value::{MemberId, MethodId};

/// The names that the embedding program gives to expressions. The same declarations, made in the
/// same order, are needed to check an expression and to compile it.
#[derive(Clone, Debug, Default)]
pub struct Declarations {
    variables: Vec<Box<str>>,
    members: Names,
    methods: Names,
}

/// Names with their position.
type Names = HashMap<Box<str>, u16, FixedState>;

impl Declarations {
    /// No names at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares the next variable; its slot is its position in the slice that an evaluation is given.
    pub fn variable(&mut self, name: &str) -> usize {
        if let Some(slot) = self.slot(name) {
            return slot as usize;
        }
        self.variables.push(name.into());
        self.variables.len() - 1
    }

    /// Declares a name that host objects answer to.
    pub fn member(&mut self, name: &str) -> MemberId {
        MemberId(add(&mut self.members, name))
    }

    /// Declares a method of host objects.
    pub fn method(&mut self, name: &str) -> MethodId {
        MethodId(add(&mut self.methods, name))
    }

    /// The variables in the order of their slots.
    pub fn variables(&self) -> impl ExactSizeIterator<Item = &str> {
        self.variables.iter().map(AsRef::as_ref)
    }

    pub(crate) fn slot(&self, name: &str) -> Option<u16> {
        let position = self
            .variables
            .iter()
            .position(|variable| &**variable == name)?;
        u16::try_from(position).ok()
    }

    pub(crate) fn member_id(&self, name: &str) -> Option<MemberId> {
        self.members.get(name).copied().map(MemberId)
    }

    pub(crate) fn method_id(&self, name: &str) -> Option<MethodId> {
        self.methods.get(name).copied().map(MethodId)
    }

    #[cfg(feature = "parse")]
    pub(crate) fn method_names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.methods.keys().map(AsRef::as_ref).collect();
        names.sort_unstable();
        names
    }
}

fn add(names: &mut Names, name: &str) -> u16 {
    let next = names.len() as u16;
    *names.entry(name.into()).or_insert(next)
}

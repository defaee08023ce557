//! Who asked for what: which answers an evaluation rests on, so that it is repeated when one of them may be another.
//!
//! Nothing is noted unless somebody follows a cluster: then each thread notes on its own and hands over what it has.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::Relations;
use crate::tie::Tie;

/// What one thread noted.
#[derive(Debug, Default)]
pub(super) struct Asked {
    is_noted: bool,
    /// The resource that is evaluated.
    by: AtomicU32,
    /// While an index is made: it asks for everything, for nobody.
    is_quiet: AtomicBool,
    /// Resources and what was asked for them.
    noted: Mutex<Vec<(u32, Tie)>>,
}

/// So many notes are sorted, for what was asked often.
const MANY: usize = 4096;

impl<'r> Relations<'r> {
    /// Notes from now on who asks for what.
    pub(crate) fn start_noting(&mut self) {
        self.asked.is_noted = true;
    }

    /// The same relations for one thread.
    pub(crate) fn for_thread(&self) -> Relations<'r> {
        Relations {
            made: Arc::clone(&self.made),
            asked: Asked {
                is_noted: self.asked.is_noted,
                ..Asked::default()
            },
        }
    }

    /// Takes what a thread noted.
    pub(crate) fn take_notes(&self, thread: &Relations<'_>) {
        if self.asked.is_noted {
            let mut more = thread.notes();
            let noted = self.asked.noted.lock();
            let mut noted = noted.unwrap_or_else(PoisonError::into_inner);
            noted.append(&mut more);
        }
    }

    /// What was asked for each resource, each once; from then on there is nothing noted.
    pub(crate) fn notes(&self) -> Vec<(u32, Tie)> {
        let noted = self.asked.noted.lock();
        let mut noted = std::mem::take(&mut *noted.unwrap_or_else(PoisonError::into_inner));
        noted.sort_unstable();
        noted.dedup();
        noted
    }

    /// What is asked now is asked for a resource.
    pub(crate) fn ask_for(&self, resource: u32) {
        self.asked.by.store(resource, Ordering::Relaxed);
    }

    /// Whether anybody wants to know what is asked.
    pub(crate) fn is_noting(&self) -> bool {
        self.asked.is_noted && !self.asked.is_quiet.load(Ordering::Relaxed)
    }

    /// Something is asked that depends on whatever offers such a tie.
    pub(crate) fn note(&self, tie: impl FnOnce() -> Tie) {
        if !self.is_noting() {
            return;
        }
        let noted = self.asked.noted.lock();
        let mut noted = noted.unwrap_or_else(PoisonError::into_inner);
        noted.push((self.asked.by.load(Ordering::Relaxed), tie()));
        if noted.len() == noted.capacity() && noted.len() >= MANY {
            noted.sort_unstable();
            noted.dedup();
        }
    }

    /// What is asked meanwhile is asked for nobody.
    pub(crate) fn quietly<T>(&self, ask: impl FnOnce() -> T) -> T {
        let before = self.asked.is_quiet.swap(true, Ordering::Relaxed);
        let answer = ask();
        self.asked.is_quiet.store(before, Ordering::Relaxed);
        answer
    }

    /// What all resources together give, made once: what is asked for that is asked for nobody.
    pub(super) fn once<'s, T>(&'s self, known: &'s OnceLock<T>, make: impl FnOnce() -> T) -> &'s T {
        known.get_or_init(|| self.quietly(make))
    }
}

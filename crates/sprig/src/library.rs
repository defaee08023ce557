//! The table of all functions, and finding one in it without making anything.

use std::rc::Rc;

use gotemplate::{Context, Failure, Functions, Library, Passing, Signature, Value};

use crate::call::Call;
use crate::entry::Entry;
use crate::environment::Environment;
use crate::functions::TABLES;

/// Adds all functions to those of a template set.
pub fn define(functions: &mut Functions, environment: &Rc<Environment>) {
    functions.add(Rc::new(Sprig {
        environment: Rc::clone(environment),
    }));
}

struct Sprig {
    environment: Rc<Environment>,
}

impl Library for Sprig {
    fn find(&self, name: &str) -> Option<u32> {
        let mut slot = hash(name.as_bytes()) % SLOTS;
        loop {
            let id = INDEX[slot].checked_sub(1)?;
            if entry(u32::from(id)).name == name {
                return Some(u32::from(id));
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    fn signature(&self, function: u32) -> (&'static Signature, Passing) {
        let entry = entry(function);
        (&entry.signature, entry.passing)
    }

    fn call(
        &self,
        function: u32,
        context: &mut dyn Context,
        arguments: &mut [Value],
    ) -> Result<Value, Failure> {
        (entry(function).code)(&mut Call {
            context,
            environment: &self.environment,
            arguments,
        })
    }
}

/// A function's number is that of its table, and its place there.
fn entry(id: u32) -> &'static Entry {
    &TABLES[(id >> 8) as usize][(id & 0xff) as usize]
}

const SLOTS: usize = 1024;

/// Numbers of functions, plus 1, by the hash of their names.
static INDEX: [u16; SLOTS] = index();

const fn index() -> [u16; SLOTS] {
    let mut slots = [0; SLOTS];
    let mut table = 0;
    while table < TABLES.len() {
        let mut place = 0;
        while place < TABLES[table].len() {
            let mut slot = hash(TABLES[table][place].name.as_bytes()) % SLOTS;
            while slots[slot] != 0 {
                slot = (slot + 1) % SLOTS;
            }
            slots[slot] = ((table << 8) + place + 1) as u16;
            place += 1;
        }
        table += 1;
    }
    slots
}

/// FNV-1a.
const fn hash(name: &[u8]) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    let mut at = 0;
    while at < name.len() {
        hash = (hash ^ name[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    (hash ^ (hash >> 15)) as usize
}

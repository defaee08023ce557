//! Maps that came to hold themselves (`set $ "root" $`), which nobody would ever free.

use std::cell::RefCell;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::vec::IntoIter;

use gotemplate::{Data, Map, Value, WeakMap};

/// Maps that were given something that may hold them. Cycles are cut where this ends.
#[derive(Default)]
pub(crate) struct Changed(RefCell<Vec<WeakMap>>);

impl Changed {
    /// Takes note of a map that was given a value.
    pub(crate) fn note(&self, map: &Map, value: &Value) {
        if let Data::Map(_) | Data::List(_) | Data::Host(_) = value.data() {
            let mut maps = self.0.borrow_mut();
            let last = maps.last().and_then(WeakMap::upgrade);
            if last.is_none_or(|last| !last.is_same(map)) {
                maps.push(map.downgrade());
            }
        }
    }
}

impl Drop for Changed {
    fn drop(&mut self) {
        let alive = self.0.get_mut().iter().filter_map(WeakMap::upgrade);
        let maps: Vec<Map> = alive.collect();
        let mut walk = Walk {
            changed: maps.iter().map(Map::address).collect(),
            ..Walk::default()
        };
        for map in &maps {
            walk.start(map.clone().into());
        }
    }
}

/// A walk through values for groups in which each one holds each other: Tarjan's algorithm.
#[derive(Default)]
struct Walk {
    /// Addresses of maps that were changed: each cycle has one.
    changed: HashSet<usize, foldhash::fast::FixedState>,
    /// Numbers of values by their address.
    numbers: HashMap<usize, usize, foldhash::fast::FixedState>,
    /// By number: the value seen first that it holds, as far as known. Those of finished groups hold none.
    holds: Vec<usize>,
    /// Values whose group is not finished.
    open: Vec<(usize, Value)>,
    way: Vec<Step>,
}

/// A value on the way, and its parts that are still to be looked at.
struct Step {
    number: usize,
    parts: IntoIter<Value>,
}

const FINISHED: usize = usize::MAX;

impl Walk {
    fn start(&mut self, value: Value) {
        self.enter(value);
        while let Some(step) = self.way.last_mut() {
            let number = step.number;
            let first = match step.parts.next() {
                Some(part) => {
                    let first = self.enter(part);
                    self.holds[number] = self.holds[number].min(first);
                    continue;
                }
                None => self.holds[number],
            };
            self.way.pop();
            if first == number {
                self.finish(number);
            } else if let Some(outer) = self.way.last() {
                let outer = &mut self.holds[outer.number];
                *outer = first.min(*outer);
            }
        }
    }

    /// Steps into a value, if it was not seen before. The number of what it is known to hold.
    fn enter(&mut self, value: Value) -> usize {
        let Some(address) = address(&value) else {
            return FINISHED;
        };
        let number = self.holds.len();
        match self.numbers.entry(address) {
            Entry::Occupied(known) => match self.holds[*known.get()] {
                FINISHED => FINISHED,
                _ => *known.get(),
            },
            Entry::Vacant(new) => {
                new.insert(number);
                self.holds.push(number);
                let parts = parts(&value).into_iter();
                self.open.push((number, value));
                self.way.push(Step { number, parts });
                FINISHED
            }
        }
    }

    /// Ends the group of a value and all that were seen after it, and cuts what leads back into it.
    fn finish(&mut self, first: usize) {
        let start = self.open.partition_point(|(number, _)| *number < first);
        for (_, value) in &self.open[start..] {
            let Data::Map(map) = value.data() else {
                continue;
            };
            if !self.changed.contains(&map.address()) {
                continue;
            }
            for (key, part) in map.entries() {
                let number = address(&part).and_then(|address| self.numbers.get(&address));
                if number.is_some_and(|number| *number >= first && self.holds[*number] != FINISHED)
                {
                    map.remove(&key);
                }
            }
        }
        for (number, _) in self.open.drain(start..) {
            self.holds[number] = FINISHED;
        }
    }
}

/// What tells values apart that hold others.
fn address(value: &Value) -> Option<usize> {
    match value.data() {
        Data::Map(map) => Some(map.address()),
        Data::List(list) => Some(list.address()),
        Data::Host(host) => Some(Rc::as_ptr(host).addr()),
        _ => None,
    }
}

fn parts(value: &Value) -> Vec<Value> {
    match value.data() {
        Data::Map(map) => map.entries().into_iter().map(|(_, value)| value).collect(),
        Data::List(list) => list.items().to_vec(),
        Data::Host(host) => {
            let fields = host.fields().into_iter().map(|(_, value)| value);
            fields.chain(host.underlying()).collect()
        }
        _ => Vec::new(),
    }
}

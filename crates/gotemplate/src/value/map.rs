//! Maps: shared, changeable, and in key order wherever somebody looks.

mod entries;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use entries::Entries;

use super::{Shape, Value, drop_flat, holds_values};

/// A map with keys of text. Cloning shares it: a change shows everywhere, as in Go.
#[derive(Clone)]
pub struct Map(Rc<Content>);

struct Content {
    shape: &'static Shape,
    is_nil: bool,
    entries: RefCell<Entries>,
}

impl Default for Map {
    fn default() -> Self {
        Self::new()
    }
}

impl Map {
    /// An empty `map[string]interface {}`.
    pub fn new() -> Self {
        Self::of(&Shape::MAP)
    }

    /// An empty map of another type.
    pub fn of(shape: &'static Shape) -> Self {
        Self::with(shape, Entries::default(), false)
    }

    /// The nil of a type: empty, but told apart by encoders. Go lets nobody insert into it; that is for
    /// functions to say.
    pub fn nil(shape: &'static Shape) -> Self {
        Self::with(shape, Entries::default(), true)
    }

    fn with(shape: &'static Shape, entries: Entries, is_nil: bool) -> Self {
        Self(Rc::new(Content {
            shape,
            is_nil,
            entries: RefCell::new(entries),
        }))
    }

    /// Whether it is nil, not only empty.
    pub fn is_nil(&self) -> bool {
        self.0.is_nil
    }

    /// Its type.
    pub fn shape(&self) -> &'static Shape {
        self.0.shape
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<Value> {
        self.0.entries.borrow().get(key).cloned()
    }

    /// Whether there is such a key.
    pub fn contains(&self, key: &str) -> bool {
        self.0.entries.borrow().get(key).is_some()
    }

    /// Sets a key, and gives back what it had.
    pub fn insert(&self, key: impl Into<Rc<str>>, value: Value) -> Option<Value> {
        let key = key.into();
        self.0.entries.borrow_mut().insert(key, value)
    }

    /// Removes a key.
    pub fn remove(&self, key: &str) -> Option<Value> {
        self.0.entries.borrow_mut().remove(key)
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.0.entries.borrow().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Keys and values as they are now, in key order.
    pub fn entries(&self) -> Vec<(Rc<str>, Value)> {
        self.0.entries.borrow().to_vec()
    }

    /// Whether both are the same map, not only equal.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// A number that no other living map or list has.
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.0).addr()
    }

    /// The same map, but without keeping it.
    pub fn downgrade(&self) -> WeakMap {
        WeakMap(Rc::downgrade(&self.0))
    }

    /// A value held as Go holds it.
    pub(crate) fn element(&self, key: &str) -> Option<Value> {
        self.get(key)
            .map(|value| value.held_as(self.0.shape.element))
    }

    /// The values, if nobody else holds this map.
    pub(super) fn take_unshared(&mut self) -> Vec<Value> {
        let Some(content) = Rc::get_mut(&mut self.0) else {
            return Vec::new();
        };
        std::mem::take(content.entries.get_mut()).into_values()
    }
}

/// A map that is gone when nobody else keeps it.
#[derive(Clone)]
pub struct WeakMap(Weak<Content>);

impl WeakMap {
    /// The map, if it is still there.
    pub fn upgrade(&self) -> Option<Map> {
        self.0.upgrade().map(Map)
    }
}

impl<K: Into<Rc<str>>> FromIterator<(K, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(entries: I) -> Self {
        let entries = entries
            .into_iter()
            .map(|(key, value)| (key.into(), value))
            .collect();
        Self::with(&Shape::MAP, entries, false)
    }
}

impl Drop for Content {
    fn drop(&mut self) {
        let entries = self.entries.get_mut();
        if entries.any(holds_values) {
            drop_flat(std::mem::take(entries).into_values());
        }
    }
}

//! Lists: Go's slices, which nothing changes once they are made.

use std::rc::Rc;

use super::{Shape, Value, drop_flat, holds_values};

/// A slice. Cloning shares it.
#[derive(Clone)]
pub struct List(Rc<Content>);

struct Content {
    shape: &'static Shape,
    items: Vec<Value>,
    is_nil: bool,
}

impl List {
    /// A slice of `interface {}`.
    pub fn new(items: Vec<Value>) -> Self {
        Self::of(&Shape::LIST, items)
    }

    /// A slice of another type.
    pub fn of(shape: &'static Shape, items: Vec<Value>) -> Self {
        Self(Rc::new(Content {
            shape,
            items,
            is_nil: false,
        }))
    }

    /// The nil of a type: empty, but told apart by encoders.
    pub fn nil(shape: &'static Shape) -> Self {
        Self(Rc::new(Content {
            shape,
            items: Vec::new(),
            is_nil: true,
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

    /// The elements.
    pub fn items(&self) -> &[Value] {
        &self.0.items
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.0.items.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.items.is_empty()
    }

    /// A number that no other living map or list has.
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.0).addr()
    }

    /// An element, held as Go holds it.
    pub(crate) fn element(&self, index: usize) -> Option<Value> {
        self.0
            .items
            .get(index)
            .map(|value| value.clone().held_as(self.0.shape.element))
    }

    /// The elements, if nobody else holds this list.
    pub(super) fn take_unshared(&mut self) -> Vec<Value> {
        Rc::get_mut(&mut self.0)
            .map(|content| std::mem::take(&mut content.items))
            .unwrap_or_default()
    }
}

impl Drop for Content {
    fn drop(&mut self) {
        if self.items.iter().any(holds_values) {
            drop_flat(std::mem::take(&mut self.items));
        }
    }
}

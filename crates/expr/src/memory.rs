//! What evaluations remember of the parts that expressions share.

use std::cell::Cell;

use bumpalo::Bump;

use crate::value::Value;

/// What an expression that was marked remembers, for one set of variables.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory<'a> {
    cells: &'a [Cell<Option<Value<'a>>>],
}

impl<'a> Memory<'a> {
    /// Nothing remembered yet, in as many cells as [`Sharing::cells`](crate::Sharing::cells) says.
    pub fn new(arena: &'a Bump, cells: usize) -> Self {
        Memory {
            cells: arena.alloc_slice_fill_with(cells, |_| Cell::new(None)),
        }
    }

    #[inline]
    pub(crate) fn cell(self, cell: u16) -> Option<&'a Cell<Option<Value<'a>>>> {
        self.cells.get(cell as usize)
    }
}

//! What one execution may use.

use crate::error::Failure;

/// Limits of one execution. A limit that is hit is an [`Error`](crate::Error) with a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nodes walked, calls made and rounds of loops, in sum.
    pub steps: u64,
    /// Bytes of text that are written or that functions make, in sum.
    pub bytes: u64,
    /// Templates inside templates.
    pub templates: u32,
    /// Constructs inside constructs, over all templates that are open: what the stack has to hold.
    /// The default fits in the 2 MiB that threads have; a level takes about 2 KiB, without optimization 5.
    pub nesting: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 5_000_000,
            bytes: 64 << 20,
            templates: 200,
            nesting: 300,
        }
    }
}

impl Limits {
    pub(crate) fn too_many_bytes(&self) -> Failure {
        Failure::limit(format!("more than {} bytes of text", self.bytes))
    }
}

/// Nesting of actions and parentheses that a template may be written with.
pub(crate) const MAX_SYNTAX_DEPTH: u32 = 150;

/// Bytes that one source may have: offsets are 32 bits wide.
pub(crate) const MAX_SOURCE: usize = 64 << 20;

/// Depth of lists and maps that is printed.
pub(crate) const MAX_PRINT_DEPTH: u32 = 200;

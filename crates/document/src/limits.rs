//! How much one input may ask for before it is refused.

/// Limits on one input text. Exceeding one is a located [`SyntaxError`](crate::SyntaxError), never a crash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: u32,
    /// Mappings and sequences inside each other.
    pub depth: u32,
    /// Nodes in one document arena.
    pub nodes: u32,
    /// Bytes of input that aliases may stand for, as a multiple of the input's size ...
    pub alias_factor: u32,
    /// ... plus this many bytes.
    pub alias_bytes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 64 << 20,
            depth: 128,
            nodes: 8 << 20,
            alias_factor: 10,
            alias_bytes: 1 << 20,
        }
    }
}

impl Limits {
    /// How many bytes aliases may stand for in an input of this size.
    pub(crate) fn alias_expansion(&self, input: usize) -> u64 {
        u64::from(self.alias_factor) * input as u64 + u64::from(self.alias_bytes)
    }
}

/// The limit that a [`Builder`](crate::Builder) met.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LimitExceeded {
    /// Too many containers inside each other.
    #[error("nested too deeply")]
    Depth,
    /// Too many nodes.
    #[error("too many values")]
    Nodes,
    /// Aliases stand for too much text.
    #[error("aliases expand to too much")]
    AliasExpansion,
}

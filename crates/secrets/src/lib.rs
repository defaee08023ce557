//! Credentials that somebody left in a file.
//!
//! [`Patterns`] are data (`patterns.toml`): what a credential looks like, words without which there is none, how random it has to
//! be, and what looks like one and is none. [`Patterns::find`] is a pure function of one file. What it found never leaves it in
//! clear: a [`Found`] has the line with the credential masked.

mod entropy;
mod find;
mod pattern;
mod read;

pub use find::Found;
pub use pattern::{Pattern, Patterns};
pub use read::PatternError;

/// Another number when the patterns are others: what was found by them may be kept.
pub const VERSION: u32 = fingerprint(include_bytes!("../patterns.toml"));

/// The same for the built-in patterns with those of a text.
pub fn version_with(text: &str) -> u32 {
    VERSION ^ fingerprint(text.as_bytes()).rotate_left(1)
}

/// FNV-1a of some bytes.
const fn fingerprint(bytes: &[u8]) -> u32 {
    let (mut hash, mut at) = (0x811c_9dc5_u32, 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

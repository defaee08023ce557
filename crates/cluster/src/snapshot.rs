//! Snapshots: what was read of a cluster, in a file.
//!
//! Lines of JSON, compressed with Zstandard: a header, then one object a line. `zstd -dc prod.jsonl.zst | jq` shows it. What is
//! secret was emptied before anything was written; a snapshot is read with the same hand, so that one made by
//! somebody else is emptied as well.

mod read;
#[cfg(test)]
mod tests;
mod wire;
mod write;

pub use read::{Snapshot, SnapshotError, is_snapshot};
pub use wire::About;
pub use write::write;

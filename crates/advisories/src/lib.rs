//! Published vulnerabilities: feeds in, one immutable file out, and what the file says of a package.
//!
//! A feed is text: [`feed::read`] recognises it and gives [`Advisory`] records and what else is known of flaws. A
//! [`Builder`] makes them one file, the same bytes for the same input. A [`Database`] reads such bytes, which may come
//! from a memory map ([`Mapped`]), and answers what affects a version of a package. Nothing here uses the network, and
//! the map is the only file that is opened.

mod affected;
mod build;
mod chunks;
mod database;
mod ecosystem;
mod evaluate;
pub mod feed;
mod format;
mod interval;
mod map;
mod record;
mod score;
mod sign;

pub use affected::{AffectedPackage, AffectedRange, RangeEnd};
pub use build::{BuildError, Builder};
pub use chunks::{Chunk, ChunkIndex, ChunkIndexError};
pub use database::{AdvisoryRef, Cycle, Database, DatabaseError, Group, PackageRef, Source};
pub use ecosystem::{Query, distribution, normal_ecosystem, normal_name};
pub use evaluate::Match;
pub use interval::{High, Interval, intervals};
pub use map::{Bytes, Mapped};
pub use record::{Advisory, Affected, Detail, Event, Range, Severity, Status};
pub use score::score;
pub use sign::{KeyError, PublicKey, SecretKey, SignatureState};

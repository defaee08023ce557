//! Versions: their order in each ecosystem, keys that keep the order, ranges of them, and package URLs.
//!
//! [`Scheme`] names how versions are ordered; [`compare`] orders two of them; [`key`] gives bytes whose plain order
//! is the order of the versions, where the ecosystem's own order is one that bytes can have. [`Vers`] is a `vers:`
//! range, [`Purl`] a package URL. Texts in, answers out: no I/O, no state.
//!
//! Any text is accepted as a version, because feeds and lock files hold what they hold. What an ecosystem's own tool
//! would refuse is placed where that tool's documentation, or its last version that still accepted it, places it;
//! the file of each scheme says so.

mod bytes;
mod constraint;
mod native;
mod order;
mod purl;
mod scheme;
mod vers;

pub use constraint::{Comparator, Constraint};
pub use order::{compare, key};
pub use purl::{Purl, PurlError};
pub use scheme::Scheme;
pub use vers::{Vers, VersError};

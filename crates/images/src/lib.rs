//! Software packages and the advisories that affect them.
//!
//! [`sbom`] reads bills of materials into [`Package`]s, [`vulnerabilities`] matches packages with a database. No I/O.

mod matching;
mod package;
pub mod sbom;

pub use matching::vulnerabilities;
pub use package::Package;

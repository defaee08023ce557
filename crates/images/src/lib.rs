//! Software packages and the advisories that affect them.
//!
//! [`sbom`] reads bills of materials into [`packages::Package`]s, [`vulnerabilities`] matches packages with a database. No I/O.

mod matching;
pub mod sbom;

pub use matching::vulnerabilities;

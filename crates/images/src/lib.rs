//! Software packages, where they come from, and the advisories that affect them.
//!
//! [`scan_image`] and [`scan_folder`] look into images and trees of files, [`sbom`] reads bills of materials; all give
//! [`packages::Package`]s, and [`vulnerabilities`] matches these with a database. Images are read where they lie: nothing is
//! unpacked to the disk.

mod budget;
mod cache;
mod credentials;
mod digest;
mod fingerprint;
mod join;
mod layer;
mod manifest;
mod matching;
mod merge;
mod platform;
pub mod sbom;
mod scan;
mod source;
#[cfg(test)]
mod testing;
mod tree;
pub mod vex;

pub use credentials::{
    SecretPatterns, readers_with_patterns, readers_with_secrets, secret_patterns,
};
pub use layer::Limits;
pub use matching::{mark_base, unknown_systems, vulnerabilities};
pub use platform::{Platform, PlatformError};
pub use scan::{
    Configuration, ImageInfo, LayerInfo, Options, Scan, cache_folder, scan_folder, scan_image,
};
pub use source::{Choice, ImageError, Remote, Source, path_and_name};

//! A software package, as something said that it is there.

use versions::Purl;

/// Installed software.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Its package URL as it was written.
    pub purl: String,
    /// The same, read.
    pub parsed: Purl,
    /// Where it was found: a file in an image, or nothing.
    pub path: Option<String>,
    /// The digest of the layer that brought it.
    pub layer: Option<String>,
}

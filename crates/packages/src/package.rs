//! A software package, as something said that it is there.

use versions::Purl;

/// Installed software.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Its package URL as it was written.
    pub purl: String,
    /// The same, read.
    pub parsed: Purl,
    /// The file that says so, with `/`, relative to the root of the image or tree.
    pub path: Option<String>,
    /// The digest of the layer that brought it.
    pub layer: Option<String>,
    /// Where in the file: first and last line, from 1.
    pub lines: Vec<(u32, u32)>,
    /// How it came to be there.
    pub relationship: Option<Relationship>,
    /// It serves development or tests only.
    pub is_dev: bool,
    /// Licences as they were written.
    pub licenses: Vec<String>,
    /// The packages that it needs, as places in the list that holds it.
    pub needs: Vec<u32>,
}

/// How a package came to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relationship {
    /// It is what the file describes.
    Root,
    /// A member of the same workspace.
    Workspace,
    /// Somebody asked for it.
    Direct,
    /// Another package needs it.
    Indirect,
}

impl Package {
    /// A package of which no more is known.
    pub fn new(parsed: Purl) -> Self {
        Self::written(parsed.to_string(), parsed)
    }

    /// A package whose URL is kept as it was written.
    pub fn written(purl: String, parsed: Purl) -> Self {
        Self {
            purl,
            parsed,
            path: None,
            layer: None,
            lines: Vec::new(),
            relationship: None,
            is_dev: false,
            licenses: Vec::new(),
            needs: Vec::new(),
        }
    }
}

//! What a scan renders, and where the objects of a rendering stand in it.

/// A chart, kustomization or folder that a scan renders by itself, with what it renders it with. Owned by the
/// inventory; resources point to it by position.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The chart, kustomization or folder, relative to the root of the scan.
    pub path: Box<str>,
    /// What tells it from other renderings of the same path: a values file, or the object that deploys it. Empty for
    /// the plain rendering.
    pub variant: Box<str>,
}

impl Entry {
    /// What reports call it: the path, and the variant in parentheses.
    pub fn name(&self) -> String {
        if self.variant.is_empty() {
            self.path.to_string()
        } else {
            format!("{} ({})", self.path, self.variant)
        }
    }
}

/// That a resource comes out of a rendering, and where it stands there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Rendered {
    /// Position of the entry in the inventory.
    pub entry: u32,
    /// Which YAML document of the rendering it is, from 1.
    pub document: u32,
}

//! A chart as it lies in a folder or an archive: its files by what they are for, and its dependencies.

mod ahead;
mod archive;
mod assemble;
mod file;
mod ignore;
mod metadata;
mod walk;

use crate::error::Result;
use crate::folder::Folder;
use crate::options::Limits;

pub(crate) use file::{File, Reader};
pub(crate) use metadata::{Dependency, ImportValues, Metadata};

/// A chart that was loaded, to be rendered any number of times.
///
/// Templates, values and metadata are read when it is loaded; other files when a template asks for them.
pub struct Chart<'f> {
    pub(crate) parts: Parts,
    pub(crate) reader: Reader<'f>,
}

/// What a chart consists of.
pub(crate) struct Parts {
    pub(crate) metadata: Metadata,
    pub(crate) values: Option<File>,
    pub(crate) schema: Option<File>,
    pub(crate) templates: Vec<File>,
    /// All the others, in the order of the walk.
    pub(crate) files: Vec<File>,
    pub(crate) dependencies: Vec<Parts>,
}

impl<'f> Chart<'f> {
    /// Loads the chart in a folder, links followed.
    pub fn load(folder: &'f dyn Folder, root: &str, limits: &Limits) -> Result<Self> {
        let reader = Reader::new(Some(folder), limits);
        let files = walk::files(folder, root, &reader)?;
        reader.outlines.begin(folder, &files);
        Self::assemble(files, root, reader)
    }

    /// Loads the chart in the bytes of a `.tgz`; the name is what its files are shown under.
    pub fn from_archive(name: &str, bytes: &[u8], limits: &Limits) -> Result<Self> {
        let reader = Reader::new(None, limits);
        let files = archive::unpack(name, bytes, &reader)?;
        Self::assemble(files, name, reader)
    }

    fn assemble(files: Vec<File>, name: &str, reader: Reader<'f>) -> Result<Self> {
        let parts = assemble::assemble(files, name, &reader, 0)?;
        Ok(Chart { parts, reader })
    }

    /// What `Chart.yaml` calls it.
    pub fn name(&self) -> &str {
        &self.parts.metadata.name
    }

    /// The version that `Chart.yaml` gives it.
    pub fn version(&self) -> &str {
        &self.parts.metadata.version
    }

    /// Whether it only helps other charts: it cannot be rendered by itself.
    pub fn is_library(&self) -> bool {
        self.parts.metadata.is_library()
    }
}

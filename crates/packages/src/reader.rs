//! The contract of readers.

use crate::os_release::OsRelease;
use crate::package::Package;

/// A file as an archive or a folder lists it, before it is read.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Relative to the root, with `/`, without a leading one.
    pub path: &'a str,
    /// Bytes.
    pub size: u64,
    /// Someone may execute it.
    pub is_executable: bool,
}

impl<'a> Entry<'a> {
    /// What stands after the last dot of the name.
    pub fn extension(&self) -> Option<&'a str> {
        self.name().rsplit_once('.').map(|(_, extension)| extension)
    }

    /// The last segment of the path.
    pub fn name(&self) -> &'a str {
        self.path
            .rsplit_once('/')
            .map_or(self.path, |(_, name)| name)
    }
}

/// A file with its content.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Relative to the root, with `/`, without a leading one.
    pub path: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Packages, with their place in the file.
    pub packages: Vec<Package>,
    /// Packages that a requirement asks for without choosing a version: theirs is the lowest that it allows. They are no
    /// installed software; who looks for everything that could be asks for them.
    pub at_least: Vec<Package>,
    /// What a manifest asks for.
    pub asked: Vec<Asked>,
    /// The file leaves out what its packages need, and another one beside it does not.
    pub is_partial: bool,
    /// Paths that belong to packages of the operating system, relative to the root.
    pub owned: Vec<String>,
    /// Which operating system it is.
    pub release: Option<OsRelease>,
    /// What of it could not be read; the rest is told.
    pub damage: Vec<ReadError>,
}

/// What a manifest asks for, without saying which version it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The type of package URLs: `npm`, `pypi`.
    pub kind: &'static str,
    /// The name as it is written.
    pub name: String,
    /// The range as it is written; empty where any version will do.
    pub range: String,
    /// For development or tests only.
    pub is_dev: bool,
    /// First and last line, from 1.
    pub lines: (u32, u32),
}

/// Why a file says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReadError {
    /// What is wrong, and what was expected.
    pub message: String,
    /// Line and column from 1, where the format has lines.
    pub at: Option<(u32, u32)>,
}

/// One format.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Its name: `npm-lock`, `apk`, `go-binary`.
    pub id: &'static str,
    /// Raised when it says something else about the same bytes; kept results of other versions are not used.
    pub version: u32,
    /// Whether it reads such a file.
    pub wants: fn(&Entry<'_>) -> bool,
    /// What the file says.
    pub read: fn(&File<'_>) -> Result<Told, ReadError>,
}

impl ReadError {
    /// What is wrong with a file as a whole, or with one that has no lines.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            at: None,
        }
    }
}

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

impl Entry<'_> {
    /// Whether it has one of these names and does not lie in a package that is installed: packages bring files of their own
    /// projects along, which say nothing of what is there.
    pub fn is_project(&self, names: &[&str]) -> bool {
        names.contains(&self.name()) && !is_of_package(self.path)
    }
}

fn is_of_package(path: &str) -> bool {
    const FOLDERS: [&str; 4] = [
        "node_modules",
        "bower_components",
        "site-packages",
        "dist-packages",
    ];
    const PARTS: [&str; 4] = [
        ".cargo/registry/",
        ".cargo/git/",
        "pkg/mod/",
        "META-INF/maven/",
    ];
    let is_gem = || {
        path.split_once("ruby/")
            .is_some_and(|(_, rest)| rest.contains("/gems/"))
    };
    path.split('/').any(|folder| FOLDERS.contains(&folder))
        || PARTS.iter().any(|part| path.contains(part))
        || is_gem()
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
    /// The project that a manifest describes: no installed software, but the beginning of what is asked for.
    pub project: Option<Package>,
    /// The file leaves out what its packages need, and another one beside it does not.
    pub is_partial: bool,
    /// Paths that belong to packages of the operating system, relative to the root.
    pub owned: Vec<String>,
    /// Which operating system it is.
    pub release: Option<OsRelease>,
    /// Credentials in it, which no reader of packages looks for.
    pub credentials: Vec<Credential>,
    /// What of it could not be read; the rest is told.
    pub damage: Vec<ReadError>,
}

/// A credential in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The id of the pattern that it is known by.
    pub pattern: String,
    /// Its first line, from 1.
    pub line: u32,
    /// Its first byte in that line, from 1.
    pub column: u32,
    /// Its last line.
    pub end_line: u32,
    /// The first line, with the credential masked.
    pub shown: String,
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

#[cfg(test)]
mod tests {
    use super::Entry;

    #[test]
    fn projects_inside_installed_packages_do_not_count() {
        let is = |path| {
            let entry = Entry {
                path,
                size: 1,
                is_executable: false,
            };
            entry.is_project(&["yarn.lock", "Gemfile.lock", "Cargo.lock"])
        };
        assert!(is("app/yarn.lock"));
        assert!(is("gems/own/Gemfile.lock"));
        assert!(!is("app/package.json"));
        assert!(!is("app/node_modules/a/yarn.lock"));
        assert!(!is("usr/lib/ruby/gems/3.1.0/gems/a-1/Gemfile.lock"));
        assert!(!is("root/.cargo/registry/src/x/a-1/Cargo.lock"));
    }
}

//! Projects of Maven: what a `pom.xml` and the files that it builds on ask for.
//!
//! A project says little itself: versions come from parents, from lists of managed versions and from properties, and what
//! its dependencies need is said by their own projects. Who has those files at hand, in the tree and in a repository, passes
//! them in; without them the project tells what it says alone.

mod effective;
mod model;
mod resolve;

use crate::reader::{Entry, File, ReadError, Reader, Told};
use crate::text;
use effective::Projects;
use model::Model;

/// Where projects that others refer to are looked for. Nothing is fetched.
pub struct Surroundings<'a> {
    /// A file of the tree, by its path relative to the root.
    pub tree: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    /// Whether modules are told with the project that lists them; who reads every project of a tree has them anyway.
    pub with_modules: bool,
    /// A file of a repository, such as `~/.m2/repository`, by its path in it.
    pub repository: &'a dyn Fn(&str) -> Option<Vec<u8>>,
}

/// The reader that knows the file alone.
pub(crate) const READER: Reader = Reader {
    id: "maven-pom",
    version: 1,
    wants: |entry: &Entry<'_>| entry.is_project(&["pom.xml"]),
    read: |file| {
        let nowhere = Surroundings {
            tree: &|_| None,
            with_modules: false,
            repository: &|_| None,
        };
        read_project(file, &nowhere)
    },
};

/// What a project is made of: itself, its modules, what they ask for, and what that needs as far as its projects are there.
pub fn read_project(file: &File<'_>, surroundings: &Surroundings<'_>) -> Result<Told, ReadError> {
    let root = text::xml(file)?;
    if root.name != "project" {
        let message = format!("expected <project>, not <{}>", root.name);
        return Err(ReadError::in_line(root.lines.0, message));
    }
    let mut projects = Projects::new(surroundings);
    let model = Model::read(&root);
    Ok(resolve::told(&model, file.path, &mut projects))
}

#[cfg(test)]
mod tests;

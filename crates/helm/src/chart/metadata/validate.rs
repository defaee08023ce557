//! What Helm demands of `Chart.yaml` before it looks at anything else.

use std::collections::BTreeSet;

use super::{Dependency, Metadata};
use crate::error::{Error, ErrorKind, Result};
use crate::folder::base_name;
use crate::semver;

impl Metadata {
    /// Cleans the texts, and fails where something is missing or not allowed.
    pub(crate) fn validate(&mut self) -> Result<()> {
        for text in [
            &mut self.name,
            &mut self.description,
            &mut self.home,
            &mut self.icon,
            &mut self.condition,
            &mut self.tags,
            &mut self.app_version,
            &mut self.kube_version,
        ] {
            sanitize(text);
        }
        let lists = self.sources.iter_mut().chain(&mut self.keywords);
        lists.for_each(sanitize);
        self.check_identity()?;
        self.maintainers.iter_mut().flatten().for_each(sanitize);
        let mut dependencies = self.dependencies.take();
        let checked = self.check_dependencies(dependencies.as_deref_mut().unwrap_or_default());
        self.dependencies = dependencies;
        checked
    }

    fn check_identity(&self) -> Result<()> {
        let fail = |key: &str, message: &str| Err(self.at_key(key, message.to_owned()));
        let name = &self.name;
        if name.is_empty() {
            return fail("name", "the chart has no `name`");
        }
        if name == "." || name == ".." || base_name(name) != name {
            return Err(self.at_key("name", format!("'{name}' is no name of a chart")));
        }
        if self.version.is_empty() {
            return fail("version", "the chart has no `version`");
        }
        if !semver::is_version(&self.version) {
            let message = format!("'{}' is no semantic version", self.version);
            return Err(self.at_key("version", message));
        }
        if !matches!(&*self.kind, "" | "application" | "library") {
            return fail("type", "the type of a chart is `application` or `library`");
        }
        Ok(())
    }

    fn check_dependencies(&self, dependencies: &mut [Dependency]) -> Result<()> {
        let mut names = BTreeSet::new();
        for dependency in dependencies {
            for text in [
                &mut dependency.name,
                &mut dependency.version,
                &mut dependency.repository,
                &mut dependency.condition,
            ] {
                sanitize(text);
            }
            dependency.tags.iter_mut().for_each(sanitize);
            let fail = |message: String| {
                let error = Error::from(ErrorKind::Metadata(message));
                Err(self.at_dependency(error, dependency))
            };
            let alias = &dependency.alias;
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
            if !alias.bytes().all(is_plain) {
                return fail(format!(
                    "the alias '{alias}' of a dependency: letters, digits, '_' and '-' are allowed"
                ));
            }
            let name = dependency.known_as();
            if !names.insert(name.to_owned()) {
                return fail(format!(
                    "two dependencies are called '{name}'; give one an alias"
                ));
            }
        }
        Ok(())
    }

    /// An error at the value of a key of `Chart.yaml`, or at its beginning.
    pub(crate) fn at_key(&self, key: &str, message: String) -> Error {
        let error = Error::from(ErrorKind::Metadata(message));
        let places = self.documents.iter().rev().filter_map(|document| {
            let root = document.root(0)?;
            let node = root.get_str(key)?;
            Some(document.display_place(root, node))
        });
        let file = self
            .documents
            .first()
            .and_then(|file| file.sources().first());
        match (places.into_iter().next(), file) {
            (Some(place), _) => error.at(place.source, place.span),
            (None, Some(source)) => error.at(source, 0..0),
            (None, None) => error,
        }
    }
}

impl Dependency {
    /// The name that values and templates know it by.
    pub(crate) fn known_as(&self) -> &str {
        if self.alias.is_empty() {
            &self.name
        } else {
            &self.alias
        }
    }
}

/// Spaces become plain ones, what does not print goes.
fn sanitize(text: &mut String) {
    let is_clean = |character: char| matches!(character, ' '..='~');
    if !text.chars().all(is_clean) {
        *text = text
            .chars()
            .map(|character| {
                if character.is_whitespace() {
                    ' '
                } else {
                    character
                }
            })
            .filter(|&character| gotemplate::is_print(character))
            .collect();
    }
}

//! Which resources an override or an exception of the configuration is about.

use std::borrow::Cow;
use std::sync::Arc;

use globset::{GlobSet, GlobSetBuilder};
use model::Resource;

/// Globs over texts such as paths and names; an empty one matches everything.
#[derive(Clone, Debug, Default)]
pub struct Patterns {
    globs: Option<GlobSet>,
}

impl Patterns {
    /// Compiles globs: `*` does not cross `/`, `**` does; a path that ends in `/` means all below it.
    pub fn new<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Result<Self, InvalidPattern> {
        let mut set = GlobSetBuilder::new();
        let mut any = false;
        for pattern in patterns {
            let whole = pattern
                .strip_suffix('/')
                .map(|folder| format!("{folder}/**"));
            let glob = globset::GlobBuilder::new(whole.as_deref().unwrap_or(pattern))
                .literal_separator(true)
                .build()
                .map_err(|error| InvalidPattern::new(pattern, &error))?;
            set.add(glob);
            any = true;
        }
        let globs = set
            .build()
            .map_err(|error| InvalidPattern::new("", &error))?;
        Ok(Patterns {
            globs: any.then_some(globs),
        })
    }

    /// Whether one of the globs matches, or there are none.
    pub fn matches(&self, text: &str) -> bool {
        self.globs.as_ref().is_none_or(|globs| globs.is_match(text))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.globs.is_none()
    }
}

/// A text that is no glob.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{pattern}` is no glob: {reason}")]
pub struct InvalidPattern {
    /// What was written.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

impl InvalidPattern {
    fn new(pattern: &str, error: &globset::Error) -> Self {
        InvalidPattern {
            pattern: pattern.to_owned(),
            reason: error.kind().to_string(),
        }
    }
}

/// What the paths of a configuration are relative to, and what the names of files are relative to: two
/// absolute folders with `/`, without one at the end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathBase {
    /// Of the configuration's paths.
    pub folder: String,
    /// Of the names of files.
    pub root: String,
}

impl PathBase {
    /// The name of a file as the configuration sees it; `None` when it lies elsewhere.
    pub(super) fn name<'n>(&self, file: &'n str) -> Option<Cow<'n, str>> {
        if self.folder == self.root && !file.starts_with('/') {
            return Some(Cow::Borrowed(file));
        }
        let whole = if file.starts_with('/') {
            Cow::Borrowed(file)
        } else {
            Cow::Owned(format!("{}/{file}", self.root))
        };
        let below = whole
            .strip_prefix(self.folder.as_str())?
            .strip_prefix('/')?;
        Some(Cow::Owned(below.to_owned()))
    }
}

/// A choice of resources; what is not said matches everything.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    /// What the paths are relative to, when that is not the root of the scan.
    pub base: Option<Arc<PathBase>>,
    /// Files.
    pub paths: Patterns,
    /// Kinds.
    pub kinds: Patterns,
    /// Namespaces; a resource that names none counts as `default`.
    pub namespaces: Patterns,
    /// Names.
    pub names: Patterns,
    /// Labels that must all be there, by name.
    pub labels: Vec<(String, Patterns)>,
}

impl Selector {
    /// Whether a resource is meant.
    pub fn matches(&self, resource: &Resource) -> bool {
        self.kinds.matches(&resource.kind)
            && self.names.matches(&resource.name)
            && self
                .namespaces
                .matches(resource.namespace.as_deref().unwrap_or("default"))
            && self.matches_labels(resource)
            && (self.paths.is_empty() || self.matches_file(resource.location(resource.root).file()))
    }

    fn matches_labels(&self, resource: &Resource) -> bool {
        if self.labels.is_empty() {
            return true;
        }
        let metadata = resource.object().get_str("metadata");
        let labels = metadata.and_then(|metadata| metadata.get_str("labels"));
        self.labels.iter().all(|(name, patterns)| {
            let value = labels.and_then(|labels| labels.get_str(name)?.as_str());
            value.is_some_and(|value| patterns.matches(value))
        })
    }

    fn matches_file(&self, file: &str) -> bool {
        match &self.base {
            None => self.paths.matches(file),
            Some(base) => base
                .name(file)
                .is_some_and(|name| self.paths.matches(&name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{PathBase, Patterns};

    fn check(folder: &str, root: &str, file: &str, expected: Option<&str>) {
        let base = PathBase {
            folder: folder.to_owned(),
            root: root.to_owned(),
        };
        assert_eq!(
            base.name(file).as_deref(),
            expected,
            "{folder} {root} {file}"
        );
    }

    #[test]
    fn names_are_seen_from_the_folder_of_the_configuration() {
        check("/w", "/w", "a/b.yaml", Some("a/b.yaml"));
        check("/w", "/w/sub", "b.yaml", Some("sub/b.yaml"));
        check("/w/sub", "/w", "sub/b.yaml", Some("b.yaml"));
        check("/w/sub", "/w", "other/b.yaml", None);
        check("/w/sub", "/w", "subway/b.yaml", None);
        check("/w", "/elsewhere", "/w/a/b.yaml", Some("a/b.yaml"));
    }

    #[test]
    fn globs_of_folders_mean_all_below() {
        let matches = |pattern: &str, file| Patterns::new([pattern]).unwrap().matches(file);
        assert!(matches("legacy/", "legacy/a/b.yaml"));
        assert!(!matches("legacy/", "new/legacy/b.yaml"));
        assert!(matches("**/legacy/**", "new/legacy/b.yaml"));
        assert!(
            !matches("*.yaml", "a/b.yaml"),
            "a star does not cross folders"
        );
        assert!(Patterns::default().matches("anything"));
    }
}

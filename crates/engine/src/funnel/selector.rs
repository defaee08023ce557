//! Which resources an override or an exception of the configuration is about.

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

/// A choice of resources; what is not said matches everything.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    /// Files, relative to the root of the scan.
    pub paths: Patterns,
    /// Kinds.
    pub kinds: Patterns,
    /// Namespaces; a resource that names none counts as `default`.
    pub namespaces: Patterns,
    /// Names.
    pub names: Patterns,
}

impl Selector {
    /// Whether a resource is meant.
    pub fn matches(&self, resource: &Resource) -> bool {
        self.kinds.matches(&resource.kind)
            && self.names.matches(&resource.name)
            && self
                .namespaces
                .matches(resource.namespace.as_deref().unwrap_or("default"))
            && (self.paths.is_empty()
                || self.paths.matches(resource.location(resource.root).file()))
    }
}

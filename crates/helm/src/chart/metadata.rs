//! `Chart.yaml`: what it says, read as Helm's decoder reads it
//! (<https://helm.sh/docs/topics/charts/#the-chartyaml-file>).

mod decode;
mod validate;

use std::sync::Arc;

use document::{Document, Limits, Source};

use crate::error::{Error, ErrorKind, Result};

/// What `Chart.yaml` says, and `requirements.yaml` beside it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metadata {
    pub(crate) name: String,
    pub(crate) home: String,
    pub(crate) sources: Vec<String>,
    pub(crate) version: String,
    pub(crate) description: String,
    pub(crate) keywords: Vec<String>,
    /// Name, address and page of each.
    pub(crate) maintainers: Vec<[String; 3]>,
    pub(crate) icon: String,
    pub(crate) api_version: String,
    pub(crate) condition: String,
    pub(crate) tags: String,
    pub(crate) app_version: String,
    pub(crate) is_deprecated: bool,
    pub(crate) annotations: Option<Vec<(String, String)>>,
    pub(crate) kube_version: String,
    /// None at all is not the same as an empty list: then dependencies of dependencies are taken as they are.
    pub(crate) dependencies: Option<Vec<Dependency>>,
    pub(crate) kind: String,
    /// The files that say it.
    pub(crate) documents: Vec<Arc<Document>>,
}

/// An entry of `dependencies`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) repository: String,
    pub(crate) condition: String,
    pub(crate) tags: Vec<String>,
    pub(crate) is_enabled: bool,
    pub(crate) import_values: Vec<ImportValues>,
    pub(crate) alias: String,
    /// Where it is written: which of the documents, and the bytes.
    pub(crate) at: Option<(usize, document::Span)>,
}

/// An entry of `import-values`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ImportValues {
    /// What the dependency keeps below `exports` under this name goes to the top.
    Export(String),
    /// What lies at one path of the dependency goes to a path of this chart.
    Between {
        /// In the dependency.
        child: String,
        /// In this chart.
        parent: String,
    },
}

impl Metadata {
    /// Adds what a file says.
    pub(crate) fn read(&mut self, file: &Arc<Source>, limits: &Limits) -> Result<()> {
        let keys = Arc::new(document::Keys::new([]));
        let parsed = document::parse_yaml(Arc::clone(file), &keys, limits);
        if let Some(error) = parsed.errors.first() {
            let kind = ErrorKind::Metadata(error.to_string());
            return Err(Error::from(kind).at(file, error.span.clone()));
        }
        let document = Arc::new(parsed.document);
        self.documents.push(Arc::clone(&document));
        match document.root(0) {
            Some(root) => decode::metadata(self, root),
            None => Ok(()),
        }
    }

    /// Whether the chart only helps others.
    pub(crate) fn is_library(&self) -> bool {
        self.kind.eq_ignore_ascii_case("library")
    }

    /// An error about an entry of `dependencies`, where that is written.
    pub(crate) fn at_dependency(&self, error: Error, dependency: &Dependency) -> Error {
        let place = dependency.at.as_ref().and_then(|(document, span)| {
            let source = self.documents.get(*document)?.sources().first()?;
            Some((source, span.clone()))
        });
        match place {
            Some((source, span)) if error.place.is_none() => error.at(source, span),
            _ => error,
        }
    }
}

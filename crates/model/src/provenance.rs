//! How what stands in a rendering came to be: the places that had a part in it, nearest cause first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use document::{Document, Keys, Limits, NodeId, Role, Source, Span};

use crate::problem::Location;

/// Places of one chain at most.
const MOST: usize = 32;

/// A place that had a part in what stands somewhere in a rendering.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Its part.
    pub role: Role,
    /// Where it is.
    pub location: Location,
    /// For a value and a flag: the path of the value in its file.
    pub path: Option<String>,
}

impl Origin {
    /// What a report tells of it.
    pub fn record(&self) -> OriginRecord {
        let start = self.location.start();
        OriginRecord {
            role: self.role.as_str().to_owned(),
            file: self.location.file().to_owned(),
            line: start.line,
            column: start.column,
            path: self.path.clone(),
        }
    }

    /// `value web.privileged at values.yaml:4`.
    pub fn words(&self) -> String {
        self.record().words()
    }
}

/// The same as a report tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OriginRecord {
    /// The word for its part: `value`, `patch`, `base`, …
    pub role: String,
    /// The file, or the flag.
    pub file: String,
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
    /// For a value and a flag: the path of the value in its file.
    pub path: Option<String>,
}

impl OriginRecord {
    /// `value web.privileged at values.yaml:4`.
    pub fn words(&self) -> String {
        let path = self.path.as_deref();
        let path = path.map_or(String::new(), |path| format!(" {path}"));
        if self.file.starts_with("--") {
            // A flag of the command line has no lines.
            return format!("{}{path} at {}", self.role, self.file);
        }
        format!("{}{path} at {}:{}", self.role, self.file, self.line)
    }
}

/// Tells how nodes came to be. Shared between threads; remembers the files of values, which it parses when the first
/// path in one is asked for.
#[derive(Debug, Default)]
pub struct Provenance {
    values: Mutex<HashMap<usize, Parsed>>,
}

/// A file of values.
#[derive(Clone, Debug)]
struct Parsed {
    /// Held on to so that its address, by which it is found, stays its own.
    _source: Arc<Source>,
    /// `None` for what is no YAML.
    document: Option<Arc<Document>>,
}

impl Provenance {
    /// The places that had a part in a node, none twice; empty for what is written as it is.
    pub fn origins_of(&self, document: &Document, node: NodeId) -> Vec<Origin> {
        let mut origins: Vec<Origin> = Vec::new();
        let own = document.at(node).place();
        for cause in document.causes(document.at(node).origin()).take(MOST) {
            if cause.role == Role::Alias {
                continue;
            }
            let place = document.place(cause.at);
            // A call that the node itself lies at.
            let is_own = own.source.name() == place.source.name()
                && own.span.start <= place.span.start
                && place.span.end <= own.span.end;
            if cause.role == Role::Template && is_own {
                continue;
            }
            let is_known = |known: &Origin| {
                let at = &known.location;
                let is_there = at.span == place.span && at.file() == place.source.name();
                known.role == cause.role && is_there
            };
            if origins.iter().any(is_known) {
                continue;
            }
            let path = match cause.role {
                Role::Flag => match document.path_at(cause.at) {
                    Some(path) => Some(path.to_owned()),
                    None => flag_path(place.source, &place.span),
                },
                Role::Value => match document.path_at(cause.at) {
                    Some(path) => Some(path.to_owned()),
                    None => self.path(place.source, &place.span),
                },
                _ => None,
            };
            origins.push(Origin {
                role: cause.role,
                location: Location {
                    source: Arc::clone(place.source),
                    span: place.span,
                },
                path,
            });
        }
        origins
    }

    /// The path of the innermost value that holds some bytes.
    fn path(&self, source: &Arc<Source>, span: &Span) -> Option<String> {
        let document = self.parsed(source).document?;
        let found = document.roots().find_map(|root| {
            let node = root.around(span)?;
            document.path_of(root, node)
        })?;
        let path = found.to_string();
        (!path.is_empty()).then_some(path)
    }

    fn parsed(&self, source: &Arc<Source>) -> Parsed {
        let key = Arc::as_ptr(source) as usize;
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let known = values.entry(key).or_insert_with(|| {
            let keys = Arc::new(Keys::new([]));
            let parsed = document::parse_yaml(Arc::clone(source), &keys, &Limits::default());
            Parsed {
                _source: Arc::clone(source),
                document: { parsed.errors }
                    .is_empty()
                    .then(|| Arc::new(parsed.document)),
            }
        });
        known.clone()
    }
}

/// What a flag such as `--set web.privileged=true` sets.
fn flag_path(source: &Source, span: &Span) -> Option<String> {
    let (path, _) = source.slice(span).split_once('=')?;
    (!path.is_empty()).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use document::Builder;

    use super::*;

    #[test]
    fn values_and_flags_have_paths_and_nothing_is_told_twice() {
        let values = "web:\n  list:\n  - privileged: true\n";
        let keys = Arc::new(Keys::new([]));
        let mut builder = Builder::new(&keys, &Limits::default());
        let template = builder.source(&Source::new("a.yaml", "p: {{ .Values.x }}"));
        let file = builder.source(&Source::new("values.yaml", values));
        let flag = builder.source(&Source::new("--set", "web.x=1"));
        let at = values.find("true").unwrap() as u32;
        let by_flag = builder.origin(flag, 0..7);
        let again = builder.origin_from(file, at..at + 4, Role::Flag, by_flag);
        let by_value = builder.origin_from(file, at..at + 4, Role::Value, again);
        let place = builder.origin_from(template, 3..18, Role::Value, by_value);
        let node = builder.bool(true, place).unwrap();
        let document = builder.finish();
        let told = Provenance::default().origins_of(&document, node);
        let told: Vec<_> = told.iter().map(Origin::words).collect();
        assert_eq!(
            told,
            [
                "value web.list[0].privileged at values.yaml:3",
                "flag web.x at --set"
            ]
        );
    }
}

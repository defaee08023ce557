//! Which resources an exception is about.

use document::NodeRef;
use model::Location;

use super::{
    ATTRIBUTE_KIND, ATTRIBUTE_NAME, ATTRIBUTE_NAMESPACE, ATTRIBUTE_PATH, CLUSTER, DESIGNATOR,
    EXPRESSION, LABEL_VALUE, LABELS, NO_NAMESPACE, NO_RESOURCES,
};
use crate::Construct;
use crate::draft::Resources;
use crate::input::location;
use crate::reader::Reader;
use crate::regexes::{self, Translated};

/// The resources that a designator selects: one selector, or two where `Namespace` objects need their own.
pub(super) fn of_designator(reader: &mut Reader<'_>, designator: NodeRef<'_>) -> Vec<Resources> {
    let at = location(designator);
    let kind = designator
        .get_str("designatorType")
        .and_then(NodeRef::as_str)
        .unwrap_or("Attributes");
    if !kind.eq_ignore_ascii_case("attributes") {
        reader.leave(&DESIGNATOR, at, kind);
        return Vec::new();
    }
    let mut wanted = Wanted::default();
    let attributes = designator.get_str("attributes");
    for entry in attributes.into_iter().flat_map(NodeRef::entries) {
        let Some(text) = entry.value.as_str().filter(|text| !text.is_empty()) else {
            continue;
        };
        let at = location(entry.value);
        let is_fine = match entry.name() {
            "name" => wanted.set(reader, Field::Name, text, &at),
            "kind" => wanted.set(reader, Field::Kind, text, &at),
            "namespace" => wanted.set(reader, Field::Namespace, text, &at),
            "path" => wanted.path(reader, text, &at),
            "cluster" if text == ".*" || text == "*" => true,
            "cluster" => refuse(reader, &CLUSTER, &at, text),
            label => wanted.label(reader, label, text, &at),
        };
        if !is_fine {
            return Vec::new();
        }
        wanted.says_something = true;
    }
    if !wanted.says_something {
        reader.leave(&NO_RESOURCES, at, "resources");
        return Vec::new();
    }
    wanted.finish(reader, &at)
}

fn refuse(
    reader: &mut Reader<'_>,
    construct: &'static Construct,
    at: &Location,
    what: &str,
) -> bool {
    reader.leave(construct, at.clone(), what);
    false
}

/// What can be matched by an expression.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    Name,
    Kind,
    Namespace,
}

impl Field {
    fn construct(self) -> &'static Construct {
        match self {
            Field::Name => &ATTRIBUTE_NAME,
            Field::Kind => &ATTRIBUTE_KIND,
            Field::Namespace => &ATTRIBUTE_NAMESPACE,
        }
    }
}

/// What a designator wants, as globs.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    resources: Resources,
    /// The expression over the namespace, as written.
    namespace: Option<String>,
    /// Whether the expression asks for no namespace.
    without_namespace: bool,
    pub(super) says_something: bool,
}

impl Wanted {
    /// Takes an expression over a field; says why where it cannot.
    pub(super) fn set(
        &mut self,
        reader: &mut Reader<'_>,
        field: Field,
        expression: &str,
        at: &Location,
    ) -> bool {
        if field == Field::Namespace && expression == "^$" {
            self.without_namespace = true;
            reader.meet(field.construct());
            return true;
        }
        let glob = match regexes::glob(expression) {
            Translated::Everything => None,
            Translated::Glob(glob) => Some(glob),
            Translated::None => return refuse(reader, &EXPRESSION, at, expression),
        };
        reader.meet(field.construct());
        match field {
            Field::Name => self.resources.name = glob,
            Field::Kind => self.resources.kind = glob,
            Field::Namespace => {
                self.namespace = glob.as_ref().map(|_| expression.to_owned());
                self.resources.namespace = glob;
            }
        }
        true
    }

    /// A label and its value.
    fn label(&mut self, reader: &mut Reader<'_>, name: &str, value: &str, at: &Location) -> bool {
        let is_possible = |character: char| {
            character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')
        };
        let what = format!("{name}: {value}");
        if !value.chars().all(is_possible) {
            return refuse(reader, &LABEL_VALUE, at, &what);
        }
        reader.meet(&LABELS);
        self.resources
            .labels
            .insert(name.to_owned(), value.to_owned());
        true
    }

    /// An expression over paths: a path, or everything below a folder.
    fn path(&mut self, reader: &mut Reader<'_>, expression: &str, at: &Location) -> bool {
        if expression == ".*" {
            return true;
        }
        let (inner, is_folder) = match expression.strip_suffix("/.*") {
            Some(folder) => (folder, true),
            None => (expression, false),
        };
        let parts: Option<Vec<String>> = inner
            .split('/')
            .map(|part| match regexes::glob(part) {
                Translated::Glob(glob) if !glob.contains(['*', '{']) => Some(glob),
                _ => None,
            })
            .collect();
        let Some(parts) = parts else {
            return refuse(reader, &EXPRESSION, at, expression);
        };
        reader.meet(&ATTRIBUTE_PATH);
        let path = parts.join("/");
        let tail = if is_folder { "/**" } else { "" };
        self.resources.paths = vec![format!("{path}{tail}")];
        true
    }

    /// The selectors, with what is to be said about them.
    pub(super) fn finish(mut self, reader: &mut Reader<'_>, at: &Location) -> Vec<Resources> {
        if self.without_namespace {
            if self.resources.name.is_none() {
                reader.leave(&NO_NAMESPACE, at.clone(), "^$");
                return Vec::new();
            }
            let why = "a resource that names no namespace counts as `default`: one of that name in `default` is covered too";
            reader.note(at.clone(), "^$", why);
            self.resources.namespace = Some("default".to_owned());
            return vec![self.resources];
        }
        let Some(expression) = self.namespace.clone() else {
            return vec![self.resources];
        };
        let matches = |text: &str| {
            regexes::whole(&expression, false).is_some_and(|regex| regex.is_match(text))
        };
        if matches("default") && !matches("") {
            let why = "a resource that names no namespace counts as `default`, and is covered too";
            reader.note(at.clone(), &expression, why);
        }
        self.with_namespaces()
    }

    /// Kubescape holds the name of a `Namespace` against the namespace.
    fn with_namespaces(self) -> Vec<Resources> {
        let kind = self.resources.kind.as_deref();
        let inside = |kind: Option<String>| Resources {
            kind,
            name: self.resources.namespace.clone(),
            namespace: None,
            ..self.resources.clone()
        };
        match (kind, &self.resources.name) {
            (Some("Namespace"), None) => vec![inside(Some("Namespace".to_owned()))],
            (None, None) => {
                let own = inside(Some("Namespace".to_owned()));
                vec![self.resources, own]
            }
            _ => vec![self.resources],
        }
    }
}

//! `.Chart`: the metadata as a map whose keys are the names of Helm's fields.

use std::sync::Arc;

use document::Role;
use gotemplate::{Map, Origin, Shape, Value};

use crate::chart::{Dependency, ImportValues, Metadata};
use crate::node::Node;
use crate::values::Sources;

/// The metadata of a chart as templates see it.
pub(crate) fn chart(node: &Node<'_>, is_root: bool, sources: &Sources) -> Map {
    let metadata = node.metadata();
    let writer = Writer::new(metadata, sources);
    let text = |key: &str, text: &str| writer.placed(key, Value::from(text));
    let texts = |key: &str, texts: &[String]| {
        let items = texts.iter().map(|text| Value::from(text.as_str()));
        writer.placed(key, Value::list(items.collect()))
    };
    let annotations = match &metadata.annotations {
        None => Map::nil(&Shape::STRING_MAP),
        Some(annotations) => string_map(
            annotations
                .iter()
                .map(|(key, value)| (key.as_str(), value.as_str())),
        ),
    };
    let maintainers = metadata.maintainers.iter().map(|[name, email, url]| {
        let entries = [("Name", name), ("Email", email), ("URL", url)];
        let entries = entries.map(|(key, text)| (key, Value::from(text.as_str())));
        Map::from_iter(entries).into()
    });
    let requirements = node.requirements.as_deref().unwrap_or_default();
    Map::from_iter([
        ("Name", text("name", &node.name)),
        ("Home", text("home", &metadata.home)),
        ("Sources", texts("sources", &metadata.sources)),
        ("Version", text("version", &metadata.version)),
        ("Description", text("description", &metadata.description)),
        ("Keywords", texts("keywords", &metadata.keywords)),
        ("Maintainers", Value::list(maintainers.collect())),
        ("Icon", text("icon", &metadata.icon)),
        ("APIVersion", text("apiVersion", &metadata.api_version)),
        ("Condition", text("condition", &metadata.condition)),
        ("Tags", text("tags", &metadata.tags)),
        ("AppVersion", text("appVersion", &metadata.app_version)),
        ("Deprecated", Value::from(metadata.is_deprecated)),
        (
            "Annotations",
            writer.placed("annotations", annotations.into()),
        ),
        ("KubeVersion", text("kubeVersion", &metadata.kube_version)),
        (
            "Dependencies",
            Value::list(requirements.iter().map(dependency).collect()),
        ),
        ("Type", text("type", &metadata.kind)),
        ("IsRoot", Value::from(is_root)),
    ])
}

fn dependency(dependency: &Dependency) -> Value {
    let text = |text: &str| Value::from(text);
    let tags = dependency.tags.iter().map(|tag| text(tag));
    let imports = dependency.import_values.iter().map(|import| match import {
        ImportValues::Export(name) => {
            let child = format!("exports.{name}");
            string_map([("child", &*child), ("parent", ".")]).into()
        }
        ImportValues::Between { child, parent } => {
            string_map([("child", &**child), ("parent", &**parent)]).into()
        }
    });
    Map::from_iter([
        ("Name", text(&dependency.name)),
        ("Version", text(&dependency.version)),
        ("Repository", text(&dependency.repository)),
        ("Condition", text(&dependency.condition)),
        ("Tags", Value::list(tags.collect())),
        ("Enabled", Value::from(dependency.is_enabled)),
        ("ImportValues", Value::list(imports.collect())),
        ("Alias", text(&dependency.alias)),
    ])
    .into()
}

fn string_map<'t>(entries: impl IntoIterator<Item = (&'t str, &'t str)>) -> Map {
    let map = Map::of(&Shape::STRING_MAP);
    for (key, text) in entries {
        map.insert(key, Value::from(text));
    }
    map
}

/// Gives values the places of `Chart.yaml` that say them.
struct Writer<'m> {
    /// Each file that says something, with the number of its first node.
    files: Vec<(&'m Arc<document::Document>, u32)>,
}

impl<'m> Writer<'m> {
    fn new(metadata: &'m Metadata, sources: &Sources) -> Self {
        let files = metadata.documents.iter();
        Writer {
            files: files
                .map(|file| (file, sources.document(file, Role::Value)))
                .collect(),
        }
    }

    fn placed(&self, key: &str, value: Value) -> Value {
        let number = self.files.iter().rev().find_map(|(file, first)| {
            let node = file.root(0)?.get_str(key)?;
            Some(first + node.id().index())
        });
        value.with_origin(number.map(Origin::source).unwrap_or_default())
    }
}

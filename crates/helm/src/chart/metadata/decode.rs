//! Nodes to fields, with the conversions of Helm's decoder: YAML to JSON, scalars as text where text is asked
//! for, keys in any case.

use document::{Kind, NodeRef};
use gotemplate::Value;

use super::{Dependency, ImportValues, Metadata};
use crate::error::{Error, ErrorKind, Result};

/// Adds what a mapping says.
pub(super) fn metadata(into: &mut Metadata, root: NodeRef<'_>) -> Result<()> {
    let file = into.documents.len() - 1;
    let Some(map) = Fields::of(root, "")? else {
        return Ok(());
    };
    map.text("name", &mut into.name)?;
    map.text("home", &mut into.home)?;
    map.texts("sources", &mut into.sources)?;
    map.text("version", &mut into.version)?;
    map.text("description", &mut into.description)?;
    map.texts("keywords", &mut into.keywords)?;
    if let Some(node) = map.get("maintainers") {
        into.maintainers = maintainers(node)?;
    }
    map.text("icon", &mut into.icon)?;
    map.text("apiVersion", &mut into.api_version)?;
    map.text("condition", &mut into.condition)?;
    map.text("tags", &mut into.tags)?;
    map.text("appVersion", &mut into.app_version)?;
    map.bool("deprecated", &mut into.is_deprecated)?;
    if let Some(node) = map.get("annotations") {
        annotations(node, &mut into.annotations)?;
    }
    map.text("kubeVersion", &mut into.kube_version)?;
    if let Some(node) = map.get("dependencies") {
        into.dependencies = dependencies(node, file)?;
    }
    map.text("type", &mut into.kind)
}

fn maintainers(node: NodeRef<'_>) -> Result<Vec<[String; 3]>> {
    let mut all = Vec::new();
    for item in items(node, "maintainers")? {
        let mut maintainer = <[String; 3]>::default();
        let Some(map) = Fields::of(item, "maintainers")? else {
            let message = "maintainers: an entry is empty";
            return Err(wrong(item, message));
        };
        for (key, text) in ["name", "email", "url"].into_iter().zip(&mut maintainer) {
            map.text(key, text)?;
        }
        all.push(maintainer);
    }
    Ok(all)
}

fn annotations(node: NodeRef<'_>, into: &mut Option<Vec<(String, String)>>) -> Result<()> {
    if node.is_null() {
        *into = None;
        return Ok(());
    }
    Fields::of(node, "annotations")?;
    let all = into.get_or_insert_default();
    for entry in node.entries() {
        let mut text = String::new();
        set_text(entry.value, "annotations", &mut text)?;
        all.retain(|(key, _)| key != entry.name());
        all.push((entry.name().to_owned(), text));
    }
    Ok(())
}

fn dependencies(node: NodeRef<'_>, file: usize) -> Result<Option<Vec<Dependency>>> {
    if node.is_null() {
        return Ok(None);
    }
    let mut all = Vec::new();
    for item in items(node, "dependencies")? {
        let Some(map) = Fields::of(item, "dependencies")? else {
            return Err(wrong(item, "dependencies: an entry is empty"));
        };
        let mut dependency = Dependency {
            at: Some((file, item.place().span)),
            ..Dependency::default()
        };
        map.text("name", &mut dependency.name)?;
        map.text("version", &mut dependency.version)?;
        map.text("repository", &mut dependency.repository)?;
        map.text("condition", &mut dependency.condition)?;
        map.texts("tags", &mut dependency.tags)?;
        map.bool("enabled", &mut dependency.is_enabled)?;
        map.text("alias", &mut dependency.alias)?;
        if let Some(node) = map.get("import-values") {
            for item in items(node, "import-values")? {
                dependency.import_values.extend(import_values(item));
            }
        }
        all.push(dependency);
    }
    Ok(Some(all))
}

/// Helm skips entries of other types.
fn import_values(node: NodeRef<'_>) -> Option<ImportValues> {
    match node.kind() {
        Kind::String => Some(ImportValues::Export(node.as_str()?.to_owned())),
        Kind::Mapping => Some(ImportValues::Between {
            child: printed(node.get_str("child")),
            parent: printed(node.get_str("parent")),
        }),
        _ => None,
    }
}

/// As Go prints it: what is not there is `<nil>`.
fn printed(node: Option<NodeRef<'_>>) -> String {
    match node {
        Some(node) if !node.is_null() => {
            let value = crate::values::value_of(node);
            gotemplate::sprint(&[value], 1 << 16).unwrap_or_default()
        }
        _ => "<nil>".to_owned(),
    }
}

/// The fields of a mapping, found as Go's JSON decoder finds them.
struct Fields<'n>(NodeRef<'n>);

impl<'n> Fields<'n> {
    /// The fields of a node; none for null.
    fn of(node: NodeRef<'n>, field: &str) -> Result<Option<Self>> {
        match node.kind() {
            Kind::Null => Ok(None),
            Kind::Mapping => Ok(Some(Fields(node))),
            _ if field.is_empty() => Err(wrong(node, "the chart's metadata must be a mapping")),
            _ => Err(wrong(node, &format!("{field}: a mapping is expected"))),
        }
    }

    fn get(&self, key: &str) -> Option<NodeRef<'n>> {
        self.0.get_str(key).or_else(|| {
            let mut entries = self.0.entries();
            entries
                .find(|entry| entry.name().eq_ignore_ascii_case(key))
                .map(|entry| entry.value)
        })
    }

    fn text(&self, key: &str, into: &mut String) -> Result<()> {
        match self.get(key) {
            Some(node) => set_text(node, key, into),
            None => Ok(()),
        }
    }

    fn texts(&self, key: &str, into: &mut Vec<String>) -> Result<()> {
        let Some(node) = self.get(key) else {
            return Ok(());
        };
        into.clear();
        for item in items(node, key)? {
            let mut text = String::new();
            set_text(item, key, &mut text)?;
            into.push(text);
        }
        Ok(())
    }

    fn bool(&self, key: &str, into: &mut bool) -> Result<()> {
        let Some(node) = self.get(key).filter(|node| !node.is_null()) else {
            return Ok(());
        };
        *into = node
            .as_bool()
            .ok_or_else(|| wrong(node, &format!("{key}: `true` or `false` is expected")))?;
        Ok(())
    }
}

fn items<'n>(node: NodeRef<'n>, field: &str) -> Result<document::Items<'n>> {
    match node.kind() {
        Kind::Null | Kind::Sequence => Ok(node.items()),
        _ => Err(wrong(node, &format!("{field}: a list is expected"))),
    }
}

/// A scalar as text; null leaves what is there.
fn set_text(node: NodeRef<'_>, field: &str, into: &mut String) -> Result<()> {
    match node.kind() {
        Kind::Null => {}
        Kind::String => node.as_str().unwrap_or_default().clone_into(into),
        Kind::Bool => *into = (node.as_bool() == Some(true)).to_string(),
        Kind::Int => *into = node.as_i64().unwrap_or_default().to_string(),
        Kind::Uint => *into = node.as_u64().unwrap_or_default().to_string(),
        Kind::Float => {
            *into = float_text(node.as_f64().unwrap_or_default());
        }
        Kind::Sequence | Kind::Mapping => {
            return Err(wrong(node, &format!("{field}: text is expected")));
        }
    }
    Ok(())
}

/// A float as text; Helm's decoder rounds it to 32 bits.
fn float_text(value: f64) -> String {
    let rounded = (value as f32).to_string();
    let value = Value::float(rounded.parse().unwrap_or(value));
    gotemplate::sprint(&[value], 64).unwrap_or_default()
}

fn wrong(node: NodeRef<'_>, message: &str) -> Error {
    let place = node.place();
    Error::from(ErrorKind::Metadata(message.to_owned())).at(place.source, place.span)
}

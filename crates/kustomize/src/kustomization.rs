//! A kustomization file: found, read, and checked for fields that Kustomize does not have.

use crate::error::{ErrorKind, Result, field};
use crate::tree::{Entry, Node, Value};

/// The names that a kustomization file may have.
pub const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The shape of a field.
#[derive(Clone, Copy)]
enum Shape {
    Any,
    Text,
    Texts,
    TextMap,
    Bool,
    Int,
    Struct(&'static [(&'static str, Shape)]),
    List(&'static [(&'static str, Shape)]),
}

use Shape::{Any, Bool, Int, List, Struct, Text, TextMap, Texts};

const SELECTOR: &[(&str, Shape)] = &[
    ("group", Text),
    ("version", Text),
    ("kind", Text),
    ("name", Text),
    ("namespace", Text),
    ("annotationSelector", Text),
    ("labelSelector", Text),
];

const FIELD_OPTIONS: &[(&str, Shape)] = &[
    ("delimiter", Text),
    ("index", Int),
    ("encoding", Text),
    ("create", Bool),
];

const REPLACEMENT: &[(&str, Shape)] = &[
    ("path", Text),
    (
        "source",
        Struct(&[
            ("group", Text),
            ("version", Text),
            ("kind", Text),
            ("name", Text),
            ("namespace", Text),
            ("fieldPath", Text),
            ("options", Struct(FIELD_OPTIONS)),
        ]),
    ),
    ("sourceValue", Text),
    (
        "targets",
        List(&[
            ("select", Struct(SELECTOR)),
            ("reject", List(SELECTOR)),
            ("fieldPaths", Texts),
            ("options", Struct(FIELD_OPTIONS)),
        ]),
    ),
];

const VARIABLE: &[(&str, Shape)] = &[
    ("name", Text),
    (
        "objref",
        Struct(&[
            ("apiVersion", Text),
            ("group", Text),
            ("version", Text),
            ("kind", Text),
            ("name", Text),
            ("namespace", Text),
        ]),
    ),
    ("fieldref", Struct(&[("fieldPath", Text)])),
];

const PATCH: &[(&str, Shape)] = &[
    ("path", Text),
    ("patch", Text),
    ("target", Struct(SELECTOR)),
    ("options", TextMapOfBools),
];

#[expect(non_upper_case_globals, reason = "reads as the shapes beside it")]
const TextMapOfBools: Shape = Struct(&[("allowNameChange", Bool), ("allowKindChange", Bool)]);

const GENERATOR_OPTIONS: &[(&str, Shape)] = &[
    ("labels", TextMap),
    ("annotations", TextMap),
    ("disableNameSuffixHash", Bool),
    ("immutable", Bool),
];

const GENERATOR: &[(&str, Shape)] = &[
    ("namespace", Text),
    ("name", Text),
    ("behavior", Text),
    ("options", Struct(GENERATOR_OPTIONS)),
    ("literals", Texts),
    ("files", Texts),
    ("envs", Texts),
    ("env", Text),
    ("type", Text),
];

const IMAGE: &[(&str, Shape)] = &[
    ("name", Text),
    ("newName", Text),
    ("tagSuffix", Text),
    ("newTag", Text),
    ("digest", Text),
];

const FIELDS: &[(&str, Shape)] = &[
    ("apiVersion", Text),
    ("kind", Text),
    ("metadata", Any),
    ("openapi", TextMap),
    ("namePrefix", Text),
    ("nameSuffix", Text),
    ("namespace", Text),
    ("commonLabels", TextMap),
    (
        "labels",
        List(&[
            ("pairs", TextMap),
            ("includeSelectors", Bool),
            ("includeTemplates", Bool),
            ("includeVolumeClaimTemplates", Bool),
            ("fields", Any),
        ]),
    ),
    ("commonAnnotations", TextMap),
    ("patchesStrategicMerge", Texts),
    ("patchesJson6902", List(PATCH)),
    ("patches", List(PATCH)),
    ("images", List(IMAGE)),
    ("imageTags", List(IMAGE)),
    ("replacements", List(REPLACEMENT)),
    ("replicas", List(&[("name", Text), ("count", Int)])),
    ("vars", List(VARIABLE)),
    (
        "sortOptions",
        Struct(&[("order", Text), ("legacySortOptions", Any)]),
    ),
    ("resources", Texts),
    ("components", Texts),
    ("crds", Texts),
    ("bases", Texts),
    ("configMapGenerator", List(GENERATOR)),
    ("secretGenerator", List(GENERATOR)),
    ("helmGlobals", Any),
    ("helmCharts", Any),
    ("helmChartInflationGenerator", Any),
    ("generatorOptions", Struct(GENERATOR_OPTIONS)),
    ("configurations", Texts),
    ("generators", Texts),
    ("transformers", Texts),
    ("validators", Texts),
    ("buildMetadata", Texts),
];

/// A checked kustomization, its fields named as Kustomize names them.
#[derive(Clone, Debug)]
pub(crate) struct Kustomization {
    node: Node,
    /// The name of its file.
    pub(crate) file: String,
}

impl Kustomization {
    pub(crate) fn new(mut node: Node, file: &str) -> Result<Self> {
        if !matches!(node.value, Value::Map(_)) {
            return Err(if node.is_null() {
                ErrorKind::Empty.into()
            } else {
                field("a kustomization must be a mapping")
            });
        }
        check_struct(&mut node, FIELDS, "")?;
        let is_typed = |entry: &&Entry| !matches!(&*entry.key, "apiVersion" | "kind");
        let says = |entry: &Entry| !entry.value.is_null() && entry.value.as_str() != Some("");
        if !node.entries().iter().filter(is_typed).any(says) {
            return Err(ErrorKind::Empty.into());
        }
        let kustomization = Kustomization {
            node,
            file: file.to_owned(),
        };
        kustomization.check_type()?;
        Ok(kustomization)
    }

    fn check_type(&self) -> Result<()> {
        let wanted = match self.text("kind") {
            "" | "Kustomization" => "kustomize.config.k8s.io/v1beta1",
            "Component" => "kustomize.config.k8s.io/v1alpha1",
            kind => {
                let message = format!("kind must be Kustomization or Component, not '{kind}'");
                return Err(field(message));
            }
        };
        match self.text("apiVersion") {
            "" => Ok(()),
            version if version == wanted => Ok(()),
            version => Err(field(format!(
                "apiVersion must be {wanted}, not '{version}'"
            ))),
        }
    }

    /// Whether it is a component.
    pub(crate) fn is_component(&self) -> bool {
        self.text("kind") == "Component"
    }

    /// The same, to change it.
    pub(crate) fn node_mut(&mut self) -> &mut Node {
        &mut self.node
    }

    /// The whole.
    pub(crate) fn node(&self) -> &Node {
        &self.node
    }

    /// A field that is there and not null.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.node.get(key).filter(|value| !value.is_null())
    }

    /// A field that is a text; empty when it is not there.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.node.text_at(&[key]).unwrap_or_default()
    }

    /// A field that is a text and not empty.
    pub(crate) fn text_node(&self, key: &str) -> Option<&Node> {
        let node = self.get(key)?;
        node.as_str().filter(|text| !text.is_empty()).map(|_| node)
    }

    /// The items of fields that are lists, one field after the other.
    pub(crate) fn items(&self, keys: &[&str]) -> Vec<Node> {
        let lists = keys.iter().filter_map(|key| self.get(key));
        lists
            .flat_map(|list| list.items().iter().cloned())
            .collect()
    }
}

/// Gives the fields of a replacement from a file their names; what is unknown there does not matter.
pub(crate) fn name_replacement_fields(node: &mut Node) {
    drop(check_struct(node, REPLACEMENT, ""));
}

/// Checks the entries of a struct and gives them the names of its fields: Go reads names without regard to case.
fn check_struct(node: &mut Node, fields: &[(&str, Shape)], path: &str) -> Result<()> {
    let Value::Map(entries) = &mut node.value else {
        if node.is_null() {
            return Ok(());
        }
        return Err(wrong(path, "a mapping"));
    };
    for entry in entries {
        let is_it = |(name, _): &&(&str, Shape)| name.eq_ignore_ascii_case(&entry.key);
        let Some((name, shape)) = fields.iter().find(is_it) else {
            let key = &entry.key;
            let within = if path.is_empty() {
                String::new()
            } else {
                format!(" in {path}")
            };
            return Err(field(format!("unknown field '{key}'{within}")));
        };
        entry.key = (*name).into();
        let path = if path.is_empty() {
            (*name).to_owned()
        } else {
            format!("{path}.{name}")
        };
        check(&mut entry.value, *shape, &path)?;
    }
    Ok(())
}

fn wrong(path: &str, wanted: &str) -> crate::error::Error {
    field(format!("{path} must be {wanted}"))
}

fn check(node: &mut Node, shape: Shape, path: &str) -> Result<()> {
    if node.is_null() {
        return Ok(());
    }
    let is_text = |node: &Node| node.is_null() || node.as_str().is_some();
    match (shape, &mut node.value) {
        (Any, _) | (Text, Value::Str(_)) | (Bool, Value::Bool(_)) | (Int, Value::Int(..)) => Ok(()),
        (Texts, Value::List(items)) if items.iter().all(is_text) => Ok(()),
        (TextMap, Value::Map(entries)) if entries.iter().all(|entry| is_text(&entry.value)) => {
            Ok(())
        }
        (Struct(fields), Value::Map(_)) => check_struct(node, fields, path),
        (List(fields), Value::List(items)) => items
            .iter_mut()
            .try_for_each(|item| check_struct(item, fields, path)),
        (Text, _) => Err(wrong(path, "a text")),
        (Bool, _) => Err(wrong(path, "true or false")),
        (Int, _) => Err(wrong(path, "an integer")),
        (Texts, _) => Err(wrong(path, "a list of texts")),
        (TextMap, _) => Err(wrong(path, "a mapping of texts")),
        (Struct(_), _) => Err(wrong(path, "a mapping")),
        (List(_), _) => Err(wrong(path, "a list")),
    }
}

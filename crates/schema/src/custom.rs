//! Custom resource definitions → types of their own table, so that custom resources are held against them.

use std::collections::BTreeSet;

use document::NodeRef;

use crate::definitions::{
    Definitions, FieldDefinition, KindDefinition, Span, StructDefinition, TypeDefinition,
};
use crate::embedded::embedded;
use crate::table::Table;
use crate::types::{Scalar, Shape};

/// The kinds that custom resource definitions define. Made once a scan has read its inputs; see
/// [`Schema::with_custom_kinds`](crate::Schema::with_custom_kinds).
#[derive(Clone, Debug, Default)]
pub struct CustomKinds {
    bytes: Vec<u8>,
}

impl CustomKinds {
    /// Reads the objects that are custom resource definitions and passes over the others. Of two definitions
    /// of one kind and version the first counts. A part of a schema that makes no sense allows anything.
    pub fn from_objects<'d>(objects: impl IntoIterator<Item = NodeRef<'d>>) -> Self {
        let mut reader = Reader::default();
        for object in objects {
            reader.object(object);
        }
        if reader.definitions.kinds.is_empty() {
            return CustomKinds::default();
        }
        CustomKinds {
            bytes: reader.definitions.encode_custom().unwrap_or_default(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn table(&self) -> Option<Table<'_>> {
        Table::new(&self.bytes, true)
    }
}

#[derive(Default)]
struct Reader {
    definitions: Definitions,
    seen: BTreeSet<(String, String, String)>,
}

/// What holds for a whole schema.
struct Rules {
    /// The type of `metadata`.
    metadata: TypeDefinition,
    /// Whether the definition keeps what its schema does not know (only in `v1beta1`).
    keeps_unknown: bool,
}

impl Reader {
    fn object(&mut self, object: NodeRef<'_>) {
        if text(object, "kind") != Some("CustomResourceDefinition") {
            return;
        }
        let is_beta = match text(object, "apiVersion") {
            Some("apiextensions.k8s.io/v1") => false,
            Some("apiextensions.k8s.io/v1beta1") => true,
            _ => return,
        };
        let Some(spec) = object.get_str("spec") else {
            return;
        };
        let keeps_unknown = spec
            .get_str("preserveUnknownFields")
            .and_then(NodeRef::as_bool);
        let rules = Rules {
            metadata: object_meta(),
            keeps_unknown: keeps_unknown.unwrap_or(is_beta),
        };
        let common = path(spec, &["validation", "openAPIV3Schema"]);
        let versions = spec.get_str("versions");
        for version in versions.iter().flat_map(|versions| versions.items()) {
            let is_served = version.get_str("served").and_then(NodeRef::as_bool) != Some(false);
            let schema = path(version, &["schema", "openAPIV3Schema"]).or(common);
            if let (Some(name), true) = (text(version, "name"), is_served) {
                self.version(spec, name, schema, &rules);
            }
        }
        // The form before there were several versions.
        if let (None, Some(name)) = (versions, text(spec, "version")) {
            self.version(spec, name, common, &rules);
        }
    }

    fn version(
        &mut self,
        spec: NodeRef<'_>,
        version: &str,
        schema: Option<NodeRef<'_>>,
        rules: &Rules,
    ) {
        let names = spec.get_str("names");
        let (Some(group), Some(kind), Some(schema)) = (
            text(spec, "group"),
            names.and_then(|names| text(names, "kind")),
            schema,
        ) else {
            return;
        };
        let key = (group.to_owned(), version.to_owned(), kind.to_owned());
        if !self.seen.insert(key) {
            return;
        }
        let name = format!("{group}/{version} {kind}");
        let mut root = self.structure(&name, schema, rules);
        add_object_fields(&mut root, &rules.metadata);
        self.definitions.structs.push(root);
        self.definitions.kinds.push(KindDefinition {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: kind.to_owned(),
            of: name,
            is_namespaced: text(spec, "scope").map(|scope| scope == "Namespaced"),
            span: Span::default(),
        });
    }

    /// The type of a schema; `name` is what a struct is called if it becomes one.
    fn type_of(&mut self, name: &str, schema: NodeRef<'_>, rules: &Rules) -> TypeDefinition {
        if flag(schema, "x-kubernetes-int-or-string") {
            return TypeDefinition::Scalar(Scalar::LongOrString);
        }
        let scalar = match text(schema, "type") {
            Some("object") => return self.object_type(name, schema, rules),
            Some("array") => {
                let item = schema.get_str("items").map_or(ANY, |items| {
                    self.type_of(&format!("{name}[]"), items, rules)
                });
                return TypeDefinition::List(Box::new(item));
            }
            Some("string") => Scalar::String,
            Some("boolean") => Scalar::Boolean,
            Some("integer") => Scalar::Int64,
            Some("number") => Scalar::Number,
            _ => Scalar::Any,
        };
        TypeDefinition::Scalar(scalar)
    }

    fn object_type(&mut self, name: &str, schema: NodeRef<'_>, rules: &Rules) -> TypeDefinition {
        let is_embedded = flag(schema, "x-kubernetes-embedded-resource");
        let has_fields = schema
            .get_str("properties")
            .is_some_and(|fields| !fields.is_empty());
        match schema.get_str("additionalProperties") {
            Some(values) if !has_fields && !is_embedded => {
                if values.as_bool().is_some() {
                    return TypeDefinition::Scalar(Scalar::Object);
                }
                let value = self.type_of(&format!("{name}.*"), values, rules);
                return TypeDefinition::Map(Box::new(value));
            }
            _ => {}
        }
        let mut structure = self.structure(name, schema, rules);
        if is_embedded {
            add_object_fields(&mut structure, &rules.metadata);
        }
        if structure.is_open && structure.fields.is_empty() {
            return TypeDefinition::Scalar(Scalar::Object);
        }
        self.definitions.structs.push(structure);
        TypeDefinition::Struct(name.to_owned())
    }

    fn structure(&mut self, name: &str, schema: NodeRef<'_>, rules: &Rules) -> StructDefinition {
        let required: Vec<&str> = schema
            .get_str("required")
            .iter()
            .flat_map(|names| names.items())
            .filter_map(NodeRef::as_str)
            .collect();
        let mut fields = Vec::new();
        let properties = schema.get_str("properties");
        for entry in properties
            .iter()
            .flat_map(|properties| properties.entries())
        {
            let field = entry.name();
            fields.push(FieldDefinition {
                name: field.to_owned(),
                of: self.type_of(&format!("{name}.{field}"), entry.value, rules),
                is_required: required.contains(&field) && entry.value.get_str("default").is_none(),
                span: Span::default(),
                facts: facts(entry.value),
            });
        }
        StructDefinition {
            name: name.to_owned(),
            is_open: rules.keeps_unknown
                || flag(schema, "x-kubernetes-preserve-unknown-fields")
                || schema
                    .get_str("additionalProperties")
                    .is_some_and(|values| values.as_bool() != Some(false)),
            fields,
        }
    }
}

const ANY: TypeDefinition = TypeDefinition::Scalar(Scalar::Any);

/// What every object has, whatever its schema says about it.
fn add_object_fields(structure: &mut StructDefinition, metadata: &TypeDefinition) {
    let fields = [
        ("apiVersion", TypeDefinition::Scalar(Scalar::String)),
        ("kind", TypeDefinition::Scalar(Scalar::String)),
        ("metadata", metadata.clone()),
    ];
    structure
        .fields
        .retain(|field| fields.iter().all(|(name, _)| field.name != *name));
    structure
        .fields
        .extend(fields.map(|(name, of)| FieldDefinition {
            name: name.to_owned(),
            of,
            is_required: false,
            span: Span::default(),
            facts: String::new(),
        }));
}

fn object_meta() -> TypeDefinition {
    let table = embedded();
    let metadata = table
        .kinds_named("Pod")
        .next()
        .and_then(|pod| match table.shape(pod.of) {
            Shape::Struct(pod) => table.find(pod, table.name("metadata")?),
            _ => None,
        });
    metadata.map_or(ANY, |row| TypeDefinition::Embedded(row.of))
}

fn facts(schema: NodeRef<'_>) -> String {
    let mut facts = Vec::new();
    if let Some(list) = text(schema, "x-kubernetes-list-type") {
        let keys: Vec<&str> = schema
            .get_str("x-kubernetes-list-map-keys")
            .iter()
            .flat_map(|keys| keys.items())
            .filter_map(NodeRef::as_str)
            .collect();
        let keys = keys.join(",");
        facts.push(if keys.is_empty() {
            format!("list={list}")
        } else {
            format!("list={list}({keys})")
        });
    }
    if let Some(map) = text(schema, "x-kubernetes-map-type") {
        facts.push(format!("map={map}"));
    }
    facts.join(" ")
}

fn text<'d>(node: NodeRef<'d>, key: &str) -> Option<&'d str> {
    node.get_str(key)?.as_str()
}

fn flag(node: NodeRef<'_>, key: &str) -> bool {
    node.get_str(key).and_then(NodeRef::as_bool) == Some(true)
}

fn path<'d>(node: NodeRef<'d>, keys: &[&str]) -> Option<NodeRef<'d>> {
    keys.iter().try_fold(node, |node, key| node.get_str(key))
}

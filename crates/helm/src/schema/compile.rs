//! Schemas that can be reached from the root, with their keywords ready to be looked at.

mod own;

use std::collections::HashMap;

use document::{Kind, NodeId, NodeRef};
use foldhash::fast::FixedState;

use super::draft::Draft;
use super::format::{Format, Regex};
use super::resolve::{Resources, Target};
use super::{Wrong, shape};
use own::{flag, number, own, regex, texts};

/// Number of a compiled schema.
pub(super) type SchemaId = u32;

/// A schema.
pub(super) struct Schema<'s> {
    pub(super) draft: Draft,
    /// The first schema of its resource.
    pub(super) resource: usize,
    /// A schema that allows everything or nothing.
    pub(super) always: Option<bool>,
    pub(super) keywords: Vec<Keyword<'s>>,
    pub(super) dynamic_anchor: Option<&'s str>,
    pub(super) is_recursive: bool,
}

/// What a schema demands. Those that look at what others left come last.
pub(super) enum Keyword<'s> {
    Types(u8),
    Const(NodeRef<'s>),
    Enum(NodeRef<'s>),
    Format(Format),
    Ref(SchemaId),
    /// A schema of a draft.
    Metaschema(Draft),
    RecursiveRef(SchemaId),
    DynamicRef(SchemaId, Option<&'s str>),
    Not(SchemaId),
    AllOf(Vec<SchemaId>),
    AnyOf(Vec<SchemaId>),
    OneOf(Vec<SchemaId>),
    If(SchemaId, Option<SchemaId>, Option<SchemaId>),
    MinProperties(f64),
    MaxProperties(f64),
    Required(Vec<&'s str>),
    DependentRequired(&'s str, Vec<&'s str>),
    DependentSchema(&'s str, SchemaId),
    Properties(Box<Properties<'s>>),
    PropertyNames(SchemaId),
    MinItems(f64),
    MaxItems(f64),
    UniqueItems,
    Items {
        first: Vec<SchemaId>,
        rest: Option<SchemaId>,
    },
    Contains {
        schema: SchemaId,
        min: f64,
        max: f64,
    },
    MinLength(f64),
    MaxLength(f64),
    Pattern(&'s str, Regex),
    Minimum(f64),
    Maximum(f64),
    ExclusiveMinimum(f64),
    ExclusiveMaximum(f64),
    MultipleOf(f64),
    UnevaluatedProperties(SchemaId),
    UnevaluatedItems(SchemaId),
}

/// What is demanded of the values of a mapping.
pub(super) struct Properties<'s> {
    /// In the order of their names.
    pub(super) named: Vec<(&'s str, SchemaId)>,
    pub(super) patterns: Vec<(Regex, SchemaId)>,
    pub(super) additional: Option<SchemaId>,
}

/// All schemas that can be reached; the first one is the root.
pub(super) struct Compiled<'s> {
    pub(super) schemas: Vec<Schema<'s>>,
    /// For each resource: what its dynamic anchors lead to, and whether it has a recursive anchor.
    pub(super) resources: Vec<Scope<'s>>,
}

#[derive(Default)]
pub(super) struct Scope<'s> {
    pub(super) dynamic: HashMap<&'s str, SchemaId, FixedState>,
    pub(super) is_recursive: bool,
}

/// Compiles a schema and all that it leads to.
pub(super) fn compile(root: NodeRef<'_>) -> Result<Compiled<'_>, Wrong> {
    let resources = Resources::collect(root)?;
    let mut compiler = Compiler {
        compiled: Compiled {
            schemas: Vec::new(),
            resources: Vec::new(),
        },
        resources,
        known: HashMap::default(),
        queue: Vec::new(),
    };
    compiler.resources();
    compiler.id(root);
    let mut next = 0;
    while let Some(&node) = compiler.queue.get(next) {
        let schema = compiler.schema(node)?;
        compiler.compiled.schemas.push(schema);
        next += 1;
    }
    Ok(compiler.compiled)
}

struct Compiler<'s> {
    compiled: Compiled<'s>,
    resources: Resources<'s>,
    known: HashMap<NodeId, SchemaId, FixedState>,
    /// The nodes of all schemas, by their numbers; the first ones are compiled.
    queue: Vec<NodeRef<'s>>,
}

impl<'s> Compiler<'s> {
    /// The number of a schema, which is compiled later if it was not yet.
    fn id(&mut self, node: NodeRef<'s>) -> SchemaId {
        let next = self.queue.len() as SchemaId;
        let id = *self.known.entry(node.id()).or_insert(next);
        if id == next {
            self.queue.push(node);
        }
        id
    }

    fn resources(&mut self) {
        // The root has the first number.
        if let Some(root) = self.resources.0.first().map(|resource| resource.root) {
            self.id(root);
        }
        for index in 0..self.resources.0.len() {
            let resource = &self.resources.0[index];
            let document = resource.root.document();
            let anchors: Vec<_> = resource
                .dynamic
                .iter()
                .map(|(name, id)| (*name, *id))
                .collect();
            let is_recursive = flag(resource.root, "$recursiveAnchor");
            let dynamic = anchors
                .into_iter()
                .map(|(name, id)| (name, self.id(document.at(id))))
                .collect();
            self.compiled.resources.push(Scope {
                dynamic,
                is_recursive,
            });
        }
    }

    fn schema(&mut self, node: NodeRef<'s>) -> Result<Schema<'s>, Wrong> {
        let resource = self.resources.of(node);
        let draft = self.resources.0[resource].draft;
        let mut schema = Schema {
            draft,
            resource,
            always: match node.kind() {
                Kind::Bool => node.as_bool(),
                Kind::Mapping if !node.is_empty() => None,
                _ => Some(true),
            },
            keywords: Vec::new(),
            dynamic_anchor: node.get_str("$dynamicAnchor").and_then(NodeRef::as_str),
            is_recursive: flag(node, "$recursiveAnchor"),
        };
        if schema.always.is_none() {
            let mut keywords = std::mem::take(&mut schema.keywords);
            self.keywords(node, draft, resource, &mut keywords)?;
            schema.keywords = keywords;
        }
        Ok(schema)
    }

    fn keywords(
        &mut self,
        node: NodeRef<'s>,
        draft: Draft,
        resource: usize,
        into: &mut Vec<Keyword<'s>>,
    ) -> Result<(), Wrong> {
        let reference = self.reference(node, "$ref", resource)?;
        let is_alone = reference.is_some() && draft < Draft::D2019;
        into.extend(reference.map(|reference| reference.keyword(Keyword::Ref)));
        if is_alone {
            return Ok(());
        }
        own(node, draft, into);
        self.combined(node, draft, into);
        self.of_objects(node, draft, into)?;
        self.of_lists(node, draft, into);
        if draft >= Draft::D2019 {
            let recursive = self.reference(node, "$recursiveRef", resource)?;
            into.extend(recursive.map(|it| it.keyword(Keyword::RecursiveRef)));
        }
        if draft >= Draft::D2020
            && let Some(reference) = self.reference(node, "$dynamicRef", resource)?
        {
            let text = node.get_str("$dynamicRef").and_then(NodeRef::as_str);
            let fragment = text.and_then(|text| text.split_once('#')).map(|(_, it)| it);
            let anchor = fragment.filter(|it| !it.is_empty() && !it.starts_with('/'));
            into.push(reference.keyword(|id| Keyword::DynamicRef(id, anchor)));
        }
        if draft >= Draft::D2019 {
            let below = self.below(node, "unevaluatedProperties");
            into.extend(below.map(Keyword::UnevaluatedProperties));
            let below = self.below(node, "unevaluatedItems");
            into.extend(below.map(Keyword::UnevaluatedItems));
        }
        Ok(())
    }

    fn reference(
        &mut self,
        node: NodeRef<'s>,
        key: &str,
        resource: usize,
    ) -> Result<Option<Reference>, Wrong> {
        let Some(reference) = node.get_str(key).filter(|it| it.as_str().is_some()) else {
            return Ok(None);
        };
        match self.resources.target(reference, resource)? {
            Target::Anything => Ok(Some(Reference::Anything)),
            Target::Metaschema(draft) => Ok(Some(Reference::Metaschema(draft))),
            Target::Node(target) => {
                if !self.known.contains_key(&target.id()) {
                    let draft = self.resources.0[self.resources.of(target)].draft;
                    shape::check(target, draft)?;
                }
                Ok(Some(Reference::Schema(self.id(target))))
            }
        }
    }

    fn below(&mut self, node: NodeRef<'s>, key: &str) -> Option<SchemaId> {
        node.get_str(key).map(|node| self.id(node))
    }

    fn list(&mut self, node: NodeRef<'s>, key: &str) -> Option<Vec<SchemaId>> {
        let list = node.get_str(key)?;
        Some(list.items().map(|item| self.id(item)).collect())
    }

    /// Schemas for the same value.
    fn combined(&mut self, node: NodeRef<'s>, draft: Draft, into: &mut Vec<Keyword<'s>>) {
        into.extend(self.below(node, "not").map(Keyword::Not));
        into.extend(self.list(node, "allOf").map(Keyword::AllOf));
        into.extend(self.list(node, "anyOf").map(Keyword::AnyOf));
        into.extend(self.list(node, "oneOf").map(Keyword::OneOf));
        if draft >= Draft::D7
            && let Some(condition) = self.below(node, "if")
        {
            let then = self.below(node, "then");
            let otherwise = self.below(node, "else");
            into.push(Keyword::If(condition, then, otherwise));
        }
    }

    fn of_objects(
        &mut self,
        node: NodeRef<'s>,
        draft: Draft,
        into: &mut Vec<Keyword<'s>>,
    ) -> Result<(), Wrong> {
        let mut properties = Properties {
            named: self.map(node, "properties"),
            patterns: Vec::new(),
            additional: self.below(node, "additionalProperties"),
        };
        properties.named.sort_unstable();
        for (pattern, id) in self.map(node, "patternProperties") {
            let span = node
                .get_str("patternProperties")
                .map_or(0..0, |node| node.place().span);
            properties.patterns.push((regex(pattern, span)?, id));
        }
        let is_empty = properties.named.is_empty() && properties.patterns.is_empty();
        if !is_empty || properties.additional.is_some() {
            into.push(Keyword::Properties(Box::new(properties)));
        }
        if let Some(dependencies) = node.get_str("dependencies") {
            for entry in dependencies.entries() {
                into.push(if entry.value.kind() == Kind::Sequence {
                    Keyword::DependentRequired(entry.name(), texts(entry.value))
                } else {
                    Keyword::DependentSchema(entry.name(), self.id(entry.value))
                });
            }
        }
        if draft >= Draft::D6 {
            into.extend(
                self.below(node, "propertyNames")
                    .map(Keyword::PropertyNames),
            );
        }
        if draft >= Draft::D2019 {
            for (name, id) in self.map(node, "dependentSchemas") {
                into.push(Keyword::DependentSchema(name, id));
            }
            let required = node.get_str("dependentRequired");
            let required = required.into_iter().flat_map(NodeRef::entries);
            into.extend(
                required.map(|entry| Keyword::DependentRequired(entry.name(), texts(entry.value))),
            );
        }
        if let Some(pattern) = node.get_str("pattern") {
            let text = pattern.as_str().unwrap_or_default();
            into.push(Keyword::Pattern(text, regex(text, pattern.place().span)?));
        }
        Ok(())
    }

    fn map(&mut self, node: NodeRef<'s>, key: &str) -> Vec<(&'s str, SchemaId)> {
        let entries = node.get_str(key).into_iter().flat_map(NodeRef::entries);
        entries
            .map(|entry| (entry.name(), self.id(entry.value)))
            .collect()
    }

    fn of_lists(&mut self, node: NodeRef<'s>, draft: Draft, into: &mut Vec<Keyword<'s>>) {
        let is_list = node
            .get_str("items")
            .is_some_and(|it| it.kind() == Kind::Sequence);
        let (first, rest) = if draft >= Draft::D2020 {
            (self.list(node, "prefixItems"), self.below(node, "items"))
        } else if is_list {
            (
                self.list(node, "items"),
                self.below(node, "additionalItems"),
            )
        } else {
            (None, self.below(node, "items"))
        };
        if first.is_some() || rest.is_some() {
            let first = first.unwrap_or_default();
            into.push(Keyword::Items { first, rest });
        }
        if draft >= Draft::D6
            && let Some(schema) = self.below(node, "contains")
        {
            let count = |key: &str| number(node, key).filter(|_| draft >= Draft::D2019);
            into.push(Keyword::Contains {
                schema,
                min: count("minContains").unwrap_or(1.0),
                max: count("maxContains").unwrap_or(f64::INFINITY),
            });
        }
    }
}

/// What a reference asks for.
enum Reference {
    Schema(SchemaId),
    Metaschema(Draft),
    Anything,
}

impl Reference {
    fn keyword<'s>(self, schema: impl FnOnce(SchemaId) -> Keyword<'s>) -> Keyword<'s> {
        match self {
            Reference::Schema(id) => schema(id),
            Reference::Metaschema(draft) => Keyword::Metaschema(draft),
            Reference::Anything => Keyword::AllOf(Vec::new()),
        }
    }
}

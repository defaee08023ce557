//! Which lists a strategic merge patch merges, and by which keys: Kubernetes' own kinds, or the file of `openapi`.

use std::rc::Rc;

use schema::{Schema, Shape, TypeRef};

use crate::resource::Gvk;
use crate::tree::Node;

/// The newest supported minor: Kustomize knows one version of the API at a time.
const MINOR: u32 = u32::MAX;

/// What is known about types in one build.
#[derive(Clone, Debug, Default)]
pub(crate) struct MergeSchema {
    /// The definitions of the file of `openapi`, which go before Kubernetes'.
    custom: Option<Rc<Node>>,
}

/// The type of a value, and how a list of it merges.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    of: Of,
    is_merged: bool,
    keys: Vec<String>,
}

#[derive(Clone, Debug)]
enum Of {
    Embedded(TypeRef),
    Custom(Rc<Node>),
}

impl MergeSchema {
    /// The definitions of a file.
    pub(crate) fn custom(file: Node) -> Self {
        MergeSchema {
            custom: Some(Rc::new(file)),
        }
    }

    /// The type of the objects of a kind.
    pub(crate) fn kind(&self, api_version: &str, kind: &str) -> Option<Typed> {
        let gvk = Gvk::new(api_version, kind);
        let of = match &self.custom {
            Some(file) => match custom_kind(file, &gvk) {
                Some(definition) => Of::Custom(Rc::new(definition.clone())),
                None => Of::Embedded(embedded_kind(&gvk)?),
            },
            None => Of::Embedded(embedded_kind(&gvk)?),
        };
        Some(Typed {
            of,
            is_merged: false,
            keys: Vec::new(),
        })
    }

    /// The type of a field, or of any value of a map.
    pub(crate) fn field(&self, typed: &Typed, name: &str) -> Option<Typed> {
        match &typed.of {
            Of::Embedded(of) => embedded_field(*of, name),
            Of::Custom(definition) => {
                let properties = definition.get("properties");
                let found = properties.and_then(|all| all.get(name));
                let found = found.or_else(|| {
                    let any = definition.get("additionalProperties")?;
                    (!any.entries().is_empty()).then_some(any)
                })?;
                Some(self.custom_type(found))
            }
        }
    }

    /// The type of the items of a list.
    pub(crate) fn item(&self, typed: &Typed) -> Option<Typed> {
        match &typed.of {
            Of::Embedded(of) => Some(Typed {
                of: Of::Embedded(Schema::embedded().item(*of)?),
                is_merged: false,
                keys: Vec::new(),
            }),
            Of::Custom(definition) => Some(self.custom_type(definition.get("items")?)),
        }
    }

    fn custom_type(&self, field: &Node) -> Typed {
        let strategy = field.text_at(&["x-kubernetes-patch-strategy"]);
        let is_merged = strategy.is_some_and(|all| all.split(',').any(|one| one == "merge"));
        let listed = field.get("x-kubernetes-list-map-keys");
        let mut keys: Vec<String> = listed
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .filter_map(|key| key.as_str().map(str::to_owned))
            .collect();
        if keys.is_empty() {
            let key = field.text_at(&["x-kubernetes-patch-merge-key"]);
            keys.extend(key.map(str::to_owned));
        }
        let name = field
            .text_at(&["$ref"])
            .and_then(|path| path.rsplit('/').next());
        let definitions = self
            .custom
            .as_ref()
            .and_then(|file| file.get("definitions"));
        let target = name.and_then(|name| definitions?.get(name));
        let embedded = || embedded_struct(name?.strip_prefix("io.k8s.")?);
        let of = match (target, target.map_or_else(embedded, |_| None)) {
            (None, Some(embedded)) => Of::Embedded(embedded),
            (target, _) => Of::Custom(Rc::new(target.unwrap_or(field).clone())),
        };
        Typed {
            of,
            is_merged,
            keys,
        }
    }
}

impl Typed {
    /// Whether a patch merges the list.
    pub(crate) fn is_merged(&self) -> bool {
        self.is_merged
    }

    /// The fields that name an item; none for a list of scalars.
    pub(crate) fn keys(&self) -> &[String] {
        &self.keys
    }
}

fn embedded_kind(gvk: &Gvk) -> Option<TypeRef> {
    let schema = Schema::embedded();
    let newest = |version: &str| {
        let kinds = schema.kinds_of(&gvk.group, version, &gvk.kind);
        kinds.last().map(|info| info.of)
    };
    // Kustomize's table has the versions that Kubernetes 1.21 still served; the types are the same where they went on.
    let went_on = [
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "batch",
        "networking.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
    ];
    let served_in_1_21 = gvk.version == "v1beta1" && went_on.contains(&gvk.group.as_str());
    newest(&gvk.version).or_else(|| if served_in_1_21 { newest("v1") } else { None })
}

/// The type of a definition of Kubernetes' own, such as `api.core.v1.PodSpec`, that a custom one refers to.
fn embedded_struct(name: &str) -> Option<TypeRef> {
    let schema = Schema::embedded();
    let mut queue: Vec<TypeRef> = schema.kinds().map(|kind| kind.of).collect();
    let mut seen = std::collections::HashSet::new();
    while let Some(of) = queue.pop() {
        match schema.shape(of) {
            Shape::List(inner) | Shape::Map(inner) => queue.push(inner),
            Shape::Struct(structure) => {
                let here = schema.name_of(structure);
                let is_it = name
                    .strip_suffix(here)
                    .is_some_and(|rest| rest.ends_with('.'));
                if is_it {
                    return Some(of);
                }
                if seen.insert(here) {
                    queue.extend(schema.fields(of).map(|field| field.of));
                }
            }
            Shape::Scalar(_) => {}
        }
    }
    None
}

fn embedded_field(of: TypeRef, name: &str) -> Option<Typed> {
    let schema = Schema::embedded();
    if let Shape::Map(value) = schema.shape(of) {
        return Some(Typed {
            of: Of::Embedded(value),
            is_merged: false,
            keys: Vec::new(),
        });
    }
    let field = schema.field(of, name, MINOR)?;
    let mut keys: Vec<String> = field.list_keys().map(str::to_owned).collect();
    if keys.is_empty() {
        keys.extend(field.merge_key().map(str::to_owned));
    }
    Some(Typed {
        of: Of::Embedded(field.of),
        is_merged: field.is_merged(),
        keys,
    })
}

/// The definition whose group, version and kind are these.
fn custom_kind<'f>(file: &'f Node, gvk: &Gvk) -> Option<&'f Node> {
    let definitions = file.get("definitions")?.entries();
    let is_it = |names: &Node| crate::field_spec::parse_gvk(names) == *gvk;
    let found = definitions.iter().find(|entry| {
        let names = entry.value.get("x-kubernetes-group-version-kind");
        names.is_some_and(|names| names.items().iter().any(is_it))
    })?;
    Some(&found.value)
}

//! Which fields of which kinds a transformation touches: the built-in table, what `configurations` and `crds` add,
//! and the walk to a field.

use crate::error::{Result, field, transform};
use crate::origin::At;
use crate::resource::{Gvk, Resource};
use crate::tree::{Node, Value};

/// A field of the objects of a kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FieldSpec {
    pub(crate) gvk: Gvk,
    pub(crate) path: String,
    pub(crate) create: bool,
}

/// The fields that may name an object of a kind.
#[derive(Clone, Debug)]
pub(crate) struct NameReference {
    pub(crate) target: Gvk,
    pub(crate) referrers: Vec<FieldSpec>,
}

/// The fields of all transformations.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldSpecs {
    pub(crate) name_prefix: Vec<FieldSpec>,
    pub(crate) name_suffix: Vec<FieldSpec>,
    pub(crate) namespace: Vec<FieldSpec>,
    pub(crate) common_labels: Vec<FieldSpec>,
    pub(crate) labels: Vec<FieldSpec>,
    pub(crate) template_labels: Vec<FieldSpec>,
    pub(crate) volume_claim_template_labels: Vec<FieldSpec>,
    pub(crate) common_annotations: Vec<FieldSpec>,
    pub(crate) name_reference: Vec<NameReference>,
    pub(crate) var_reference: Vec<FieldSpec>,
    pub(crate) images: Vec<FieldSpec>,
    pub(crate) replicas: Vec<FieldSpec>,
}

const BUILT_IN: &str = include_str!("../data/field-specs.txt");

impl FieldSpecs {
    /// What Kustomize uses without configuration.
    pub(crate) fn built_in() -> Self {
        let mut all = FieldSpecs::default();
        let mut section = "";
        for line in BUILT_IN.lines().filter(|line| !line.starts_with('#')) {
            if let Some(header) = line.strip_prefix('[') {
                section = header.trim_end_matches(']');
                if let Some(target) = section.strip_prefix("nameReference ") {
                    all.name_reference.push(NameReference {
                        target: gvk_of(&mut target.split(' ')),
                        referrers: Vec::new(),
                    });
                }
                continue;
            }
            let mut words = line.split(' ');
            let spec = FieldSpec {
                gvk: gvk_of(&mut words),
                path: words.next().unwrap_or_default().to_owned(),
                create: words.next().is_some(),
            };
            if let Some(list) = all.section(section) {
                list.push(spec);
            } else if let Some(last) = all.name_reference.last_mut() {
                last.referrers.push(spec);
            }
        }
        // A file of `configurations` is merged with these: the lists are the same as Kustomize's after its own merge.
        all
    }

    fn section(&mut self, name: &str) -> Option<&mut Vec<FieldSpec>> {
        Some(match name {
            "namePrefix" => &mut self.name_prefix,
            "nameSuffix" => &mut self.name_suffix,
            "namespace" => &mut self.namespace,
            "commonLabels" => &mut self.common_labels,
            "labels" => &mut self.labels,
            "templateLabels" => &mut self.template_labels,
            "volumeClaimTemplateLabels" => &mut self.volume_claim_template_labels,
            "commonAnnotations" => &mut self.common_annotations,
            "varReference" => &mut self.var_reference,
            "images" => &mut self.images,
            "replicas" => &mut self.replicas,
            _ => return None,
        })
    }

    /// What a file of `configurations` says.
    pub(crate) fn parse(node: &Node) -> Result<Self> {
        let mut all = FieldSpecs::default();
        for entry in node.entries() {
            let name = &*entry.key;
            if name == "nameReference" {
                for item in entry.value.items() {
                    let referrers = item.get("fieldSpecs").map(Node::items).unwrap_or_default();
                    all.name_reference.push(NameReference {
                        target: parse_gvk(item),
                        referrers: parse_list(referrers),
                    });
                }
            } else if let Some(list) = all.section(name) {
                *list = parse_list(entry.value.items());
            } else {
                return Err(field(format!("unknown field '{name}' in a configuration")));
            }
        }
        Ok(all)
    }

    /// Adds what is not there yet.
    pub(crate) fn merge(&mut self, other: &FieldSpecs) -> Result<()> {
        let pairs = [
            (&mut self.name_prefix, &other.name_prefix),
            (&mut self.name_suffix, &other.name_suffix),
            (&mut self.namespace, &other.namespace),
            (&mut self.common_labels, &other.common_labels),
            (&mut self.labels, &other.labels),
            (&mut self.template_labels, &other.template_labels),
            (
                &mut self.volume_claim_template_labels,
                &other.volume_claim_template_labels,
            ),
            (&mut self.common_annotations, &other.common_annotations),
            (&mut self.var_reference, &other.var_reference),
            (&mut self.images, &other.images),
            (&mut self.replicas, &other.replicas),
        ];
        for (mine, theirs) in pairs {
            merge_all(mine, theirs)?;
        }
        for reference in &other.name_reference {
            let mine = self.name_reference.iter_mut();
            match mine
                .filter(|it| it.target == reference.target)
                .collect::<Vec<_>>()
                .first_mut()
            {
                Some(mine) => merge_all(&mut mine.referrers, &reference.referrers)?,
                None => self.name_reference.push(reference.clone()),
            }
        }
        Ok(())
    }
}

/// Adds field specifications that are not covered yet.
pub(crate) fn merge_all(into: &mut Vec<FieldSpec>, from: &[FieldSpec]) -> Result<()> {
    for spec in from {
        let covered = into
            .iter()
            .find(|it| it.path == spec.path && it.gvk.is_selected(&spec.gvk));
        match covered {
            None => into.push(spec.clone()),
            Some(it) if it.create == spec.create => {}
            Some(_) => {
                let path = &spec.path;
                return Err(field(format!(
                    "field specifications for '{path}' disagree about create"
                )));
            }
        }
    }
    Ok(())
}

fn gvk_of<'w>(words: &mut impl Iterator<Item = &'w str>) -> Gvk {
    let mut next = || match words.next() {
        None | Some("-") => String::new(),
        Some(word) => word.to_owned(),
    };
    Gvk {
        group: next(),
        version: next(),
        kind: next(),
    }
}

pub(crate) fn parse_gvk(node: &Node) -> Gvk {
    let text = |key: &str| node.text_at(&[key]).unwrap_or_default().to_owned();
    Gvk {
        group: text("group"),
        version: text("version"),
        kind: text("kind"),
    }
}

/// The field specifications of a list in YAML.
pub(crate) fn parse_list(items: &[Node]) -> Vec<FieldSpec> {
    let spec = |item: &Node| FieldSpec {
        gvk: parse_gvk(item),
        path: item.text_at(&["path"]).unwrap_or_default().to_owned(),
        create: item.get("create").and_then(Node::as_bool) == Some(true),
    };
    items.iter().map(spec).collect()
}

/// Splits a path at a delimiter that no backslash stands before.
pub(crate) fn split_path(path: &str, delimiter: char) -> Vec<String> {
    let path = path.strip_prefix(delimiter).unwrap_or(path);
    let mut parts: Vec<String> = Vec::new();
    let mut goes_on = false;
    for part in path.split(delimiter) {
        match parts.last_mut() {
            Some(last) if goes_on => {
                last.pop();
                last.push(delimiter);
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
        goes_on = parts.last().is_some_and(|last| last.ends_with('\\'));
    }
    parts
}

/// What is made where a field is missing and may be created.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Create {
    Nothing,
    Scalar,
    Map,
}

/// Calls `set` with every node of an object that a field specification leads to.
pub(crate) fn visit(
    resource: &mut Resource,
    spec: &FieldSpec,
    create: Create,
    at: At,
    set: &mut dyn FnMut(&mut Node) -> Result<()>,
) -> Result<()> {
    if !resource.gvk().is_selected(&spec.gvk) {
        return Ok(());
    }
    let create = if spec.create { create } else { Create::Nothing };
    let path = split_path(&spec.path, '/');
    let walk = Walk { create, at };
    let done = walk.run(&mut resource.node, &path, set);
    done.map_err(|mut error| {
        if error.place.is_none() {
            let id = resource.id().text();
            error = transform(format!("field '{}' of {id}: {}", spec.path, error.kind));
        }
        error
    })
}

#[derive(Clone, Copy)]
struct Walk {
    create: Create,
    at: At,
}

impl Walk {
    fn run(
        self,
        node: &mut Node,
        path: &[String],
        set: &mut dyn FnMut(&mut Node) -> Result<()>,
    ) -> Result<()> {
        let Some((name, rest)) = path.split_first() else {
            return set(node);
        };
        match &mut node.value {
            Value::Null(_) => Ok(()),
            Value::List(items) => items
                .iter_mut()
                .try_for_each(|item| self.run(item, path, set)),
            Value::Map(_) => self.enter(node, name, rest, set),
            _ => Err(transform("expected a mapping or a list on the way")),
        }
    }

    fn enter(
        self,
        node: &mut Node,
        name: &str,
        rest: &[String],
        set: &mut dyn FnMut(&mut Node) -> Result<()>,
    ) -> Result<()> {
        let (name, is_list) = match name.strip_suffix("[]") {
            Some(shorter) => (shorter, true),
            None => (name, false),
        };
        if name.is_empty() {
            return Err(transform("a field name is empty"));
        }
        let made = match self.create {
            Create::Nothing => None,
            _ if is_list => None,
            Create::Scalar if rest.is_empty() => Some(Value::Null(false)),
            _ => Some(Value::Map(Vec::new())),
        };
        if let Some(made) = made {
            match node.get_mut(name) {
                None => node.set(name, Node::new(made, self.at)),
                Some(there) if there.is_null() => there.value = made,
                Some(_) => {}
            }
        } else if is_list {
            // Kustomize turns a null where it expects a list into an empty list.
            if let Some(there) = node.get_mut(name).filter(|there| there.is_null()) {
                there.value = Value::List(Vec::new());
            }
        }
        match node.get_mut(name) {
            Some(next) => self.run(next, rest, set),
            None => Ok(()),
        }
    }
}

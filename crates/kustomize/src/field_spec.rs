//! Which fields of which kinds a transformation touches: the built-in table, and what `configurations` and `crds` add.

use std::sync::{Arc, LazyLock};

use crate::error::{Result, field};
use crate::resource::Gvk;
use crate::tree::Node;

/// A field of the objects of a kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FieldSpec {
    pub(crate) gvk: Gvk,
    pub(crate) path: String,
    pub(crate) create: bool,
}

/// The fields that may name an object of a kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct NameReference {
    pub(crate) target: Gvk,
    pub(crate) referrers: Vec<FieldSpec>,
}

/// The fields of all transformations.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
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

/// What Kustomize uses without configuration, made once: few kustomizations add to it.
static BUILT_INS: LazyLock<Arc<FieldSpecs>> =
    LazyLock::new(|| Arc::new(FieldSpecs::read_built_in()));

/// Adds to the fields that are in use what is not there yet; takes the others as they are where there are none.
pub(crate) fn share(mine: &mut Arc<FieldSpecs>, others: &Arc<FieldSpecs>) -> Result<()> {
    if Arc::ptr_eq(mine, others) {
        return Ok(());
    }
    if **mine == FieldSpecs::default() {
        *mine = Arc::clone(others);
        return Ok(());
    }
    Arc::make_mut(mine).merge(others)
}

impl FieldSpecs {
    /// What Kustomize uses without configuration.
    pub(crate) fn built_in() -> &'static Arc<Self> {
        &BUILT_INS
    }

    fn read_built_in() -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// So they need not be merged when there is nothing else.
    #[test]
    fn the_built_in_fields_do_not_cover_each_other() {
        let mut merged = FieldSpecs::default();
        merged.merge(FieldSpecs::built_in()).unwrap();
        assert_eq!(&merged, &**FieldSpecs::built_in());
    }

    #[test]
    fn fields_in_use_are_kept_when_the_built_in_ones_come() {
        let own = FieldSpec {
            gvk: Gvk::default(),
            path: "spec/own".to_owned(),
            create: false,
        };
        let mut specs = Arc::new(FieldSpecs {
            images: vec![own.clone()],
            ..FieldSpecs::default()
        });
        share(&mut specs, FieldSpecs::built_in()).unwrap();
        assert_eq!(specs.images.first(), Some(&own));
        assert_eq!(specs.images.len(), 1 + FieldSpecs::built_in().images.len());
    }
}

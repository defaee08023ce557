//! The transformations of one kustomization in Kustomize's order.

use crate::build::{Accumulated, Build, Target};
use crate::error::{ErrorKind, Result, field};
use crate::field_spec::{FieldSpec, merge_all, parse_list};
use crate::image::Image;
use crate::kustomization::name_replacement_fields;
use crate::metadata;
use crate::resource::Gvk;
use crate::resources::Resources;
use crate::transform::{End, Subjects};
use crate::tree::{Node, Value};
use crate::{replacement, transform as set};

impl Build<'_> {
    /// Runs all the transformations of a kustomization.
    pub(crate) fn transform(&mut self, target: &Target<'_>, all: &mut Accumulated) -> Result<()> {
        self.merge_patches(target, all)?;
        self.patches(target, all)?;
        self.names(target, all)?;
        self.labels(target, all)?;
        self.late(target, all)?;
        for config in self.configs(target, "transformers")? {
            let done = self.run_transformer(target, &config, &mut all.resources);
            done.map_err(|error| self.placed(error, config.node.at))?;
            if let Some(origin) = metadata::origin_of_plugin(&config) {
                metadata::transformed(&mut all.resources, &origin);
            }
            all.resources.drop_empty();
            self.check_size(&all.resources)?;
        }
        Ok(())
    }

    /// Notes what a builtin did.
    pub(crate) fn done(
        &self,
        target: &Target<'_>,
        all: &mut Accumulated,
        kind: &str,
    ) -> Result<()> {
        all.resources.drop_empty();
        if !self.tracks_origins {
            return self.check_size(&all.resources);
        }
        let origin = target.origin.builtin(&target.kustomization.file, kind);
        metadata::transformed(&mut all.resources, &origin);
        self.check_size(&all.resources)
    }

    fn names(&mut self, target: &Target<'_>, all: &mut Accumulated) -> Result<()> {
        let kustomization = &target.kustomization;
        let Accumulated {
            resources, specs, ..
        } = all;
        if let Some(namespace) = kustomization.text_node("namespace") {
            let fields = &specs.namespace;
            set::namespace(
                resources,
                namespace,
                fields,
                Subjects::Default,
                false,
                &mut self.origins,
            )
            .map_err(|error| self.placed(error, namespace.at))?;
            self.done(target, all, "NamespaceTransformer")?;
        }
        for (key, end, kind) in [
            ("namePrefix", End::Prefix, "PrefixTransformer"),
            ("nameSuffix", End::Suffix, "SuffixTransformer"),
        ] {
            let Some(affix) = kustomization.text_node(key) else {
                continue;
            };
            let fields = match end {
                End::Prefix => &all.specs.name_prefix,
                End::Suffix => &all.specs.name_suffix,
            };
            set::affix(&mut all.resources, end, affix, fields, &mut self.origins)
                .map_err(|error| self.placed(error, affix.at))?;
            self.done(target, all, kind)?;
        }
        Ok(())
    }

    fn labels(&mut self, target: &Target<'_>, all: &mut Accumulated) -> Result<()> {
        let kustomization = &target.kustomization;
        let entries = kustomization.items(&["labels"]);
        for entry in &entries {
            let fields = label_fields(entry, all).map_err(|error| self.placed(error, entry.at))?;
            let none = Node::map(entry.at);
            let pairs = entry.get("pairs").unwrap_or(&none);
            self.set_labels(&mut all.resources, pairs, &fields)?;
            self.done(target, all, "LabelTransformer")?;
        }
        let common = kustomization.get("commonLabels");
        if common.is_some() || !entries.is_empty() {
            if let Some(common) = common {
                self.set_labels(&mut all.resources, common, &all.specs.common_labels)?;
            }
            self.done(target, all, "LabelTransformer")?;
        }
        if let Some(annotations) = kustomization.get("commonAnnotations") {
            self.set_labels(
                &mut all.resources,
                annotations,
                &all.specs.common_annotations,
            )?;
            self.done(target, all, "AnnotationsTransformer")?;
        }
        Ok(())
    }

    /// Sets labels or annotations, unless they would be too many.
    pub(crate) fn set_labels(
        &mut self,
        resources: &mut Resources,
        labels: &Node,
        fields: &[FieldSpec],
    ) -> Result<()> {
        let work = labels.weight().saturating_mul(resources.list.len());
        if work > self.options.bytes {
            return Err(ErrorKind::TooLarge("too many labels".to_owned()).into());
        }
        let done = set::labels(resources, labels, fields, &mut self.origins);
        done.map_err(|error| self.placed(error, labels.at))
    }

    /// What comes after labels and annotations.
    fn late(&mut self, target: &Target<'_>, all: &mut Accumulated) -> Result<()> {
        let kustomization = &target.kustomization;
        for entry in kustomization.items(&["patchesJson6902"]) {
            let done = self.patch_json6902(target, &entry, "patch", &mut all.resources);
            done.map_err(|error| self.placed(error, entry.at))?;
            self.done(target, all, "PatchJson6902Transformer")?;
        }
        for entry in kustomization.items(&["replicas"]) {
            set::replicas(
                &mut all.resources,
                &entry,
                &all.specs.replicas,
                &mut self.origins,
            )
            .map_err(|error| self.placed(error, entry.at))?;
            self.done(target, all, "ReplicaCountTransformer")?;
        }
        for entry in kustomization.items(&["images", "imageTags"]) {
            Image::parse(&entry)
                .apply(&mut all.resources, &all.specs.images, &mut self.origins)
                .map_err(|error| self.placed(error, entry.at))?;
            self.done(target, all, "ImageTagTransformer")?;
        }
        let replacements = kustomization.items(&["replacements"]);
        if !replacements.is_empty() {
            self.replacements(target, &replacements, &mut all.resources)?;
            self.done(target, all, "ReplacementTransformer")?;
        }
        Ok(())
    }

    pub(crate) fn replacements(
        &mut self,
        target: &Target<'_>,
        entries: &[Node],
        resources: &mut Resources,
    ) -> Result<()> {
        for entry in entries {
            let path = entry
                .get("path")
                .filter(|it| it.as_str().is_some_and(|text| !text.is_empty()));
            let list = match path {
                None => vec![entry.clone()],
                Some(_) if entry.get("source").is_some() || entry.get("targets").is_some() => {
                    let error = field("a replacement has both a path and a source or targets");
                    return Err(self.placed(error, entry.at));
                }
                Some(path) => {
                    let documents = self.path_documents(target, path)?;
                    let lists = documents
                        .into_iter()
                        .flat_map(|document| match document.value {
                            Value::List(items) => items,
                            _ => vec![document],
                        });
                    lists.collect()
                }
            };
            for mut one in list {
                name_replacement_fields(&mut one);
                let reader = &mut self.reader;
                let done = replacement::apply(
                    resources,
                    &one,
                    &mut self.origins,
                    &mut |text, at, origins| {
                        let documents = reader.text(text, at, None, origins).ok()?;
                        documents.into_iter().next()
                    },
                );
                done.map_err(|error| self.placed(error, one.at))?;
                self.check_size(resources)?;
            }
        }
        Ok(())
    }
}

/// The fields that an entry of `labels` sets.
fn label_fields(entry: &Node, all: &Accumulated) -> Result<Vec<FieldSpec>> {
    let is_on = |key: &str| entry.get(key).and_then(Node::as_bool) == Some(true);
    let mut fields = parse_list(entry.get("fields").map(Node::items).unwrap_or_default());
    merge_all(&mut fields, &all.specs.labels)?;
    if is_on("includeSelectors") {
        merge_all(&mut fields, &all.specs.common_labels)?;
        return Ok(fields);
    }
    if is_on("includeTemplates") {
        merge_all(&mut fields, &all.specs.template_labels)?;
    }
    if is_on("includeVolumeClaimTemplates") {
        merge_all(&mut fields, &all.specs.volume_claim_template_labels)?;
    }
    let own = FieldSpec {
        gvk: Gvk::default(),
        path: "metadata/labels".to_owned(),
        create: true,
    };
    merge_all(&mut fields, &[own])?;
    Ok(fields)
}

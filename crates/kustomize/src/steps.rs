//! The transformations of one kustomization in Kustomize's order, and the builtin plugins by their configuration.

use document::Role;

use crate::build::{Accumulated, Build, Target, add_hash, patch_cause};
use crate::error::{ErrorKind, Result, field, transform};
use crate::field_spec::{Create, FieldSpec, merge_all, parse_list, split_path, visit};
use crate::generator::{Made, generate};
use crate::json_patch::{self, Operation};
use crate::kustomization::name_replacement_fields;
use crate::metadata;
use crate::origin::At;
use crate::read::objects;
use crate::resource::{Gvk, Resource};
use crate::resources::{Resources, add_context};
use crate::selector::Selector;
use crate::transform::{End, Image, Subjects};
use crate::tree::{Node, Value};
use crate::{replacement, transform as set};

/// What a text of a patch is.
enum Patch {
    Merge(Vec<Resource>),
    Json(Vec<Operation>),
}

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
    fn done(&self, target: &Target<'_>, all: &mut Accumulated, kind: &str) -> Result<()> {
        all.resources.drop_empty();
        if !self.tracks_origins {
            return self.check_size(&all.resources);
        }
        let origin = target.origin.builtin(&target.kustomization.file, kind);
        metadata::transformed(&mut all.resources, &origin);
        self.check_size(&all.resources)
    }

    fn merge_patches(&mut self, target: &Target<'_>, all: &mut Accumulated) -> Result<()> {
        let items = target.kustomization.items(&["patchesStrategicMerge"]);
        if items.is_empty() {
            return Ok(());
        }
        let mut count = 0;
        for item in &items {
            count += self.merge_patch_item(target, item, &mut all.resources)?;
        }
        if count == 0 {
            let error = transform("the patches of patchesStrategicMerge are empty");
            return Err(self.placed(error, items[0].at));
        }
        self.done(target, all, "PatchStrategicMergeTransformer")
    }

    /// A patch that is inline or in a file.
    fn merge_patch_item(
        &mut self,
        target: &Target<'_>,
        item: &Node,
        resources: &mut Resources,
    ) -> Result<usize> {
        let text = item.as_str().unwrap_or_default();
        let cause = Some(patch_cause(item));
        let inline = self.reader.text(text, item.at, cause, &mut self.origins);
        let patches = if let Ok(patches) = inline.and_then(objects) {
            patches
        } else {
            let loader = &target.loader;
            let documents = self.reader.file(loader, text, cause, &mut self.origins);
            let patches = documents.and_then(objects);
            patches.map_err(|error| self.placed(error, item.at))?
        };
        let count = patches.len();
        for patch in patches {
            let at = resources
                .target_of(&patch)
                .map_err(|error| self.placed(error, patch.node.at))?;
            self.merge_one(resources, at, &with_text_metadata(patch))?;
        }
        Ok(count)
    }

    fn merge_one(&mut self, resources: &mut Resources, at: usize, patch: &Resource) -> Result<()> {
        let merged = resources.patch(at, patch, &self.schema, &mut self.origins);
        let is_left = merged.map_err(|error| self.placed(error, patch.node.at))?;
        if !is_left {
            resources.list.remove(at);
        }
        Ok(())
    }

    fn patches(&mut self, target: &Target<'_>, all: &mut Accumulated) -> Result<()> {
        for entry in target.kustomization.items(&["patches"]) {
            let done = self.patch(target, &entry, &mut all.resources);
            done.map_err(|error| self.placed(error, entry.at))?;
            self.done(target, all, "PatchTransformer")?;
        }
        Ok(())
    }

    /// One entry of `patches`, or the configuration of a `PatchTransformer`.
    fn patch(
        &mut self,
        target: &Target<'_>,
        entry: &Node,
        resources: &mut Resources,
    ) -> Result<()> {
        let selector = entry.get("target").filter(|it| !it.is_null());
        let selector = selector.map(Selector::parse).transpose()?;
        match self.read_patch(target, entry, "patch")? {
            Patch::Merge(mut patches) => {
                let is_on = |key: &str| {
                    let option = entry.get("options").and_then(|it| it.get(key));
                    option.and_then(Node::as_bool) == Some(true)
                };
                for patch in &mut patches {
                    patch.allows_name_change = is_on("allowNameChange");
                    patch.allows_kind_change = is_on("allowKindChange");
                }
                if let Some(selector) = selector {
                    return self.patch_selected(resources, patches, &selector);
                }
                for patch in patches {
                    let at = resources.target_of(&patch);
                    let at = at.map_err(|error| self.placed(error, patch.node.at))?;
                    self.merge_one(resources, at, &patch)?;
                }
                Ok(())
            }
            Patch::Json(operations) => {
                let Some(selector) = selector else {
                    return Err(transform("a JSON patch needs a target"));
                };
                patch_json(resources, &selector, &operations, true)
            }
        }
    }

    fn patch_selected(
        &mut self,
        resources: &mut Resources,
        patches: Vec<Resource>,
        selector: &Selector,
    ) -> Result<()> {
        if patches.len() > 1 {
            return Err(transform("a patch with a target must be one patch"));
        }
        let Some(patch) = patches.into_iter().next() else {
            return Ok(());
        };
        let patch = with_text_metadata(patch);
        let mut at = 0;
        while at < resources.list.len() {
            let length = resources.list.len();
            if selector.selects(&resources.list[at]) {
                let mut patch = patch.clone();
                let version = resources.list[at].node.get("apiVersion").cloned();
                if let Some(version) = version {
                    patch.node.set("apiVersion", version);
                }
                self.merge_one(resources, at, &patch)?;
            }
            at += usize::from(resources.list.len() == length);
        }
        Ok(())
    }

    /// The text of a patch, from `path` or from the field `inline`, read as what it is.
    fn read_patch(&mut self, target: &Target<'_>, entry: &Node, inline: &str) -> Result<Patch> {
        let text = |key: &str| {
            let text = entry.get(key).and_then(Node::as_str).unwrap_or_default();
            if text.trim().is_empty() {
                None
            } else {
                Some(text)
            }
        };
        let cause = Some(patch_cause(entry));
        let documents = match (text("path"), text(inline)) {
            (Some(_), Some(_)) => return Err(field("a patch has both a path and a text")),
            (None, None) => return Err(field("a patch has neither a path nor a text")),
            (Some(path), None) => {
                self.reader
                    .file(&target.loader, path, cause, &mut self.origins)?
            }
            (None, Some(text)) => {
                let at = entry.get(inline).map_or(entry.at, |it| it.at);
                self.reader.text(text, at, cause, &mut self.origins)?
            }
        };
        if let [only] = &documents[..]
            && let Some(operations) = json_patch::parse(only)
        {
            return Ok(Patch::Json(operations));
        }
        Ok(Patch::Merge(objects(documents)?))
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
    fn set_labels(
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

    fn patch_json6902(
        &mut self,
        target: &Target<'_>,
        entry: &Node,
        inline: &str,
        resources: &mut Resources,
    ) -> Result<()> {
        let selector = entry
            .get("target")
            .ok_or_else(|| field("a JSON patch has no target"))?;
        if selector.text_at(&["name"]).unwrap_or_default().is_empty() {
            return Err(field("the target of a JSON patch has no name"));
        }
        let selector = Selector::parse(selector)?;
        match self.read_patch(target, entry, inline)? {
            Patch::Json(operations) if !operations.is_empty() => {
                patch_json(resources, &selector, &operations, false)
            }
            _ => Err(transform("expected a JSON patch: a list of operations")),
        }
    }

    fn replacements(
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

    /// Runs a generator by its configuration.
    pub(crate) fn run_generator(
        &mut self,
        target: &Target<'_>,
        config: &Resource,
    ) -> Result<Vec<Resource>> {
        let made = match builtin_kind(config)? {
            "ConfigMapGenerator" => Made::ConfigMap,
            "SecretGenerator" => Made::Secret,
            "IAMPolicyGenerator" => return iam_policy(&config.node),
            kind => return Err(unsupported(kind)),
        };
        let mut entry = config.node.clone();
        for key in ["name", "namespace"] {
            let own = config.node.get("metadata").and_then(|it| it.get(key));
            if let Some(own) = own.filter(|_| entry.text_at(&[key]).unwrap_or_default().is_empty())
            {
                entry.set(key, own.clone());
            }
        }
        let made = generate(made, &entry, None, &target.loader, &mut self.origins);
        made.map(|made| vec![made])
            .map_err(|error| self.placed(error, config.node.at))
    }

    /// Runs a transformer by its configuration.
    fn run_transformer(
        &mut self,
        target: &Target<'_>,
        config: &Resource,
        resources: &mut Resources,
    ) -> Result<()> {
        let node = &config.node;
        let empty = Node::map(node.at);
        let get = |key: &str| any_case(node, key).unwrap_or(&empty);
        let specs = any_case(node, "fieldSpecs").map(|list| parse_list(list.items()));
        let fields = specs.clone().unwrap_or_default();
        match builtin_kind(config)? {
            "PrefixTransformer" => self.affix(resources, End::Prefix, get("prefix"), specs),
            "SuffixTransformer" => self.affix(resources, End::Suffix, get("suffix"), specs),
            "PrefixSuffixTransformer" => {
                self.affix(resources, End::Prefix, get("prefix"), specs.clone())?;
                self.affix(resources, End::Suffix, get("suffix"), specs)
            }
            "NamespaceTransformer" => self.namespace_config(node, &fields, resources),
            "LabelTransformer" => self.set_labels(resources, get("labels"), &fields),
            "AnnotationsTransformer" => self.set_labels(resources, get("annotations"), &fields),
            "ImageTagTransformer" => {
                Image::parse(get("imageTag")).apply(resources, &fields, &mut self.origins)
            }
            "ReplicaCountTransformer" => {
                set::replicas(resources, get("replica"), &fields, &mut self.origins)
            }
            "PatchTransformer" => self.patch(target, node, resources),
            "PatchJson6902Transformer" => self.patch_json6902(target, node, "jsonOp", resources),
            "PatchStrategicMergeTransformer" => {
                for item in get("paths").items().iter().chain(any_case(node, "patches")) {
                    self.merge_patch_item(target, item, resources)?;
                }
                Ok(())
            }
            "ReplacementTransformer" => {
                let items = get("replacements").items().to_vec();
                self.replacements(target, &items, resources)
            }
            "HashTransformer" => {
                resources.list.iter_mut().for_each(add_hash);
                Ok(())
            }
            "ValueAddTransformer" => self.add_values(target, node, resources),
            kind => Err(unsupported(kind)),
        }
    }

    fn affix(
        &mut self,
        resources: &mut Resources,
        end: End,
        affix: &Node,
        specs: Option<Vec<FieldSpec>>,
    ) -> Result<()> {
        let specs =
            specs.ok_or_else(|| field("a prefix or suffix transformer needs fieldSpecs"))?;
        set::affix(resources, end, affix, &specs, &mut self.origins)
    }

    fn namespace_config(
        &mut self,
        node: &Node,
        fields: &[FieldSpec],
        resources: &mut Resources,
    ) -> Result<()> {
        let namespace = node.get("metadata").and_then(|it| it.get("namespace"));
        let Some(namespace) = namespace.filter(|it| !it.is_null()) else {
            return Ok(());
        };
        let subjects = match any_case(node, "setRoleBindingSubjects").and_then(Node::scalar_text) {
            None | Some("" | "defaultOnly") => Subjects::Default,
            Some("allServiceAccounts") => Subjects::All,
            Some("none") => Subjects::None,
            Some(other) => {
                return Err(field(format!("setRoleBindingSubjects cannot be '{other}'")));
            }
        };
        let unset_only = any_case(node, "unsetOnly").and_then(Node::as_bool) == Some(true);
        set::namespace(
            resources,
            namespace,
            fields,
            subjects,
            unset_only,
            &mut self.origins,
        )
    }

    /// Sets fields of selected objects to one value.
    fn add_values(
        &mut self,
        target: &Target<'_>,
        node: &Node,
        resources: &mut Resources,
    ) -> Result<()> {
        let text = any_case(node, "value")
            .and_then(Node::scalar_text)
            .unwrap_or_default()
            .trim();
        let folder = target.loader.root().rsplit('/').next().unwrap_or_default();
        let at = any_case(node, "value").map_or(node.at, |it| it.at);
        let value = Node::text(if text.is_empty() { folder } else { text }, at);
        let mut targets: Vec<Node> = any_case(node, "targets")
            .map(Node::items)
            .unwrap_or_default()
            .to_vec();
        if let Some(path) = any_case(node, "targetFilePath").filter(|it| !it.is_null()) {
            for document in self.path_documents(target, path)? {
                targets.extend(
                    any_case(&document, "targets")
                        .map(Node::items)
                        .unwrap_or_default()
                        .to_vec(),
                );
            }
        }
        if targets.is_empty() {
            return Err(field("a ValueAddTransformer needs a target"));
        }
        for one in &targets {
            let selector = any_case(one, "selector").filter(|it| !it.is_null());
            let selector = selector.map(Selector::parse).transpose()?;
            let path = any_case(one, "fieldPath")
                .and_then(Node::scalar_text)
                .unwrap_or_default();
            let position = match any_case(one, "filePathPosition").map(|it| &it.value) {
                Some(Value::Int(position, _)) => usize::try_from(*position).unwrap_or(0),
                _ => 0,
            };
            for resource in &mut resources.list {
                if selector
                    .as_ref()
                    .is_none_or(|selector| selector.selects(resource))
                {
                    self.add_value(resource, path, &value, position)?;
                }
            }
        }
        Ok(())
    }

    fn add_value(
        &mut self,
        resource: &mut Resource,
        path: &str,
        value: &Node,
        position: usize,
    ) -> Result<()> {
        if path.is_empty() {
            return Err(field("a target of a ValueAddTransformer has no fieldPath"));
        }
        let is_namespace = path == "metadata/namespace";
        if is_namespace && resource.gvk().is_cluster_scoped() {
            return Ok(());
        }
        let spec = FieldSpec {
            gvk: Gvk::default(),
            path: split_path(path, '/').join("/"),
            create: true,
        };
        let text = value.scalar_text().unwrap_or_default();
        visit(resource, &spec, Create::Scalar, value.at, &mut |node| {
            let old = node
                .scalar_text()
                .ok_or_else(|| transform("expected a scalar"))?;
            let new = if position > 0 {
                insert_part(old, position - 1, text)
            } else {
                text.to_owned()
            };
            let at = self.origins.derived(value.at, Role::Base, node.at);
            *node = Node::text(&new, at);
            Ok(())
        })
    }
}

/// Puts a part into a file path at a position.
fn insert_part(path: &str, position: usize, part: &str) -> String {
    if path.is_empty() {
        return part.to_owned();
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert(position.min(parts.len()), part);
    format!("{root}{}", parts.join("/"))
}

fn any_case<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let entry = node
        .entries()
        .iter()
        .find(|entry| entry.key.eq_ignore_ascii_case(key))?;
    Some(&entry.value)
}

fn builtin_kind(config: &Resource) -> Result<&str> {
    let version = config.node.text_at(&["apiVersion"]);
    if version == Some("builtin") {
        Ok(config.kind())
    } else {
        Err(unsupported(config.kind()))
    }
}

fn unsupported(kind: &str) -> crate::error::Error {
    ErrorKind::Unsupported(format!("'{kind}' is no builtin; programs are never run")).into()
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

/// Applies a JSON patch to the objects of a target.
fn patch_json(
    resources: &mut Resources,
    selector: &Selector,
    operations: &[Operation],
    remembers: bool,
) -> Result<()> {
    for resource in &mut resources.list {
        if !selector.selects(resource) {
            continue;
        }
        if remembers {
            resource.remember();
        }
        let id = resource.id().text();
        json_patch::apply(&mut resource.node, operations)
            .map_err(|error| add_context(error, &id))?;
    }
    Ok(())
}

/// A patch with the values of its labels and annotations as texts, as Kustomize leaves them.
fn with_text_metadata(mut patch: Resource) -> Resource {
    for key in ["labels", "annotations"] {
        let map = patch
            .node
            .get_mut("metadata")
            .and_then(|it| it.get_mut(key));
        if let Some(Value::Map(entries)) = map.map(|it| &mut it.value) {
            for entry in entries {
                let text = match &entry.value.value {
                    Value::Null(true) => Some("null"),
                    _ => entry.value.scalar_text(),
                };
                if let Some(text) = text {
                    entry.value.value = Value::Str(text.into());
                }
            }
        }
    }
    patch
}

/// The service account that an `IAMPolicyGenerator` makes for GKE.
fn iam_policy(config: &Node) -> Result<Vec<Resource>> {
    let at: At = config.at;
    let text = |path: &[&str]| config.text_at(path).unwrap_or_default();
    let cloud = text(&["cloud"]);
    if cloud != "gke" {
        return Err(ErrorKind::Unsupported(format!("cloud provider '{cloud}'")).into());
    }
    let account = text(&["serviceAccount", "name"]);
    let email = format!(
        "{account}@{}.iam.gserviceaccount.com",
        text(&["serviceAccount", "projectId"])
    );
    let mut metadata = Node::map(at);
    metadata.set("name", Node::text(text(&["kubernetesService", "name"]), at));
    let namespace = match text(&["kubernetesService", "namespace"]) {
        "" => text(&["namespace"]),
        namespace => namespace,
    };
    if !namespace.is_empty() {
        metadata.set("namespace", Node::text(namespace, at));
    }
    let mut annotations = Node::map(at);
    annotations.set("iam.gke.io/gcp-service-account", Node::text(&email, at));
    metadata.set("annotations", annotations);
    let mut node = Node::map(at);
    node.set("apiVersion", Node::text("v1", at));
    node.set("kind", Node::text("ServiceAccount", at));
    node.set("metadata", metadata);
    Ok(vec![Resource::new(node)])
}

//! Patches: strategic merge and JSON, inline or in files, with and without a target.

use crate::build::{Accumulated, Build, Target, patch_cause};
use crate::error::{Result, field, transform};
use crate::json_patch::{self, Operation};
use crate::read::objects;
use crate::resource::Resource;
use crate::resources::{Resources, add_context};
use crate::selector::Selector;
use crate::tree::{Node, Value};

/// What a text of a patch is.
enum Patch {
    Merge(Vec<Resource>),
    Json(Vec<Operation>),
}

impl Build<'_> {
    pub(crate) fn merge_patches(
        &mut self,
        target: &Target<'_>,
        all: &mut Accumulated,
    ) -> Result<()> {
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
    pub(crate) fn merge_patch_item(
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

    pub(crate) fn patches(&mut self, target: &Target<'_>, all: &mut Accumulated) -> Result<()> {
        for entry in target.kustomization.items(&["patches"]) {
            let done = self.patch(target, &entry, &mut all.resources);
            done.map_err(|error| self.placed(error, entry.at))?;
            self.done(target, all, "PatchTransformer")?;
        }
        Ok(())
    }

    /// One entry of `patches`, or the configuration of a `PatchTransformer`.
    pub(crate) fn patch(
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

    pub(crate) fn patch_json6902(
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

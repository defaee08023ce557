//! What Argo CD and Flux add to a kustomization that they deploy, as the fields of a kustomization.

use std::sync::Arc;

use document::{Builder, Document, Keys, Kind, LimitExceeded, Limits, NodeRef, OriginId};

use super::node::{at, is, text};

/// Fields that mean the same in a kustomization.
const SAME: &[&str] = &[
    "namePrefix",
    "nameSuffix",
    "namespace",
    "replicas",
    "components",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "commonAnnotations",
];

/// `spec.source.kustomize` of an Argo CD application.
pub(super) fn of_argo(node: NodeRef<'_>, limits: &Limits) -> Option<Document> {
    let mut edits = Edits::new(node, limits);
    let done = (|| {
        edits.same(node, SAME)?;
        edits.images(at(node, &["images"]))?;
        if let Some(labels) = at(node, &["commonLabels"]) {
            if is(node, &["labelWithoutSelector"]) {
                edits.labels(labels, is(node, &["labelIncludeTemplates"]))?;
            } else {
                edits.field("commonLabels", labels)?;
            }
        }
        Ok::<_, LimitExceeded>(())
    })();
    edits.finish(done)
}

/// `spec` of a Kustomization of Flux, or the `kustomize` of one of the post renderers of a `HelmRelease`.
pub(super) fn of_flux(node: NodeRef<'_>, limits: &Limits) -> Option<Document> {
    let same: Vec<_> = SAME
        .iter()
        .filter(|key| **key != "namespace")
        .copied()
        .collect();
    let mut edits = Edits::new(node, limits);
    let done = (|| {
        edits.same(node, &same)?;
        if let Some(images) = at(node, &["images"]) {
            edits.field("images", images)?;
        }
        if let Some(namespace) = at(node, &["targetNamespace"]) {
            edits.field("namespace", namespace)?;
        }
        if let Some(labels) = at(node, &["commonMetadata", "labels"]) {
            edits.labels(labels, false)?;
        }
        if let Some(annotations) = at(node, &["commonMetadata", "annotations"]) {
            edits.field("commonAnnotations", annotations)?;
        }
        Ok::<_, LimitExceeded>(())
    })();
    edits.finish(done)
}

/// A kustomization of all these resources, which stands where a node does.
pub(crate) fn of_resources(
    at: &model::Location,
    resources: &[String],
    limits: &Limits,
) -> Option<Document> {
    let mut builder = Builder::new(&Arc::new(Keys::new([])), limits);
    let source = builder.source(&at.source);
    let origin = builder.origin(source, at.span.clone());
    builder.begin_mapping(origin).ok()?;
    builder.key("resources", origin);
    builder.begin_sequence(origin).ok()?;
    for resource in resources {
        builder.string(resource, origin).ok()?;
    }
    builder.end(None);
    builder.end(None);
    Some(builder.finish())
}

/// A kustomization in the making.
struct Edits {
    builder: Builder,
    /// Where the object has all this.
    origin: OriginId,
    fields: usize,
}

impl Edits {
    fn new(node: NodeRef<'_>, limits: &Limits) -> Self {
        let mut builder = Builder::new(&Arc::new(Keys::new([])), limits);
        let origin = builder.copy_origin(node.document(), node.origin());
        // Only a limit on depth could refuse this one.
        let _ = builder.begin_mapping(origin);
        Edits {
            builder,
            origin,
            fields: 0,
        }
    }

    /// The document; `None` when there is nothing in it, or too much.
    fn finish(mut self, done: Result<(), LimitExceeded>) -> Option<Document> {
        self.builder.end(None);
        (done.is_ok() && self.fields > 0).then(|| self.builder.finish())
    }

    fn key(&mut self, key: &str) {
        self.fields += 1;
        self.builder.key(key, self.origin);
    }

    fn field(&mut self, key: &str, value: NodeRef<'_>) -> Result<(), LimitExceeded> {
        self.key(key);
        self.builder.copy(value)
    }

    fn same(&mut self, node: NodeRef<'_>, keys: &[&str]) -> Result<(), LimitExceeded> {
        for key in keys {
            if let Some(value) = at(node, &[key]).filter(|value| !is_nothing(*value)) {
                self.field(key, value)?;
            }
        }
        Ok(())
    }

    /// Labels that no selector gets.
    fn labels(&mut self, pairs: NodeRef<'_>, with_templates: bool) -> Result<(), LimitExceeded> {
        self.key("labels");
        self.builder.begin_sequence(self.origin)?;
        self.builder.begin_mapping(self.origin)?;
        self.builder.key("pairs", self.origin);
        self.builder.copy(pairs)?;
        if with_templates {
            self.builder.key("includeTemplates", self.origin);
            self.builder.bool(true, self.origin)?;
        }
        self.builder.end(None);
        self.builder.end(None);
        Ok(())
    }

    /// Images as `kustomize edit set image` reads them: `name=new:tag@digest`.
    fn images(&mut self, images: Option<NodeRef<'_>>) -> Result<(), LimitExceeded> {
        let Some(images) = images.filter(|images| images.kind() == Kind::Sequence) else {
            return Ok(());
        };
        self.key("images");
        self.builder.begin_sequence(self.origin)?;
        for image in images.items() {
            let origin = self.builder.copy_origin(image.document(), image.origin());
            let parts = image_parts(image.as_str().unwrap_or_default());
            self.builder.begin_mapping(origin)?;
            for (key, value) in ["name", "newName", "newTag", "digest"]
                .into_iter()
                .zip(parts)
            {
                if !value.is_empty() {
                    self.builder.key(key, origin);
                    self.builder.string(value, origin)?;
                }
            }
            self.builder.end(None);
        }
        self.builder.end(None);
        Ok(())
    }
}

fn is_nothing(node: NodeRef<'_>) -> bool {
    node.is_empty() && node.kind() != Kind::String || text_is_empty(node)
}

fn text_is_empty(node: NodeRef<'_>) -> bool {
    node.kind() == Kind::String && text(node, &[]).is_empty()
}

/// Name, new name, tag and digest.
fn image_parts(text: &str) -> [&str; 4] {
    let (name, new) = match text.split_once('=') {
        Some((name, new)) => (Some(name), new),
        None => (None, text),
    };
    let (new, digest) = new.split_once('@').unwrap_or((new, ""));
    let slash = new.rfind('/').map_or(0, |at| at + 1);
    let (new, tag) = match new[slash..].rfind(':') {
        Some(at) => (&new[..slash + at], &new[slash + at + 1..]),
        None => (new, ""),
    };
    match name {
        Some(name) => [name, if new == name { "" } else { new }, tag, digest],
        None => [new, "", tag, digest],
    }
}

#[cfg(test)]
mod tests {
    use super::image_parts;

    #[test]
    fn images_are_read_as_kustomize_edit_reads_them() {
        let check = |text: &str, expected: [&str; 4]| assert_eq!(image_parts(text), expected);
        check("nginx:1.2", ["nginx", "", "1.2", ""]);
        check(
            "a=r.example:5000/b/c:2",
            ["a", "r.example:5000/b/c", "2", ""],
        );
        check("r.example:5000/c", ["r.example:5000/c", "", "", ""]);
        check("a=b@sha256:1", ["a", "b", "", "sha256:1"]);
    }
}

//! The texts of a finding, made when somebody will read them.

use std::sync::Arc;

use bumpalo::Bump;
use catalog::Scope;
use document::{NodeId, NodeRef, Step};
use expr::{MapValue, Value};
use model::{Detail, Fix, Inventory, Location, PodView, Related, Resource};

use crate::compiled::{Compiled, CompiledPart, CompiledTexts, Decision};
use crate::engine::Engine;
use crate::evaluate::{Anchor, list_items};
use crate::evidence::evidence;
use crate::funnel::RawFinding;
use crate::host::PodHost;
use crate::native::NativeFindings;
use crate::scene::{Scene, Stage};
use crate::text::text_of;

impl Engine {
    /// The texts of one finding. Fingerprint and exception are the funnel's to fill in.
    pub fn detail(&self, inventory: &Inventory, finding: RawFinding, anchor: Anchor) -> Detail {
        let resource = &inventory.resources[finding.resource as usize];
        let control = &self.controls[finding.control as usize];
        let pods = match control.header.scope {
            Scope::Resource => Vec::new(),
            _ => self.views.pods_of(resource),
        };
        let arena = Bump::new();
        let subject = Subject {
            engine: self,
            control,
            resource,
            pods: &pods,
            anchor,
        };
        let scene = subject.scene(&Stage::new(&arena, self.version));
        let texts = control.texts(&self.keys);
        Detail {
            message: message(control, texts, scene),
            path: path_of(resource, finding.node),
            location: location_of(resource, finding.node),
            container: subject.container(),
            evidence: evidence(resource, finding.node),
            fingerprint: String::new(),
            fixes: fixes(texts, scene, resource),
            related: related(texts, scene, inventory),
            exception: None,
        }
    }
}

/// Where a finding's things are looked up again.
struct Subject<'a, 'r> {
    engine: &'a Engine,
    control: &'a Compiled,
    resource: &'a Resource,
    pods: &'a [PodView<'r>],
    anchor: Anchor,
}

impl<'a, 'r: 'a> Subject<'a, 'r> {
    fn scene(&self, stage: &Stage<'a>) -> Option<Scene<'a>> {
        let scene = self.thing(stage)?;
        let has_params = !self.control.header.params.is_empty();
        let params = has_params.then(|| stage.params(self.control.params(self.resource)));
        let scene = scene.with_params(params);
        let Some(ordinal) = self.anchor.item else {
            return Some(scene);
        };
        let item = match &self.control.decision {
            Decision::Native(native) => {
                let findings = NativeFindings::new(self.engine, self.resource);
                let finding = findings.of(*native)?.nth(ordinal as usize)?;
                words(stage, &finding.words)
            }
            Decision::Expression { each, .. } => {
                let list = each.as_ref()?.evaluate(&mut scene.activation());
                list_items(list)?.nth(ordinal as usize)?
            }
        };
        Some(scene.with_item(item))
    }

    fn thing(&self, stage: &Stage<'a>) -> Option<Scene<'a>> {
        let object = self.resource.object();
        let scope = self.control.header.scope;
        if scope == Scope::Resource {
            return Some(stage.resource(object));
        }
        let view = self.pods.get(self.anchor.pod as usize)?;
        let pod = PodHost::new(view, stage.arena);
        let part = self.anchor.part as usize;
        let container = || pod.containers().get(part);
        match scope {
            Scope::Resource | Scope::Pod => Some(stage.pod(object, pod)),
            Scope::Container => Some(stage.container(object, pod, container()?)),
            Scope::Image => stage.image(object, pod, container()?),
            Scope::Volume => Some(stage.volume(object, pod, view.volumes().nth(part)?)),
        }
    }

    fn container(&self) -> Option<String> {
        let in_container = matches!(self.control.header.scope, Scope::Container | Scope::Image);
        let pod = self.pods.get(self.anchor.pod as usize)?;
        let container = pod.containers().get(self.anchor.part as usize)?;
        (in_container && !container.name().is_empty()).then(|| container.name().to_owned())
    }
}

/// What a native control found, as the map that `item` is in its message.
fn words<'a>(stage: &Stage<'a>, words: &[(&'static str, String)]) -> Value<'a> {
    let entry = |(name, text): &(&'static str, String)| {
        let text: &'a str = stage.arena.alloc_str(text);
        (Value::String(name), Value::String(text))
    };
    let entries: Vec<_> = words.iter().map(entry).collect();
    let entries = stage.arena.alloc_slice_copy(&entries);
    Value::Map(stage.arena.alloc(MapValue { entries }))
}

/// The control's message for this place; its title where that cannot be made.
fn message<'a>(
    control: &Compiled,
    texts: Option<&'a CompiledTexts>,
    scene: Option<Scene<'a>>,
) -> String {
    let (Some(texts), Some(scene)) = (texts, scene) else {
        return control.header.title.clone();
    };
    let mut message = String::new();
    for part in &texts.message {
        match part {
            CompiledPart::Text(text) => message.push_str(text),
            CompiledPart::Hole(program) => {
                message.push_str(&text_of(program.evaluate(&mut scene.activation())));
            }
        }
    }
    message
}

fn fixes(texts: Option<&CompiledTexts>, scene: Option<Scene<'_>>, resource: &Resource) -> Vec<Fix> {
    let (Some(texts), Some(scene)) = (texts, scene) else {
        return Vec::new();
    };
    let fix = |fix: &crate::compiled::CompiledFix| {
        let in_metadata = scene
            .metadata
            .filter(|_| fix.path.0.first() == Some(&Step::Key("metadata".into())));
        let (base, below) = match in_metadata {
            Some(metadata) => (metadata, &fix.path.0[1..]),
            None => (scene.base, &fix.path.0[..]),
        };
        let mut path = resource
            .document
            .path_of(resource.object(), base)
            .unwrap_or_default();
        path.0.extend_from_slice(below);
        Fix {
            operation: fix.operation,
            path: path.to_string(),
            value: fix.value.clone(),
            safe: fix.safe,
        }
    };
    texts.fixes.iter().map(fix).collect()
}

fn related<'a>(
    texts: Option<&'a CompiledTexts>,
    scene: Option<Scene<'a>>,
    inventory: &Inventory,
) -> Vec<Related> {
    let (Some(texts), Some(scene)) = (texts, scene) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (role, program) in &texts.related {
        let value = program.evaluate(&mut scene.activation());
        let nodes = list_items(value)
            .into_iter()
            .flatten()
            .filter_map(Value::origin);
        found.extend(nodes.filter_map(|node| {
            Some(Related {
                role: role.clone(),
                resource: resource_at(inventory, node)?,
            })
        }));
    }
    found
}

fn resource_at(inventory: &Inventory, node: NodeRef<'_>) -> Option<usize> {
    inventory.resources.iter().position(|resource| {
        std::ptr::eq(&raw const *resource.document, node.document()) && resource.root == node.id()
    })
}

/// Path of a node from the root of its resource, as printed.
pub(crate) fn path_of(resource: &Resource, node: NodeId) -> String {
    let path = resource
        .document
        .path_of(resource.object(), resource.document.at(node));
    path.map_or_else(String::new, |path| path.to_string())
}

/// Where the author finds a node: a scalar where it stands, a mapping or list at its key, an item at
/// its dash.
pub fn location_of(resource: &Resource, node: NodeId) -> Location {
    let document = &resource.document;
    let place = document.display_place(resource.object(), document.at(node));
    Location {
        source: Arc::clone(place.source),
        span: place.span,
    }
}

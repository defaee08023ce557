//! The texts of a finding, made when somebody will read them.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use bumpalo::Bump;
use catalog::Scope;
use document::{NodeId, NodeRef};
use expr::{MapValue, Program, Value};
use foldhash::fast::FixedState;
use model::{
    Detail, Fix, Location, Origin, PodView, ProcessView, Related, RelatedObject, RenderedPlace,
    Resource,
};

use crate::compiled::{Compiled, CompiledPart, CompiledTexts, Decision};
use crate::engine::Engine;
use crate::evaluate::{Anchor, build_parts, list_items, rules};
use crate::evidence::evidence;
use crate::funnel::RawFinding;
use crate::host::{PodHost, SUBJECT_PARTS};
use crate::native::{NativeFinding, NativeFindings};
use crate::place::{self, path_of};
use crate::relations::Relations;
use crate::scene::{Scene, Stage, params_value};
use crate::text::push_text;

/// Findings of one resource that share what is looked up for them; more would keep too much memory.
const TOGETHER: usize = 1024;

/// Parts of one resource's findings at most: everything is looked up again for each part, and a hostile
/// resource can have very many findings.
const MOST_PARTS: usize = 16;

impl Engine {
    /// The texts of findings, in their order; those of one resource should stand together. Fingerprints
    /// and exceptions are the funnel's to fill in.
    pub fn details<'r>(
        &'r self,
        relations: &Relations<'r>,
        findings: &[(RawFinding, Anchor)],
    ) -> Vec<Detail> {
        let whole = relations;
        let relations = &whole.for_thread();
        let mut details = Vec::with_capacity(findings.len());
        let of_resource = findings.chunk_by(|left, right| left.0.resource == right.0.resource);
        for findings in of_resource {
            let natives = OnceCell::new();
            let together = TOGETHER.max(findings.len().div_ceil(MOST_PARTS));
            for findings in findings.chunks(together) {
                self.details_together(relations, findings, &natives, &mut details);
            }
        }
        whole.take_notes(relations);
        details
    }

    /// The texts of findings of one resource.
    fn details_together<'r>(
        &'r self,
        relations: &Relations<'r>,
        findings: &[(RawFinding, Anchor)],
        natives: &OnceCell<NativeFindings>,
        details: &mut Vec<Detail>,
    ) {
        let Some(&(first, _)) = findings.first() else {
            return;
        };
        let Some(resource) = relations.resource(first.resource) else {
            return;
        };
        relations.ask_for(first.resource);
        let pods = self.views.pods_of(resource);
        let processes = self.processes_of(resource, &pods);
        let arena = Bump::new();
        let mut describer = Describer {
            engine: self,
            index: first.resource,
            resource,
            pods: &pods,
            processes: &processes,
            stage: Stage::new(&arena, relations, self.version),
            hosts: vec![None; pods.len()],
            volumes: HashMap::default(),
            natives,
            found: HashMap::default(),
            params: HashMap::default(),
            lists: HashMap::default(),
            written: HashMap::default(),
            base: None,
        };
        details.extend(
            findings
                .iter()
                .map(|&(finding, anchor)| describer.detail(finding, anchor)),
        );
    }
}

/// Writes the texts of one resource's findings, and remembers what several of them need.
struct Describer<'a, 'r> {
    engine: &'a Engine,
    /// Position of the resource.
    index: u32,
    resource: &'a Resource,
    pods: &'a [PodView<'r>],
    processes: &'a [ProcessView<'a>],
    stage: Stage<'a, 'r>,
    /// The hosts of the pods.
    hosts: Vec<Option<&'a PodHost<'a, 'r>>>,
    /// Their volumes, by position of the pod.
    volumes: HashMap<u32, Vec<NodeRef<'r>>, FixedState>,
    natives: &'a OnceCell<NativeFindings>,
    /// What native controls found.
    found: HashMap<u32, Vec<&'a NativeFinding>, FixedState>,
    /// The parameters of controls.
    params: HashMap<u32, Value<'a>, FixedState>,
    /// What `each` gives, by control, pod and part.
    lists: HashMap<(u32, u32, u32), Vec<Value<'a>>, FixedState>,
    /// What is said of the nodes that were looked at.
    written: HashMap<NodeId, Written, FixedState>,
    /// The last thing that a fix began at, and its path.
    base: Option<(NodeId, String)>,
}

/// What is to say of a node, whatever the control.
struct Written {
    path: String,
    location: Location,
    origins: Vec<Origin>,
    rendered: Option<RenderedPlace>,
    evidence: Option<String>,
}

impl Written {
    fn new(resource: &Resource, node: NodeId, relations: &Relations<'_>) -> Self {
        let document = &resource.document;
        let (steps, place) = document.steps_and_place(resource.object(), document.at(node));
        Written {
            path: place::text_of(&steps),
            location: Location {
                source: Arc::clone(place.source),
                span: place.span,
            },
            origins: match resource.rendered {
                Some(_) => relations.provenance().origins_of(document, node),
                None => Vec::new(),
            },
            rendered: resource.rendered.map(|rendered| RenderedPlace {
                entry: rendered.entry,
                document: rendered.document,
                line: document.rendered_line(node),
            }),
            evidence: evidence(resource, node, &steps),
        }
    }
}

impl<'a, 'r: 'a> Describer<'a, 'r> {
    fn detail(&mut self, finding: RawFinding, anchor: Anchor) -> Detail {
        let control = &self.engine.controls[finding.control as usize];
        let scene = self.scene(control, finding.control, anchor);
        let texts = control.texts(&self.engine.keys);
        let (relations, resource) = (self.stage.relations, self.resource);
        let arena = self.stage.arena;
        let container = self.container(control, anchor);
        let shared = scene.and_then(|scene| shared_path(resource, scene.base, finding.node));
        let fixes = self.fixes(texts, scene);
        let written = self.written(finding.node);
        Detail {
            message: message(control, texts, scene),
            path: shared.unwrap_or_else(|| written.path.clone()),
            location: written.location.clone(),
            origins: written.origins.clone(),
            rendered: written.rendered,
            instances: Vec::new(),
            container,
            evidence: written.evidence.clone(),
            fingerprint: String::new(),
            fixes,
            related: related(texts, scene, relations, arena),
            exception: None,
        }
    }

    fn written(&mut self, node: NodeId) -> &Written {
        let (resource, relations) = (self.resource, self.stage.relations);
        self.written
            .entry(node)
            .or_insert_with(|| Written::new(resource, node, relations))
    }

    fn fixes<'t>(
        &mut self,
        texts: Option<&'t CompiledTexts>,
        scene: Option<Scene<'t>>,
    ) -> Vec<Fix> {
        let (Some(texts), Some(scene)) = (texts, scene) else {
            return Vec::new();
        };
        let mut fixes = Vec::with_capacity(texts.fixes.len());
        for fix in &texts.fixes {
            let is_meant = fix.when.as_ref().is_none_or(|when| holds(when, scene));
            if !is_meant {
                continue;
            }
            let value = match &fix.of {
                None => fix.value.clone(),
                Some(program) => match json_of(program.evaluate(&mut scene.activation())) {
                    Some(value) => Some(value),
                    // What is not known cannot be set.
                    None => return Vec::new(),
                },
            };
            let (base, below) = match (scene.metadata, &fix.below_metadata) {
                (Some(metadata), Some(below)) => (metadata, below),
                _ => (scene.base, &fix.below),
            };
            fixes.push(Fix {
                operation: fix.operation,
                path: below.after(self.base_text(base.id())),
                value,
                safe: fix.safe,
            });
        }
        fixes
    }

    /// The path of the thing that a control looked at.
    fn base_text(&mut self, base: NodeId) -> &str {
        let resource = self.resource;
        let known = self.base.take().filter(|(node, _)| *node == base);
        let text = || (base, path_of(resource, base));
        &self.base.insert(known.unwrap_or_else(text)).1
    }

    fn scene(&mut self, control: &'a Compiled, position: u32, anchor: Anchor) -> Option<Scene<'a>> {
        let scene = self.thing(control, anchor)?;
        let (stage, resource) = (self.stage, self.resource);
        let has_params = !control.header.params.is_empty();
        let params = has_params.then(|| {
            let known = self.params.entry(position);
            *known.or_insert_with(|| params_value(stage.arena, control.params(resource)))
        });
        let mut scene = params.map_or(scene, |params| scene.with_params(params));
        let texts = control.texts(&self.engine.keys);
        if control.relates || texts.is_some_and(|texts| texts.relates) {
            scene = stage.related(scene, self.index);
        }
        let Some(ordinal) = anchor.item else {
            return Some(scene);
        };
        let item = match &control.decision {
            Decision::Native(native) => {
                let (natives, engine) = (self.natives, self.engine);
                let found = self.found.entry(position).or_insert_with(|| {
                    let all =
                        natives.get_or_init(|| NativeFindings::new(&engine.validator, resource));
                    all.of(*native).into_iter().flatten().collect()
                });
                words(&stage, &found.get(ordinal as usize)?.words)
            }
            Decision::Expression { each, .. } => {
                let each = each.as_ref()?;
                let list = self.lists.entry((position, anchor.pod, anchor.part));
                let list = list.or_insert_with(|| {
                    let list = list_items(each.evaluate(&mut scene.activation()));
                    list.into_iter().flatten().collect()
                });
                *list.get(ordinal as usize)?
            }
        };
        Some(scene.with_item(item).at_item())
    }

    fn thing(&mut self, control: &Compiled, anchor: Anchor) -> Option<Scene<'a>> {
        let object = self.resource.object();
        let scope = control.header.scope;
        match scope {
            Scope::RbacRule => {
                let rule = rules(object).nth(anchor.part as usize)?;
                return Some(self.stage.part(object, rule));
            }
            Scope::Stage | Scope::Instruction | Scope::Command => {
                let part = build_parts(object, scope).nth(anchor.part as usize)?;
                return Some(self.stage.part(object, part));
            }
            Scope::Process => {
                let view = self.processes.get(anchor.part as usize)?;
                return Some(self.stage.process(object, self.index, view));
            }
            Scope::Cluster => return Some(self.stage.cluster(object)),
            Scope::Subject => {
                let graph = self.stage.relations.graph();
                let binding = graph.binding_at(self.index)?;
                let bound = graph.bound(binding).nth(anchor.part as usize)?;
                return self.stage.subject(object, &bound);
            }
            scope if !scope.is_in_pod() => return Some(self.stage.resource(object)),
            _ => {}
        }
        let view = self.pods.get(anchor.pod as usize)?;
        let host = self.hosts.get_mut(anchor.pod as usize)?;
        let (stage, index) = (self.stage, self.index);
        let pod =
            *host.get_or_insert_with(|| PodHost::new(view, index, stage.relations, stage.arena));
        let part = anchor.part as usize;
        let container = || pod.containers().get(part);
        match scope {
            Scope::Pod => Some(stage.pod(object, pod)),
            Scope::Container => Some(stage.container(object, pod, container()?)),
            Scope::Image => stage.image(object, pod, container()?),
            Scope::Volume => {
                let volumes = self.volumes.entry(anchor.pod);
                let volumes = volumes.or_insert_with(|| view.volumes().collect());
                Some(stage.volume(object, pod, *volumes.get(part)?))
            }
            _ => None,
        }
    }

    fn container(&self, control: &Compiled, anchor: Anchor) -> Option<String> {
        if control.header.scope == Scope::Process {
            let name = self.processes.get(anchor.part as usize)?.container();
            return (!name.is_empty()).then(|| name.to_owned());
        }
        let in_container = matches!(control.header.scope, Scope::Container | Scope::Image);
        let pod = self.pods.get(anchor.pod as usize)?;
        let container = pod.containers().get(anchor.part as usize)?;
        (in_container && !container.name().is_empty()).then(|| container.name().to_owned())
    }
}

/// What a native control found, as the map that `item` is in its message.
fn words<'a>(stage: &Stage<'a, '_>, words: &[(&'static str, String)]) -> Value<'a> {
    let entry = |(name, text): &(&'static str, String)| {
        let text: &'a str = stage.arena.alloc_str(text);
        (Value::String(name), Value::String(text))
    };
    let entries: Vec<_> = words.iter().map(entry).collect();
    let entries = stage.arena.alloc_slice_copy(&entries);
    Value::Map(stage.arena.alloc(MapValue { entries }))
}

/// Whether an expression is true.
fn holds<'a>(program: &'a Program, scene: Scene<'a>) -> bool {
    let value = program.evaluate(&mut scene.activation());
    matches!(value.plain(), Value::Bool(true))
}

/// A scalar as JSON.
fn json_of(value: Value<'_>) -> Option<String> {
    match value.plain() {
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(value) => Some(value.to_string()),
        Value::Uint(value) => Some(value.to_string()),
        Value::Double(value) if value.is_finite() => Some(format!("{value:?}")),
        Value::String(text) => Some(document::edit::json_string(text)),
        _ => None,
    }
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
    let mut message = String::with_capacity(texts.length);
    let mut activation = scene.activation();
    for part in &texts.message {
        match part {
            CompiledPart::Text(text) => message.push_str(text),
            CompiledPart::Hole(program) => {
                push_text(program.evaluate(&mut activation), &mut message);
            }
        }
    }
    message
}

fn related<'a>(
    texts: Option<&'a CompiledTexts>,
    scene: Option<Scene<'a>>,
    relations: &Relations<'_>,
    arena: &'a Bump,
) -> Vec<Related> {
    let (Some(texts), Some(scene)) = (texts, scene) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (role, program) in &texts.related {
        let value = program.evaluate(&mut scene.activation());
        let listed = list_items(value).into_iter().flatten();
        let single = value.items().is_none().then_some(value);
        let things = listed.chain(single);
        found.extend(things.filter_map(|thing| {
            let role = role.clone();
            let object = related_object(thing, relations, arena)?;
            Some(Related { role, object })
        }));
    }
    found
}

/// What a value stands for: a resource of the inventory, or a subject that none is.
fn related_object<'a>(
    thing: Value<'a>,
    relations: &Relations<'_>,
    arena: &'a Bump,
) -> Option<RelatedObject> {
    let resource = match thing {
        Value::Host(host) if host.type_name() == "subject" => {
            let part = |id| match host.member(id, arena) {
                Some(Value::String(text)) => text,
                _ => "",
            };
            let [kind, name, namespace] = SUBJECT_PARTS.map(part);
            let account = (kind == "ServiceAccount")
                .then(|| relations.find("", kind, namespace, name))
                .flatten();
            if account.is_none() {
                return Some(RelatedObject::Subject {
                    kind: kind.to_owned(),
                    namespace: (!namespace.is_empty()).then(|| namespace.to_owned()),
                    name: name.to_owned(),
                });
            }
            account
        }
        other => relations.resource_at(other.origin()?),
    };
    Some(RelatedObject::Resource(resource? as usize))
}

/// The path by way of the thing that was looked at, where the node lies outside its text: several things
/// reach it through an alias or a merge key, and the first path is that of the first of them.
fn shared_path(resource: &Resource, base: NodeRef<'_>, node: NodeId) -> Option<String> {
    let document = &resource.document;
    let node = document.at(node);
    let (around, own) = (base.place().span, node.place().span);
    if around.start <= own.start && own.end <= around.end {
        return None;
    }
    let below = document.path_of(base, node)?;
    let mut path = document.path_of(resource.object(), base)?;
    path.0.extend(below.0);
    Some(path.to_string())
}

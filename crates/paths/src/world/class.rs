//! Pods by what they are: those of one workload with equal facts are one class, whatever their number.

use document::NodeRef;
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::{Inventory, Views};
use network::{Network, PodId};

use super::pod::PodFacts;
use super::position::Positions;
use crate::asset::namespace_of;
use crate::evidence::Place;
use crate::read::{field, fields, items, text};

/// Pods that are one to an attacker.
#[derive(Debug)]
pub(crate) struct PodClass<'a> {
    pub(crate) facts: PodFacts<'a>,
    /// The resource that the facts are written in: the workload where it was scanned.
    pub(crate) resource: u32,
    pub(crate) namespace: &'a str,
    /// The kind and name of the workload, or of the pod.
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
    /// Tells apart the classes of one workload.
    pub(crate) ordinal: u32,
    /// How many pods it stands for; one for a template.
    pub(crate) members: u32,
    /// The nodes that its pods run on, sorted.
    pub(crate) nodes: Vec<&'a str>,
    /// Whether the node of some pod is not known.
    pub(crate) is_unplaced: bool,
    /// Its pods in the network.
    pub(crate) pods: Vec<PodId>,
    /// Where policies put it.
    pub(crate) position: Option<u32>,
}

/// All classes.
pub(super) struct Gathered<'a> {
    pub(super) classes: Vec<PodClass<'a>>,
    pub(super) class_of_pod: HashMap<(&'a str, &'a str), u32, FixedState>,
    /// Values that contradict the API.
    pub(super) wrong: Vec<Place>,
}

/// Whose pod it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Owner<'a> {
    /// A resource that was scanned: the workload, or the pod itself.
    Scanned(u32),
    /// One that was not: its namespace, kind and name.
    Named(&'a str, &'a str, &'a str),
}

/// How far owners are followed.
const OWNERS: usize = 8;

struct Gather<'a> {
    inventory: &'a Inventory,
    default_namespace: &'a str,
    /// Resources that are no pods, by kind, namespace and name; made when a pod names an owner.
    by_name: Option<HashMap<(&'a str, &'a str, &'a str), u32, FixedState>>,
    classes: Vec<PodClass<'a>>,
    of_owner: HashMap<Owner<'a>, Vec<u32>, FixedState>,
    class_of_pod: HashMap<(&'a str, &'a str), u32, FixedState>,
}

pub(super) fn gather<'a>(
    inventory: &'a Inventory,
    views: &'a Views,
    network: &Network,
    positions: Option<&Positions>,
    default_namespace: &'a str,
) -> Gathered<'a> {
    let mut gather = Gather {
        inventory,
        default_namespace,
        by_name: None,
        classes: Vec::new(),
        of_owner: HashMap::default(),
        class_of_pod: HashMap::default(),
    };
    let mut templates = Vec::new();
    let mut wrong = Vec::new();
    for (index, resource) in inventory.resources.iter().enumerate() {
        let index = index as u32;
        for view in views.pods_of(resource) {
            if &*resource.kind == "Pod" && has_ended(resource.object()) {
                continue;
            }
            let pod = network.pod(index, view.spec().id());
            let place = pod.zip(positions);
            let mut nodes = Vec::new();
            let facts = PodFacts::read(&view, &mut nodes);
            wrong.extend(nodes.into_iter().map(|node| Place {
                resource: index,
                node,
            }));
            let one = One {
                facts,
                resource: index,
                pod,
                position: place.and_then(|(pod, positions)| positions.of(pod)),
            };
            if &*resource.kind == "Pod" {
                gather.pod(one);
            } else {
                templates.push(one);
            }
        }
    }
    for template in templates {
        gather.template(template);
    }
    gather.number();
    Gathered {
        classes: gather.classes,
        class_of_pod: gather.class_of_pod,
        wrong,
    }
}

/// A pod or a template, as read.
struct One<'a> {
    facts: PodFacts<'a>,
    resource: u32,
    pod: Option<PodId>,
    position: Option<u32>,
}

impl<'a> Gather<'a> {
    /// Takes a pod that runs.
    fn pod(&mut self, one: One<'a>) {
        let resource = &self.inventory.resources[one.resource as usize];
        let object = resource.object();
        let namespace = namespace_of(self.inventory, one.resource, self.default_namespace);
        let owner = self.owner(one.resource, object);
        let node = fields(object, &["spec", "nodeName"]).and_then(NodeRef::as_str);
        let of_owner = self.of_owner.entry(owner).or_default();
        let is_same = |&&class: &&u32| {
            let class = &self.classes[class as usize];
            class.position == one.position && class.facts == one.facts
        };
        let class = of_owner.iter().find(is_same).copied().unwrap_or_else(|| {
            let next = self.classes.len() as u32;
            of_owner.push(next);
            let (kind, name) = match owner {
                Owner::Named(_, kind, name) => (kind, name),
                Owner::Scanned(owner) => {
                    let owner = &self.inventory.resources[owner as usize];
                    (&*owner.kind, name_of(owner))
                }
            };
            self.classes.push(PodClass {
                facts: one.facts,
                resource: one.resource,
                namespace,
                kind,
                name,
                ordinal: 0,
                members: 0,
                nodes: Vec::new(),
                is_unplaced: false,
                pods: Vec::new(),
                position: one.position,
            });
            next
        });
        let found = &mut self.classes[class as usize];
        found.members += 1;
        found.pods.extend(one.pod);
        match node {
            Some(node) if !node.is_empty() => found.nodes.push(node),
            _ => found.is_unplaced = true,
        }
        self.class_of_pod.insert((namespace, &resource.name), class);
    }

    /// Takes a template: the places of its pods' facts, or a class of its own where no pod of it was scanned.
    fn template(&mut self, one: One<'a>) {
        let resource = &self.inventory.resources[one.resource as usize];
        let owner = self.owner(one.resource, resource.object());
        if owner != Owner::Scanned(one.resource) {
            // What makes it was scanned, or is not there to be changed: the template says nothing more.
            let makes_pods = |owner| self.of_owner.contains_key(owner);
            if makes_pods(&owner) || matches!(owner, Owner::Scanned(_)) {
                return;
            }
        }
        let live = self
            .of_owner
            .get(&owner)
            .filter(|_| owner == Owner::Scanned(one.resource));
        let has_pods = live.is_some_and(|live| live.iter().any(|&class| self.is_live(class)));
        if has_pods {
            for &class in live.into_iter().flatten() {
                let class = &mut self.classes[class as usize];
                if class.facts == one.facts {
                    class.facts = one.facts.clone();
                    class.resource = one.resource;
                }
            }
            return;
        }
        let next = self.classes.len() as u32;
        self.of_owner.entry(owner).or_default().push(next);
        self.classes.push(PodClass {
            facts: one.facts,
            resource: one.resource,
            namespace: namespace_of(self.inventory, one.resource, self.default_namespace),
            kind: &resource.kind,
            name: name_of(resource),
            ordinal: 0,
            members: 1,
            nodes: Vec::new(),
            is_unplaced: true,
            pods: one.pod.into_iter().collect(),
            position: one.position,
        });
    }

    fn is_live(&self, class: u32) -> bool {
        let resource = self.classes[class as usize].resource;
        &*self.inventory.resources[resource as usize].kind == "Pod"
    }

    /// The topmost owner of a resource that was scanned; the nearest that was not, when none was.
    fn owner(&mut self, resource: u32, object: NodeRef<'a>) -> Owner<'a> {
        let Some((kind, name)) = controller(object) else {
            return Owner::Scanned(resource);
        };
        let namespace = namespace_of(self.inventory, resource, self.default_namespace);
        let (inventory, default_namespace) = (self.inventory, self.default_namespace);
        let by_name = self.by_name.get_or_insert_with(|| {
            let all = (0..).zip(&inventory.resources);
            let others = all.filter(|(_, resource)| &*resource.kind != "Pod");
            let entry = |(index, own): (u32, &'a model::Resource)| {
                let namespace = namespace_of(inventory, index, default_namespace);
                ((&*own.kind, namespace, &*own.name), index)
            };
            others.map(entry).collect()
        });
        let mut found = None;
        let mut next = Some((kind, name));
        for _ in 0..OWNERS {
            let Some((kind, name)) = next else { break };
            let Some(&owner) = by_name.get(&(kind, namespace, name)) else {
                break;
            };
            found = Some(owner);
            next = controller(inventory.resources[owner as usize].object());
        }
        found.map_or(Owner::Named(namespace, kind, name), Owner::Scanned)
    }

    /// Numbers the classes that have the same name, and sorts their nodes.
    fn number(&mut self) {
        let mut seen: HashMap<(&str, &str, &str), u32, FixedState> = HashMap::default();
        for class in &mut self.classes {
            let number = seen
                .entry((class.namespace, class.kind, class.name))
                .or_default();
            class.ordinal = *number;
            *number += 1;
            class.nodes.sort_unstable();
            class.nodes.dedup();
        }
    }
}

/// The kind and name of the owner that controls an object.
fn controller(object: NodeRef<'_>) -> Option<(&str, &str)> {
    let metadata = field(object, "metadata")?;
    let mut owners = items(metadata, "ownerReferences");
    let is_controller =
        |owner: &NodeRef<'_>| field(*owner, "controller").and_then(NodeRef::as_bool) == Some(true);
    let owner = owners.find(is_controller)?;
    Some((text(owner, "kind")?, text(owner, "name")?))
}

/// Whether a pod has run to its end.
fn has_ended(object: NodeRef<'_>) -> bool {
    let phase = fields(object, &["status", "phase"]).and_then(NodeRef::as_str);
    matches!(phase, Some("Succeeded" | "Failed"))
}

fn name_of(resource: &model::Resource) -> &str {
    match &*resource.name {
        "" => resource.generate_name.as_deref().unwrap_or_default(),
        name => name,
    }
}

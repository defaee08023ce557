//! From pods to classes: first by the labels that selectors look at, then by what the selectors say.

use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::FixedState;

use crate::answer::Truth;
use crate::bits::Bits;
use crate::label::{Key, Labels, Selector, Value};
use crate::pod::{Pod, PodId};
use crate::policy::{Atom, AtomId, PeerRef, Policies, relevant};
use crate::port::NamedPort;
use crate::reach::World;
use crate::symbol::Symbol;

/// The classes of all pods.
#[derive(Debug)]
pub(super) struct Groups {
    pub(super) of_pod: Vec<u32>,
    pub(super) members: Vec<Vec<PodId>>,
    /// By condition, the classes that it holds for, and those of which nobody knows.
    pub(super) holds: Vec<[Bits; 2]>,
    /// Classes of pods that (may) use the network of their node.
    pub(super) on_host: Bits,
    /// By class, the ports that policies know by name.
    pub(super) named: Vec<Box<[NamedPort]>>,
}

/// What policies can look at.
#[derive(Default)]
struct Relevant {
    labels: Vec<Symbol>,
    has_service_accounts: bool,
    has_blocks: bool,
    port_names: Vec<Symbol>,
}

/// What is to be seen of a pod.
#[derive(PartialEq, Eq, Hash)]
struct Shape {
    namespace: Symbol,
    labels: Labels,
    service_account: Value,
    is_on_host: bool,
    named: Box<[NamedPort]>,
    addresses: Box<[IpAddr]>,
}

/// What policies say of a pod: the conditions that hold (even numbers) and those that may (odd ones).
#[derive(PartialEq, Eq, Hash)]
struct Signature {
    conditions: Vec<u32>,
    is_on_host: bool,
    named: Box<[NamedPort]>,
}

impl Relevant {
    fn new(policies: &Policies) -> Self {
        let mut relevant = Relevant::default();
        for atom in &policies.atoms {
            match atom {
                Atom::Block(_) => relevant.has_blocks = true,
                Atom::Pods(selector) => selector.keys(&mut |key| match key {
                    Key::Pod(key) => relevant.labels.push(key),
                    Key::ServiceAccount => relevant.has_service_accounts = true,
                    Key::Namespace(_) | Key::NamespaceName => {}
                }),
            }
        }
        let sections = policies.list.iter().flat_map(|policy| &policy.sections);
        for rule in sections.flat_map(|section| &section.rules) {
            relevant.port_names.extend(rule.ports.names());
        }
        for names in [&mut relevant.labels, &mut relevant.port_names] {
            names.sort_unstable();
            names.dedup();
        }
        relevant
    }

    fn shape(&self, pod: &Pod) -> Shape {
        let named = pod.named.iter().copied();
        let is_known = |port: &NamedPort| self.port_names.binary_search(&port.name).is_ok();
        Shape {
            namespace: pod.namespace,
            labels: relevant(&pod.labels, &self.labels),
            service_account: if self.has_service_accounts {
                pod.service_account
            } else {
                Value::Absent
            },
            is_on_host: pod.host_network.is_possible(),
            named: named.filter(is_known).collect(),
            addresses: if self.has_blocks {
                pod.addresses.clone()
            } else {
                Box::default()
            },
        }
    }
}

impl Groups {
    pub(super) fn new(world: World<'_>) -> Self {
        let relevant = Relevant::new(world.policies);
        let mut ids: HashMap<Shape, u32, FixedState> = HashMap::default();
        // One pod for each shape, and the shape of each pod.
        let mut examples: Vec<&Pod> = Vec::new();
        let mut shape_of_pod = Vec::with_capacity(world.pods.list.len());
        for pod in &world.pods.list {
            let shape = *ids.entry(relevant.shape(pod)).or_insert_with(|| {
                examples.push(pod);
                examples.len() as u32 - 1
            });
            shape_of_pod.push(shape);
        }
        let conditions = conditions(world, &examples);
        let signatures = examples.iter().zip(conditions).map(|(pod, conditions)| {
            let Shape {
                is_on_host, named, ..
            } = relevant.shape(pod);
            Signature {
                conditions,
                is_on_host,
                named,
            }
        });
        Groups::of_signatures(
            &signatures.collect::<Vec<_>>(),
            &shape_of_pod,
            world.policies.atoms.len(),
        )
    }

    fn of_signatures(signatures: &[Signature], shape_of_pod: &[u32], atoms: usize) -> Self {
        let mut ids: HashMap<&Signature, u32, FixedState> = HashMap::default();
        let mut distinct: Vec<&Signature> = Vec::new();
        let class_of_shape: Vec<u32> = signatures
            .iter()
            .map(|signature| {
                *ids.entry(signature).or_insert_with(|| {
                    distinct.push(signature);
                    distinct.len() as u32 - 1
                })
            })
            .collect();
        let count = distinct.len();
        let mut groups = Groups {
            of_pod: Vec::with_capacity(shape_of_pod.len()),
            members: vec![Vec::new(); count],
            holds: vec![[Bits::none(count), Bits::none(count)]; atoms],
            on_host: Bits::none(count),
            named: distinct
                .iter()
                .map(|signature| signature.named.clone())
                .collect(),
        };
        for (class, signature) in distinct.iter().enumerate() {
            for &condition in &signature.conditions {
                groups.holds[condition as usize / 2][condition as usize % 2].insert(class);
            }
            if signature.is_on_host {
                groups.on_host.insert(class);
            }
        }
        for (pod, &shape) in shape_of_pod.iter().enumerate() {
            let class = class_of_shape[shape as usize];
            groups.of_pod.push(class);
            groups.members[class as usize].push(PodId(pod as u32));
        }
        groups
    }
}

/// By example, the conditions that hold or may hold, ascending.
fn conditions(world: World<'_>, examples: &[&Pod]) -> Vec<Vec<u32>> {
    let mut of_namespace: HashMap<Symbol, Vec<u32>, FixedState> = HashMap::default();
    for (example, pod) in examples.iter().enumerate() {
        of_namespace
            .entry(pod.namespace)
            .or_default()
            .push(example as u32);
    }
    let every: Vec<u32> = (0..examples.len() as u32).collect();
    let mut conditions = vec![Vec::new(); examples.len()];
    for position in 0..world.policies.atoms.len() as u32 {
        let id = AtomId(position);
        let namespace = world
            .policies
            .selector(id)
            .and_then(Selector::only_namespace);
        let candidates = match namespace {
            Some(namespace) => of_namespace.get(&namespace).map_or(&[][..], Vec::as_slice),
            None => &every,
        };
        for &example in candidates {
            let peer = PeerRef::Pod(examples[example as usize]);
            match world.policies.atom_matches(id, peer, world.pods) {
                Truth::No => {}
                Truth::Yes => conditions[example as usize].push(position * 2),
                Truth::Unknown(_) => conditions[example as usize].push(position * 2 + 1),
            }
        }
    }
    conditions
}

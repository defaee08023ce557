//! Ports of other pods, as policies let them be reached.

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use model::Severity;
use network::{Endpoint, Port};

use super::{Data, Find};
use crate::asset::{Asset, AssetId, Kind};
use crate::evidence::EvidenceId;
use crate::finder::Finder;

pub(super) const TECHNIQUE: Data = Data {
    title: "Reach a port of another pod",
    severity: Some(Severity::Low),
    from: &[Kind::Position],
    to: &[Kind::Reachable],
    effect: "traffic from one pod to another, as far as policies let it",
    fix: "write a NetworkPolicy that lets in only what is needed",
    references: &["https://kubernetes.io/docs/concepts/services-networking/network-policies/"],
    attack: &["T1210", "T1046"],
    controls: &["ingress-default-allowed"],
    find: Find::World(find),
    ..Data::NEW
};

const NOT_LOOKED_AT: &str = "policies tell too many pods apart to look at every pair of them";
const NOT_DECIDED: &str = "whether policies let the traffic through cannot be decided";

/// Positions for which every pair is looked at.
const POSITIONS: usize = 4_000;
/// Pairs whose single ports are looked at.
const PAIRS: usize = 200_000;

/// Who reaches a port: surely, and perhaps.
type Senders = (Vec<u32>, Vec<u32>);

fn find(finder: &mut Finder<'_, '_>) {
    let world = finder.world;
    let mut positions: HashMap<u32, AssetId, FixedState> = HashMap::default();
    let mut targets: HashMap<(u32, Option<Port>), Vec<AssetId>, FixedState> = HashMap::default();
    let mut order = Vec::new();
    for (class, pod) in world.classes.iter().zip(finder.pods.clone()) {
        let Some(position) = class.position else {
            continue;
        };
        let asset = *positions.entry(position).or_insert_with(|| {
            let name = (position + 1).to_string();
            finder.assets.add(Asset::new(Kind::Position, "", name))
        });
        for container in class
            .facts
            .containers
            .iter()
            .filter(|container| container.keeps_running())
        {
            let container = finder.container(pod, container.name);
            finder.belongs(container, asset, None);
        }
        for port in finder.ports(class) {
            let endpoint = finder.endpoint(class, pod, port);
            let known = targets.entry((position, port)).or_insert_with(|| {
                order.push((position, port));
                Vec::new()
            });
            known.push(endpoint);
        }
    }
    let mut from: Vec<u32> = positions.keys().copied().collect();
    from.sort_unstable();
    let mut pairs = Pairs {
        left: PAIRS,
        ports: HashMap::default(),
    };
    let mut groups: HashMap<Senders, AssetId, FixedState> = HashMap::default();
    for key in order {
        let senders = if from.len() > POSITIONS {
            (Vec::new(), from.clone())
        } else {
            pairs.senders(finder, &from, key)
        };
        let unknown = if from.len() > POSITIONS {
            NOT_LOOKED_AT
        } else {
            NOT_DECIDED
        };
        let next = groups.len() + 1;
        let group = *groups
            .entry(senders)
            .or_insert_with_key(|(surely, perhaps)| {
                let group = finder
                    .assets
                    .add(Asset::new(Kind::Reachable, "", next.to_string()));
                for sender in surely {
                    finder.edge(positions[sender], group, EvidenceId::NONE);
                }
                for sender in perhaps {
                    finder.edge_if(positions[sender], group, EvidenceId::NONE, Some(unknown));
                }
                group
            });
        for &endpoint in &targets[&key] {
            finder.belongs(group, endpoint, None);
        }
    }
}

/// What gets through between positions whose ports differ.
struct Pairs {
    left: usize,
    ports: HashMap<(u32, u32), network::Ports3, FixedState>,
}

impl Pairs {
    fn senders(
        &mut self,
        finder: &Finder<'_, '_>,
        from: &[u32],
        (to, port): (u32, Option<Port>),
    ) -> Senders {
        let (mut surely, mut perhaps) = (Vec::new(), Vec::new());
        for &sender in from {
            match self.gets_through(finder, sender, to, port) {
                Some(true) => surely.push(sender),
                None => perhaps.push(sender),
                Some(false) => {}
            }
        }
        (surely, perhaps)
    }

    /// `None` when nobody knows.
    fn gets_through(
        &mut self,
        finder: &Finder<'_, '_>,
        from: u32,
        to: u32,
        port: Option<Port>,
    ) -> Option<bool> {
        let positions = finder.world.positions.as_ref()?;
        let classes = positions.classes();
        let (source, target) = (positions.class(from)?, positions.class(to)?);
        let reach = classes.reach(source, target);
        if reach.is_every {
            return Some(true);
        }
        if !reach.is_some && !reach.is_unknown {
            return Some(false);
        }
        let Some(port) = port else {
            return reach.is_some.then_some(true);
        };
        let ports = match self.ports.get(&(from, to)) {
            Some(ports) => ports,
            None if self.left == 0 => return None,
            None => {
                self.left -= 1;
                let pod = |class| classes.members(class).first().copied();
                let ends = (Endpoint::Pod(pod(source)?), Endpoint::Pod(pod(target)?));
                let ports = finder.world.network.ports(ends.0, ends.1);
                self.ports.entry((from, to)).or_insert(ports)
            }
        };
        match (ports.allowed.contains(port), ports.denied.contains(port)) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        }
    }
}

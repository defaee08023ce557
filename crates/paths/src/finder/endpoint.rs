//! Ports of pods, and from how far away policies let them be reached.

use std::net::{IpAddr, Ipv4Addr};

use network::{Chain, Direction, Endpoint, Hop, Network, Outcome, PodId, Port, Truth};

use super::Finder;
use crate::asset::{Asset, AssetId, Kind};
use crate::cause;
use crate::edge::Possible;
use crate::evidence::{EvidenceId, Fact};
use crate::read::items;
use crate::world::PodClass;

const SOURCE_ADDRESS: &str = "policies let some addresses through, and whether traffic from outside keeps its own is not known";
const CONTROLLER: &str = "policies let some pods through, and whether those that serve the route are among them is not known";
const UNKNOWN_PORT: &str = "the port that the way leads to is not known";

/// Addresses that policies may mean: one of the internet, and those of private networks.
const OUTSIDE: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 9));
const PRIVATE: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(10, 0, 0, 9)),
    IpAddr::V4(Ipv4Addr::new(172, 16, 0, 9)),
    IpAddr::V4(Ipv4Addr::new(192, 168, 0, 9)),
];

impl<'a> Finder<'_, 'a> {
    /// A port of pods; without a number any port.
    pub(crate) fn endpoint(
        &mut self,
        class: &PodClass<'a>,
        pod: AssetId,
        port: Option<Port>,
    ) -> AssetId {
        let name = port.map_or_else(|| "of any number".to_owned(), |port| port.to_string());
        let mut asset = Asset::new(Kind::Endpoint, "", name);
        asset.parent = Some(pod);
        let next = self.assets.list.len();
        let id = self.assets.add(asset);
        if id.index() == next {
            self.endpoints.push((class.namespace, id));
        }
        id
    }

    /// The ports that containers declare or that services lead to, each once.
    pub(crate) fn ports(&self, class: &PodClass<'a>) -> Vec<Option<Port>> {
        let declared = class
            .facts
            .containers
            .iter()
            .flat_map(|container| &container.ports);
        let declared = declared.map(|port| Some(port.value));
        let network = self.world.network;
        let served = class.pods.first().into_iter().flat_map(|&pod| {
            let chains = network.exposure(pod).chains.iter();
            chains.map(|chain| chain.port)
        });
        let mut ports: Vec<Option<Port>> = declared.chain(served).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }

    /// Evidence of a way from outside.
    pub(crate) fn chain(&mut self, chain: &Chain) -> EvidenceId {
        let facts: Vec<Fact> = chain
            .steps
            .iter()
            .map(|step| Fact::new(step.place.into(), exposing(step.hop)))
            .collect();
        self.all_of(&facts)
    }

    /// Whether policies let in what comes along a way from outside.
    pub(crate) fn lets_in(&self, pod: PodId, chain: &Chain) -> Possible {
        let network = self.world.network;
        if network.is_isolated(pod, Direction::Ingress) == Truth::No {
            return Possible::Yes;
        }
        let Some(port) = chain.port else {
            return Possible::Perhaps(UNKNOWN_PORT);
        };
        let from = |address| network.reach(Endpoint::Address(address), Endpoint::Pod(pod), port);
        let outside = from(OUTSIDE);
        if outside.outcome == Outcome::Allowed {
            return Possible::Yes;
        }
        let is_routed = chain
            .steps
            .iter()
            .any(|step| matches!(step.hop, Hop::Gateway | Hop::Route));
        if is_routed {
            return self.lets_in_route(pod, port);
        }
        if PRIVATE
            .iter()
            .any(|&address| from(address).outcome == Outcome::Allowed)
        {
            return Possible::Perhaps(SOURCE_ADDRESS);
        }
        let reason = outside.by.iter().find_map(|because| because.unknown);
        match outside.outcome {
            Outcome::Denied => Possible::No,
            _ => Possible::Perhaps(reason.map_or(SOURCE_ADDRESS, network::Reason::sentence)),
        }
    }

    /// The same for what pods of an ingress controller pass on.
    fn lets_in_route(&self, pod: PodId, port: Port) -> Possible {
        let network = self.world.network;
        let controllers = self.world.controllers.iter().filter(|&&from| from != pod);
        let mut outcomes = controllers.map(|&from| {
            network
                .reach(Endpoint::Pod(from), Endpoint::Pod(pod), port)
                .outcome
        });
        if outcomes.any(|outcome| outcome == Outcome::Allowed) {
            return Possible::Yes;
        }
        if allows_anyone(network, self.world.inventory, pod) {
            Possible::Perhaps(CONTROLLER)
        } else {
            Possible::No
        }
    }
}

/// Whether some policy that selects a pod has a rule for traffic to it.
fn allows_anyone(network: &Network, inventory: &model::Inventory, pod: PodId) -> bool {
    network
        .policies(pod, Direction::Ingress)
        .iter()
        .any(|policy| {
            let resource = inventory.resources.get(policy.place.resource as usize);
            let spec = resource.map(|resource| resource.document.at(policy.place.node));
            spec.is_some_and(|spec| items(spec, "ingress").next().is_some())
                || policy.kind != network::PolicyKind::NetworkPolicy
        })
}

fn exposing(hop: Hop) -> &'static crate::evidence::Cause {
    match hop {
        Hop::HostNetwork => &cause::HOST_NETWORK,
        Hop::ContainerPort | Hop::Pod => &cause::DECLARED,
        _ => &cause::EXPOSED,
    }
}

//! Ports that can be reached from outside of the cluster.

use network::Level;

use super::{Data, Find};
use crate::asset::{Asset, Kind};
use crate::edge::Possible;
use crate::finder::{Finder, Pod};

pub(super) const TECHNIQUE: Data = Data {
    title: "Reach a port from outside",
    is_step: false,
    from: &[Kind::Internet, Kind::NodeNetwork],
    to: &[Kind::Endpoint],
    effect: "traffic gets to the port, as services, routes and policies let it",
    fix: "do not expose the service, or let a NetworkPolicy say from where it is reached",
    references: &[
        "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types",
        "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    ],
    attack: &["T1133"],
    kubehound: &["ENDPOINT_EXPOSE"],
    find: Find::Pod(find),
    ..Data::NEW
};

fn find<'a>(finder: &mut Finder<'_, 'a>, pod: &Pod<'_, 'a>) {
    let network = finder.world.network;
    let mut seen = Vec::new();
    for &own in &pod.class.pods {
        for chain in &network.exposure(own).chains {
            let key = (chain.level, chain.port, chain.steps.first());
            if chain.level < Level::Node || seen.contains(&key) {
                continue;
            }
            seen.push(key);
            let lets_in = finder.lets_in(own, chain);
            if lets_in == Possible::No {
                continue;
            }
            let kind = match chain.level {
                Level::Internet => Kind::Internet,
                _ => Kind::NodeNetwork,
            };
            let from = finder.assets.add(Asset::new(kind, "", ""));
            let to = finder.endpoint(pod.class, pod.asset, chain.port);
            let evidence = finder.chain(chain);
            let reason = chain.unknown.map(network::Reason::sentence);
            finder.edge_if(from, to, evidence, reason.or(lets_in.doubt()));
        }
    }
}

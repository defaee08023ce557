//! The identity of the machine that a node is.

use model::Severity;
use network::{Endpoint, Outcome, Port};

use super::{Data, Find};
use crate::asset::Kind;
use crate::cause;
use crate::evidence::Fact;
use crate::finder::{Finder, Pod};

pub(super) const TECHNIQUE: Data = Data {
    title: "Ask the metadata service of the cloud",
    severity: Some(Severity::High),
    from: &[Kind::Pod],
    to: &[Kind::CloudIdentity],
    precondition: "the metadata service answers pods: on AWS the limit of hops lets it, on GKE there is no metadata server of the cluster",
    effect: "the permissions that the cloud gives to the node itself",
    fix: "keep pods from 169.254.169.254 with a NetworkPolicy, or have the cloud answer nodes alone",
    references: &[
        "https://kubernetes.io/docs/tasks/administer-cluster/securing-a-cluster/#restricting-cloud-metadata-api-access",
        "https://docs.aws.amazon.com/whitepapers/latest/security-practices-multi-tenant-saas-applications-eks/restrict-the-use-of-host-networking-and-block-access-to-instance-metadata-service.html",
    ],
    attack: &["T1552.005"],
    controls: &["metadata-api-reachable"],
    find: Find::Pod(find),
    ..Data::NEW
};

const ANSWERS: &str = "whether the metadata service answers pods is set in the cloud";

fn find<'a>(finder: &mut Finder<'_, 'a>, pod: &Pod<'_, 'a>) {
    let world = finder.world;
    let hosts = pod
        .class
        .nodes
        .iter()
        .filter_map(|name| world.objects.hosts.get(name));
    let mut providers: Vec<_> = hosts.filter_map(|host| host.provider).collect();
    providers.sort_unstable();
    providers.dedup_by_key(|(provider, _)| *provider);
    let address = std::net::IpAddr::from([169, 254, 169, 254]);
    for (provider, place) in providers {
        let is_on_host = pod.class.facts.host_network.value;
        let outcome = pod.class.pods.first().map(|&own| {
            let verdict = world.network.reach(
                Endpoint::Pod(own),
                Endpoint::Address(address),
                Port::tcp(80),
            );
            verdict.outcome
        });
        if !is_on_host && outcome == Some(Outcome::Denied) {
            continue;
        }
        let mut facts = vec![Fact::new(place, &cause::CLOUD_NODE)];
        if is_on_host {
            facts.push(Fact::new(
                pod.class.place(pod.class.facts.host_network.node),
                &cause::HOST_NETWORK,
            ));
        }
        let evidence = finder.all_of(&facts);
        let to = finder.cloud(format!("of the {provider} nodes"));
        finder.edge_if(pod.asset, to, evidence, (!is_on_host).then_some(ANSWERS));
    }
}

//! Random clusters against an evaluator that reads like Kubernetes' documentation and knows nothing of sets,
//! symbols or classes.

pub(crate) mod cluster;
mod evaluate;

use network::{Endpoint, Network, Options, Outcome, Port, PortSet, Protocol, Truth};
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::{TestCaseError, TestRunner};

use self::cluster::{Cluster, cluster};
use crate::world::{World, inventory};

/// The ports that random policies tell apart.
fn ports() -> impl Iterator<Item = Port> {
    let numbers = [79, 80, 81, 82, 83, 84, 85, 90];
    numbers
        .into_iter()
        .flat_map(|number| [Protocol::Tcp, Protocol::Udp].map(|protocol| Port { protocol, number }))
}

/// Pods by position, then addresses outside.
fn ends(cluster: &Cluster, world: &World) -> Vec<Endpoint> {
    let pods = (0..cluster.pods.len()).map(|index| world.end(&cluster.pod_name(index)));
    let outside = ["10.0.0.200", "192.0.2.1"].map(|address| world.end(address));
    pods.chain(outside).collect()
}

fn agrees(cluster: &Cluster) -> Result<(), TestCaseError> {
    let world = World::new(&cluster.yaml(true));
    let problems = world.network.problems();
    prop_assert!(problems.is_empty(), "{problems:?}");
    let ends = ends(cluster, &world);
    for (from, &source) in ends.iter().enumerate() {
        for (to, &destination) in ends.iter().enumerate() {
            let sets = world.network.ports(source, destination);
            prop_assert!(sets.unknown.is_empty());
            for port in ports() {
                let expected = evaluate::is_allowed(cluster, from, to, port);
                let verdict = world.network.reach(source, destination, port);
                let outcome = if expected {
                    Outcome::Allowed
                } else {
                    Outcome::Denied
                };
                prop_assert_eq!(
                    verdict.outcome,
                    outcome,
                    "{} -> {} {}\n{}",
                    from,
                    to,
                    port,
                    cluster.yaml(true)
                );
                prop_assert_eq!(sets.allowed.contains(port), expected);
                let says_why = !verdict.by.is_empty() || expected;
                prop_assert!(
                    says_why,
                    "{} -> {} {}\n{}",
                    from,
                    to,
                    port,
                    cluster.yaml(true)
                );
            }
        }
    }
    classes_agree(&world)
}

/// Without the Namespace objects, and with labels that are no texts, less is known; what is still said must be true.
fn unknown_is_sound(cluster: &Cluster) -> Result<(), TestCaseError> {
    is_sound(cluster, &cluster.yaml(false))?;
    is_sound(
        cluster,
        &cluster
            .yaml(false)
            .replace("labels: {k0: v0", "labels: {k0: 1"),
    )
}

fn is_sound(cluster: &Cluster, yaml: &str) -> Result<(), TestCaseError> {
    let world = World::new(yaml);
    let ends = ends(cluster, &world);
    for (from, &source) in ends.iter().enumerate() {
        for (to, &destination) in ends.iter().enumerate() {
            for port in ports() {
                let outcome = if evaluate::is_allowed(cluster, from, to, port) {
                    Outcome::Allowed
                } else {
                    Outcome::Denied
                };
                let said = world.network.reach(source, destination, port).outcome;
                prop_assert!(
                    said == outcome || said == Outcome::Unknown,
                    "{from} -> {to} {port}\n{}",
                    yaml
                );
            }
        }
    }
    classes_agree(&world)
}

/// Classes say of every pair of pods what is said of the pair itself.
fn classes_agree(world: &World) -> Result<(), TestCaseError> {
    let network = &world.network;
    let classes = network.classes().unwrap();
    for from in network.pods() {
        for to in network.pods().filter(|to| *to != from) {
            let sets = network.ports(Endpoint::Pod(from), Endpoint::Pod(to));
            let (source, destination) = (classes.of(from).unwrap(), classes.of(to).unwrap());
            let reach = classes.reach(source, destination);
            prop_assert_eq!(reach.is_some, !sets.allowed.is_empty());
            prop_assert_eq!(reach.is_every, sets.allowed == PortSet::full());
            prop_assert_eq!(reach.is_unknown, !sets.unknown.is_empty());
            prop_assert_eq!(
                classes.sources(destination).any(|class| class == source),
                reach.is_some
            );
            prop_assert!(classes.members(source).contains(&from));
        }
    }
    Ok(())
}

/// What is asked from the other end, found through indexes, is what each pod says for itself.
fn both_ends_agree(world: &World) -> Result<(), TestCaseError> {
    let network = &world.network;
    for policy in 0..world.inventory.resources.len() as u32 {
        let Some(found) = network.policy_pods(policy) else {
            continue;
        };
        let found: Vec<_> = found.iter().map(|it| (it.pod, it.unknown)).collect();
        let selecting = network.pods().filter_map(|pod| {
            let policies = network.policies_on(pod);
            let own = policies.iter().find(|it| it.place.resource == policy)?;
            Some((pod, own.unknown))
        });
        prop_assert_eq!(&found, &selecting.collect::<Vec<_>>());
        let any = network.selects_any(policy).unwrap();
        prop_assert_eq!(any.is_possible(), !found.is_empty());
        let is_sure = found.iter().any(|(_, unknown)| unknown.is_none());
        prop_assert_eq!(any == Truth::Yes, is_sure);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn random_clusters_are_decided_as_documented(cluster in cluster()) {
        agrees(&cluster)?;
    }

    #[test]
    fn what_is_said_without_namespaces_is_true(cluster in cluster()) {
        unknown_is_sound(&cluster)?;
    }

    #[test]
    fn classes_agree_on_pods_in_the_network_of_nodes(cluster in cluster()) {
        let yaml = cluster.yaml(true).replacen("spec: {containers", "spec: {hostNetwork: true, containers", 2);
        classes_agree(&World::new(&yaml))?;
        // Templates whose labels are not known.
        let yaml = cluster.yaml(true).replacen("labels: {k0: v0", "labels: {k0: 1", 3);
        classes_agree(&World::new(&yaml))?;
    }

    #[test]
    fn policies_and_pods_know_each_other(cluster in cluster()) {
        for namespaces in [true, false] {
            both_ends_agree(&World::new(&cluster.yaml(namespaces)))?;
        }
        let yaml = cluster.yaml(true).replacen("labels: {k0: v0", "labels: {k0: 1", 3);
        both_ends_agree(&World::new(&yaml))?;
    }

    #[test]
    fn some_addresses_stand_for_all(cluster in cluster(), last in 0_u8..=255, third in 0_u8..4) {
        let world = World::new(&cluster.yaml(true));
        let known = world.network.addresses();
        for address in [format!("10.0.{third}.{last}"), format!("192.0.2.{last}"), format!("2001:db8::{last:x}")] {
            let address = world.end(&address);
            for pod in world.network.pods().map(Endpoint::Pod) {
                let ports = world.network.ports(address, pod);
                let mut others = known.iter().map(|known| Endpoint::Address(*known));
                prop_assert!(others.any(|known| world.network.ports(known, pod) == ports), "{address:?}\n{}", cluster.yaml(true));
                let ports = world.network.ports(pod, address);
                let mut others = known.iter().map(|known| Endpoint::Address(*known));
                prop_assert!(others.any(|known| world.network.ports(pod, known) == ports), "{address:?}\n{}", cluster.yaml(true));
            }
        }
    }

    #[test]
    fn the_order_of_objects_does_not_matter(cluster in cluster()) {
        let there = World::new(&cluster.yaml(true));
        let back = World::new(&cluster.yaml_reversed());
        let (ends, other) = (ends(&cluster, &there), ends(&cluster, &back));
        for from in 0..ends.len() {
            for to in 0..ends.len() {
                let sets = there.network.ports(ends[from], ends[to]);
                prop_assert_eq!(sets, back.network.ports(other[from], other[to]));
            }
        }
    }
}

/// Peers, ports, ranges, names of ports, directions, blocks and exceptions in all combinations that chance finds.
#[test]
#[ignore = "ten thousand clusters take a minute"]
fn ten_thousand_clusters_are_decided_as_documented() {
    let mut runner = TestRunner::new(ProptestConfig::with_cases(10_000));
    runner.run(&cluster(), |cluster| agrees(&cluster)).unwrap();
}

#[test]
fn an_empty_inventory_has_no_classes() {
    let (inventory, views) = inventory("");
    let network = Network::new(&inventory, &views, &Options::default());
    assert!(network.classes().unwrap().is_empty());
}

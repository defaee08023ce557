//! The evaluator: one connection, one port, one yes or no.

use network::{Port, Protocol};

use super::cluster::{AdminPolicy, Cluster, Labels, Peer, PortMatch, Rule, Selector, Term};

/// Whether one end (a pod by its position, then the addresses outside) gets to a port of another.
pub(super) fn is_allowed(cluster: &Cluster, from: usize, to: usize, port: Port) -> bool {
    let count = cluster.pods.len();
    if from == to && from < count {
        return true;
    }
    let leaves = from >= count || side(cluster, 1, from, to, to, port);
    let arrives = to >= count || side(cluster, 0, to, from, to, port);
    leaves && arrives
}

/// One direction (0 ingress, 1 egress) of a pod.
fn side(
    cluster: &Cluster,
    direction: usize,
    pod: usize,
    other: usize,
    to: usize,
    port: Port,
) -> bool {
    for policy in &cluster.admin {
        match admin(cluster, policy, direction, pod, other, to, port) {
            Some(0) => return true,
            Some(1) => return false,
            Some(_) => break,
            None => {}
        }
    }
    let mut is_isolated = false;
    for policy in &cluster.policies {
        let own = &cluster.pods[pod];
        let applies = match policy.types {
            Some(types) => types[direction],
            None => direction == 0 || !policy.rules[1].is_empty(),
        };
        if !applies || policy.namespace != own.namespace || !selects(&policy.subject, own.labels) {
            continue;
        }
        is_isolated = true;
        for rule in &policy.rules[direction] {
            let is_meant = rule.peers.is_empty()
                || rule
                    .peers
                    .iter()
                    .any(|peer| means(cluster, peer, policy.namespace, other));
            if is_meant && has_port(cluster, rule, to, port) {
                return true;
            }
        }
    }
    if is_isolated {
        return false;
    }
    let baseline = cluster.baseline.as_ref();
    let decided =
        baseline.and_then(|policy| admin(cluster, policy, direction, pod, other, to, port));
    decided.is_none_or(|action| action == 0)
}

/// The action of the first rule of an admin policy that means the connection.
fn admin(
    cluster: &Cluster,
    policy: &AdminPolicy,
    direction: usize,
    pod: usize,
    other: usize,
    to: usize,
    port: Port,
) -> Option<u8> {
    let own = &cluster.pods[pod];
    if !selects(&policy.namespaces, cluster.namespaces[own.namespace])
        || !selects(&policy.pods, own.labels)
    {
        return None;
    }
    let is_meant = |rule: &&Rule| {
        let peers = rule.peers.iter();
        let mut means = peers.map(|peer| match peer {
            Peer::Pods(pods) => means(cluster, &Peer::Both(Vec::new(), pods.clone()), 0, other),
            Peer::Block(prefix, _) => means(cluster, &Peer::Block(*prefix, false), 0, other),
            peer => means(cluster, peer, 0, other),
        });
        means.any(|is_meant| is_meant) && has_port(cluster, rule, to, port)
    };
    let rule = policy.rules[direction].iter().find(is_meant)?;
    Some(rule.action)
}

fn selects(selector: &Selector, labels: Labels) -> bool {
    selector.iter().all(|term| match term {
        Term::Is(key, value) => labels[usize::from(*key)] == Some(*value),
        Term::In(key, values) => {
            labels[usize::from(*key)].is_some_and(|value| values.contains(&value))
        }
        Term::NotIn(key, values) => {
            labels[usize::from(*key)].is_none_or(|value| !values.contains(&value))
        }
        Term::Exists(key) => labels[usize::from(*key)].is_some(),
        Term::Lacks(key) => labels[usize::from(*key)].is_none(),
    })
}

fn means(cluster: &Cluster, peer: &Peer, own_namespace: usize, other: usize) -> bool {
    let pod = cluster.pods.get(other);
    match peer {
        Peer::Pods(pods) => {
            pod.is_some_and(|pod| pod.namespace == own_namespace && selects(pods, pod.labels))
        }
        Peer::Namespaces(namespaces) => {
            pod.is_some_and(|pod| selects(namespaces, cluster.namespaces[pod.namespace]))
        }
        Peer::Both(namespaces, pods) => pod.is_some_and(|pod| {
            selects(namespaces, cluster.namespaces[pod.namespace]) && selects(pods, pod.labels)
        }),
        Peer::Block(prefix, is_cut) => {
            // Pods have 10.0.0.<position>; then come 10.0.0.200 and 192.0.2.1.
            let (is_local, last) = match other.checked_sub(cluster.pods.len()) {
                None => (true, other),
                Some(0) => (true, 200),
                Some(_) => (false, 1),
            };
            let is_in = match prefix {
                0 => true,
                24 => is_local,
                _ => is_local && last < 8,
            };
            is_in && !(*is_cut && is_local && (last == 2 || last == 3))
        }
    }
}

/// Ports with names are TCP here.
fn has_port(cluster: &Cluster, rule: &Rule, to: usize, port: Port) -> bool {
    let is_udp = port.protocol == Protocol::Udp;
    let http = cluster.pods.get(to).and_then(|pod| pod.http);
    rule.ports.is_empty()
        || rule.ports.iter().any(|entry| match entry {
            PortMatch::Every(udp) => *udp == is_udp,
            PortMatch::Range(udp, first, last) => {
                *udp == is_udp && (*first..=*last).contains(&port.number)
            }
            PortMatch::Named => http == Some(port.number) && !is_udp,
        })
}

//! Kubernetes' own NetworkPolicy.

use document::{Kind, NodeRef};

use super::{Action, Draft, Peer, Peers, Policies, PolicyKind, Ports, Rule, Section, Tier, cidr};
use crate::answer::{Direction, Reason, Truth};
use crate::cidr::IpBlock;
use crate::label::{Key, Of, Selector};
use crate::label_selector::label_selector;
use crate::pod::port_number;
use crate::port::{PortMatch, PortRange, Protocol};
use crate::read::{Reader, field};
use crate::symbol::Symbol;

pub(super) fn read(policies: &mut Policies, reader: &mut Reader<'_>) {
    let object = reader.object();
    let spec = match reader.mapping(object, "spec") {
        Ok(Some(spec)) => spec,
        // The API server fills in an empty spec: it selects all pods and denies all ingress.
        Ok(None) => object,
        Err(_) => return,
    };
    let namespace = reader.namespace();
    let mut subject = vec![own(namespace)];
    if let Some(selector) = field(spec, "podSelector") {
        subject.push(label_selector(reader, selector, Of::Pod));
    }
    let applies = directions(reader, spec);
    let sections = Direction::ALL.map(|direction| Section {
        applies: applies[direction as usize],
        rules: match applies[direction as usize] {
            Truth::No => Vec::new(),
            _ => rules(policies, reader, spec, direction, namespace),
        },
    });
    let subject = policies.pods(subject);
    let draft = Draft {
        kind: PolicyKind::NetworkPolicy,
        tier: Tier::Namespace,
        subject,
        sections,
    };
    policies.push(reader, spec, draft);
}

fn own(namespace: Symbol) -> Selector {
    Selector::In(Key::NamespaceName, vec![namespace])
}

/// Which directions a policy is about: what `policyTypes` lists; without it always ingress, and egress
/// when there are rules for it.
fn directions(reader: &mut Reader<'_>, spec: NodeRef<'_>) -> [Truth; 2] {
    let types = match reader.list(spec, "policyTypes") {
        Ok(types) => types,
        Err(reason) => return [Truth::Unknown(reason); 2],
    };
    if types.is_empty() {
        let has_egress = field(spec, "egress").is_some_and(|egress| egress.items().len() > 0);
        return [Truth::Yes, Truth::from_bool(has_egress)];
    }
    let mut applies = [Truth::No; 2];
    for node in types {
        match node.as_str() {
            Some("Ingress") => applies[0] = Truth::Yes,
            Some("Egress") => applies[1] = Truth::Yes,
            _ => {
                let reason = reader.malformed(node, "an unknown policy type in the spec");
                applies = applies.map(|truth| truth.or(Truth::Unknown(reason)));
            }
        }
    }
    applies
}

fn rules(
    policies: &mut Policies,
    reader: &mut Reader<'_>,
    spec: NodeRef<'_>,
    direction: Direction,
    namespace: Symbol,
) -> Vec<Rule> {
    let nodes = match reader.list(spec, direction.as_str()) {
        Ok(nodes) => nodes,
        Err(reason) => return vec![unknown_rule(spec, reason)],
    };
    let rules = nodes.into_iter().map(|node| {
        rule(policies, reader, node, direction, namespace)
            .unwrap_or_else(|reason| unknown_rule(node, reason))
    });
    rules.collect()
}

fn unknown_rule(node: NodeRef<'_>, reason: Reason) -> Rule {
    Rule {
        node: node.id(),
        action: Action::Allow,
        peers: Peers::Everyone,
        ports: Ports::All,
        unknown: Some(reason),
    }
}

fn rule(
    policies: &mut Policies,
    reader: &mut Reader<'_>,
    node: NodeRef<'_>,
    direction: Direction,
    namespace: Symbol,
) -> Result<Rule, Reason> {
    if node.kind() != Kind::Mapping && !node.is_null() {
        return Err(reader.malformed(node, "an entry that is no mapping in a part"));
    }
    let name = match direction {
        Direction::Ingress => "from",
        Direction::Egress => "to",
    };
    let mut peers = Vec::new();
    for entry in reader.list(node, name)? {
        peers.push(peer(policies, reader, entry, namespace));
    }
    let mut ports = Vec::new();
    for entry in reader.list(node, "ports")? {
        ports.push(port(reader, entry)?);
    }
    Ok(Rule {
        node: node.id(),
        action: Action::Allow,
        peers: if peers.is_empty() {
            Peers::Everyone
        } else {
            Peers::Some(peers)
        },
        ports: if ports.is_empty() {
            Ports::All
        } else {
            Ports::Some(ports)
        },
        unknown: None,
    })
}

fn peer(
    policies: &mut Policies,
    reader: &mut Reader<'_>,
    node: NodeRef<'_>,
    namespace: Symbol,
) -> Peer {
    let pods = field(node, "podSelector");
    let namespaces = field(node, "namespaceSelector");
    match field(node, "ipBlock") {
        Some(block) if pods.is_none() && namespaces.is_none() => match ip_block(reader, block) {
            Ok(block) => Peer::Atom(policies.block(block)),
            Err(reason) => Peer::Unknown(reason),
        },
        None if pods.is_some() || namespaces.is_some() => {
            let mut parts = Vec::new();
            match namespaces {
                Some(selector) => parts.push(label_selector(reader, selector, Of::Namespace)),
                None => parts.push(own(namespace)),
            }
            parts.extend(pods.map(|selector| label_selector(reader, selector, Of::Pod)));
            let atom = policies.pods(parts);
            policies.peers.insert(reader.place(node), atom);
            Peer::Atom(atom)
        }
        _ => {
            Peer::Unknown(reader.malformed(node, "a peer with no or too many selectors in a part"))
        }
    }
}

fn ip_block(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Result<IpBlock, Reason> {
    let Some(block) = field(node, "cidr") else {
        return Err(reader.malformed(node, "an IP block without `cidr` in a part"));
    };
    let block = cidr(reader, block)?;
    let mut except = Vec::new();
    for part in reader.list(node, "except")? {
        let inner = cidr(reader, part)?;
        if !block.covers(&inner) {
            return Err(reader.malformed(part, "an exception outside of its IP block in a part"));
        }
        except.push(inner);
    }
    Ok(IpBlock { block, except })
}

fn port(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Result<PortMatch, Reason> {
    let protocol = protocol(reader, node)?;
    let end = field(node, "endPort");
    let Some(port) = field(node, "port") else {
        return match end {
            None => Ok(PortMatch::Range(PortRange::every(protocol))),
            Some(end) => Err(reader.malformed(end, "`endPort` without `port` in a part")),
        };
    };
    if let Some(name) = port.as_str().filter(|name| !name.is_empty()) {
        return match end {
            None => Ok(PortMatch::Named(
                Some(protocol),
                reader.symbols.intern(name),
            )),
            Some(end) => Err(reader.malformed(end, "`endPort` beside a named port in a part")),
        };
    }
    let first = port_number(port);
    let last = end.map_or(first, port_number);
    match (first, last) {
        (Some(first), Some(last)) if first <= last => Ok(PortMatch::Range(PortRange {
            protocol,
            first,
            last,
        })),
        _ => Err(reader.malformed(node, "ports that are no range in a part")),
    }
}

/// The protocol of a port: TCP when there is none.
pub(super) fn protocol(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Result<Protocol, Reason> {
    match field(node, "protocol") {
        None => Ok(Protocol::Tcp),
        Some(value) => value
            .as_str()
            .and_then(Protocol::parse)
            .ok_or_else(|| reader.malformed(value, "an unknown protocol in a part")),
    }
}

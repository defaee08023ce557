//! The cluster-wide policies of `policy.networking.k8s.io`: `AdminNetworkPolicy` and
//! `BaselineAdminNetworkPolicy` (v1alpha1), `ClusterNetworkPolicy` (v1alpha2).

use document::NodeRef;

use super::kubernetes::protocol;
use super::{
    Action, AtomId, Draft, Peer, Peers, Policies, PolicyKind, Ports, Rule, Section, Tier, cidr,
};
use crate::answer::{Direction, Reason, Truth};
use crate::cidr::IpBlock;
use crate::label::{Of, Selector};
use crate::label_selector::label_selector;
use crate::pod::port_number;
use crate::port::{PortMatch, PortRange, Protocol};
use crate::read::{Reader, field, text};

pub(super) fn read(policies: &mut Policies, reader: &mut Reader<'_>) {
    let object = reader.object();
    let Ok(Some(spec)) = reader.mapping(object, "spec") else {
        reader.malformed(object, "`spec` is missing in the object");
        return;
    };
    let Some((kind, tier)) = kind_and_tier(reader, spec) else {
        return;
    };
    let subject = match field(spec, "subject") {
        Some(subject) => subject_atom(policies, reader, subject),
        None => unknown_atom(
            policies,
            reader.malformed(spec, "`subject` is missing in the spec"),
        ),
    };
    let sections = Direction::ALL.map(|direction| section(policies, reader, spec, direction));
    policies.push(
        reader,
        spec,
        Draft {
            kind,
            tier,
            subject,
            sections,
        },
    );
}

fn kind_and_tier(reader: &mut Reader<'_>, spec: NodeRef<'_>) -> Option<(PolicyKind, Tier)> {
    let kind = match &*reader.resource.kind {
        "AdminNetworkPolicy" => PolicyKind::AdminNetworkPolicy,
        "BaselineAdminNetworkPolicy" => {
            return Some((PolicyKind::BaselineAdminNetworkPolicy, Tier::Baseline(0)));
        }
        _ => PolicyKind::ClusterNetworkPolicy,
    };
    let priority = field(spec, "priority").and_then(NodeRef::as_i64);
    let Some(priority) = priority.filter(|priority| (0..=1000).contains(priority)) else {
        reader.malformed(
            spec,
            "`priority` is missing or not from 0 to 1000 in the spec",
        );
        return None;
    };
    match text(spec, "tier") {
        _ if kind == PolicyKind::AdminNetworkPolicy => Some((kind, Tier::Admin(priority))),
        Some("Admin") => Some((kind, Tier::Admin(priority))),
        Some("Baseline") => Some((kind, Tier::Baseline(priority))),
        _ => {
            reader.malformed(spec, "`tier` is missing or unknown in the spec");
            None
        }
    }
}

fn unknown_atom(policies: &mut Policies, reason: Reason) -> AtomId {
    policies.pods(vec![Selector::Unknown(reason)])
}

fn subject_atom(policies: &mut Policies, reader: &mut Reader<'_>, node: NodeRef<'_>) -> AtomId {
    match selectors(reader, node) {
        Some(parts) => policies.pods(parts),
        None => unknown_atom(
            policies,
            reader.malformed(node, "`subject` selects nothing in the spec"),
        ),
    }
}

/// `namespaces` or `pods`.
fn selectors(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Option<Vec<Selector>> {
    match (field(node, "namespaces"), field(node, "pods")) {
        (Some(namespaces), None) => Some(vec![namespace_selector(reader, namespaces)]),
        (None, Some(pods)) => {
            let namespaces = field(pods, "namespaceSelector").or_else(|| field(pods, "namespaces"));
            let namespaces = namespaces.map(|node| namespace_selector(reader, node));
            let pods = field(pods, "podSelector").map(|node| label_selector(reader, node, Of::Pod));
            Some(namespaces.into_iter().chain(pods).collect())
        }
        _ => None,
    }
}

/// A label selector; in the first versions of the API it lay one level deeper, beside relative ones.
fn namespace_selector(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Selector {
    if field(node, "sameLabels").is_some() || field(node, "notSameLabels").is_some() {
        return Selector::Unknown(Reason::UnsupportedPeer);
    }
    let selector = field(node, "namespaceSelector").unwrap_or(node);
    label_selector(reader, selector, Of::Namespace)
}

fn section(
    policies: &mut Policies,
    reader: &mut Reader<'_>,
    spec: NodeRef<'_>,
    direction: Direction,
) -> Section {
    let mut rules = Vec::new();
    match reader.list(spec, direction.as_str()) {
        Ok(nodes) => {
            for node in nodes {
                add_rule(policies, reader, node, direction, &mut rules);
            }
        }
        Err(reason) => add_unknown(spec, reason, &mut rules),
    }
    Section {
        applies: Truth::from_bool(!rules.is_empty()),
        rules,
    }
}

fn add_rule(
    policies: &mut Policies,
    reader: &mut Reader<'_>,
    node: NodeRef<'_>,
    direction: Direction,
    rules: &mut Vec<Rule>,
) {
    match rule(policies, reader, node, direction) {
        Ok(rule) => rules.push(rule),
        Err(reason) => add_unknown(node, reason, rules),
    }
}

/// A rule of which nobody knows what it means may allow and may deny.
fn add_unknown(node: NodeRef<'_>, reason: Reason, rules: &mut Vec<Rule>) {
    rules.extend([Action::Allow, Action::Deny].map(|action| Rule {
        node: node.id(),
        action,
        peers: Peers::Everyone,
        ports: Ports::All,
        unknown: Some(reason),
    }));
}

fn rule(
    policies: &mut Policies,
    reader: &mut Reader<'_>,
    node: NodeRef<'_>,
    direction: Direction,
) -> Result<Rule, Reason> {
    let action = match text(node, "action") {
        Some("Allow" | "Accept") => Action::Allow,
        Some("Deny") => Action::Deny,
        Some("Pass") => Action::Pass,
        _ => return Err(reader.malformed(node, "an unknown action in a part")),
    };
    let name = match direction {
        Direction::Ingress => "from",
        Direction::Egress => "to",
    };
    let mut peers = Vec::new();
    for entry in reader.list(node, name)? {
        add_peer(policies, reader, entry, &mut peers);
    }
    if peers.is_empty() {
        return Err(reader.malformed(node, format!("`{name}` is missing in a part")));
    }
    Ok(Rule {
        node: node.id(),
        action,
        peers: Peers::Some(peers),
        ports: ports(reader, node)?,
        unknown: None,
    })
}

fn add_peer(
    policies: &mut Policies,
    reader: &mut Reader<'_>,
    node: NodeRef<'_>,
    peers: &mut Vec<Peer>,
) {
    if let Some(parts) = selectors(reader, node) {
        peers.push(Peer::Atom(policies.pods(parts)));
    } else if let Some(networks) = field(node, "networks") {
        for network in networks.items() {
            peers.push(match cidr(reader, network) {
                Ok(block) => Peer::Atom(policies.block(IpBlock {
                    block,
                    except: Vec::new(),
                })),
                Err(reason) => Peer::Unknown(reason),
            });
        }
    } else if field(node, "nodes").is_some() || field(node, "domainNames").is_some() {
        peers.push(Peer::Unknown(Reason::UnsupportedPeer));
    } else {
        let reason = reader.malformed(node, "a peer with no or too many selectors in a part");
        peers.push(Peer::Unknown(reason));
    }
}

fn ports(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Result<Ports, Reason> {
    let mut matches = Vec::new();
    for entry in reader.list(node, "ports")? {
        matches.push(port(reader, entry)?);
    }
    for entry in reader.list(node, "protocols")? {
        matches.push(protocol_entry(reader, entry)?);
    }
    Ok(if matches.is_empty() {
        Ports::All
    } else {
        Ports::Some(matches)
    })
}

/// An entry of `ports` (v1alpha1).
fn port(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Result<PortMatch, Reason> {
    if let Some(name) = text(node, "namedPort") {
        return Ok(PortMatch::Named(None, reader.symbols.intern(name)));
    }
    if let Some(number) = field(node, "portNumber") {
        let protocol = protocol(reader, number)?;
        return range(reader, number, protocol, "port", "port");
    }
    match field(node, "portRange") {
        Some(ports) => {
            let protocol = protocol(reader, ports)?;
            range(reader, ports, protocol, "start", "end")
        }
        None => Err(reader.malformed(node, "a port with no known field in a part")),
    }
}

/// An entry of `protocols` (v1alpha2).
fn protocol_entry(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Result<PortMatch, Reason> {
    if let Some(name) = text(node, "destinationNamedPort") {
        return Ok(PortMatch::Named(None, reader.symbols.intern(name)));
    }
    for protocol in Protocol::ALL {
        let Some(entry) = field(node, &protocol.as_str().to_ascii_lowercase()) else {
            continue;
        };
        let Some(port) = field(entry, "destinationPort") else {
            return Ok(PortMatch::Range(PortRange::every(protocol)));
        };
        return match field(port, "range") {
            Some(ports) => range(reader, ports, protocol, "start", "end"),
            None => range(reader, port, protocol, "number", "number"),
        };
    }
    Err(reader.malformed(node, "a protocol with no known field in a part"))
}

fn range(
    reader: &mut Reader<'_>,
    node: NodeRef<'_>,
    protocol: Protocol,
    first: &str,
    last: &str,
) -> Result<PortMatch, Reason> {
    let number = |name| field(node, name).and_then(port_number);
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok(PortMatch::Range(PortRange {
            protocol,
            first,
            last,
        })),
        _ => Err(reader.malformed(node, "ports that are no range in a part")),
    }
}

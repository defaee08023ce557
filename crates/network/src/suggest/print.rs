//! Policies as YAML, with comments that say why.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use document::edit::json_string;
use document::is_plain_string;

use super::select::{Group, Groups, Selector};
use super::{Allowed, Peer, Ports, Rules, Side};

/// Reasons that one rule tells.
const TOLD: usize = 5;

/// Denies everything in a namespace.
pub(super) fn default_deny(namespace: &str, name: &str) -> String {
    head(namespace, name) + "  podSelector: {}\n  policyTypes: [Ingress, Egress]\n"
}

/// What one group may.
pub(super) fn policy(groups: &Groups, group: &Group, name: &str, allowed: &Allowed) -> String {
    let mut text = head(&group.namespace, name);
    text += "  podSelector:";
    text += &selector(&groups.selector(group), "    ");
    text + &both(groups, &group.namespace, allowed)
}

/// What all pods of a namespace may.
pub(super) fn whole(groups: &Groups, namespace: &str, name: &str, allowed: &Allowed) -> String {
    head(namespace, name) + "  podSelector: {}\n" + &both(groups, namespace, allowed)
}

fn both(groups: &Groups, namespace: &str, allowed: &Allowed) -> String {
    let mut text = String::new();
    let types = [("Ingress", &allowed.ingress), ("Egress", &allowed.egress)];
    let types = types.iter().filter(|(_, rules)| !rules.is_empty());
    let types: Vec<&str> = types.map(|(word, _)| *word).collect();
    let _ = writeln!(text, "  policyTypes: [{}]", types.join(", "));
    for (direction, key, rules) in [
        ("ingress", "from", &allowed.ingress),
        ("egress", "to", &allowed.egress),
    ] {
        if !rules.is_empty() {
            let _ = writeln!(text, "  {direction}:");
            text += &self::rules(groups, namespace, key, rules);
        }
    }
    text
}

fn head(namespace: &str, name: &str) -> String {
    format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: {}\n  namespace: {}\nspec:\n",
        scalar(name),
        scalar(namespace)
    )
}

fn rules(groups: &Groups, namespace: &str, key: &str, rules: &Rules) -> String {
    let mut text = String::new();
    for (peer, (ports, why)) in rules {
        text += &reasons(why);
        text += "  - ";
        let peer = self::peer(groups, namespace, peer);
        match (peer, ports) {
            (None, None) => text += "{}\n",
            (None, Some(_)) => text += &self::ports(ports, ""),
            (Some(peer), _) => {
                let _ = write!(text, "{key}:\n    - {peer}");
                text += &self::ports(ports, "    ");
            }
        }
    }
    text
}

fn reasons(why: &BTreeSet<String>) -> String {
    let mut text = String::new();
    for one in why.iter().take(TOLD) {
        let one = one.replace(char::is_control, " ");
        let _ = writeln!(text, "  # {one}");
    }
    if why.len() > TOLD {
        let _ = writeln!(text, "  # and {} more", why.len() - TOLD);
    }
    text
}

/// An entry of `from` or `to`; `None` for everyone.
fn peer(groups: &Groups, namespace: &str, peer: &Peer) -> Option<String> {
    let within = |other: &str| {
        format!(
            "namespaceSelector:\n        matchLabels:\n          kubernetes.io/metadata.name: {}\n",
            scalar(other)
        )
    };
    Some(match peer {
        Peer::Group(group) => {
            let pods = selector(&groups.selector(group), "        ");
            if group.namespace == namespace {
                format!("podSelector:{pods}")
            } else {
                format!("{}      podSelector:{pods}", within(&group.namespace))
            }
        }
        Peer::Other(Side::Namespace(other)) => within(other),
        Peer::Other(Side::Labelled {
            namespace: other,
            label: (key, value),
        }) => format!(
            "{}      podSelector:\n        matchLabels:\n          {}: {}\n",
            within(other),
            scalar(key),
            scalar(value)
        ),
        Peer::Other(Side::Block { block, except }) => {
            let mut text = format!("ipBlock:\n        cidr: {}\n", scalar(block));
            if !except.is_empty() {
                let parts: Vec<String> = except.iter().map(|one| scalar(one)).collect();
                let _ = writeln!(text, "        except: [{}]", parts.join(", "));
            }
            text
        }
        Peer::Other(Side::Everyone | Side::Pod(_)) => return None,
    })
}

fn selector(selector: &Selector, indentation: &str) -> String {
    if selector.labels.is_empty() && selector.without.is_empty() {
        return " {}\n".to_owned();
    }
    let mut text = "\n".to_owned();
    if !selector.labels.is_empty() {
        let _ = writeln!(text, "{indentation}matchLabels:");
        for (key, value) in &selector.labels {
            let _ = writeln!(text, "{indentation}  {}: {}", scalar(key), scalar(value));
        }
    }
    if !selector.without.is_empty() {
        let _ = writeln!(text, "{indentation}matchExpressions:");
        for key in &selector.without {
            let _ = writeln!(
                text,
                "{indentation}- {{key: {}, operator: DoesNotExist}}",
                scalar(key)
            );
        }
    }
    text
}

fn ports(ports: &Ports, indentation: &str) -> String {
    let Some(ports) = ports else {
        return String::new();
    };
    let mut text = format!("{indentation}ports:\n");
    for port in ports {
        let protocol = port.protocol.as_str();
        let _ = writeln!(
            text,
            "    - {{port: {}, protocol: {protocol}}}",
            port.number
        );
    }
    text
}

/// A string as a value or key.
fn scalar(text: &str) -> String {
    let is_simple = |byte: u8| byte.is_ascii_alphanumeric() || b"-./_".contains(&byte);
    if text.bytes().all(is_simple) && is_plain_string(text) {
        text.to_owned()
    } else {
        json_string(text)
    }
}

//! Ways from outside: by what a workload is reached, and on which port.

use std::collections::BTreeMap;

use model::graph::EdgeStyle;
use model::{Inventory, Severity};

use crate::answer::Level;
use crate::exposure::{Chain, Hop};
use crate::network::Network;
use crate::pod::PodId;

/// All ways from one distance to one workload.
pub(super) struct Way {
    pub(super) level: Level,
    pub(super) style: EdgeStyle,
    /// What leads there: `Ingress web, Service web`.
    pub(super) label: String,
    /// Each way, a line each.
    pub(super) tooltip: String,
}

/// From where a workload is reached from outside of the cluster.
pub(super) const OUTSIDE: [(Level, &str, &str, Severity); 2] = [
    (
        Level::Internet,
        "outside/internet",
        "Internet",
        Severity::Medium,
    ),
    (
        Level::Node,
        "outside/node",
        "Network of the nodes",
        Severity::Low,
    ),
];

pub(super) fn is_exposed(network: &Network, pod: PodId) -> bool {
    network.exposure(pod).possible >= Level::Node
}

/// The ways to a workload, one for each distance and certainty.
pub(super) fn ways(network: &Network, inventory: &Inventory, pod: PodId) -> Vec<Way> {
    let mut by_level: BTreeMap<(Level, bool), Vec<&Chain>> = BTreeMap::new();
    for chain in &network.exposure(pod).chains {
        if chain.level >= Level::Node {
            let key = (chain.level, chain.unknown.is_some());
            by_level.entry(key).or_default().push(chain);
        }
    }
    by_level
        .into_iter()
        .map(|((level, is_unknown), chains)| Way {
            level,
            style: if is_unknown {
                EdgeStyle::Unknown
            } else {
                EdgeStyle::Allowed
            },
            label: label(inventory, &chains),
            tooltip: tooltip(inventory, &chains),
        })
        .collect()
}

fn label(inventory: &Inventory, chains: &[&Chain]) -> String {
    let mut names: Vec<String> = Vec::new();
    for chain in chains {
        let name = entry(inventory, chain);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match &names[..] {
        [one, other] => format!("{one}, {other}"),
        [one, rest @ ..] if !rest.is_empty() => format!("{one} and {} more", rest.len()),
        _ => names.concat(),
    }
}

/// What is met first, with the port of the pod.
fn entry(inventory: &Inventory, chain: &Chain) -> String {
    let port = chain
        .port
        .map(|port| format!(" {port}"))
        .unwrap_or_default();
    let Some(first) = chain.steps.first() else {
        return port.trim_start().to_owned();
    };
    let what = match first.hop {
        Hop::HostPort => "host port".to_owned(),
        Hop::HostNetwork => "host network".to_owned(),
        _ => {
            let resource = inventory.resources.get(first.place.resource as usize);
            resource.map_or(String::new(), |resource| {
                format!("{} {}", resource.kind, resource.name)
            })
        }
    };
    what + &port
}

/// Each way in a line, from the outside in.
fn tooltip(inventory: &Inventory, chains: &[&Chain]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for chain in chains {
        let mut steps: Vec<String> = Vec::new();
        let mut last = None;
        for step in &chain.steps {
            let resource = inventory.resources.get(step.place.resource as usize);
            // A service and its port are one step to readers.
            if let Some(resource) = resource.filter(|_| last != Some(step.place.resource)) {
                steps.push(format!("{} {}", resource.kind, resource.name));
            }
            last = Some(step.place.resource);
        }
        let port = chain.port.map(|port| format!(", port {port}"));
        let unknown = chain
            .unknown
            .map(|reason| format!("; not known: {}", reason.sentence()));
        let line = steps.join(" → ") + &port.unwrap_or_default() + &unknown.unwrap_or_default();
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

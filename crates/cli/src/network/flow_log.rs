//! Flows that were seen: Hubble's JSON, or a table.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use model::Problem;
use network::{Endpoint, Flow, PodId, Port, Protocol, Side};
use serde::Deserialize;

use super::View;
use super::ends::{find, name};
use crate::args;
use crate::records::{self, Records};

/// The longest line that is read, in bytes.
const LINE: u64 = 8 << 20;

/// The header of a table.
const HEADER: &str = "from,to,port,protocol";

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Sender, receiver and port, with how often; a flow of every port has none.
    flows: BTreeMap<(Side, Side, Option<Port>), u64>,
    /// Flows that were dropped.
    pub(super) dropped: u64,
    /// Flows of nodes, of the control plane, and without a port.
    pub(super) skipped: u64,
    pub(super) problems: Vec<Problem>,
}

impl Seen {
    /// Reads a file; `-` is standard input.
    pub(super) fn read(&mut self, file: &Path, view: View<'_>) -> anyhow::Result<()> {
        let name = file.to_string_lossy();
        let mut input = records::open(file).context("cannot read the flows")?;
        let flows = Records {
            file: &name,
            what: "flow",
            longest: LINE,
        };
        let mut is_table = None;
        let problems = flows.each(&mut *input, |number, line| {
            let text = String::from_utf8_lossy(line);
            let text = text.trim();
            if text.is_empty() {
                return Ok(());
            }
            let is_table = *is_table.get_or_insert(!text.starts_with('{'));
            match (is_table, number) {
                (true, 1) if text.replace(' ', "").eq_ignore_ascii_case(HEADER) => Ok(()),
                (true, 1) => Err(format!("the first line is not `{HEADER}`")),
                (true, _) => self.row(text, view),
                (false, _) => self.hubble(text, view),
            }
        });
        let problems = problems.with_context(|| format!("cannot read the flows of {name}"))?;
        self.problems.extend(problems);
        Ok(())
    }

    /// A row of a table: ends as `seawall network reach` takes them.
    fn row(&mut self, text: &str, view: View<'_>) -> Result<(), String> {
        let cells: Vec<&str> = text.split(',').map(str::trim).collect();
        let [from, to, port, protocol] = cells[..] else {
            return Err(format!("it has {} cells and not 4", cells.len()));
        };
        let protocol = if protocol.is_empty() { "TCP" } else { protocol };
        let port = match port {
            "" | "*" => None,
            port => Some(args::port(&format!("{port}/{protocol}"))?),
        };
        let ends = |word: &str| {
            find(word, view)
                .map(|named| named.ends)
                .map_err(|it| it.to_string())
        };
        let (from, to) = (ends(from)?, ends(to)?);
        for source in &from {
            for target in &to {
                self.add(side(*source), side(*target), port);
            }
        }
        Ok(())
    }

    fn hubble(&mut self, text: &str, view: View<'_>) -> Result<(), String> {
        let line: Line = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let Some(flow) = line.flow.or(line.bare) else {
            // Hubble also tells of lost events and of nodes.
            self.skipped += 1;
            return Ok(());
        };
        if flow.is_reply == Some(true) {
            return Ok(());
        }
        match flow.verdict.as_str() {
            "FORWARDED" | "REDIRECTED" | "TRACED" | "TRANSLATED" => {}
            "DROPPED" | "ERROR" => {
                self.dropped += 1;
                return Ok(());
            }
            _ => {
                self.skipped += 1;
                return Ok(());
            }
        }
        let ip = flow.ip.unwrap_or_default();
        let ends = [
            (&flow.source, &ip.source),
            (&flow.destination, &ip.destination),
        ];
        let [from, to] = ends.map(|(end, address)| sides(end.as_ref(), address, view));
        let port = flow.l4.and_then(|l4| l4.port());
        let (Some(port), false, false) = (port, from.is_empty(), to.is_empty()) else {
            self.skipped += 1;
            return Ok(());
        };
        for source in &from {
            for target in &to {
                self.add(source.clone(), target.clone(), Some(port));
            }
        }
        Ok(())
    }

    fn add(&mut self, from: Side, to: Side, port: Option<Port>) {
        *self.flows.entry((from, to, port)).or_default() += 1;
    }

    /// The flows, with how often they were seen.
    pub(super) fn flows(&self) -> impl Iterator<Item = Flow> + '_ {
        self.flows.iter().map(|((from, to, port), count)| Flow {
            from: from.clone(),
            to: to.clone(),
            ports: port.iter().copied().collect(),
            why: match count {
                1 => "seen once".to_owned(),
                count => format!("seen {count} times"),
            },
        })
    }
}

#[derive(Deserialize)]
struct Line {
    flow: Option<HubbleFlow>,
    /// Older versions write the flow itself.
    #[serde(flatten)]
    bare: Option<HubbleFlow>,
}

#[derive(Deserialize)]
struct HubbleFlow {
    verdict: String,
    is_reply: Option<bool>,
    #[serde(rename = "IP")]
    ip: Option<Ip>,
    l4: Option<L4>,
    source: Option<End>,
    destination: Option<End>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Ip {
    source: String,
    destination: String,
}

#[derive(Deserialize)]
struct L4 {
    #[serde(rename = "TCP")]
    tcp: Option<Ports>,
    #[serde(rename = "UDP")]
    udp: Option<Ports>,
    #[serde(rename = "SCTP")]
    sctp: Option<Ports>,
}

#[derive(Deserialize)]
struct Ports {
    destination_port: u16,
}

impl L4 {
    fn port(&self) -> Option<Port> {
        let all = [
            (&self.tcp, Protocol::Tcp),
            (&self.udp, Protocol::Udp),
            (&self.sctp, Protocol::Sctp),
        ];
        let mut found = all.into_iter().filter_map(|(ports, protocol)| {
            let number = ports.as_ref()?.destination_port;
            (number > 0).then_some(Port { protocol, number })
        });
        found.next()
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct End {
    namespace: String,
    labels: Vec<String>,
    pod_name: String,
    workloads: Vec<Workload>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Workload {
    name: String,
    kind: String,
}

/// Who an end of Hubble's is; nobody for nodes.
fn sides(end: Option<&End>, address: &str, view: View<'_>) -> Vec<Side> {
    let Some(end) = end else {
        return block(address).into_iter().collect();
    };
    let has = |label: &str| end.labels.iter().any(|own| own == label);
    if end.namespace.is_empty() {
        let is_outside = has("reserved:world") || has("reserved:kube-apiserver") || has("cidr:");
        return block(address).into_iter().filter(|_| is_outside).collect();
    }
    let pods: Vec<PodId> = view.network.pods_in(&end.namespace).to_vec();
    let carrier = |pod: &PodId| {
        view.inventory
            .resources
            .get(view.network.place(*pod).resource as usize)
    };
    let is_workload = |pod: &&PodId| {
        carrier(pod).is_some_and(|resource| {
            let is_it = |it: &Workload| it.name == name(resource) && it.kind == *resource.kind;
            end.workloads.iter().any(is_it)
        })
    };
    let is_pod = |pod: &&PodId| {
        carrier(pod)
            .is_some_and(|resource| &*resource.kind == "Pod" && name(resource) == end.pod_name)
    };
    let is_labelled = |pod: &&PodId| {
        let labels = view.network.labels(**pod);
        let is_told = |(key, value): &(&str, &str)| has(&format!("k8s:{key}={value}"));
        !labels.is_empty() && labels.iter().all(is_told)
    };
    let found = |is_meant: &dyn Fn(&&PodId) -> bool| -> Vec<Side> {
        let meant = pods.iter().filter(is_meant);
        meant.map(|pod| Side::Pod(*pod)).collect()
    };
    let mut meant = found(&is_workload);
    if meant.is_empty() {
        meant = found(&is_pod);
    }
    if meant.is_empty() {
        meant = found(&is_labelled);
    }
    if meant.is_empty() {
        meant.push(Side::Namespace(end.namespace.clone()));
    }
    meant
}

fn block(address: &str) -> Option<Side> {
    let address: std::net::IpAddr = address.parse().ok()?;
    Some(side(Endpoint::Address(address)))
}

fn side(end: Endpoint) -> Side {
    match end {
        Endpoint::Pod(pod) => Side::Pod(pod),
        Endpoint::Address(address) => Side::Block {
            block: format!("{address}/{}", if address.is_ipv4() { 32 } else { 128 }),
            except: Vec::new(),
        },
    }
}

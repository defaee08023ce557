//! Flows that manifests declare: services that containers name in their environment, arguments and configuration, and
//! what routes and services let in from outside.

use std::collections::BTreeMap;

use document::NodeRef;
use model::{Inventory, PodView, Resource, Views};

use super::mention::{Mention, mentions, port_of_scheme};
use super::{Flow, Side};
use crate::answer::{Level, Place};
use crate::exposure::Hop;
use crate::network::Network;
use crate::pod::PodId;
use crate::port::Port;
use crate::read::{field, items, text};

/// Words in the name of a variable that say that it holds a host.
const HOST_WORDS: &[&str] = &[
    "HOST", "ADDR", "SERVER", "SERVICE", "URL", "URI", "ENDPOINT", "UPSTREAM", "BROKER",
];

/// Blocks that are not the internet.
const PRIVATE_BLOCKS: &[&str] = &[
    "10.0.0.0/8",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
];

/// A text of a pod.
struct Said<'i> {
    /// What it is the value of, if it has a name.
    name: &'i str,
    text: &'i str,
    /// What it is, for comments.
    what: String,
    /// Where it is written.
    place: Option<String>,
}

impl Said<'_> {
    fn why(&self, target: &str) -> String {
        let place = self
            .place
            .as_ref()
            .map_or(String::new(), |place| format!(" ({place})"));
        format!("{} names {target}{place}", self.what)
    }
}

impl Network {
    /// The flows that manifests declare. What routes let in comes from a namespace, that of the gateway's pods, where it is known.
    pub fn declared(
        &self,
        inventory: &Inventory,
        views: &Views,
        gateways: Option<&str>,
    ) -> Vec<Flow> {
        let mut flows = Vec::new();
        let maps = ConfigMaps::new(inventory);
        for pod in self.pods() {
            let place = self.place(pod);
            let Some(resource) = inventory.resources.get(place.resource as usize) else {
                continue;
            };
            let own = views.pods_of(resource);
            if let Some(view) = own.iter().find(|view| view.spec().id() == place.node) {
                self.named_by(pod, view, &maps, &mut flows);
            }
            self.let_in(pod, inventory, gateways, &mut flows);
        }
        flows.sort_unstable();
        flows.dedup();
        flows
    }

    /// What the texts of a pod name.
    fn named_by<'i>(
        &self,
        pod: PodId,
        view: &PodView<'i>,
        maps: &ConfigMaps<'i>,
        flows: &mut Vec<Flow>,
    ) {
        let all = texts(self.namespace(pod), view, maps);
        for said in &all {
            for mention in mentions(said.text) {
                flows.extend(self.flows_to(pod, said, &mention, &all));
            }
        }
    }

    fn flows_to(
        &self,
        pod: PodId,
        said: &Said<'_>,
        mention: &Mention<'_>,
        all: &[Said<'_>],
    ) -> Vec<Flow> {
        let flow = |to: Side, ports: Vec<Port>, why: String| Flow {
            from: Side::Pod(pod),
            to,
            ports,
            why,
        };
        let port = mention
            .port
            .or_else(|| mention.scheme.and_then(port_of_scheme));
        if let Some((namespace, name)) = self.service_meant(self.namespace(pod), said, mention) {
            let port = port.or_else(|| paired_port(said, all));
            let target = format!("service {namespace}/{name}");
            let service = self.service_named(&namespace, &name);
            let targets = service.map(|service| self.service_targets(service, port));
            let targets = targets.unwrap_or_default();
            if targets.is_empty() {
                let missing = match service {
                    None => "the service was not read",
                    Some(_) => "no pod behind it was read",
                };
                let why = format!("{}; {missing}: all of its namespace", said.why(&target));
                let ports = port.map(Port::tcp).into_iter().collect();
                return vec![flow(Side::Namespace(namespace), ports, why)];
            }
            return targets
                .into_iter()
                .map(|(to, ports)| flow(Side::Pod(to), ports, said.why(&target)))
                .collect();
        }
        let Some(port) = port.filter(|_| mention.scheme.is_some() || mention.is_all) else {
            return Vec::new();
        };
        let ports = vec![Port::tcp(port)];
        if let Ok(address) = mention.host.parse::<std::net::IpAddr>() {
            if address.is_loopback() || address.is_unspecified() {
                return Vec::new();
            }
            let block = format!("{address}/{}", if address.is_ipv4() { 32 } else { 128 });
            let except = Vec::new();
            return vec![flow(
                Side::Block { block, except },
                ports,
                said.why(mention.host),
            )];
        }
        if mention.scheme.is_none() || !is_outside(mention.host) {
            return Vec::new();
        }
        let why = said.why(&format!("{}, whose addresses are not known", mention.host));
        vec![flow(internet(), ports, why)]
    }

    /// Namespace and name of the service that a host means.
    fn service_meant(
        &self,
        own: &str,
        said: &Said<'_>,
        mention: &Mention<'_>,
    ) -> Option<(String, String)> {
        let labels: Vec<&str> = mention.host.split('.').collect();
        let pair = |name: &str, namespace: &str| Some((namespace.to_owned(), name.to_owned()));
        if let Some(at) = labels
            .iter()
            .position(|label| *label == "svc")
            .filter(|at| *at >= 2)
        {
            return pair(labels[at - 2], labels[at - 1]);
        }
        let is_address = mention.port.is_some() || mention.scheme.is_some();
        match labels[..] {
            [name] => {
                let upper = said.name.to_ascii_uppercase();
                let is_host = mention.is_all && HOST_WORDS.iter().any(|word| upper.contains(word));
                let is_known = self.service_named(own, name).is_some();
                if is_known && (is_address || is_host) {
                    pair(name, own)
                } else {
                    None
                }
            }
            // With three parts, a pod of a headless service.
            [name, namespace] | [_, name, namespace] => {
                let is_known = self.service_named(namespace, name).is_some();
                if is_known {
                    pair(name, namespace)
                } else {
                    None
                }
            }
            _ => None,
        }
    }

    /// What routes, services and ports of nodes let in.
    fn let_in(
        &self,
        pod: PodId,
        inventory: &Inventory,
        gateways: Option<&str>,
        flows: &mut Vec<Flow>,
    ) {
        let chains = self.exposure(pod).chains.iter();
        for chain in chains.filter(|chain| chain.level >= Level::Node) {
            let Some(first) = chain
                .steps
                .first()
                .filter(|step| step.hop != Hop::HostNetwork)
            else {
                continue;
            };
            let is_route = matches!(first.hop, Hop::Gateway | Hop::Route);
            let gateway = gateways.filter(|_| is_route).map(str::to_owned);
            flows.push(Flow {
                from: gateway.map_or(Side::Everyone, Side::Namespace),
                to: Side::Pod(pod),
                ports: chain.port.into_iter().collect(),
                why: format!("{} lets it in from outside", object(first.place, inventory)),
            });
        }
    }
}

/// The internet, as a block.
pub fn internet() -> Side {
    Side::Block {
        block: "0.0.0.0/0".to_owned(),
        except: PRIVATE_BLOCKS
            .iter()
            .map(|&block| block.to_owned())
            .collect(),
    }
}

fn is_outside(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_name = last.len() > 1 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    host.contains('.') && is_name && !["local", "svc", "internal", "localhost"].contains(&last)
}

/// The port in the variable beside that of a host: `DB_PORT` beside `DB_HOST`.
fn paired_port(said: &Said<'_>, all: &[Said<'_>]) -> Option<u16> {
    let upper = said.name.to_ascii_uppercase();
    let stem = HOST_WORDS
        .iter()
        .find_map(|word| upper.find(word).map(|at| &upper[..at]))?;
    let wanted = format!("{stem}PORT");
    let found = all
        .iter()
        .find(|other| other.name.to_ascii_uppercase() == wanted)?;
    found.text.trim().parse().ok()
}

fn object(place: Place, inventory: &Inventory) -> String {
    let resource = inventory.resources.get(place.resource as usize);
    let at = place.location(inventory);
    let at = at.map_or(String::new(), |at| {
        format!(" ({}:{})", at.file(), at.start().line)
    });
    resource.map_or(at.clone(), |resource| {
        let namespace = resource.namespace.as_deref().unwrap_or("default");
        format!("{} {namespace}/{}{at}", resource.kind, resource.name)
    })
}

/// The texts that the containers of a pod are given.
fn texts<'i>(namespace: &str, view: &PodView<'i>, maps: &ConfigMaps<'i>) -> Vec<Said<'i>> {
    let mut all = Vec::new();
    let resource = view.resource();
    let at = |node: NodeRef<'_>| {
        let at = resource.location(node.id());
        Some(format!("{}:{}", at.file(), at.start().line))
    };
    for container in view.containers() {
        let node = container.node();
        let of = container.name();
        for key in ["command", "args"] {
            for item in items(node, key) {
                all.extend(item.as_str().map(|text| Said {
                    name: "",
                    text,
                    what: format!("an argument of container {of}"),
                    place: at(item),
                }));
            }
        }
        for variable in items(node, "env") {
            let name = text(variable, "name").unwrap_or_default();
            let what = format!("variable {name} of container {of}");
            if let Some(value) = field(variable, "value") {
                all.extend(value.as_str().map(|text| Said {
                    name,
                    text,
                    what,
                    place: at(value),
                }));
                continue;
            }
            let from = field(variable, "valueFrom").and_then(|from| field(from, "configMapKeyRef"));
            let Some(from) = from else { continue };
            let key = text(from, "key").unwrap_or_default();
            let entries = maps.entries(namespace, text(from, "name"));
            all.extend(
                entries
                    .filter(|(own, ..)| *own == key)
                    .map(|(_, text, place)| Said {
                        name,
                        text,
                        what: what.clone(),
                        place,
                    }),
            );
        }
        for source in items(node, "envFrom") {
            let from = field(source, "configMapRef").and_then(|from| text(from, "name"));
            all.extend(
                maps.entries(namespace, from)
                    .map(|(name, text, place)| Said {
                        name,
                        text,
                        what: format!("variable {name} of container {of}"),
                        place,
                    }),
            );
        }
    }
    for volume in view.volumes() {
        let from = field(volume, "configMap").and_then(|from| text(from, "name"));
        all.extend(
            maps.entries(namespace, from)
                .map(|(name, text, place)| Said {
                    name: "",
                    text,
                    what: format!("file {name}"),
                    place,
                }),
        );
    }
    all
}

/// The `ConfigMaps` of an inventory, by namespace and name.
struct ConfigMaps<'i>(BTreeMap<(&'i str, &'i str), &'i Resource>);

impl<'i> ConfigMaps<'i> {
    fn new(inventory: &'i Inventory) -> Self {
        let all = inventory.resources.iter();
        let maps = all.filter(|it| &*it.kind == "ConfigMap" && it.group().is_empty());
        let named = maps.map(|it| {
            let namespace = it.namespace.as_deref().unwrap_or("default");
            ((namespace, &*it.name), it)
        });
        ConfigMaps(named.collect())
    }

    /// Keys, texts and places of one.
    fn entries(
        &self,
        namespace: &str,
        name: Option<&str>,
    ) -> impl Iterator<Item = (&'i str, &'i str, Option<String>)> + use<'i> {
        let found = name.and_then(|name| self.0.get(&(namespace, name)).copied());
        found.into_iter().flat_map(|resource| {
            let data = field(resource.object(), "data").into_iter();
            data.flat_map(NodeRef::entries).filter_map(move |entry| {
                let at = resource.location(entry.value.id());
                let place = format!("{}:{}", at.file(), at.start().line);
                Some((entry.name(), entry.value.as_str()?, Some(place)))
            })
        })
    }
}

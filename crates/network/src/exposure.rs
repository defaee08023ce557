//! From how far away each pod can be reached, and on which way.

mod backend;
mod gateway;
mod ingress;
mod istio;

use model::{Inventory, Problem, ProblemKind, ProblemLevel};

use crate::answer::{Dangling, Level, Place, Reason};
use crate::pod::{Pod, PodId, Pods};
use crate::port::Port;
use crate::read::Reader;
use crate::select::PodMatch;
use crate::service::{Service, ServicePort, Services, Target};

use self::backend::{Backend, Edges, resolve};

pub use self::backend::Reference;

/// What one step of a chain is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Hop {
    /// A listener of a Gateway, or a server of Istio's.
    Gateway,
    /// A route's reference to its backend: Ingress, Gateway API, Istio, `OpenShift`.
    Route,
    /// What gives a service its reach: its type, its external addresses.
    Service,
    /// A port of a service.
    ServicePort,
    /// The port of a container.
    ContainerPort,
    /// A port of the node.
    HostPort,
    /// The network of the node.
    HostNetwork,
    /// The pod.
    Pod,
}

/// One step of a chain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Step {
    /// What it is.
    pub hop: Hop,
    /// Where it is written.
    pub place: Place,
}

/// One way to a pod, from the outside in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chain {
    /// From how far away.
    pub level: Level,
    /// The steps; the last is the pod or a port of it.
    pub steps: Vec<Step>,
    /// The port of the pod; `None` for all its ports, or for one that is not known.
    pub port: Option<Port>,
    /// Why it is not known whether the way is open.
    pub unknown: Option<Reason>,
}

/// All ways to a pod.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exposure {
    /// The farthest from which it is surely reached.
    pub level: Level,
    /// The farthest from which it may be reached.
    pub possible: Level,
    /// The ways, the farthest first.
    pub chains: Vec<Chain>,
}

/// The exposure of all pods.
#[derive(Debug)]
pub(crate) struct Exposures {
    of_pod: Vec<Exposure>,
    /// By position of the service.
    of_service: Vec<Exposure>,
    dangling: Vec<Dangling>,
    /// What routes name, in the order of the inventory.
    references: Vec<Reference>,
    /// How many chains may still be made.
    room: usize,
    /// Whether a limit was met.
    is_cut: bool,
}

/// Chains that are kept, of all pods.
const CHAINS: usize = 1_000_000;

impl Exposures {
    pub(crate) fn new(
        inventory: &Inventory,
        pods: &mut Pods,
        services: &Services,
        default_namespace: &str,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut routes = Routes::default();
        let mut symbols = std::mem::take(&mut pods.symbols);
        for (index, resource) in inventory.resources.iter().enumerate() {
            routes.add(&mut Reader {
                resource,
                index: index as u32,
                symbols: &mut symbols,
                problems,
                default_namespace,
            });
        }
        pods.symbols = symbols;
        let mut exposures = Exposures {
            of_pod: pods.list.iter().map(own).collect(),
            of_service: vec![Exposure::default(); services.list.len()],
            dangling: Vec::new(),
            references: Vec::new(),
            room: CHAINS,
            is_cut: services.is_cut,
        };
        for (position, service) in services.list.iter().enumerate() {
            exposures.service(pods, service, position);
        }
        routes.connect(pods, services, &mut exposures);
        for exposure in exposures.of_pod.iter_mut().chain(&mut exposures.of_service) {
            exposure.sort();
        }
        problems.extend(exposures.is_cut.then(too_many));
        exposures
    }

    pub(crate) fn of(&self, pod: PodId) -> &Exposure {
        &self.of_pod[pod.index()]
    }

    pub(crate) fn of_service(&self, position: usize) -> Option<&Exposure> {
        self.of_service.get(position)
    }

    /// What a resource names.
    pub(crate) fn references(&self, resource: u32) -> &[Reference] {
        let all = &self.references;
        let start = all.partition_point(|other| other.place.resource < resource);
        let end = all.partition_point(|other| other.place.resource <= resource);
        &all[start..end]
    }

    pub(crate) fn dangling(&self) -> &[Dangling] {
        &self.dangling
    }

    fn note(&mut self, place: Place, reason: Reason) {
        self.dangling.push(Dangling { place, reason });
    }

    /// The ways that a service gives by itself.
    fn service(&mut self, pods: &Pods, service: &Service, position: usize) {
        for &(level, place) in &service.levels {
            let steps = [Step {
                hop: Hop::Service,
                place,
            }];
            let way = Way {
                level,
                steps: &steps,
                unknown: None,
            };
            let chain = way.to_service(service, None);
            self.of_service[position].chains.push(chain);
            self.way(pods, service, &way, |_| true);
        }
        if let Some(reason) = service.dangling().filter(|_| !service.is_external_name) {
            self.note(service.place, reason);
        }
    }

    /// A way to a service becomes ways to its pods, one for each port.
    fn way(
        &mut self,
        pods: &Pods,
        service: &Service,
        way: &Way<'_>,
        is_port: impl Fn(&ServicePort) -> bool,
    ) {
        for &PodMatch { pod: id, unknown } in &service.pods {
            if self.room < service.ports.len() + 1 {
                self.is_cut = true;
                return;
            }
            self.room -= service.ports.len() + 1;
            let exposure = &mut self.of_pod[id.index()];
            // A headless service needs no ports.
            if service.ports.is_empty() {
                exposure.chains.push(way.to_pod(pods.get(id), unknown));
            }
            for port in service.ports.iter().filter(|port| is_port(port)) {
                exposure
                    .chains
                    .push(way.to_port(pods.get(id), port, unknown));
            }
        }
    }

    /// A backend that a route names.
    fn backend(&mut self, pods: &Pods, services: &Services, backend: &Backend) {
        let Some(place) = backend.steps.last().map(|step| step.place) else {
            return;
        };
        let found = services.find(backend.namespace, backend.service);
        let service = found.and_then(|index| Some((index, services.list.get(index)?)));
        let Some((position, service)) = service else {
            self.note(place, Reason::ServiceNotScanned);
            return;
        };
        if service.is_external_name {
            self.note(place, Reason::ExternalName);
            return;
        }
        let Some(port) = service.ports.iter().find(|port| backend.port.is(port)) else {
            self.note(place, Reason::NoSuchPort);
            return;
        };
        let way = Way {
            level: backend.level,
            steps: &backend.steps,
            unknown: backend.unknown,
        };
        if self.room > 0 {
            self.room -= 1;
            let chain = way.to_service(service, Some(port));
            self.of_service[position].chains.push(chain);
        }
        self.way(pods, service, &way, |port| backend.port.is(port));
    }

    /// The farthest that any of some pods is reached from, so far.
    fn farthest(&self, pods: impl Iterator<Item = PodId>) -> Option<Level> {
        let levels = pods.map(|pod| {
            let chains = &self.of_pod[pod.index()].chains;
            chains
                .iter()
                .map(|chain| chain.level)
                .max()
                .unwrap_or_default()
        });
        levels.max()
    }
}

fn too_many() -> Problem {
    Problem {
        level: ProblemLevel::Error,
        kind: ProblemKind::NetworkLimit,
        file: String::new(),
        location: None,
        message: "too many ways from routes and services to pods: some are left out".to_owned(),
        hint: None,
    }
}

/// The way up to a service.
struct Way<'s> {
    level: Level,
    steps: &'s [Step],
    unknown: Option<Reason>,
}

impl Way<'_> {
    /// The way as far as the service.
    fn to_service(&self, service: &Service, port: Option<&ServicePort>) -> Chain {
        let last = Step {
            hop: Hop::Service,
            place: service.place,
        };
        let is_there = self.steps.last() == Some(&last);
        let last = (!is_there).then_some(last);
        Chain {
            level: self.level,
            steps: self.steps.iter().copied().chain(last).collect(),
            port: port.map(|port| Port {
                protocol: port.protocol,
                number: port.number,
            }),
            unknown: self.unknown,
        }
    }

    fn to_pod(&self, pod: &Pod, unknown: Option<Reason>) -> Chain {
        let last = Step {
            hop: Hop::Pod,
            place: pod.place,
        };
        Chain {
            level: self.level,
            steps: self.steps.iter().copied().chain([last]).collect(),
            port: None,
            unknown: self.unknown.or(unknown),
        }
    }

    fn to_port(&self, pod: &Pod, port: &ServicePort, unknown: Option<Reason>) -> Chain {
        let declared = port.declared(pod);
        let (number, missing) = match (declared, port.target) {
            (Some(declared), _) => (Some(declared.port), None),
            (None, Target::Number(number)) => (
                Some(Port {
                    protocol: port.protocol,
                    number,
                }),
                None,
            ),
            (None, Target::Name(_)) => (None, Some(Reason::NoNamedPort)),
        };
        let last = match declared {
            Some(declared) => Step {
                hop: Hop::ContainerPort,
                place: Place {
                    node: declared.node,
                    ..pod.place
                },
            },
            None => Step {
                hop: Hop::Pod,
                place: pod.place,
            },
        };
        let before = Step {
            hop: Hop::ServicePort,
            place: port.place,
        };
        Chain {
            level: self.level,
            steps: self.steps.iter().copied().chain([before, last]).collect(),
            port: number,
            unknown: self.unknown.or(unknown).or(missing),
        }
    }
}

impl Exposure {
    fn sort(&mut self) {
        self.chains.sort_by(|a, b| {
            let order = b.level.cmp(&a.level).then(a.unknown.cmp(&b.unknown));
            order.then_with(|| a.steps.cmp(&b.steps))
        });
        let sure = self.chains.iter().filter(|chain| chain.unknown.is_none());
        self.level = sure.map(|chain| chain.level).max().unwrap_or_default();
        let all = self.chains.iter().map(|chain| chain.level);
        self.possible = all.max().unwrap_or_default();
    }
}

/// The ways that a pod gives by itself: the network of its node, and ports of it.
fn own(pod: &Pod) -> Exposure {
    let mut chains = Vec::new();
    if pod.host_network.is_possible() {
        let place = Place {
            node: pod.host_network_at,
            ..pod.place
        };
        chains.push(Chain {
            level: Level::Node,
            steps: vec![Step {
                hop: Hop::HostNetwork,
                place,
            }],
            port: None,
            unknown: pod.host_network.reason(),
        });
    }
    let ports = pod.ports.iter().filter(|port| port.host_port.is_some());
    for port in ports {
        let place = Place {
            node: port.node,
            ..pod.place
        };
        chains.push(Chain {
            // A port that is bound to the node's loopback is reached from the node alone.
            level: if port.is_loopback {
                Level::Internal
            } else {
                Level::Node
            },
            steps: vec![Step {
                hop: Hop::HostPort,
                place,
            }],
            port: Some(port.port),
            unknown: None,
        });
    }
    Exposure {
        chains,
        ..Exposure::default()
    }
}

/// Everything that routes from outside, as read.
#[derive(Default)]
struct Routes {
    edges: Edges,
    gateways: gateway::Gateways,
    istio: istio::Istio,
}

impl Routes {
    fn add(&mut self, reader: &mut Reader<'_>) {
        match (reader.resource.group(), &*reader.resource.kind) {
            ("networking.k8s.io" | "extensions", "Ingress") => {
                ingress::ingress(&mut self.edges, reader);
            }
            ("route.openshift.io", "Route") => ingress::route(&mut self.edges, reader),
            ("gateway.networking.k8s.io", _) => self.gateways.add(&mut self.edges, reader),
            ("networking.istio.io", _) => self.istio.add(&mut self.edges, reader),
            _ => {}
        }
    }

    fn connect(mut self, pods: &Pods, services: &Services, exposures: &mut Exposures) {
        self.gateways.connect(pods, &mut self.edges);
        // Gateways of Istio are pods: how far they are reached from is known by now.
        self.istio
            .connect(pods, services, exposures, &mut self.edges);
        exposures.is_cut |= self.edges.is_cut;
        for dangling in self.edges.dangling {
            exposures.note(dangling.place, dangling.reason);
        }
        for backend in &self.edges.backends {
            exposures.backend(pods, services, backend);
        }
        exposures.dangling.sort_unstable();
        exposures.dangling.dedup();
        let gateways = |group: &str, namespace, name| match group {
            "networking.istio.io" => self.istio.find(namespace, name),
            _ => self.gateways.find(namespace, name),
        };
        exposures.references = resolve(
            self.edges.references,
            services,
            |text| pods.symbols.find(text),
            gateways,
            &exposures.dangling,
        );
    }
}

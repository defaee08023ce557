//! The network of one inventory: made once, asked often.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use document::NodeId;
use model::{Inventory, Problem, Views};

use crate::answer::{Dangling, Direction, Place, Reason, Truth};
use crate::budget::Budgets;
use crate::cidr::Cidr;
use crate::classes::{Classes, TooManyClasses};
use crate::decide::Ports3;
use crate::exposure::{Exposure, Exposures, Reference};
use crate::label::Selector;
use crate::maker::Makers;
use crate::monitor::Monitors;
use crate::pod::{Pod, PodId, Pods};
use crate::policy::{AtomId, Policies, Policy, PolicyKind};
use crate::port::Port;
use crate::reach::{Endpoint, Verdict, World};
use crate::read::Reader;
use crate::select::{PodMatch, any, selected, selected_in, selects_any};
use crate::service::{ServedPort, Service, ServiceMatch, ServicePort, Services, Target};
use crate::symbol::Symbol;

/// What scans do not say themselves.
#[derive(Clone, Debug)]
pub struct Options {
    /// The namespace of objects that name none.
    pub default_namespace: Box<str>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            default_namespace: "default".into(),
        }
    }
}

/// A policy that selects a pod.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PolicyMatch {
    /// Kind of policy.
    pub kind: PolicyKind,
    /// The resource, and its spec.
    pub place: Place,
    /// Why it is not known whether it selects the pod, or applies to that direction.
    pub unknown: Option<Reason>,
}

/// The pods, policies, services and routes of an inventory. Owns all that it knows: positions of resources
/// and ids of nodes are those of the inventory.
#[derive(Debug)]
pub struct Network {
    pods: Pods,
    policies: Policies,
    services: Services,
    exposures: Exposures,
    monitors: Monitors,
    budgets: Budgets,
    makers: Makers,
    problems: Vec<Problem>,
}

impl Network {
    /// Reads an inventory.
    pub fn new(inventory: &Inventory, views: &Views, options: &Options) -> Self {
        let mut pods = Pods::default();
        let mut policies = Policies::default();
        let mut services = Services::default();
        let mut monitors = Monitors::default();
        let mut budgets = Budgets::default();
        let mut makers = Makers::default();
        let mut problems = Vec::new();
        let mut symbols = std::mem::take(&mut pods.symbols);
        for (index, resource) in inventory.resources.iter().enumerate() {
            let mut reader = Reader {
                resource,
                index: index as u32,
                symbols: &mut symbols,
                problems: &mut problems,
                default_namespace: &options.default_namespace,
            };
            let own = views.pods_of(resource);
            if own.is_empty() {
                makers.add(&mut reader);
            }
            for view in own.iter().filter(|view| view.is_whole()) {
                pods.add(Pod::read(&mut reader, view));
            }
            if &*resource.kind == "Namespace" && resource.group().is_empty() {
                pods.namespaces.add(&mut reader);
            }
            policies.add(&mut reader);
            services.add(&mut reader);
            monitors.add(&mut reader);
            budgets.add(&mut reader);
        }
        pods.namespaces.finish();
        policies.finish();
        pods.symbols = symbols;
        services.connect(&pods);
        let exposures = Exposures::new(
            inventory,
            &mut pods,
            &services,
            &options.default_namespace,
            &mut problems,
        );
        problems.sort_by(|left, right| place(left).cmp(&place(right)));
        Network {
            pods,
            policies,
            services,
            exposures,
            monitors,
            budgets,
            makers,
            problems,
        }
    }

    fn world(&self) -> World<'_> {
        World {
            pods: &self.pods,
            policies: &self.policies,
        }
    }

    /// What contradicts the API; it counts as unknown wherever it takes part.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// All pods and templates of pods, in the order of the inventory.
    pub fn pods(&self) -> impl Iterator<Item = PodId> + use<> {
        self.pods.ids()
    }

    /// The pods of a resource.
    pub fn pods_of(&self, resource: u32) -> impl Iterator<Item = PodId> + '_ {
        self.pods.of_resource(resource)
    }

    /// The pod of a resource with that spec.
    pub fn pod(&self, resource: u32, spec: NodeId) -> Option<PodId> {
        let mut pods = self.pods.of_resource(resource);
        pods.find(|&pod| self.pods.get(pod).place.node == spec)
    }

    /// The resource that carries a pod, and the pod's spec.
    pub fn place(&self, pod: PodId) -> Place {
        self.pods.get(pod).place
    }

    /// The namespace that a pod runs in.
    pub fn namespace(&self, pod: PodId) -> &str {
        self.pods.symbols.text(self.pods.get(pod).namespace)
    }

    /// The labels of a pod that are known for sure, sorted by key.
    pub fn labels(&self, pod: PodId) -> Vec<(&str, &str)> {
        let text = |symbol| self.pods.symbols.text(symbol);
        let pairs = self.pods.get(pod).labels.pairs.iter();
        let mut labels: Vec<_> = pairs
            .map(|&(key, value)| (text(key), text(value)))
            .collect();
        labels.sort_unstable();
        labels
    }

    /// The keys of labels that a pod may have beside these; `None` where it may have any.
    pub fn vague_labels(&self, pod: PodId) -> Option<Vec<&str>> {
        let labels = &self.pods.get(pod).labels;
        let keys = labels.maybe.iter();
        let keys = keys.map(|&key| self.pods.symbols.text(key)).collect();
        labels.incomplete.is_none().then_some(keys)
    }

    /// Whether all labels of a pod are known, but for those that controllers give.
    pub(crate) fn has_known_labels(&self, pod: PodId) -> bool {
        self.pods.get(pod).labels.incomplete.is_none()
    }

    /// The position of a service in the inventory.
    pub fn service_named(&self, namespace: &str, name: &str) -> Option<u32> {
        let symbols = &self.pods.symbols;
        let position = self
            .services
            .find(symbols.find(namespace)?, symbols.find(name)?)?;
        self.services
            .list
            .get(position)
            .map(|service| service.place.resource)
    }

    /// The pods behind a service, with the ports of theirs that one of its ports leads to, or all of its ports. A number that is
    /// no port of the service is taken for one of the pods', as with services that have no address.
    pub fn service_targets(&self, service: u32, port: Option<u16>) -> Vec<(PodId, Vec<Port>)> {
        let Some(service) = self.service(service) else {
            return Vec::new();
        };
        let asked = service.ports.iter();
        let asked = asked.filter(|own| port.is_none_or(|port| own.number == port));
        let asked: Vec<&ServicePort> = asked.collect();
        let targets = service.pods.iter().map(|found| {
            let pod = self.pods.get(found.pod);
            let ports = asked.iter().filter_map(|own| match own.target {
                Target::Number(number) => Some(Port {
                    protocol: own.protocol,
                    number,
                }),
                Target::Name(_) => own.declared(pod).map(|declared| declared.port),
            });
            let mut ports: Vec<Port> = ports.collect();
            if asked.is_empty() {
                ports.extend(port.map(Port::tcp));
            }
            (found.pod, ports)
        });
        targets.filter(|(_, ports)| !ports.is_empty()).collect()
    }

    /// The pods of a namespace.
    pub fn pods_in(&self, namespace: &str) -> &[PodId] {
        let namespace = self.pods.symbols.find(namespace);
        namespace.map_or(&[], |namespace| self.pods.in_namespace(namespace))
    }

    /// The policies that select a pod in a direction, in the order of evaluation.
    pub fn policies(&self, pod: PodId, direction: Direction) -> Vec<PolicyMatch> {
        self.world()
            .selecting(self.pods.get(pod), direction)
            .map(policy_match)
            .collect()
    }

    /// The policies that select a pod, whatever they are about, in the order of evaluation.
    pub fn policies_on(&self, pod: PodId) -> Vec<PolicyMatch> {
        let selecting = self.world().selecting_at_all(self.pods.get(pod));
        selecting.map(policy_match).collect()
    }

    /// Whether every pod that a namespace may ever have gets (or sends) only what a policy allows.
    pub fn isolates_namespace(&self, namespace: &str, direction: Direction) -> Truth {
        let namespace = self.pods.symbols.find(namespace);
        namespace.map_or(Truth::No, |namespace| {
            self.world().isolated_by_default(namespace, direction)
        })
    }

    /// Whether a pod gets (or sends) only what a policy allows. Admin policies isolate nothing.
    pub fn is_isolated(&self, pod: PodId, direction: Direction) -> Truth {
        self.world().isolated(self.pods.get(pod), direction)
    }

    /// Whether traffic from one end gets to a port of another.
    ///
    /// Not looked at: traffic between a pod and its own node, which no policy stops, and whether anything
    /// listens on the port.
    pub fn reach(&self, from: Endpoint, to: Endpoint, port: Port) -> Verdict {
        self.world().reach(from, to, port)
    }

    /// The same for every port at once.
    pub fn ports(&self, from: Endpoint, to: Endpoint) -> Ports3 {
        self.world().ports(from, to)
    }

    /// Addresses that stand for all outside of the cluster: no policy tells any other from every one of them.
    pub fn addresses(&self) -> Vec<IpAddr> {
        let blocks = self.policies.blocks();
        let edges = blocks.flat_map(|block| {
            let parts = std::iter::once(&block.block).chain(&block.except);
            parts.flat_map(Cidr::edges)
        });
        let mut all: Vec<IpAddr> = PUBLIC.into_iter().chain(edges).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Those of them that are public.
    pub fn internet(&self) -> Vec<IpAddr> {
        let mut all = self.addresses();
        all.retain(|&address| is_public(address));
        all
    }

    /// Reachability between all pods.
    pub fn classes(&self) -> Result<Classes, TooManyClasses> {
        Classes::new(self.world())
    }

    /// The services that lead to a pod: by their selector, or by endpoints where they have none.
    pub fn services(&self, pod: PodId) -> &[ServiceMatch] {
        self.services.of(pod)
    }

    /// The pods that a service leads to; `None` for what is no service, or none with pods of its own:
    /// without a selector and without endpoints, or a name elsewhere.
    pub fn service_pods(&self, service: u32) -> Option<&[PodMatch]> {
        let service = self.service(service)?;
        (service.selector().is_some() || !service.pods.is_empty()).then_some(&service.pods)
    }

    /// From how far away a service is reached, by itself and through routes.
    pub fn service_exposure(&self, service: u32) -> Option<&Exposure> {
        let position = self.services.of_resource(service)?;
        self.exposures.of_service(position)
    }

    /// The ports of a service.
    pub fn service_ports(&self, service: u32) -> impl Iterator<Item = ServedPort> {
        let service = self.service(service).into_iter();
        service.flat_map(|service| {
            service.ports.iter().map(|port| ServedPort {
                place: port.place,
                served: service.served(port, &self.pods),
            })
        })
    }

    fn service(&self, resource: u32) -> Option<&Service> {
        let position = self.services.of_resource(resource)?;
        self.services.list.get(position)
    }

    /// The pods that a policy of any kind selects; `None` for what is no policy on pods.
    pub fn policy_pods(&self, policy: u32) -> Option<Vec<PodMatch>> {
        let mut policies = self.policies.of_resource(policy).peekable();
        policies.peek()?;
        let selectors = policies.filter_map(|policy| self.policies.selector(policy.subject));
        let mut pods: Vec<_> = selectors
            .flat_map(|selector| selected(&self.pods, selector))
            .collect();
        pods.sort_unstable_by_key(|found| (found.pod, found.unknown));
        pods.dedup_by_key(|found| found.pod);
        Some(pods)
    }

    /// Whether a policy selects any pod; `None` for what is no policy on pods.
    pub fn selects_any(&self, policy: u32) -> Option<Truth> {
        let mut policies = self.policies.of_resource(policy).peekable();
        policies.peek()?;
        let truths = policies.map(|policy| self.atom_any(policy.subject));
        Some(truths.fold(Truth::No, Truth::or))
    }

    /// Whether an entry of `from` or `to` means any pod; `None` for what is no selector of pods.
    pub fn peer_any(&self, peer: Place) -> Option<Truth> {
        Some(self.atom_any(self.policies.peer(peer)?))
    }

    fn atom_any(&self, atom: AtomId) -> Truth {
        let truth = self.policies.selects_any(atom, &self.pods);
        let selector = self.policies.selector(atom);
        truth.or(selector.map_or(Truth::No, |selector| self.made(selector)))
    }

    /// Whether a service leads to any pod; `None` as for [`Network::service_pods`].
    pub fn service_any(&self, service: u32) -> Option<Truth> {
        let found = self.service_pods(service)?;
        let found = any(found.iter().copied().map(PodMatch::truth));
        let selector = self.service(service)?.selector();
        Some(found.or(selector.map_or(Truth::No, |selector| self.made(selector))))
    }

    /// Whether pods that were not scanned are made of a custom resource that was.
    fn made(&self, selector: &Selector) -> Truth {
        if self.makers.may_make(selector) {
            Truth::Unknown(Reason::CustomResource)
        } else {
            Truth::No
        }
    }

    /// The pods that an entry of `from` or `to` means; `None` for what is no selector of pods.
    pub fn peer_pods(&self, peer: Place) -> Option<impl Iterator<Item = PodMatch>> {
        let selector = self.policies.selector(self.policies.peer(peer)?)?;
        Some(selected(&self.pods, selector))
    }

    /// The policies of a namespace that are about a direction, and those of the cluster that select one of
    /// its pods; while it has none, those that may select one. In the order of evaluation.
    pub fn namespace_policies(&self, namespace: &str, direction: Direction) -> Vec<PolicyMatch> {
        let Some(namespace) = self.pods.symbols.find(namespace) else {
            return Vec::new();
        };
        let policies = self.policies.of_namespace(namespace);
        let found = policies.filter_map(|policy| {
            let selector = self.policies.selector(policy.subject)?;
            let selects = match selector.only_namespace() {
                Some(_) => Truth::Yes,
                None => self.selects_in(selector, namespace),
            };
            let truth = selects.and(policy.section(direction).applies);
            truth.is_possible().then(|| policy_match((policy, truth)))
        });
        found.collect()
    }

    /// Whether a selector selects a pod of a namespace; for one without pods, whether it may.
    fn selects_in(&self, selector: &Selector, namespace: Symbol) -> Truth {
        let pods = self.pods.in_namespace(namespace);
        if pods.is_empty() {
            return self.pods.possible(selector, namespace);
        }
        any(selected_in(&self.pods, selector, namespace).map(PodMatch::truth))
    }

    /// The services that a `ServiceMonitor` selects; `None` for what is none.
    pub fn monitored_services(&self, monitor: u32) -> Option<Vec<u32>> {
        let monitor = self.monitors.get(monitor)?;
        (!monitor.is_of_pods).then(|| monitor.services(&self.services, &self.pods))
    }

    /// The pods that a `PodMonitor` selects; `None` for what is none.
    pub fn monitored_pods(&self, monitor: u32) -> Option<Vec<PodMatch>> {
        let monitor = self.monitors.get(monitor)?;
        monitor
            .is_of_pods
            .then(|| selected(&self.pods, &monitor.selector).collect())
    }

    /// The pods that a `PodDisruptionBudget` selects; `None` for what is none.
    pub fn budget_pods(&self, budget: u32) -> Option<Vec<PodMatch>> {
        let selector = self.budgets.selector(budget)?;
        Some(selected(&self.pods, selector).collect())
    }

    /// Whether a `PodDisruptionBudget` selects any pod; `None` for what is none.
    pub fn budget_any(&self, budget: u32) -> Option<Truth> {
        let selector = self.budgets.selector(budget)?;
        Some(selects_any(&self.pods, selector).or(self.made(selector)))
    }

    /// The budgets that surely select a pod, in the order of the inventory.
    pub fn budgets(&self, pod: PodId) -> impl Iterator<Item = u32> + '_ {
        self.budgets.of_pod(self.pods.get(pod), &self.pods)
    }

    /// What a route names: its backends and the gateways that it hangs on, in the order of the text.
    pub fn references(&self, resource: u32) -> &[Reference] {
        self.exposures.references(resource)
    }

    /// From how far away a pod can be reached, and on which way. Policies are not looked at.
    pub fn exposure(&self, pod: PodId) -> &Exposure {
        self.exposures.of(pod)
    }

    /// What points outside of what was scanned, in the order of the inventory.
    pub fn dangling(&self) -> &[Dangling] {
        self.exposures.dangling()
    }
}

/// An address of each family that policies seldom name.
const PUBLIC: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(8, 8, 8, 8)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0x4860, 0x4860, 0, 0, 0, 0, 0x8888)),
];

/// Whether an address is one of the internet's; multicast and what is reserved are not.
fn is_public(address: IpAddr) -> bool {
    let is_usual = match address {
        IpAddr::V4(address) => (1..224).contains(&address.octets()[0]),
        IpAddr::V6(address) => address.segments()[0] & 0xe000 == 0x2000,
    };
    is_usual && !Cidr::single(address).is_private()
}

fn policy_match((policy, selects): (&Policy, Truth)) -> PolicyMatch {
    PolicyMatch {
        kind: policy.kind,
        place: policy.place,
        unknown: selects.reason(),
    }
}

/// File and offset; what is about no file comes first.
fn place(problem: &Problem) -> (&str, u32) {
    let start = problem
        .location
        .as_ref()
        .map(|location| location.span.start);
    (&problem.file, start.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::Network;

    #[test]
    fn threads_share_a_network() {
        fn is_shared<T: Send + Sync>() {}
        is_shared::<Network>();
    }
}

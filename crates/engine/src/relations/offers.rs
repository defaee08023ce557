//! What an object offers, and what it needs: by what is written in it alone.

use document::NodeRef;
use model::{Inventory, PodMember, Resource, Views};
use rbac::Graph;

use super::{
    Identity, Reference, Relations, Via, WORKLOAD_GROUPS, add_custom, made_by, name_of,
    namespace_of,
};
use crate::tie::{Tie, What};

/// The ties of one object.
#[derive(Debug, Default)]
pub(crate) struct Offers {
    /// Who asks for these may ask for the object.
    pub(crate) offered: Vec<Tie>,
    /// What offers these comes along with the object.
    pub(crate) needed: Vec<Tie>,
    /// The same, with all that it asked for itself.
    pub(crate) with_all: Vec<Tie>,
}

const RBAC: &str = "rbac.authorization.k8s.io";
const GATEWAY: &str = "gateway.networking.k8s.io";
const ISTIO: &str = "networking.istio.io";

/// The labels of roles that are added to those of every cluster begin so.
pub(super) const AGGREGATE: &str = "rbac.authorization.k8s.io/aggregate-to-";

/// The roles of every cluster that others add to.
pub(super) const AGGREGATED: [&str; 3] = ["admin", "edit", "view"];

impl Offers {
    pub(crate) fn of(resource: &Resource, views: &Views) -> Self {
        let alone = Inventory::new(vec![resource.clone()]);
        let mut offers = Offers::default();
        offers.add(resource, &alone, &Relations::new(&alone, views));
        for ties in [
            &mut offers.offered,
            &mut offers.needed,
            &mut offers.with_all,
        ] {
            ties.sort_unstable();
            ties.dedup();
            ties.shrink_to_fit();
        }
        offers
    }

    fn add(&mut self, resource: &Resource, alone: &Inventory, relations: &Relations<'_>) {
        let own = name_of(resource);
        let (group, kind) = (own.group, own.kind);
        let namespace = namespace_of(resource);
        self.offered.extend([named(&own), Tie::kind(kind)]);
        self.references(resource, relations);
        if let Some((namespace, name)) = made_by(resource) {
            self.offered
                .push(Tie::new(What::MadeSecret, &[namespace, name]));
        }
        if !relations.processes().is_empty() {
            self.offered.push(Tie::new(What::Process, &[]));
        }
        if !relations.pods_of(0).is_empty() {
            self.pods(namespace, relations);
        }
        if group.contains('.') && !group.ends_with(".k8s.io") {
            self.offer(What::Maker, &[namespace, &resource.name]);
            self.offer(What::Maker, &[namespace]);
        }
        match (group, kind) {
            ("", "Service") => self.service(resource),
            (_, kind) if kind.ends_with("NetworkPolicy") => self.policy(resource),
            ("policy", "PodDisruptionBudget") => self.selecting(namespace, &Selected::of(resource)),
            ("", "Endpoints") | ("discovery.k8s.io", "EndpointSlice") => self.endpoints(resource),
            (RBAC, "RoleBinding" | "ClusterRoleBinding") => self.binding(alone),
            (RBAC, "ClusterRole") => self.cluster_role(resource),
            (GATEWAY, "ReferenceGrant") => self.offer(What::Permits, &[namespace]),
            (ISTIO, "Gateway") => self.istio_gateway(resource),
            _ => {}
        }
        let is_route = matches!(
            (group, kind),
            ("networking.k8s.io" | "extensions", "Ingress")
                | ("route.openshift.io", "Route")
                | (GATEWAY | ISTIO, _)
        );
        if is_route {
            self.route(namespace, relations);
        }
    }

    fn offer(&mut self, what: What, parts: &[&str]) {
        self.offered.push(Tie::new(what, parts));
    }

    fn need(&mut self, what: What, parts: &[&str]) {
        self.needed.push(Tie::new(what, parts));
    }

    fn references(&mut self, resource: &Resource, relations: &Relations<'_>) {
        for reference in relations.references_of(0) {
            let identity = reference.identity();
            self.offered.push(uses(&identity));
            let Reference { via, group, .. } = reference;
            if via == Via::Target && WORKLOAD_GROUPS.contains(&group) {
                let others = WORKLOAD_GROUPS.map(|group| Identity { group, ..identity });
                self.offered.extend(others.iter().map(uses));
            }
        }
        let namespace = namespace_of(resource);
        add_custom(resource, &mut |kind, name| {
            self.offered.push(uses(&Identity {
                group: "",
                kind,
                namespace,
                name,
            }));
        });
    }

    fn pods(&mut self, namespace: &str, relations: &Relations<'_>) {
        let whole = relations.pods_of(0).iter().filter(|pod| pod.is_whole());
        for pod in whole {
            let account = pod.effective(PodMember::ServiceAccountName);
            if let Some(name) = account.as_str() {
                self.offered
                    .push(Tie::new(What::Running, &[namespace, name]));
            }
        }
        let network = relations.network();
        for pod in network.pods() {
            self.offer(What::Pod, &[]);
            self.offer(What::PodIn, &[namespace]);
            for (key, value) in network.labels(pod) {
                self.offer(What::Label, &[namespace, key, value]);
                self.offer(What::Label, &[key, value]);
            }
            let Some(keys) = network.vague_labels(pod) else {
                self.offer(What::MayAny, &[namespace]);
                self.offer(What::MayAny, &[]);
                continue;
            };
            for key in keys {
                self.offer(What::MayLabel, &[namespace, key]);
                self.offer(What::MayLabel, &[key]);
            }
        }
    }

    fn service(&mut self, service: &Resource) {
        let namespace = namespace_of(service);
        let selected = Selected::of(service);
        self.need(What::Leads, &[namespace, &service.name]);
        if selected.is_nobody {
            self.need(What::EndpointsOf, &[namespace, &service.name]);
        }
        for (key, value) in &selected.labels {
            self.offer(What::ServiceSelects, &[key, value]);
        }
        for (key, value) in labels_of(service) {
            self.offer(What::ServiceLabel, &[key, value]);
        }
        self.selecting(namespace, &selected);
    }

    /// What selects pods of its namespace.
    fn selecting(&mut self, namespace: &str, selected: &Selected<'_>) {
        self.offer(What::SelectsAny, &[namespace]);
        match selected.labels.first() {
            Some((key, value)) => {
                self.offer(What::Selects, &[namespace, key, value]);
                self.offer(What::SelectsKey, &[namespace, key]);
            }
            None => self.offer(What::SelectsOther, &[namespace]),
        }
    }

    fn policy(&mut self, policy: &Resource) {
        let selected = Selected::of(policy);
        if !selected.is_everywhere {
            return self.selecting(namespace_of(policy), &selected);
        }
        self.offer(What::SelectsEverywhere, &[]);
        // Those of plugins may select in their own namespace only.
        self.offer(What::SelectsAny, &[namespace_of(policy)]);
        self.offer(What::SelectsOther, &[namespace_of(policy)]);
    }

    fn endpoints(&mut self, endpoints: &Resource) {
        let namespace = namespace_of(endpoints);
        let Some((service, pods)) = endpoints_of(endpoints) else {
            return;
        };
        self.offer(What::EndpointsOf, &[namespace, service]);
        self.needed.push(named(&service_named(namespace, service)));
        for (namespace, name) in pods {
            self.offer(What::Endpoint, &[namespace, name]);
        }
    }

    fn binding(&mut self, alone: &Inventory) {
        let options = rbac::Options {
            default_roles: false,
            ..rbac::Options::default()
        };
        let graph = Graph::build(alone, &options);
        for bound in graph.bindings().flat_map(|id| graph.bound(id)) {
            let (is_group, name) = bound.subject.principal();
            self.offered.push(Tie::bound(is_group, &name));
        }
        // Alone it finds no role.
        for missing in graph.dangling() {
            let role = role_named(missing.namespace, missing.name);
            self.needed.push(named(&role));
            self.offer(What::Grants, &[role.namespace, role.name]);
            if missing.namespace.is_none() && AGGREGATED.contains(&missing.name) {
                let label = format!("{AGGREGATE}{}", missing.name);
                self.need(What::RoleLabel, &[&label, "true"]);
            }
        }
    }

    fn cluster_role(&mut self, role: &Resource) {
        for (key, value) in labels_of(role) {
            self.offer(What::RoleLabel, &[key, value]);
        }
        let Some(labels) = aggregated_by(role) else {
            return;
        };
        if labels.is_empty() {
            self.offer(What::Collects, &[]);
            self.needed.push(Tie::kind("ClusterRole"));
        }
        for (key, value) in labels {
            self.offer(What::Collects, &[key, value]);
            self.need(What::RoleLabel, &[key, value]);
        }
    }

    /// How far its pods are reached from depends on all that leads to these.
    fn istio_gateway(&mut self, gateway: &Resource) {
        let selector = spec(gateway).and_then(|spec| spec.get_str("selector"));
        let selected = pairs(selector);
        let Some((key, value)) = selected.first() else {
            self.needed.push(Tie::kind("Service"));
            return self.with_all.push(Tie::new(What::Pod, &[]));
        };
        self.need(What::ServiceSelects, &[key, value]);
        for tie in with_label(&[], key, value) {
            self.with_all.push(tie);
        }
    }

    fn route(&mut self, namespace: &str, relations: &Relations<'_>) {
        self.needed.push(named(&Identity {
            group: "",
            kind: "Namespace",
            namespace: "",
            name: namespace,
        }));
        for reference in relations.network().references(0) {
            if reference.is_parent {
                self.needed.push(named(&Identity {
                    group: &reference.group,
                    kind: &reference.kind,
                    namespace: &reference.namespace,
                    name: &reference.name,
                }));
                continue;
            }
            self.offer(What::Leads, &[&reference.namespace, &reference.name]);
            if *reference.namespace != *namespace {
                self.need(What::Permits, &[&reference.namespace]);
            }
        }
    }
}

/// A label for each selector of an aggregated role; none at all where one of them asks for no label.
pub(super) fn aggregated_by(role: &Resource) -> Option<Vec<(&str, &str)>> {
    let aggregation = role.object().get_str("aggregationRule")?;
    let selectors = aggregation.get_str("clusterRoleSelectors").into_iter();
    let labels = selectors
        .flat_map(NodeRef::items)
        .map(|selector| match_labels(selector).first().copied());
    Some(labels.collect::<Option<Vec<_>>>().unwrap_or_default())
}

/// Being called so.
pub(super) fn named(identity: &Identity<'_>) -> Tie {
    Tie::new(What::Named, &identity.parts())
}

/// Referring to what is called so.
pub(super) fn uses(identity: &Identity<'_>) -> Tie {
    Tie::new(What::Uses, &identity.parts())
}

/// The pods that a selector asks for by a label: those that have it, and those that may.
pub(super) fn with_label(namespace: &[&str], key: &str, value: &str) -> [Tie; 3] {
    let tie = |what, parts: &[&str]| Tie::new(what, &[namespace, parts].concat());
    [
        tie(What::Label, &[key, value]),
        tie(What::MayLabel, &[key]),
        tie(What::MayAny, &[]),
    ]
}

pub(super) fn role_named<'n>(namespace: Option<&'n str>, name: &'n str) -> Identity<'n> {
    Identity {
        group: RBAC,
        kind: if namespace.is_some() {
            "Role"
        } else {
            "ClusterRole"
        },
        namespace: namespace.unwrap_or_default(),
        name,
    }
}

pub(super) fn service_named<'n>(namespace: &'n str, name: &'n str) -> Identity<'n> {
    Identity {
        group: "",
        kind: "Service",
        namespace,
        name,
    }
}

/// Whom a Service, policy or budget selects, as far as labels that must be equal say so.
#[derive(Debug, Default)]
pub(super) struct Selected<'r> {
    /// All of these.
    pub(super) labels: Vec<(&'r str, &'r str)>,
    /// Texts that stand for values of labels.
    pub(super) values: Vec<&'r str>,
    /// Whether it selects in other namespaces too.
    pub(super) is_everywhere: bool,
    /// Whether it selects nobody by itself.
    pub(super) is_nobody: bool,
}

impl<'r> Selected<'r> {
    pub(super) fn of(resource: &'r Resource) -> Self {
        let spec = spec(resource);
        let at = |key| spec.and_then(|spec: NodeRef<'r>| spec.get_str(key));
        match (resource.group(), &*resource.kind) {
            ("", "Service") => {
                let labels = pairs(at("selector"));
                let is_external = at("type").and_then(NodeRef::as_str) == Some("ExternalName");
                let is_nobody = is_external || at("selector").is_none_or(NodeRef::is_empty);
                Selected {
                    values: labels.iter().map(|label| label.1).collect(),
                    labels: if is_nobody { Vec::new() } else { labels },
                    is_nobody,
                    is_everywhere: false,
                }
            }
            ("networking.k8s.io" | "extensions", "NetworkPolicy") => {
                Selected::by(at("podSelector"))
            }
            ("policy", "PodDisruptionBudget") => Selected::by(at("selector")),
            _ => Selected {
                is_everywhere: true,
                ..Selected::default()
            },
        }
    }

    fn by(selector: Option<NodeRef<'r>>) -> Self {
        let labels = selector.map(match_labels).unwrap_or_default();
        let mut values: Vec<_> = labels.iter().map(|label| label.1).collect();
        let expressions = selector.and_then(|it| it.get_str("matchExpressions"));
        for expression in expressions.into_iter().flat_map(NodeRef::items) {
            let listed = expression.get_str("values").into_iter();
            values.extend(listed.flat_map(NodeRef::items).filter_map(NodeRef::as_str));
        }
        Selected {
            labels,
            values,
            ..Selected::default()
        }
    }
}

/// The service that an `Endpoints` or `EndpointSlice` object is of, and the pods that it names.
pub(super) fn endpoints_of(object: &Resource) -> Option<(&str, Vec<(&str, &str)>)> {
    let (service, entries): (&str, Vec<NodeRef<'_>>) = if &*object.kind == "Endpoints" {
        let subsets = object.object().get_str("subsets").into_iter();
        let addresses = subsets
            .flat_map(NodeRef::items)
            .filter_map(|subset| subset.get_str("addresses"));
        (&object.name, addresses.flat_map(NodeRef::items).collect())
    } else {
        let mut labels = labels_of(object).into_iter();
        let (_, service) = labels.find(|(key, _)| *key == "kubernetes.io/service-name")?;
        let entries = object.object().get_str("endpoints").into_iter();
        (service, entries.flat_map(NodeRef::items).collect())
    };
    let pods = entries.into_iter().filter_map(|entry| {
        let target = entry.get_str("targetRef")?;
        let text = |key| target.get_str(key).and_then(NodeRef::as_str);
        let namespace = text("namespace").filter(|namespace| !namespace.is_empty());
        Some((
            namespace.unwrap_or_else(|| namespace_of(object)),
            text("name")?,
        ))
    });
    Some((service, pods.collect()))
}

pub(super) fn labels_of(resource: &Resource) -> Vec<(&str, &str)> {
    let metadata = resource.object().get_str("metadata");
    pairs(metadata.and_then(|metadata| metadata.get_str("labels")))
}

/// Whether a label is no text: nobody knows what it is.
pub(super) fn has_odd_label(resource: &Resource) -> bool {
    let metadata = resource.object().get_str("metadata");
    let labels = metadata.and_then(|metadata| metadata.get_str("labels"));
    let mut entries = labels.into_iter().flat_map(NodeRef::entries);
    entries.any(|entry| entry.value.as_str().is_none())
}

pub(super) fn match_labels(selector: NodeRef<'_>) -> Vec<(&str, &str)> {
    pairs(selector.get_str("matchLabels"))
}

/// The entries of a mapping whose values are texts.
fn pairs(mapping: Option<NodeRef<'_>>) -> Vec<(&str, &str)> {
    let entries = mapping.into_iter().flat_map(NodeRef::entries);
    entries
        .filter_map(|entry| Some((entry.name(), entry.value.as_str()?)))
        .collect()
}

fn spec(resource: &Resource) -> Option<NodeRef<'_>> {
    resource.object().get_str("spec")
}

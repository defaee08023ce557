//! A network made from YAML.

use std::fmt::Write as _;
use std::sync::Arc;

use document::{Keys, Limits, Source};
use model::{FieldKeys, Inventory, KubernetesVersion, Views, WorkloadTable, recognise};
use network::{Endpoint, Network, Options, Outcome, Place, PodId, Port, Protocol};

/// An inventory and its network.
pub(crate) struct World {
    pub(crate) inventory: Inventory,
    pub(crate) network: Network,
}

pub(crate) fn inventory(yaml: &str) -> (Inventory, Views) {
    try_inventory(yaml).unwrap_or_else(|| panic!("not YAML: {yaml}"))
}

/// `None` when the text is no YAML.
fn try_inventory(yaml: &str) -> Option<(Inventory, Views)> {
    let table = WorkloadTable::default();
    let names = model::key_names().map(|name| -> &str { name });
    let keys = Arc::new(Keys::new(names.chain(table.key_names())));
    let source = Source::new("test.yaml", yaml);
    let parsed = document::parse_yaml(source, &keys, &Limits::default());
    if !parsed.errors.is_empty() {
        return None;
    }
    let document = Arc::new(parsed.document);
    let fields = FieldKeys::new(&keys);
    let resources = document
        .roots()
        .flat_map(|root| recognise(&document, root, &fields).resources);
    let inventory = Inventory::new(resources.collect());
    let views = Views::new(&keys, &table, KubernetesVersion { minor: 34 });
    Some((inventory, views))
}

impl World {
    pub(crate) fn new(yaml: &str) -> Self {
        World::of_any(yaml).unwrap_or_else(|| panic!("not YAML: {yaml}"))
    }

    /// `None` when the text is no YAML.
    pub(crate) fn of_any(yaml: &str) -> Option<Self> {
        let (inventory, views) = try_inventory(yaml)?;
        let network = Network::new(&inventory, &views, &Options::default());
        Some(World { inventory, network })
    }

    /// The pod of a resource: `namespace/name`.
    pub(crate) fn pod(&self, name: &str) -> PodId {
        let is_it = |pod: &PodId| {
            let place = self.network.place(*pod);
            let resource = &self.inventory.resources[place.resource as usize];
            format!("{}/{}", self.network.namespace(*pod), resource.name) == name
        };
        let found = self.network.pods().find(is_it);
        found.unwrap_or_else(|| panic!("no pod {name}"))
    }

    /// A pod or an address.
    pub(crate) fn end(&self, name: &str) -> Endpoint {
        match name.parse() {
            Ok(address) => Endpoint::Address(address),
            Err(_) => Endpoint::Pod(self.pod(name)),
        }
    }

    /// `shop/web -> shop/db 5432/TCP`.
    pub(crate) fn outcome(&self, question: &str) -> Outcome {
        let (from, to, port) = self.question(question);
        let outcome = self.network.reach(from, to, port).outcome;
        let ports = self.network.ports(from, to);
        let sets = [
            (Outcome::Allowed, ports.allowed),
            (Outcome::Denied, ports.denied),
            (Outcome::Unknown, ports.unknown),
        ];
        for (name, set) in sets {
            assert_eq!(
                set.contains(port),
                name == outcome,
                "{question} {name:?} {set}"
            );
        }
        outcome
    }

    pub(crate) fn question(&self, question: &str) -> (Endpoint, Endpoint, Port) {
        let words: Vec<_> = question.split_whitespace().collect();
        let (number, protocol) = words[3].split_once('/').unwrap_or((words[3], "TCP"));
        let port = Port {
            protocol: Protocol::parse(protocol).unwrap(),
            number: number.parse().unwrap(),
        };
        (self.end(words[0]), self.end(words[2]), port)
    }

    /// A place as `Kind/name line text`.
    pub(crate) fn place(&self, place: Place) -> String {
        let resource = &self.inventory.resources[place.resource as usize];
        let location = place.location(&self.inventory).unwrap();
        let text = location.source.slice(&location.span);
        let first = text.lines().next().unwrap_or_default();
        let line = location.start().line;
        format!("{}/{} {line} `{first}`", resource.kind, resource.name)
    }

    /// All chains of a pod.
    pub(crate) fn chains(&self, pod: &str) -> String {
        let exposure = self.network.exposure(self.pod(pod));
        let mut text = exposure.level.as_str().to_owned();
        if exposure.possible != exposure.level {
            write!(text, " (possibly {})", exposure.possible.as_str()).unwrap();
        }
        for chain in &exposure.chains {
            write!(text, "\n{}", chain.level.as_str()).unwrap();
            if let Some(port) = chain.port {
                write!(text, " {port}").unwrap();
            }
            if let Some(reason) = chain.unknown {
                write!(text, " unknown: {}", reason.as_str()).unwrap();
            }
            for step in &chain.steps {
                write!(text, "\n  {:?} {}", step.hop, self.place(step.place)).unwrap();
            }
        }
        text
    }

    /// All that dangles.
    pub(crate) fn dangling(&self) -> String {
        let lines = self.network.dangling().iter();
        let lines = lines.map(|dangling| {
            format!(
                "{}: {}",
                dangling.reason.as_str(),
                self.place(dangling.place)
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// A pod with labels and container ports, each as YAML.
pub(crate) fn pod(name: &str, labels: &str, ports: &str) -> String {
    let (namespace, name) = name.split_once('/').unwrap();
    format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {namespace}, labels: {{{labels}}}}}\n\
         spec: {{containers: [{{name: a, image: b, ports: [{ports}]}}]}}\n"
    )
}

/// A namespace with labels.
pub(crate) fn namespace(name: &str, labels: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{labels}}}}}\n"
    )
}

/// A NetworkPolicy with a spec in one line.
pub(crate) fn policy(name: &str, spec: &str) -> String {
    let (namespace, name) = name.split_once('/').unwrap();
    format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: {namespace}}}\nspec: {spec}\n"
    )
}

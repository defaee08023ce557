//! `seawall network suggest`: the least network policies for what manifests name and flow logs saw.

use std::collections::BTreeSet;
use std::process::ExitCode;

use document::NodeRef;
use model::{PodMember, PodView, Resource};
use network::{Flow, PodId, Port, Protocol, Side};
use rbac::{Graph, Subject};
use serde::Serialize;

use super::Traffic;
use super::flow_log::Seen;
use crate::answers::wire::{At, Lost, json};
use crate::answers::{self, clean};
use crate::args::{SuggestArgs, YamlOrJson};
use crate::errors::Hinted;
use crate::rbac::token;

/// The ports of API servers: of the service, and behind it.
const API_PORTS: [u16; 2] = [443, 6443];

/// The namespace and the label of the cluster's DNS, whatever makes it.
const DNS: (&str, &str, &str) = ("kube-system", "k8s-app", "kube-dns");

/// The answer.
#[derive(Serialize)]
struct Answer {
    schema: &'static str,
    flows: Vec<Told>,
    policies: Vec<Policies>,
    /// What is not known, or not looked at.
    notes: Vec<String>,
    problems: Vec<Lost>,
}

/// A flow that the policies let through.
#[derive(Serialize)]
struct Told {
    from: String,
    to: String,
    /// Absent for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ports: Vec<String>,
    why: String,
}

#[derive(Serialize)]
struct Policies {
    namespace: String,
    yaml: String,
}

pub(super) fn run(args: &SuggestArgs) -> anyhow::Result<ExitCode> {
    let read = Traffic::read(&args.paths, &args.reading)?;
    for namespace in &args.namespaces {
        if read.network.pods_in(namespace).is_empty() {
            let message = format!("no pod that was read is in namespace `{namespace}`");
            return Err(Hinted::new(message, "name a namespace of the manifests").into());
        }
    }
    let mut seen = Seen::default();
    for file in &args.flows {
        seen.read(file, read.view())?;
    }
    let inventory = &read.scanned.inventory;
    let gateways = args.ingress_namespace.as_deref();
    let declared = read
        .network
        .declared(inventory, &read.scanned.views, gateways);
    let mut flows: Vec<Flow> = declared.into_iter().chain(seen.flows()).collect();
    flows.extend(dns(&read));
    flows.extend(api_server(&read, &args.api_server));
    let suggested = read.network.suggest(inventory, &flows);
    let is_asked = |namespace: &str| {
        args.namespaces.is_empty() || args.namespaces.iter().any(|own| own == namespace)
    };
    let policies = suggested
        .policies
        .into_iter()
        .filter(|one| is_asked(&one.namespace));
    let answer = Answer {
        schema: "seawall.dev/network-suggest/v1",
        notes: notes(&read, &flows, &seen, args, &suggested.nameless),
        flows: flows.iter().map(|flow| told(&read, flow)).collect(),
        policies: policies
            .map(|one| Policies {
                namespace: one.namespace,
                yaml: one.yaml,
            })
            .collect(),
        problems: read
            .lost()
            .into_iter()
            .chain(Lost::all(&seen.problems))
            .collect(),
    };
    let output = match args.format {
        YamlOrJson::Json => json(&answer)?,
        YamlOrJson::Yaml => answer.yaml(),
    };
    answers::write(&args.printing, &output)?;
    let more = read.network.problems().iter().chain(&seen.problems);
    Ok(read.scanned.finish(more, 0))
}

/// Every pod asks for names.
fn dns(read: &Traffic) -> Vec<Flow> {
    let (namespace, key, value) = DNS;
    let servers = read.network.pods_in(namespace).iter();
    let servers = servers.filter(|pod| read.network.labels(**pod).contains(&(key, value)));
    let mut servers: Vec<Side> = servers.map(|pod| Side::Pod(*pod)).collect();
    if servers.is_empty() {
        servers.push(Side::Labelled {
            namespace: namespace.to_owned(),
            label: (key.to_owned(), value.to_owned()),
        });
    }
    let ports = [Protocol::Udp, Protocol::Tcp].map(|protocol| Port {
        protocol,
        number: 53,
    });
    let namespaces = read.network.pods().map(|pod| read.network.namespace(pod));
    let namespaces: BTreeSet<&str> = namespaces.collect();
    let flows = namespaces.into_iter().flat_map(|namespace| {
        servers.iter().map(move |server| Flow {
            from: Side::Namespace(namespace.to_owned()),
            to: server.clone(),
            ports: ports.to_vec(),
            why: "names are looked up in the cluster's DNS".to_owned(),
        })
    });
    flows.collect()
}

/// Pods that have the token of a service account with permissions of its own talk to the API server.
fn api_server(read: &Traffic, blocks: &[String]) -> Vec<Flow> {
    let inventory = &read.scanned.inventory;
    let options = rbac::Options {
        views: Some(&read.scanned.views),
        ..rbac::Options::default()
    };
    let graph = Graph::build(inventory, &options);
    let blocks: Vec<String> = match blocks {
        [] => vec!["0.0.0.0/0".to_owned()],
        blocks => blocks.to_vec(),
    };
    let mut flows = Vec::new();
    for pod in read.network.pods() {
        let Some((_, view)) = view_of(read, pod) else {
            continue;
        };
        let account = view.effective(PodMember::ServiceAccountName);
        let subject = Subject::ServiceAccount {
            namespace: read.network.namespace(pod),
            name: account.as_str().unwrap_or("default"),
        };
        let Some(id) = graph.find(subject) else {
            continue;
        };
        let object = graph.service_account(id);
        let object = object.and_then(|index| inventory.resources.get(index.index()));
        let Some(binding) = graph.bindings_of(id).next() else {
            continue;
        };
        if !token::is_mounted(&view, object) {
            continue;
        }
        let Some(named) = graph.binding(binding) else {
            continue;
        };
        let place = graph.resource(inventory, named.place.resource);
        let place = place.map(|resource| At::new(&resource.location(named.place.node)).text());
        let why = format!(
            "the API server: {subject} has permissions by {} {} ({})",
            named.kind,
            named.name,
            place.unwrap_or_default()
        );
        flows.extend(blocks.iter().map(|block| Flow {
            from: Side::Pod(pod),
            to: Side::Block {
                block: block.clone(),
                except: Vec::new(),
            },
            ports: API_PORTS.map(Port::tcp).to_vec(),
            why: why.clone(),
        }));
    }
    flows
}

/// The resource of a pod, and the pod in it.
fn view_of(read: &Traffic, pod: PodId) -> Option<(&Resource, PodView<'_>)> {
    let place = read.network.place(pod);
    let resource = read
        .scanned
        .inventory
        .resources
        .get(place.resource as usize)?;
    let views = read.scanned.views.pods_of(resource);
    let view = views
        .into_iter()
        .find(|view| view.spec().id() == place.node)?;
    Some((resource, view))
}

/// What is not known, or not looked at.
fn notes(
    read: &Traffic,
    flows: &[Flow],
    seen: &Seen,
    args: &SuggestArgs,
    nameless: &[PodId],
) -> Vec<String> {
    let mut notes = vec![
        "Only what manifests name and what was seen gets through; try it where nothing is lost by it.".to_owned(),
        "What runs in these namespaces and was not read is denied everything but DNS.".to_owned(),
        "Probes need no rule: the node of a pod always reaches it.".to_owned(),
    ];
    let words = |pods: &mut dyn Iterator<Item = PodId>| {
        let words: BTreeSet<String> = pods.map(|pod| read.view().word(pod)).collect();
        words.into_iter().collect::<Vec<_>>().join(", ")
    };
    let mut note = |condition: bool, text: &dyn Fn() -> String| {
        if condition {
            notes.push(text());
        }
    };
    note(!nameless.is_empty(), &|| {
        let pods = words(&mut nameless.iter().copied());
        format!(
            "The labels of these are not known, so that nothing can be allowed for them: {pods}."
        )
    });
    let on_host = |pod: &PodId| {
        let view = view_of(read, *pod);
        view.is_some_and(|(_, view)| view.effective(PodMember::HostNetwork).as_bool() == Some(true))
    };
    let on_host: Vec<PodId> = read.network.pods().filter(on_host).collect();
    note(!on_host.is_empty(), &|| {
        let pods = words(&mut on_host.iter().copied());
        format!(
            "These use the network of their node, where policies have no defined effect and senders cannot be told: {pods}."
        )
    });
    let with_secrets =
        |pod: &PodId| view_of(read, *pod).is_some_and(|(_, view)| has_secrets(&view));
    let with_secrets: Vec<PodId> = read.network.pods().filter(with_secrets).collect();
    note(!with_secrets.is_empty(), &|| {
        let pods = words(&mut with_secrets.iter().copied());
        format!("Secrets are not looked into; what they name is not allowed for {pods}.")
    });
    let everyone = flows.iter().any(|flow| flow.from == Side::Everyone);
    note(everyone && args.ingress_namespace.is_none(), &|| {
        "What routes and services let in may come from anywhere; `--ingress-namespace` names where the pods of the ingress controller are.".to_owned()
    });
    let asks_api = flows
        .iter()
        .any(|flow| flow.why.starts_with("the API server: "));
    note(asks_api && args.api_server.is_empty(), &|| {
        "The addresses of the API server are not known; `--api-server` narrows the rules for it."
            .to_owned()
    });
    note(seen.dropped > 0, &|| {
        format!(
            "Flows that were dropped are not allowed; the log has {}.",
            seen.dropped
        )
    });
    note(seen.skipped > 0, &|| {
        format!(
            "Lines that are no flows between pods, or have no port, are left out; the log has {}.",
            seen.skipped
        )
    });
    let policies = read.scanned.inventory.resources.iter();
    let has_policies = policies
        .clone()
        .any(|it| it.kind.ends_with("NetworkPolicy"));
    note(has_policies, &|| {
        "There are network policies already: what they allow stays allowed beside these.".to_owned()
    });
    notes
}

/// Whether a container takes values from Secrets.
fn has_secrets(view: &PodView<'_>) -> bool {
    view.containers().iter().any(|container| {
        let all = |key: &str| {
            let list = container.node().get_str(key);
            list.into_iter().flat_map(NodeRef::items)
        };
        let of_variable = |one: NodeRef<'_>| {
            one.get_str("valueFrom")
                .and_then(|from| from.get_str("secretKeyRef"))
                .is_some()
        };
        all("env").any(of_variable) || all("envFrom").any(|one| one.get_str("secretRef").is_some())
    })
}

fn told(read: &Traffic, flow: &Flow) -> Told {
    let word = |side: &Side| match side {
        Side::Pod(pod) => read.view().word(*pod),
        Side::Namespace(namespace) => format!("namespace/{namespace}"),
        Side::Labelled { namespace, label } => {
            format!("namespace/{namespace} {}={}", label.0, label.1)
        }
        Side::Block { block, except } if except.is_empty() => block.clone(),
        Side::Block { block, except } => format!("{block} except {}", except.join(", ")),
        Side::Everyone => "everyone".to_owned(),
    };
    Told {
        from: word(&flow.from),
        to: word(&flow.to),
        ports: flow.ports.iter().map(Port::to_string).collect(),
        why: flow.why.clone(),
    }
}

impl Answer {
    fn yaml(&self) -> String {
        let notes = self.notes.iter().map(|note| format!("# {}\n", clean(note)));
        let policies = self.policies.iter().map(|one| one.yaml.clone());
        notes.chain(policies).collect()
    }
}

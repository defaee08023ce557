//! What an evaluation asks for when it looks into the network or at permissions: as much as its answers rest on.

use document::NodeRef;
use model::Resource;
use rbac::Subject;

use super::offers::{
    AGGREGATE, AGGREGATED, Selected, aggregated_by, endpoints_of, has_odd_label, labels_of,
    match_labels, named, role_named, service_named, uses, with_label,
};
use super::{Identity, Relations, WORKLOAD_GROUPS, namespace_of};
use crate::tie::{Tie, What};

fn note(relations: &Relations<'_>, what: What, parts: &[&str]) {
    relations.note(|| Tie::new(what, parts));
}

/// Something is asked for whatever refers to it by name. Of workloads of several groups with one name, a reference may mean any.
pub(super) fn ask_by_name(relations: &Relations<'_>, identity: &Identity<'_>) {
    relations.note(|| uses(identity));
    if WORKLOAD_GROUPS.contains(&identity.group) {
        for group in WORKLOAD_GROUPS {
            relations.note(|| named(&Identity { group, ..*identity }));
        }
    }
}

/// A pod is asked for what selects it, leads to it and names it.
pub(crate) fn ask_by_pod(relations: &Relations<'_>, index: u32) {
    if !relations.is_noting() {
        return;
    }
    let Some(resource) = relations.resource(index) else {
        return;
    };
    let network = relations.network();
    let namespace = namespace_of(resource);
    note(relations, What::SelectsOther, &[namespace]);
    note(relations, What::SelectsEverywhere, &[]);
    if &*resource.kind == "Pod" {
        note(relations, What::Endpoint, &[namespace, &resource.name]);
    }
    relations.note(|| namespace_named(namespace));
    for pod in network.pods_of(index) {
        for (key, value) in network.labels(pod) {
            note(relations, What::Selects, &[namespace, key, value]);
        }
        match network.vague_labels(pod) {
            None => note(relations, What::SelectsAny, &[namespace]),
            Some(keys) => {
                for key in keys {
                    note(relations, What::SelectsKey, &[namespace, key]);
                }
            }
        }
    }
}

/// A Service, policy, budget, monitor, route or Namespace is asked for its pods, its services and what it names.
pub(crate) fn ask_by_resource(relations: &Relations<'_>, index: u32, asks_for_pods: bool) {
    if !relations.is_noting() {
        return;
    }
    let Some(resource) = relations.resource(index) else {
        return;
    };
    let namespace = namespace_of(resource);
    match (resource.group(), &*resource.kind) {
        ("", "Namespace") => {
            note(relations, What::SelectsAny, &[&resource.name]);
            note(relations, What::SelectsEverywhere, &[]);
            // Which policies of the cluster select a namespace depends on what runs there.
            if asks_for_pods || has_wide_policies(relations) {
                note(relations, What::PodIn, &[&resource.name]);
            }
        }
        ("", "Service") => {
            let selected = Selected::of(resource);
            if selected.is_nobody {
                endpoints(relations, namespace, &resource.name);
            } else {
                pods_of(relations, namespace, &selected);
            }
        }
        ("networking.k8s.io" | "extensions", "NetworkPolicy") => {
            pods_of(relations, namespace, &Selected::of(resource));
            peers(relations, namespace, resource);
        }
        ("policy", "PodDisruptionBudget") => {
            pods_of(relations, namespace, &Selected::of(resource));
        }
        ("monitoring.coreos.com", "ServiceMonitor") => {
            match first_label(resource.object().get_str("spec")) {
                Some((key, value)) => note(relations, What::ServiceLabel, &[key, value]),
                None => relations.note(|| Tie::kind("Service")),
            }
        }
        ("monitoring.coreos.com", "PodMonitor") => {
            match first_label(resource.object().get_str("spec")) {
                Some((key, value)) => labelled(relations, &[], (key, value)),
                None => note(relations, What::Pod, &[]),
            }
        }
        (_, kind) if kind.ends_with("NetworkPolicy") => {
            note(relations, What::Pod, &[]);
            note(relations, What::Maker, &[namespace]);
            relations.note(|| Tie::kind("Namespace"));
        }
        _ => {
            for reference in relations.network().references(index) {
                relations.note(|| {
                    named(&Identity {
                        group: &reference.group,
                        kind: &reference.kind,
                        namespace: &reference.namespace,
                        name: &reference.name,
                    })
                });
            }
        }
    }
}

/// Whether there are policies that may select pods of any namespace.
fn has_wide_policies(relations: &Relations<'_>) -> bool {
    let all = relations.inventory().resources.iter();
    let mut policies = all.filter(|one| one.kind.ends_with("NetworkPolicy"));
    policies.any(|policy| Selected::of(policy).is_everywhere)
}

/// A user, group or service account is asked for its bindings, a role for those that grant it.
pub(crate) fn ask_by_binding_of(relations: &Relations<'_>, of: BindingsOf<'_>) {
    if !relations.is_noting() {
        return;
    }
    match of {
        BindingsOf::Subject(subject) => {
            let (is_group, name) = subject.principal();
            relations.note(|| Tie::bound(is_group, &name));
            for group in subject.implied_groups() {
                relations.note(|| Tie::bound(true, &group));
            }
        }
        BindingsOf::Role(role) => {
            let namespace = (&*role.kind != "ClusterRole").then(|| namespace_of(role));
            let named = role_named(namespace, &role.name);
            note(relations, What::Grants, &[named.namespace, named.name]);
            if namespace.is_none() {
                collecting(relations, role);
            }
        }
    }
}

/// The roles that have rules of a `ClusterRole`, because they take in what it takes in, over any number of steps: their bindings
/// grant these too.
fn collecting(relations: &Relations<'_>, role: &Resource) {
    let all = relations.quietly(|| relations.of_kind("ClusterRole"));
    let all = all.iter().filter_map(|&index| relations.resource(index));
    let all: Vec<&Resource> = all.collect();
    let is_taken = |by: &[(&str, &str)], labels: &[(&str, &str)]| {
        by.is_empty() || by.iter().any(|label| labels.contains(label))
    };
    let mut sources: Vec<&Resource> = vec![role];
    let mut position = 0;
    while let Some(by) = sources.get(position).map(|one| aggregated_by(one)) {
        position += 1;
        let Some(by) = by else { continue };
        for one in &all {
            let is_new = sources.iter().all(|other| other.name != one.name);
            if is_new && is_taken(&by, &labels_of(one)) {
                sources.push(one);
            }
        }
    }
    let aggregated: Vec<(&Resource, Vec<(&str, &str)>)> = all
        .iter()
        .filter_map(|one| Some((*one, aggregated_by(one)?)))
        .collect();
    let mut seen: Vec<&str> = vec![&role.name];
    let mut open: Vec<_> = sources.into_iter().map(labels_of).collect();
    while let Some(labels) = open.pop() {
        note(relations, What::Collects, &[]);
        for (key, value) in &labels {
            note(relations, What::Collects, &[key, value]);
            // What every cluster has may not have been scanned.
            if key
                .strip_prefix(AGGREGATE)
                .is_some_and(|to| AGGREGATED.contains(&to))
            {
                for name in AGGREGATED {
                    note(relations, What::Grants, &["", name]);
                }
            }
        }
        for (one, by) in &aggregated {
            if is_taken(by, &labels) && !seen.contains(&&*one.name) {
                seen.push(&one.name);
                note(relations, What::Grants, &["", &one.name]);
                open.push(labels_of(one));
            }
        }
    }
}

/// Whose bindings are asked for.
#[derive(Clone, Copy)]
pub(crate) enum BindingsOf<'b> {
    /// Those that give it something.
    Subject(Subject<'b>),
    /// Those that grant it.
    Role(&'b Resource),
}

fn namespace_named(name: &str) -> Tie {
    named(&Identity {
        group: "",
        kind: "Namespace",
        namespace: "",
        name,
    })
}

fn pods_of(relations: &Relations<'_>, namespace: &str, selected: &Selected<'_>) {
    for value in &selected.values {
        note(relations, What::Maker, &[namespace, value]);
    }
    match selected.labels.first() {
        Some((key, value)) => labelled(relations, &[namespace], (key, value)),
        None => note(relations, What::PodIn, &[namespace]),
    }
}

/// The pods that have a label, or may have it; in all namespaces where none is named.
fn labelled(relations: &Relations<'_>, namespace: &[&str], (key, value): (&str, &str)) {
    for tie in with_label(namespace, key, value) {
        relations.note(|| tie);
    }
}

/// The pods that the endpoints of a service name.
fn endpoints(relations: &Relations<'_>, namespace: &str, service: &str) {
    note(relations, What::EndpointsOf, &[namespace, service]);
    for kind in ["Endpoints", "EndpointSlice"] {
        let all = relations.quietly(|| relations.of_kind(kind));
        let all = all.iter().filter_map(|&index| relations.resource(index));
        let own = all.filter(|one| namespace_of(one) == namespace);
        for (_, pods) in own.filter_map(endpoints_of).filter(|of| of.0 == service) {
            for (namespace, name) in pods {
                relations.note(|| {
                    named(&Identity {
                        kind: "Pod",
                        ..service_named(namespace, name)
                    })
                });
            }
        }
    }
}

fn first_label(spec: Option<NodeRef<'_>>) -> Option<(&str, &str)> {
    match_labels(spec?.get_str("selector")?).first().copied()
}

/// Whom the entries of `from` and `to` mean.
fn peers(relations: &Relations<'_>, namespace: &str, policy: &Resource) {
    let spec = policy.object().get_str("spec");
    for (direction, list) in [("ingress", "from"), ("egress", "to")] {
        let rules = spec.and_then(|spec| spec.get_str(direction));
        let rules = rules.into_iter().flat_map(NodeRef::items);
        let peers = rules.filter_map(|rule| rule.get_str(list));
        for peer in peers.flat_map(NodeRef::items) {
            let pods = peer.get_str("podSelector");
            let label = pods.and_then(|pods| match_labels(pods).first().copied());
            match peer.get_str("namespaceSelector") {
                None => pods_of(relations, namespace, &by_label(label)),
                Some(selector) => in_namespaces(relations, selector, label),
            }
        }
    }
}

fn by_label<'l>(label: Option<(&'l str, &'l str)>) -> Selected<'l> {
    Selected {
        labels: label.into_iter().collect(),
        values: label.into_iter().map(|label| label.1).collect(),
        ..Selected::default()
    }
}

/// The pods of all namespaces that a selector may select.
fn in_namespaces(relations: &Relations<'_>, selector: NodeRef<'_>, label: Option<(&str, &str)>) {
    let all = relations.of_kind("Namespace").iter();
    let all = all.filter_map(|&index| relations.resource(index));
    if let Some((key, value)) = label {
        labelled(relations, &[], (key, value));
        return;
    }
    let wanted = match_labels(selector);
    if wanted.is_empty() {
        return note(relations, What::Pod, &[]);
    }
    note(relations, What::Stray, &[]);
    for namespace in all {
        let own = labels_of(namespace);
        let name = ("kubernetes.io/metadata.name", &*namespace.name);
        // What it must have is there; whether it is selected is another question.
        let has = |label: &(&str, &str)| own.contains(label) || *label == name;
        if wanted.iter().all(has) || has_odd_label(namespace) {
            note(relations, What::PodIn, &[&namespace.name]);
        }
    }
}

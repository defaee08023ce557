//! The components that a configuration of kubeadm starts, with the flags that it adds.

use document::{Kind, NodeRef};

use super::text::{minor_of_version, text_of};
use super::{Component, Flag, FlagText, ProcessSource, ProcessView, plain};

/// Sections of a `ClusterConfiguration` and their components.
const SECTIONS: [(&str, Component); 3] = [
    ("apiServer", Component::ApiServer),
    ("controllerManager", Component::ControllerManager),
    ("scheduler", Component::Scheduler),
];

/// The components of an object of kubeadm's.
pub(super) fn processes<'a>(kind: &str, object: NodeRef<'a>) -> Vec<ProcessView<'a>> {
    match kind {
        "ClusterConfiguration" => cluster(object),
        "InitConfiguration" | "JoinConfiguration" => {
            let registration = object.get_str("nodeRegistration");
            let arguments = registration.and_then(|node| node.get_str("kubeletExtraArgs"));
            let kubelet = arguments
                .filter(|arguments| !arguments.is_empty())
                .map(|arguments| {
                    process(
                        Component::Kubelet,
                        registration.unwrap_or(object),
                        Some(arguments),
                    )
                });
            kubelet.into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn cluster(object: NodeRef<'_>) -> Vec<ProcessView<'_>> {
    let version = object
        .get_str("kubernetesVersion")
        .and_then(NodeRef::as_str);
    let minor = version.and_then(minor_of_version);
    let etcd = object.get_str("etcd");
    let is_external = etcd.is_some_and(|etcd| etcd.get_str("external").is_some());
    let local = etcd.and_then(|etcd| etcd.get_str("local"));
    let sections = SECTIONS.into_iter();
    let sections = sections.map(|(name, component)| (component, object.get_str(name)));
    let etcd = (!is_external).then_some((Component::Etcd, local));
    sections
        .chain(etcd)
        .map(|(component, section)| {
            let section = section.filter(|section| section.kind() == Kind::Mapping);
            let arguments = section.and_then(|section| section.get_str("extraArgs"));
            let mut process = process(component, section.unwrap_or(object), arguments);
            process.minor = minor.filter(|_| component != Component::Etcd);
            process
        })
        .collect()
}

fn process<'a>(
    component: Component,
    section: NodeRef<'a>,
    arguments: Option<NodeRef<'a>>,
) -> ProcessView<'a> {
    ProcessView {
        component,
        source: ProcessSource::Kubeadm,
        node: section,
        list: arguments.unwrap_or(section),
        flags: arguments.map(flags).unwrap_or_default(),
        open: None,
        minor: None,
        container: "",
    }
}

/// A map of names and values, or a list of `name` and `value`.
fn flags(arguments: NodeRef<'_>) -> Vec<Flag<'_>> {
    let pairs = arguments.entries().map(|entry| Flag {
        name: plain(entry.name()).into(),
        text: FlagText::Known(text_of(entry.value).into()),
        node: entry.value,
    });
    let listed = arguments.items().filter_map(|item| {
        let value = item.get_str("value").map(text_of).unwrap_or_default();
        Some(Flag {
            name: plain(item.get_str("name")?.as_str()?).into(),
            text: FlagText::Known(value.into()),
            node: item,
        })
    });
    pairs.chain(listed).collect()
}

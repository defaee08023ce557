//! `CiliumNetworkPolicy` and `CiliumClusterwideNetworkPolicy`: whom they select, in which direction. Their
//! rules are not evaluated.

use document::NodeRef;

use super::{AtomId, Draft, Policies, PolicyKind, Section, Tier};
use crate::answer::Truth;
use crate::label::{Key, Selector};
use crate::label_selector::{NAME_LABEL, label_selector_with};
use crate::read::{Reader, field};

pub(super) fn read(policies: &mut Policies, reader: &mut Reader<'_>) {
    let object = reader.object();
    let spec = reader.mapping(object, "spec").ok().flatten();
    let specs = reader.list(object, "specs").unwrap_or_default();
    if spec.is_none() && specs.is_empty() {
        reader.malformed(object, "`spec` is missing in the object");
    }
    for spec in spec.into_iter().chain(specs) {
        read_spec(policies, reader, spec);
    }
}

fn read_spec(policies: &mut Policies, reader: &mut Reader<'_>, spec: NodeRef<'_>) {
    let is_clusterwide = &*reader.resource.kind == "CiliumClusterwideNetworkPolicy";
    let Some(selector) = field(spec, "endpointSelector") else {
        // With a node selector it is about nodes.
        if field(spec, "nodeSelector").is_none() {
            reader.malformed(spec, "`endpointSelector` is missing in the spec");
        }
        return;
    };
    let sections = [
        section(spec, ["ingress", "ingressDeny"]),
        section(spec, ["egress", "egressDeny"]),
    ];
    let (kind, subject) = if is_clusterwide {
        let subject = subject(policies, reader, selector, Vec::new());
        (PolicyKind::CiliumClusterwideNetworkPolicy, subject)
    } else {
        let own = Selector::In(Key::NamespaceName, vec![reader.namespace()]);
        let subject = subject(policies, reader, selector, vec![own]);
        (PolicyKind::CiliumNetworkPolicy, subject)
    };
    let tier = Tier::Plugin;
    policies.push(
        reader,
        spec,
        Draft {
            kind,
            tier,
            subject,
            sections,
        },
    );
}

fn subject(
    policies: &mut Policies,
    reader: &mut Reader<'_>,
    selector: NodeRef<'_>,
    mut parts: Vec<Selector>,
) -> AtomId {
    parts.push(label_selector_with(reader, selector, &mut key));
    policies.pods(parts)
}

/// Cilium's names of labels: with a source in front, and with those of the namespace among them.
fn key(reader: &mut Reader<'_>, name: &str) -> Key {
    const NAMESPACE: &str = "io.kubernetes.pod.namespace";
    const NAMESPACE_LABELS: &str = "io.cilium.k8s.namespace.labels.";
    const SERVICE_ACCOUNT: &str = "io.cilium.k8s.policy.serviceaccount";
    let name = ["k8s:", "any:", "k8s.", "any."]
        .into_iter()
        .find_map(|source| name.strip_prefix(source))
        .unwrap_or(name);
    match name {
        NAMESPACE => Key::NamespaceName,
        SERVICE_ACCOUNT => Key::ServiceAccount,
        _ => match name.strip_prefix(NAMESPACE_LABELS) {
            Some(NAME_LABEL) => Key::NamespaceName,
            Some(label) => Key::Namespace(reader.symbols.intern(label)),
            None => Key::Pod(reader.symbols.intern(name)),
        },
    }
}

/// A direction counts when one of its lists has entries.
fn section(spec: NodeRef<'_>, names: [&str; 2]) -> Section {
    let has_rules = |name: &&str| field(spec, name).is_some_and(|list| list.items().len() > 0);
    Section {
        applies: Truth::from_bool(names.iter().any(has_rules)),
        rules: Vec::new(),
    }
}

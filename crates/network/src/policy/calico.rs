//! Calico's NetworkPolicy and `GlobalNetworkPolicy`: whom they select, in which direction. Their rules are
//! not evaluated.

use document::NodeRef;

use super::calico_selector::{Scope, parse};
use super::{Draft, Policies, PolicyKind, Section, Tier};
use crate::answer::Truth;
use crate::label::{Key, Selector};
use crate::read::{Reader, field};

pub(super) fn read(policies: &mut Policies, reader: &mut Reader<'_>) {
    let object = reader.object();
    let Ok(Some(spec)) = reader.mapping(object, "spec") else {
        reader.malformed(object, "`spec` is missing in the object");
        return;
    };
    let mut parts = Vec::new();
    let kind = if &*reader.resource.kind == "NetworkPolicy" {
        parts.push(Selector::In(Key::NamespaceName, vec![reader.namespace()]));
        PolicyKind::CalicoNetworkPolicy
    } else {
        // These are about the interfaces of nodes.
        let is_set = |name| field(spec, name).and_then(NodeRef::as_bool) == Some(true);
        if is_set("preDNAT") || is_set("doNotTrack") {
            return;
        }
        selector(
            reader,
            spec,
            "namespaceSelector",
            Scope::Namespace,
            &mut parts,
        );
        PolicyKind::CalicoGlobalNetworkPolicy
    };
    selector(reader, spec, "selector", Scope::Pod, &mut parts);
    selector(
        reader,
        spec,
        "serviceAccountSelector",
        Scope::ServiceAccount,
        &mut parts,
    );
    let sections = sections(reader, spec);
    let subject = policies.pods(parts);
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

fn selector(
    reader: &mut Reader<'_>,
    spec: NodeRef<'_>,
    name: &str,
    scope: Scope,
    parts: &mut Vec<Selector>,
) {
    let Some(node) = field(spec, name) else {
        return;
    };
    let parsed = node.as_str().map(|text| parse(text, scope, reader.symbols));
    parts.push(match parsed {
        Some(Ok(selector)) => selector,
        Some(Err(message)) => {
            Selector::Unknown(reader.malformed(node, format!("{message} in `{name}`")))
        }
        None => {
            Selector::Unknown(reader.malformed(node, format!("`{name}` is no text in the spec")))
        }
    });
}

/// Without `types`: ingress unless there are only egress rules, egress when there are egress rules.
fn sections(reader: &mut Reader<'_>, spec: NodeRef<'_>) -> [Section; 2] {
    let has = |name: &str| field(spec, name).is_some_and(|list| list.items().len() > 0);
    let applies = match reader.list(spec, "types") {
        Err(reason) => [Truth::Unknown(reason); 2],
        Ok(types) if types.is_empty() => [
            Truth::from_bool(has("ingress") || !has("egress")),
            Truth::from_bool(has("egress")),
        ],
        Ok(types) => ["Ingress", "Egress"].map(|direction| {
            Truth::from_bool(types.iter().any(|node| node.as_str() == Some(direction)))
        }),
    };
    applies.map(|applies| Section {
        applies,
        rules: Vec::new(),
    })
}

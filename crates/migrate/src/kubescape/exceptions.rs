//! `kubescape scan --exceptions FILE`.

use std::collections::BTreeMap;
use std::sync::Arc;

use catalog::KindPattern;
use document::{Kind, NodeRef};

use super::{
    ACTIONS, ALERT_ONLY, BOOKKEEPING, CREATED_BY, DISABLE, EXPIRATION, IMAGE_POLICY, NAME,
    NO_RESOURCES, OBJECT_SELECTOR, OTHER_POLICY, POLICY_TYPE, REASON, RESOURCES,
    VULNERABILITY_POLICY, controls, designator, labels,
};
use crate::day;
use crate::draft::From;
use crate::input::{Input, key_location, location};
use crate::reader::{Because, Reader};

const KEYS: [&str; 9] = [
    "name",
    "policyType",
    "actions",
    "resources",
    "posturePolicies",
    "reason",
    "expirationDate",
    "createdBy",
    "objectSelector",
];

/// Reads a file of them.
pub(super) fn read(reader: &mut Reader<'_>, input: &Input) {
    let Some(document) = reader.document(input) else {
        return;
    };
    for root in document.roots() {
        if root.kind() == Kind::Sequence {
            root.items().for_each(|policy| one(reader, policy));
        } else {
            one(reader, root);
        }
    }
}

fn one(reader: &mut Reader<'_>, policy: NodeRef<'_>) {
    let at = location(policy);
    let text = |key| policy.get_str(key).and_then(NodeRef::as_str);
    let name = text("name").unwrap_or("exception").to_owned();
    if text("kind") == Some("VulnerabilitiesIgnorePolicy") {
        let name = policy
            .get_str("metadata")
            .and_then(|metadata| metadata.get_str("name"))
            .and_then(NodeRef::as_str)
            .unwrap_or("VulnerabilitiesIgnorePolicy");
        return reader.leave(&IMAGE_POLICY, at, name);
    }
    match text("policyType") {
        Some("vulnerabilityExceptionPolicy") => {
            return reader.leave(&VULNERABILITY_POLICY, at, &name);
        }
        None | Some("" | "postureExceptionPolicy") => reader.meet(&POLICY_TYPE),
        Some(other) => return reader.leave(&OTHER_POLICY, at, other),
    }
    for entry in policy.entries() {
        if !KEYS.contains(&entry.name()) {
            reader.leave(&BOOKKEEPING, key_location(&entry), entry.name());
        }
    }
    let selector = policy.get_str("objectSelector");
    let selector = selector.filter(|node| !node.is_empty() && !node.is_null());
    let labels = match selector {
        None => BTreeMap::new(),
        Some(selector) => {
            let Some(labels) = labels::of_selector(reader, selector) else {
                return;
            };
            reader.meet(&OBJECT_SELECTOR);
            labels
        }
    };
    if !acts(reader, policy, &name) {
        return;
    }
    let because = because(reader, policy);
    let designators = policy.get_str("resources");
    let is_empty = designators.is_none_or(|list| list.items().next().is_none());
    if is_empty {
        return reader.leave(&NO_RESOURCES, at, &name);
    }
    if text("name").is_some() {
        reader.meet(&NAME);
    }
    let ids = controls::of_policies(reader, policy.get_str("posturePolicies"), &at);
    let ids: Vec<String> = ids.into_iter().collect();
    let controls = reader.controls(&ids, &at);
    for designator in designators.into_iter().flat_map(NodeRef::items) {
        reader.meet(&RESOURCES);
        let from = From {
            at: location(designator),
            what: name.clone(),
        };
        let selectors = designator::of_designator(reader, designator);
        for (index, mut resources) in selectors.into_iter().enumerate() {
            resources.labels.extend(labels.clone());
            // The second one is about `Namespace` objects, at which few controls look.
            let controls = if index == 0 {
                Arc::clone(&controls)
            } else {
                about_namespaces(reader, &controls)
            };
            reader.accept(&controls, resources, &because, &from);
        }
    }
}

/// The controls that may have findings at a `Namespace`.
fn about_namespaces(reader: &Reader<'_>, controls: &[String]) -> Arc<[String]> {
    let looks = |id: &&String| {
        reader.catalog.control(id).is_some_and(|control| {
            let header = &control.header;
            let is_meant = |kind: &KindPattern| kind.matches("", "Namespace");
            !header.scope.is_in_pod()
                && (header.kinds.is_empty() || header.kinds.iter().any(is_meant))
        })
    };
    controls.iter().filter(looks).cloned().collect()
}

/// Whether the actions make it an exception.
fn acts(reader: &mut Reader<'_>, policy: NodeRef<'_>, name: &str) -> bool {
    let at = || location(policy.get_str("actions").unwrap_or(policy));
    let actions = policy
        .get_str("actions")
        .into_iter()
        .flat_map(NodeRef::items);
    let actions: Vec<&str> = actions.filter_map(NodeRef::as_str).collect();
    if actions.contains(&"disable") {
        reader.meet(&DISABLE);
    } else if actions.contains(&"alertOnly") {
        reader.meet(&ALERT_ONLY);
        note_alert_only(reader, at(), name);
    } else {
        let what = if actions.is_empty() {
            name.to_owned()
        } else {
            actions.join(", ")
        };
        reader.leave(&ACTIONS, at(), &what);
        return false;
    }
    true
}

/// What became of `alertOnly` over the years.
pub(super) fn note_alert_only(reader: &mut Reader<'_>, at: model::Location, name: &str) {
    let why = "`alertOnly`: newer versions of Kubescape go on failing such findings; an accepted finding of Seawall does not fail a scan";
    reader.note(at, name, why);
}

fn because(reader: &mut Reader<'_>, policy: NodeRef<'_>) -> Because {
    let text = |key| {
        policy
            .get_str(key)
            .and_then(NodeRef::as_str)
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
    };
    let reason = text("reason");
    if reason.is_some() {
        reader.meet(&REASON);
    }
    let owner = text("createdBy");
    if owner.is_some() {
        reader.meet(&CREATED_BY);
    }
    let expires = policy
        .get_str("expirationDate")
        .filter(|node| !node.is_null());
    let expires = expires.and_then(|node| {
        reader.meet(&EXPIRATION);
        expiry(reader, node)
    });
    Because {
        reason,
        owner,
        expires,
    }
}

/// The last day of an instant; one that cannot be read has ended the exception already.
pub(super) fn expiry(reader: &mut Reader<'_>, node: NodeRef<'_>) -> Option<String> {
    let text = node.as_str().unwrap_or_default();
    let day = day::before_instant(text);
    if day.is_none() {
        let why = "it is no instant such as 2027-01-31T00:00:00Z: the exception is written as over";
        reader.note(location(node), text, why);
        return Some("1970-01-01".to_owned());
    }
    day
}

//! Which of Kubescape's controls an exception is about.

use std::collections::BTreeSet;

use document::{Kind, NodeRef};
use model::Location;

use super::{
    CONTROL_ID, CONTROL_NAME, EVERYTHING, FRAMEWORK, RULE, SEVERITY_SCORE, UNKNOWN_CONTROL,
    UNKNOWN_FRAMEWORK, names,
};
use crate::input::location;
use crate::reader::Reader;

/// What one policy of an exception names.
pub(super) struct Named<'n> {
    pub(super) id: Option<&'n str>,
    pub(super) name: Option<&'n str>,
    pub(super) framework: Option<&'n str>,
    pub(super) at: Location,
}

/// The ids that the policies of an exception are about together. What cannot be told is said.
pub(super) fn of_policies(
    reader: &mut Reader<'_>,
    policies: Option<NodeRef<'_>>,
    at: &Location,
) -> BTreeSet<String> {
    let list = policies.filter(|node| node.kind() == Kind::Sequence && !node.is_empty());
    let Some(list) = list else {
        reader.meet(&EVERYTHING);
        return everything(reader, at);
    };
    let mut ids = BTreeSet::new();
    for policy in list.items() {
        ids.extend(of_policy(reader, policy));
    }
    ids
}

fn of_policy(reader: &mut Reader<'_>, policy: NodeRef<'_>) -> BTreeSet<String> {
    let at = location(policy);
    let text = |key| {
        policy
            .get_str(key)
            .and_then(NodeRef::as_str)
            .filter(|text| !text.is_empty())
    };
    if let Some(rule) = text("ruleName").filter(|rule| *rule != ".*") {
        reader.leave(&RULE, at, rule);
        return BTreeSet::new();
    }
    if let Some(score) = policy.get_str("severityScore").and_then(NodeRef::as_i64)
        && score != 0
    {
        reader.leave(&SEVERITY_SCORE, at, &score.to_string());
        return BTreeSet::new();
    }
    of_named(
        reader,
        &Named {
            id: text("controlID"),
            name: text("controlName"),
            framework: text("frameworkName"),
            at,
        },
    )
}

/// All that is said must fit.
pub(super) fn of_named(reader: &mut Reader<'_>, named: &Named<'_>) -> BTreeSet<String> {
    let known: Vec<String> = reader.aliases.ids().map(str::to_owned).collect();
    let known = || known.iter().map(String::as_str);
    let mut sets = Vec::new();
    if let Some(id) = named.id {
        reader.meet(&CONTROL_ID);
        sets.push(names::by_id(id, known()));
    }
    if let Some(name) = named.name {
        reader.meet(&CONTROL_NAME);
        sets.push(names::by_name(name));
    }
    if let Some(framework) = named.framework {
        let Some(ids) = names::by_framework(framework, known()) else {
            reader.leave(&UNKNOWN_FRAMEWORK, named.at.clone(), framework);
            return BTreeSet::new();
        };
        reader.meet(&FRAMEWORK);
        let why =
            "the exception holds whatever framework asks, where Kubescape's holds in that one only";
        reader.note(named.at.clone(), framework, why);
        sets.push(ids);
    }
    let Some(first) = sets.pop() else {
        reader.meet(&EVERYTHING);
        return everything(reader, &named.at);
    };
    let ids = sets.into_iter().fold(first, |all, set| &all & &set);
    let what = [named.framework, named.id, named.name];
    let what: Vec<&str> = what.into_iter().flatten().collect();
    covered(reader, ids, &named.at, &what.join(", "))
}

fn everything(reader: &mut Reader<'_>, at: &Location) -> BTreeSet<String> {
    let known: Vec<String> = reader.aliases.ids().map(str::to_owned).collect();
    let ids = names::by_id(".*", known.iter().map(String::as_str));
    covered(reader, ids, at, "every control")
}

/// The ids that a control of ours carries; the others are said.
fn covered(
    reader: &mut Reader<'_>,
    ids: BTreeSet<String>,
    at: &Location,
    what: &str,
) -> BTreeSet<String> {
    let is_covered = |id: &String| !reader.aliases.controls(id).is_empty();
    let (covered, others): (BTreeSet<String>, BTreeSet<String>) =
        ids.into_iter().partition(is_covered);
    if covered.is_empty() {
        reader.leave(&UNKNOWN_CONTROL, at.clone(), what);
    } else if !others.is_empty() {
        let others: Vec<String> = others.into_iter().collect();
        reader.leave(
            &UNKNOWN_CONTROL,
            at.clone(),
            &format!("{what}: {}", others.join(", ")),
        );
    }
    covered
}

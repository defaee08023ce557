//! Pieces of text about permissions, for people.

use super::wire::{Becomes, Chain, Object, Permitted, Step, Undecided, Who};
use crate::answers::wire::At;
use crate::answers::{Columns, clean};

/// A chain in two cells: the binding with the place that names the subject, and the role with the place of the rule.
pub(super) fn chain_cells(chain: &Chain) -> [String; 2] {
    let binding = with_place(&chain.binding.text(), chain.subject_location.as_ref());
    [binding, role_cell(chain)]
}

fn role_cell(chain: &Chain) -> String {
    with_place(&role(chain), chain.rule.location.as_ref())
}

/// The role, and the one that it aggregates the rule from.
fn role(chain: &Chain) -> String {
    match &chain.aggregated {
        Some(source) => format!("{} < {}", chain.role.text(), source.text()),
        None => chain.role.text(),
    }
}

/// A chain up to its role, as the subject of an answer sees it.
pub(super) fn way(chain: &Chain, subject: &Who) -> String {
    let binding = with_place(&chain.binding.text(), chain.subject_location.as_ref());
    let whom = if chain.subject == *subject {
        String::new()
    } else {
        format!("{} <- ", clean(&chain.subject.subject))
    };
    format!("{whom}{binding} <- {}", clean(&role(chain)))
}

/// A role or binding with the place where it is written.
pub(super) fn place(object: &Object) -> String {
    with_place(&object.text(), object.location.as_ref())
}

fn with_place(text: &str, place: Option<&At>) -> String {
    let text = clean(text);
    place.map_or_else(
        || text.clone(),
        |place| format!("{text} ({})", clean(&place.text())),
    )
}

/// A chain in one line, from the subject to the rule.
pub(super) fn chain_line(chain: &Chain) -> String {
    let [binding, role] = chain_cells(chain);
    format!("{} <- {binding} <- {role}", clean(&chain.subject.subject))
}

/// Verbs and what they are allowed on.
pub(super) fn permitted_cells(permitted: &Permitted) -> [String; 3] {
    let resources = if permitted.urls.is_empty() {
        resources(permitted)
    } else {
        permitted.urls.join(" ")
    };
    let names = match permitted.resource_names.join(" ") {
        names if names.is_empty() => "all".to_owned(),
        names => names,
    };
    [permitted.verbs.join(" "), resources, names].map(|cell| clean(&cell))
}

/// `deployments.apps`, `pods/exec`, `*.*`.
pub(super) fn resources(permitted: &Permitted) -> String {
    let names = permitted.resources.iter().flat_map(|resource| {
        let groups = permitted.api_groups.iter();
        groups.map(
            move |group| match (group.as_str(), resource.split_once('/')) {
                ("", _) => resource.clone(),
                (group, Some((resource, part))) => format!("{resource}.{group}/{part}"),
                (group, None) => format!("{resource}.{group}"),
            },
        )
    });
    names.collect::<Vec<_>>().join(" ")
}

/// A permission in one phrase: `get list secrets in namespace shop, only db`.
pub(super) fn permitted_phrase(permitted: &Permitted) -> String {
    let [verbs, resources, names] = permitted_cells(permitted);
    let place = match &permitted.namespace {
        Some(namespace) => format!(" in namespace {}", clean(namespace)),
        None => String::new(),
    };
    let only = if permitted.resource_names.is_empty() {
        String::new()
    } else {
        format!(", only {names}")
    };
    format!("{verbs} {resources}{place}{only}")
}

/// What an escalation leads to.
pub(super) fn becomes(becomes: &Becomes) -> String {
    match becomes {
        Becomes::ClusterAdmin => "everything in the cluster".to_owned(),
        Becomes::Node => "root on a node".to_owned(),
        Becomes::Subject(who) => clean(&who.subject),
        Becomes::Role(role) => format!("the permissions of {}", clean(role)),
        Becomes::Namespace(namespace) => format!("in namespace {}", clean(namespace)),
        Becomes::Cluster => "in the whole cluster".to_owned(),
    }
}

/// A chain of escalations, one step a line.
pub(super) fn steps(steps: &[Step], indentation: &str) -> String {
    let mut text = String::new();
    for (number, step) in (1..).zip(steps) {
        let Step {
            title,
            pattern,
            becomes: target,
            ..
        } = step;
        text += &format!(
            "{indentation}{number}. {title} ({pattern}) -> {}\n",
            becomes(target)
        );
        for chain in step.chains.iter().take(1) {
            text += &format!("{indentation}   {}\n", chain_line(chain));
        }
        if !step.precondition.is_empty() {
            text += &format!("{indentation}   provided that {}\n", step.precondition);
        }
    }
    text
}

/// What could not be decided because roles were not scanned; nothing when all was.
pub(super) fn undecided(all: &[Undecided], is_bold: bool) -> String {
    if all.is_empty() {
        return String::new();
    }
    let mut columns = Columns::new(
        &["BINDING", "ROLE THAT WAS NOT SCANNED", "SUBJECTS"],
        is_bold,
    );
    for one in all {
        let subjects: Vec<&str> = one
            .subjects
            .iter()
            .map(|who| who.subject.as_str())
            .collect();
        columns.row([
            with_place(&one.binding.text(), one.binding.location.as_ref()),
            clean(&one.role.text()),
            clean(&subjects.join(" ")),
        ]);
    }
    format!(
        "\nCould not decide what these bindings give:\n\n{}",
        columns.text("  ")
    )
}

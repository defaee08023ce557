//! Which findings say what an owner's finding says.

use std::collections::{HashMap, HashSet};

use document::StepRef;
use foldhash::fast::FixedState;
use model::{Inventory, ProblemLevel};

use super::owners::Owners;
use crate::evaluate::{Counts, Evaluation};
use crate::funnel::{RawFinding, item_identity};

/// Where in a pod a finding is: the same for a Pod, for the template that it was made from, and for the template of that.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Spot {
    /// The list and the name of the container; empty outside of containers.
    container: String,
    /// The whole way.
    way: String,
}

/// Findings of one control in one container of one resource.
type Group<'s> = (u32, u32, &'s str);

/// Of what was found in resources that others own, what their owners do not have.
pub(super) fn without(
    inventory: &Inventory,
    owners: &Owners,
    own: &Evaluation,
    made: Evaluation,
) -> Evaluation {
    let spots = |findings: &[RawFinding]| -> Vec<Spot> {
        findings
            .iter()
            .map(|finding| spot(inventory, finding))
            .collect()
    };
    let (own_spots, made_spots) = (spots(&own.findings), spots(&made.findings));
    let mut groups: HashMap<Group<'_>, Vec<&str>, FixedState> = HashMap::default();
    let all = own.findings.iter().zip(&own_spots);
    for (finding, spot) in all.chain(made.findings.iter().zip(&made_spots)) {
        let group = (finding.resource, finding.control, &*spot.container);
        groups.entry(group).or_default().push(&spot.way);
    }
    let mut left = Evaluation {
        counts: vec![Counts::default(); made.counts.len()],
        // What could not be decided here could not be decided for the owner.
        problems: made
            .problems
            .into_iter()
            .filter(|one| one.level == ProblemLevel::Error)
            .collect(),
        ..Evaluation::default()
    };
    let mut told: HashSet<(u32, u32, &Spot), FixedState> = HashSet::default();
    let mut failed: HashSet<(u32, u32, u32), FixedState> = HashSet::default();
    let mut spare: HashMap<Group<'_>, usize, FixedState> = HashMap::default();
    for ((finding, anchor), spot) in made.findings.iter().zip(&made.anchors).zip(&made_spots) {
        let RawFinding {
            resource,
            control,
            subject,
            ..
        } = *finding;
        let group = (resource, control, &*spot.container);
        let mut above = owners.above(resource);
        let of_owner = above.find_map(|owner| groups.get(&(owner, control, &*spot.container)));
        if let Some(of_owner) = of_owner {
            if of_owner.contains(&&*spot.way) {
                continue;
            }
            // The owner has the finding, at another place: where a default is written, for one.
            let spare = spare.entry(group).or_insert_with(|| {
                let here = &groups[&group];
                of_owner.iter().filter(|way| !here.contains(way)).count()
            });
            if *spare > 0 {
                *spare -= 1;
                continue;
            }
        }
        // What is made from one template is alike: one of them is enough.
        let is_new = owners
            .template(resource)
            .is_none_or(|owner| told.insert((owner, control, spot)));
        if !is_new {
            continue;
        }
        if failed.insert((control, resource, subject)) {
            left.counts[control as usize].failed += 1;
        }
        left.findings.push(*finding);
        left.anchors.push(*anchor);
    }
    left
}

fn spot(inventory: &Inventory, finding: &RawFinding) -> Spot {
    let resource = &inventory.resources[finding.resource as usize];
    let document = &resource.document;
    let steps = document.steps_to(resource.object(), document.at(finding.node));
    let steps = steps.unwrap_or_default();
    let is_template = |index: usize| {
        let key = |at: usize| match steps.get(at) {
            Some((StepRef::Key(key), _)) => *key,
            _ => "",
        };
        key(index) == "spec" && matches!(key(index + 1), "template" | "jobTemplate")
    };
    let mut first = 0;
    while is_template(first) {
        first += 2;
    }
    let mut spot = Spot {
        container: String::new(),
        way: String::with_capacity(64),
    };
    let mut list = "";
    for (step, node) in &steps[first..] {
        match step {
            StepRef::Key(key) => {
                list = key;
                spot.way.push('.');
                spot.way += key;
            }
            StepRef::Index(_) => {
                let identity = item_identity(*node);
                if spot.container.is_empty()
                    && matches!(
                        list,
                        "containers" | "initContainers" | "ephemeralContainers"
                    )
                {
                    spot.container = format!("{list}{identity}");
                }
                spot.way += &identity;
            }
        }
    }
    spot
}

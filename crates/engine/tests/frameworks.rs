//! The embedded frameworks name what exists.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;

use catalog::FrameworkDefinition;
use engine::embedded_catalog;

fn frameworks() -> Vec<FrameworkDefinition> {
    let catalog = embedded_catalog().unwrap();
    let ids = catalog.framework_ids();
    let frameworks = ids.map(|id| catalog.framework(id).unwrap().unwrap());
    frameworks.collect()
}

#[test]
fn every_requirement_names_controls_that_exist_or_is_manual() {
    let catalog = embedded_catalog().unwrap();
    let mut wrong = Vec::new();
    let frameworks = frameworks();
    assert!(!frameworks.is_empty());
    for framework in &frameworks {
        for requirement in &framework.requirements {
            let place = format!("{} {}", framework.id, requirement.id);
            if requirement.controls.is_empty() && requirement.manual.is_none() {
                wrong.push(format!("{place} has no controls and is not manual"));
            }
            for id in &requirement.controls {
                if catalog.control(id).is_none() {
                    wrong.push(format!("{place}: there is no control {id}"));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_requirement_and_no_control_in_it_is_named_twice() {
    let mut wrong = Vec::new();
    for framework in frameworks() {
        let mut seen = BTreeSet::new();
        for requirement in &framework.requirements {
            if !seen.insert(requirement.id.clone()) {
                wrong.push(format!("{} {}", framework.id, requirement.id));
            }
            let controls: BTreeSet<&String> = requirement.controls.iter().collect();
            if controls.len() < requirement.controls.len() {
                wrong.push(format!("{} {}: controls", framework.id, requirement.id));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn what_is_a_public_document_says_where() {
    for framework in frameworks() {
        assert!(
            framework.source.starts_with("https://"),
            "{}: {}",
            framework.id,
            framework.source
        );
    }
}

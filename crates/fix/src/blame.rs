//! Which edits could be at fault for what a scan shows: those of files that belong together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::Report;

use crate::edit::Edit;
use crate::proof::Flaw;
use crate::wanted::{Wanted, group_of};

/// Why an edit was no fix.
pub(crate) const STILL_THERE: &str = "the finding is still there after the edit";

/// The renderings and files of a report, and the files that each is made of.
pub(crate) struct Belonging {
    groups: BTreeMap<Box<str>, BTreeSet<String>>,
}

impl Belonging {
    pub(crate) fn new(report: &Report) -> Self {
        let mut groups: BTreeMap<Box<str>, BTreeSet<String>> = BTreeMap::new();
        let mut last = None;
        for (index, resource) in (0..).zip(&report.inventory.resources) {
            let document = Arc::as_ptr(&resource.document);
            if last == Some(document) {
                continue;
            }
            last = Some(document);
            let group = group_of(report, index);
            for source in resource.document.sources() {
                let own = groups.entry(source.name().into()).or_default();
                own.insert(group.clone());
            }
        }
        Belonging { groups }
    }

    /// Everything that the edits for a finding can change: the files, and what is made of them.
    pub(crate) fn reach(&self, report: &Report, wanted: &Wanted, edits: &[Edit]) -> Reach {
        let mut reach = BTreeSet::new();
        for edit in edits {
            reach.insert(format!("file {}", edit.file()));
            reach.extend(self.groups.get(edit.file()).into_iter().flatten().cloned());
        }
        reach.extend(
            wanted
                .resources
                .iter()
                .map(|&index| group_of(report, index)),
        );
        Reach(reach)
    }
}

/// What edits can change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach(BTreeSet<String>);

impl Reach {
    pub(crate) fn meets(&self, other: &Reach) -> bool {
        !self.0.is_disjoint(&other.0)
    }
}

/// Parts of what was tried that have nothing to do with each other: for each its part, by a number.
pub(crate) fn parts(reaches: &[Reach]) -> Vec<usize> {
    let mut parts: Vec<usize> = (0..reaches.len()).collect();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, reach) in reaches.iter().enumerate() {
        for name in &reach.0 {
            match first.get(name.as_str()) {
                None => {
                    first.insert(name, index);
                }
                Some(&other) => {
                    let (own, other) = (parts[index], parts[other]);
                    if own != other {
                        for part in &mut parts {
                            if *part == own {
                                *part = other;
                            }
                        }
                    }
                }
            }
        }
    }
    parts
}

/// Who is at fault for flaws, and why, by positions of what was tried; and whether that is everybody, because nothing is known
/// to have to do with one of the flaws.
pub(crate) fn blamed(flaws: &[Flaw], reaches: &[Reach]) -> (BTreeMap<usize, String>, bool) {
    let parts = parts(reaches);
    let mut is_anyone = false;
    let mut blamed = BTreeMap::new();
    for flaw in flaws {
        let (group, why) = match flaw {
            Flaw::StillThere(position) => {
                blamed
                    .entry(*position)
                    .or_insert_with(|| STILL_THERE.to_owned());
                continue;
            }
            Flaw::Beside { group, why } => (group.clone(), why),
            Flaw::Anywhere { file, why } => (format!("file {file}"), why),
        };
        let is_met = |reach: &Reach| reach.0.contains(&group);
        let met: BTreeSet<usize> = { reaches.iter().zip(&parts) }
            .filter(|(reach, _)| is_met(reach))
            .map(|(_, part)| *part)
            .collect();
        is_anyone |= met.is_empty();
        for (position, part) in parts.iter().enumerate() {
            if met.is_empty() || met.contains(part) {
                blamed.entry(position).or_insert_with(|| why.clone());
            }
        }
    }
    (blamed, is_anyone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(names: &str) -> Reach {
        Reach(names.split(' ').map(str::to_owned).collect())
    }

    #[test]
    fn what_shares_a_file_or_a_rendering_is_blamed_together() {
        let reaches = ["a x", "b", "x c", "d c", "e"].map(reach);
        assert_eq!(parts(&reaches), [0, 1, 0, 0, 4]);
        let flaw = |group: &str| Flaw::Beside {
            group: group.to_owned(),
            why: String::new(),
        };
        let who = |flaws: &[Flaw]| blamed(flaws, &reaches).0.into_keys().collect::<Vec<_>>();
        assert_eq!(who(&[flaw("d")]), [0, 2, 3]);
        assert_eq!(who(&[flaw("b"), Flaw::StillThere(4)]), [1, 4]);
        assert_eq!(who(&[flaw("elsewhere")]), [0, 1, 2, 3, 4]);
        assert!(blamed(&[flaw("elsewhere")], &reaches).1);
    }
}

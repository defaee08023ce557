//! Which edits could be at fault for what a scan shows: those of files that belong together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::Report;

use crate::edit::Edit;
use crate::proof::{Flaw, marks};
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
        Reach {
            groups: reach,
            marks: marks(report, wanted, edits),
        }
    }
}

/// What edits can change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    /// Files and renderings.
    pub(crate) groups: BTreeSet<String>,
    /// What flaws in them would be about.
    marks: BTreeSet<String>,
}

/// Parts of what was tried that have nothing to do with each other: for each its part, by a number.
pub(crate) fn parts(reaches: &[Reach]) -> Vec<usize> {
    let mut parts: Vec<usize> = (0..reaches.len()).collect();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, reach) in reaches.iter().enumerate() {
        for name in &reach.groups {
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

/// What to do with something that may be at fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Blame {
    pub(crate) why: String,
    /// With how many others it is tried next; `None` when it was alone, so that nothing else can be at fault.
    pub(crate) others: Option<usize>,
}

/// So many are tried one by one; of more the half.
const FEW: usize = 4;

/// Who may be at fault for flaws, by positions of what was tried; and whether that is everybody, because nothing is known to
/// have to do with one of the flaws. What has an edit in common is one unit, which counts once.
pub(crate) fn blamed(
    flaws: &[Flaw],
    reaches: &[Reach],
    units: &[usize],
) -> (BTreeMap<usize, Blame>, bool) {
    let parts = parts(reaches);
    let mut is_anyone = false;
    let mut blamed: BTreeMap<usize, Blame> = BTreeMap::new();
    let mut sizes: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (part, unit) in parts.iter().zip(units) {
        sizes.entry(*part).or_default().insert(*unit);
    }
    for flaw in flaws {
        let (found, why) = match flaw {
            Flaw::StillThere(position) => (vec![*position], STILL_THERE.to_owned()),
            Flaw::Beside { group, why, about } => {
                let likely = |it: usize| !reaches[it].marks.is_disjoint(about);
                (suspects(reaches, &parts, group, &likely), why.clone())
            }
            Flaw::Brings((control, group, thing)) => {
                let likely = |it: usize| reaches[it].marks.contains(thing);
                let why = format!("it would bring `{control}` to {}", thing.trim());
                (suspects(reaches, &parts, group, &likely), why)
            }
            Flaw::Anywhere { file, why } => {
                let names = ["file", "entry"].map(|what| format!("{what} {file}"));
                let met = met_by(reaches, &parts, &[&names[0], &names[1]]);
                (met, why.clone())
            }
        };
        is_anyone |= found.is_empty();
        let everybody = (0..reaches.len()).collect();
        let suspects: Vec<usize> = if found.is_empty() { everybody } else { found };
        let count: BTreeSet<usize> = suspects.iter().map(|&position| units[position]).collect();
        let count = count.len();
        let others = if count <= FEW { 0 } else { count / 2 };
        for position in suspects {
            let part = sizes.get(&parts[position]);
            let is_alone = part.is_some_and(|units| units.len() == 1);
            let own = blamed.entry(position).or_insert_with(|| Blame {
                why: why.clone(),
                others: (!is_alone).then_some(others),
            });
            own.others = own.others.map(|known| known.min(others));
        }
    }
    (blamed, is_anyone)
}

/// What belongs together with a rendering or file: of that the likely ones, if there are some.
fn suspects(
    reaches: &[Reach],
    parts: &[usize],
    group: &str,
    is_likely: &dyn Fn(usize) -> bool,
) -> Vec<usize> {
    let met = met_by(reaches, parts, &[group]);
    let likely: Vec<usize> = met.iter().copied().filter(|&it| is_likely(it)).collect();
    if likely.is_empty() { met } else { likely }
}

/// What belongs together with one of some files and renderings.
fn met_by(reaches: &[Reach], parts: &[usize], groups: &[&str]) -> Vec<usize> {
    let is_met = |reach: &Reach| groups.iter().any(|group| reach.groups.contains(*group));
    let met: BTreeSet<usize> = { reaches.iter().zip(parts) }
        .filter(|(reach, _)| is_met(reach))
        .map(|(_, part)| *part)
        .collect();
    (0..reaches.len())
        .filter(|&position| met.contains(&parts[position]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(names: &str) -> Reach {
        let (groups, marks) = names.split_once('/').unwrap_or((names, ""));
        let set = |names: &str| names.split_whitespace().map(str::to_owned).collect();
        Reach {
            groups: set(groups),
            marks: set(marks),
        }
    }

    fn beside(group: &str, about: &str) -> Flaw {
        Flaw::Beside {
            group: group.to_owned(),
            why: String::new(),
            about: BTreeSet::from([about.to_owned()]),
        }
    }

    #[test]
    fn what_shares_a_file_or_a_rendering_is_blamed_together() {
        let reaches = ["a x", "b", "x c", "d c / m", "e"].map(reach);
        assert_eq!(parts(&reaches), [0, 1, 0, 0, 4]);
        let units = [0, 1, 2, 3, 4];
        let who = |flaws: &[Flaw]| {
            let (blamed, _) = blamed(flaws, &reaches, &units);
            blamed.into_keys().collect::<Vec<_>>()
        };
        assert_eq!(who(&[beside("d", "")]), [0, 2, 3]);
        assert_eq!(who(&[beside("a", "m")]), [3]);
        assert_eq!(who(&[beside("b", ""), Flaw::StillThere(4)]), [1, 4]);
        assert_eq!(who(&[beside("elsewhere", "")]), [0, 1, 2, 3, 4]);
        assert!(blamed(&[beside("elsewhere", "")], &reaches, &units).1);
    }

    #[test]
    fn only_what_was_alone_is_surely_at_fault() {
        let reaches = ["a x", "b", "x c"].map(reach);
        let units = [0, 1, 2];
        let others = |flaws: &[Flaw]| {
            let (blamed, _) = blamed(flaws, &reaches, &units);
            blamed
                .into_values()
                .map(|blame| blame.others)
                .collect::<Vec<_>>()
        };
        assert_eq!(others(&[Flaw::StillThere(0)]), [Some(0)]);
        assert_eq!(others(&[Flaw::StillThere(1)]), [None]);
        assert_eq!(others(&[beside("a", "")]), [Some(0), Some(0)]);
        let many: Vec<Reach> = (0..20).map(|_| reach("a")).collect();
        let units: Vec<usize> = (0..20).collect();
        let (blamed, _) = blamed(&[beside("a", "")], &many, &units);
        assert!(blamed.values().all(|blame| blame.others == Some(10)));
    }
}

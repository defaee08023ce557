//! Which ids name one flaw: those that records say are aliases, and a distribution's id that contains the flaw's.

use std::collections::BTreeMap;

use crate::record::Advisory;

/// Ids in groups. Every id of a record or of its aliases is in exactly one.
pub(super) struct Groups<'a> {
    /// The ids of each group in order; the groups in the order of their first ids.
    pub(super) groups: Vec<Vec<&'a str>>,
    /// The group of each id.
    pub(super) of: BTreeMap<&'a str, u32>,
}

impl<'a> Groups<'a> {
    pub(super) fn new(
        advisories: impl Iterator<Item = &'a Advisory> + Clone,
        others: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        for id in advisories.clone().flat_map(ids_of).chain(others) {
            let next = numbers.len();
            numbers.entry(id).or_insert(next);
        }
        let mut parents: Vec<usize> = (0..numbers.len()).collect();
        for advisory in advisories {
            let own = numbers[advisory.id.as_str()];
            for id in ids_of(advisory) {
                join(&mut parents, own, numbers[id]);
            }
        }
        // In the order of ids, so that groups and their members are in order too.
        let mut groups: Vec<Vec<&str>> = Vec::new();
        let mut by_root: BTreeMap<usize, u32> = BTreeMap::new();
        let mut of = BTreeMap::new();
        for (&id, &number) in &numbers {
            let root = root(&mut parents, number);
            let group = *by_root.entry(root).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() as u32 - 1
            });
            groups[group as usize].push(id);
            of.insert(id, group);
        }
        Self { groups, of }
    }
}

/// A record's own id and those of the same flaw. `upstream` and `related` count where the id is made of the other, as
/// `BELL-CVE-2024-1` is of `CVE-2024-1`: a notice about several flaws is none of them.
fn ids_of(advisory: &Advisory) -> impl Iterator<Item = &str> + Clone {
    let detail = &advisory.detail;
    let derived = detail.upstream.iter().chain(&detail.related).filter(|id| {
        !id.is_empty() && advisory.id.len() > id.len() && advisory.id.ends_with(id.as_str())
    });
    std::iter::once(&advisory.id)
        .chain(&detail.aliases)
        .chain(derived)
        .map(String::as_str)
}

fn root(parents: &mut [usize], mut number: usize) -> usize {
    while parents[number] != number {
        parents[number] = parents[parents[number]];
        number = parents[number];
    }
    number
}

fn join(parents: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parents, a), root(parents, b));
    parents[a.max(b)] = a.min(b);
}

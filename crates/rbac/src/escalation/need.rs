//! Which needs of the patterns a rule meets, as a set of bits.

use std::ops::Range;

use super::pattern::Need;
use super::patterns;
use crate::graph::Graph;
use crate::names::{List, Name};
use crate::request::{Rights, matches_any, matches_resource};

const WORDS: usize = 4;

/// A set of needs.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct NeedSet([u64; WORDS]);

impl NeedSet {
    fn insert(&mut self, need: usize) {
        if let Some(word) = self.0.get_mut(need / 64) {
            *word |= 1 << (need % 64);
        }
    }

    pub(super) fn contains(&self, need: usize) -> bool {
        self.0
            .get(need / 64)
            .is_some_and(|word| word >> (need % 64) & 1 == 1)
    }

    /// Those of several sets.
    pub(super) fn union<'s>(sets: impl IntoIterator<Item = &'s NeedSet>) -> Self {
        let mut all = NeedSet::default();
        for set in sets {
            all.add(set);
        }
        all
    }

    pub(super) fn contains_all(&self, other: &NeedSet) -> bool {
        let mut words = self.0.iter().zip(other.0);
        words.all(|(word, wanted)| word & wanted == wanted)
    }

    pub(super) fn add(&mut self, other: &NeedSet) {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
    }
}

/// The needs of one pattern: their numbers, which follow each other, and the same as a set.
#[derive(Clone, Debug)]
pub(super) struct Needs {
    pub(super) numbers: Range<usize>,
    pub(super) set: NeedSet,
}

/// The needs of all patterns, one after the other.
#[derive(Debug)]
pub(super) struct CompiledNeeds {
    needs: Vec<CompiledNeed>,
    of_patterns: Vec<Needs>,
}

impl CompiledNeeds {
    pub(super) fn new(graph: &Graph) -> Self {
        let mut compiled = CompiledNeeds {
            needs: Vec::new(),
            of_patterns: Vec::new(),
        };
        for pattern in patterns() {
            let start = compiled.needs.len();
            let needs = pattern.needs.iter();
            compiled
                .needs
                .extend(needs.map(|need| CompiledNeed::new(need, graph)));
            let numbers = start..compiled.needs.len();
            let mut set = NeedSet::default();
            numbers.clone().for_each(|need| set.insert(need));
            compiled.of_patterns.push(Needs { numbers, set });
        }
        compiled
    }

    /// Those of each pattern.
    pub(super) fn of_patterns(&self) -> impl Iterator<Item = &Needs> {
        self.of_patterns.iter()
    }

    pub(super) fn met_by(&self, rights: &Rights, graph: &Graph) -> NeedSet {
        let mut set = NeedSet::default();
        for (number, need) in self.needs.iter().enumerate() {
            if need.is_met_by(rights, graph) {
                set.insert(number);
            }
        }
        set
    }
}

/// A [`Need`] in the integers of a graph.
#[derive(Debug)]
struct CompiledNeed {
    verbs: Vec<WantedVerb>,
    group: Name,
    /// The resource, and `*/` with its subresource.
    resources: Vec<WantedResource>,
    /// Names that a rule may give for the one object; empty for any object.
    names: Vec<Name>,
}

#[derive(Clone, Copy, Debug)]
struct WantedVerb {
    verb: Name,
    /// Requests that make an object, or sweep many, name none: rules with names never allow them.
    is_unnamed: bool,
}

#[derive(Clone, Copy, Debug)]
struct WantedResource {
    resource: Name,
    any_with_subresource: Name,
    has_subresource: bool,
}

impl CompiledNeed {
    fn new(need: &Need, graph: &Graph) -> Self {
        let resource = |resource: &&str| {
            let subresource = resource.split_once('/').map(|(_, subresource)| subresource);
            let any = subresource.map(|subresource| ["*/", subresource].concat());
            WantedResource {
                resource: graph.names.find(resource),
                any_with_subresource: any.map_or(Name::ABSENT, |any| graph.names.find(&any)),
                has_subresource: subresource.is_some(),
            }
        };
        let verb = |verb: &&str| WantedVerb {
            verb: graph.names.find(verb),
            is_unnamed: matches!(*verb, "create" | "deletecollection"),
        };
        CompiledNeed {
            verbs: need.verbs.iter().map(verb).collect(),
            group: graph.names.find(need.group),
            resources: need.resources.iter().map(resource).collect(),
            names: names_of(need.name)
                .map(|name| graph.names.find(&name))
                .collect(),
        }
    }

    fn is_met_by(&self, rights: &Rights, graph: &Graph) -> bool {
        let lists = &graph.lists;
        let is_for_any_object = rights.names == List::EMPTY;
        matches_any(lists.get(rights.groups), self.group)
            && self.resources.iter().any(|wanted| {
                matches_resource(
                    lists.get(rights.resources),
                    wanted.resource,
                    wanted.any_with_subresource,
                ) && self.verbs.iter().any(|verb| {
                    matches_any(lists.get(rights.verbs), verb.verb)
                        && (is_for_any_object || !verb.is_unnamed || wanted.has_subresource)
                })
            })
            && (is_for_any_object || self.allows_names(lists.get(rights.names)))
    }

    fn allows_names(&self, given: &[Name]) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| given.contains(name))
    }
}

/// An object's name, and for a signer the name that stands for all of its domain.
fn names_of(name: &str) -> impl Iterator<Item = String> {
    let domain = name
        .split_once('/')
        .map(|(domain, _)| format!("{domain}/*"));
    let own = (!name.is_empty()).then(|| name.to_owned());
    own.into_iter().chain(domain)
}

#[cfg(test)]
mod tests {
    use super::super::patterns;
    use super::WORDS;

    #[test]
    fn every_need_has_a_bit() {
        let needs: usize = patterns().map(|pattern| pattern.needs.len()).sum();
        assert!(needs <= WORDS * 64, "{needs}");
    }
}
